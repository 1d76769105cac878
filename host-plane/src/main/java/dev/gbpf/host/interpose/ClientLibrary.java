package dev.gbpf.host.interpose;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** The library that is loaded into applications. It comes with gBPF and is unpacked for the user, once for each build of it. */
public final class ClientLibrary {
    private static final String RESOURCE = "/dev/gbpf/host/native/libgbpf_cuda.so";
    private static final int NAME_DIGITS = 16;

    private ClientLibrary() {}

    /** The folder where it is unpacked: {@code $XDG_CACHE_HOME/gbpf}, else {@code ~/.cache/gbpf}; nothing without a home. */
    public static Optional<Path> cache(Map<String, String> environment) {
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        String home = environment.getOrDefault("HOME", "");
        if (cache.startsWith("/")) {
            return Optional.of(Path.of(cache, "gbpf"));
        }
        return home.startsWith("/") ? Optional.of(Path.of(home, ".cache", "gbpf")) : Optional.empty();
    }

    /** Whether this build has it. */
    public static boolean isBuilt() {
        return ClientLibrary.class.getResource(RESOURCE) != null;
    }

    /**
     * The library's file, unpacked when it is not there or not what it should be.
     *
     * @param cache made when it is not there, for the user alone
     * @return nothing when this build has no library
     * @throws IOException when it cannot be written
     */
    public static Optional<Path> unpack(Path cache) throws IOException {
        byte[] library;
        try (InputStream in = ClientLibrary.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                return Optional.empty();
            }
            library = in.readAllBytes();
        }
        Files.createDirectories(
                cache, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path file = cache.resolve("libgbpf_cuda-" + hash(library) + ".so");
        if (Files.isRegularFile(file) && Arrays.equals(Files.readAllBytes(file), library)) {
            return Optional.of(file);
        }
        Path fresh = Files.createTempFile(cache, "libgbpf_cuda-", ".new");
        try {
            Files.write(fresh, library);
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
        return Optional.of(file);
    }

    private static String hash(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest).substring(0, NAME_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

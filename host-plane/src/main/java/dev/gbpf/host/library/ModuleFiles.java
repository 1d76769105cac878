package dev.gbpf.host.library;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.module.ModuleResolver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files that a policy imports: those in the folder of the importing file and below. Symbolic links count as what they lead
 * to, so none leads out of the folder.
 */
public final class ModuleFiles implements ModuleResolver {
    /** Bytes of a module, at most. */
    static final int MAX_BYTES = 1 << 20;

    private final @Nullable Path folder;
    private final String shownFolder;
    /** The folder of each file that was found, by its key, and what messages call that folder. */
    private final Map<String, Folder> folders = new HashMap<>();

    private final List<SourceFile> found = new ArrayList<>();

    private ModuleFiles(@Nullable Path folder, String shownFolder) {
        this.folder = folder;
        this.shownFolder = shownFolder;
    }

    private record Folder(Path path, String shown) {}

    /** Why a file cannot be had. */
    private static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        Unusable(String reason) {
            super(reason);
        }
    }

    /**
     * The files beside a policy and below.
     *
     * @param policy the policy's file
     * @param name what messages call it
     */
    public static ModuleFiles beside(Path policy, String name) {
        Path parent = policy.toAbsolutePath().getParent();
        return new ModuleFiles(parent, name.substring(0, name.lastIndexOf('/') + 1));
    }

    /** No files, for a policy that is not one itself. */
    public static ModuleFiles none() {
        return new ModuleFiles(null, "");
    }

    /** A source with the texts of the files that were found for it, for messages about them. */
    public SourceFile with(SourceFile source) {
        return new SourceFile(source.name(), source.text(), found);
    }

    @Override
    public Resolution resolve(String path, String importer) {
        if (folder == null) {
            return new Resolution.Absent("this policy is in no folder");
        }
        Folder from = folders.getOrDefault(importer, new Folder(folder, shownFolder));
        try {
            Path real = find(from.path(), path);
            String key = real.toString();
            String shown = from.shown() + path;
            SourceFile source = new SourceFile(shown, read(real));
            Path parent = real.getParent();
            folders.putIfAbsent(
                    key, new Folder(parent == null ? real : parent, shown.substring(0, shown.lastIndexOf('/') + 1)));
            found.add(source);
            return new Resolution.Found(key, source);
        } catch (Unusable e) {
            return new Resolution.Absent(String.valueOf(e.getMessage()));
        } catch (NoSuchFileException e) {
            return new Resolution.Absent("there is no such file");
        } catch (IOException e) {
            return new Resolution.Absent("it cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static Path find(Path from, String path) throws IOException, Unusable {
        Path root = from.toRealPath();
        Path real = root.resolve(path).toRealPath();
        if (!real.startsWith(root)) {
            throw new Unusable("it leads out of the folder of the file that imports it");
        }
        if (!Files.isRegularFile(real)) {
            throw new Unusable("it is no file");
        }
        return real;
    }

    private static String read(Path file) throws IOException, Unusable {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            throw new Unusable("it is larger than " + (MAX_BYTES >> 20) + " MiB");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Unusable("it is no text in UTF-8");
        }
    }
}

package dev.gbpf.cuda.cpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** Shared libraries that lie in a jar, which the system's loader wants in a file. */
final class NativeImage {
    private NativeImage() {}

    /**
     * Lets a library be loaded from a file, in a folder that only this user can write to; the file is gone as soon as it is mapped.
     *
     * @param name without {@code lib} and {@code .so}
     */
    static <T> T inFile(String name, byte[] image, Function<Path, T> load) {
        try {
            Path folder = Files.createTempDirectory("gbpf");
            Path file = folder.resolve("lib" + name + ".so");
            try {
                Files.write(file, image);
                return load.apply(file);
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.gbpf.cuda.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Loads JCuda's native library. JCuda unpacks it into {@code java.io.tmpdir} under a fixed name and takes a file that is there
 * already, which anybody may have put into a shared {@code /tmp}; so it is shown a private folder while it does.
 */
final class JCudaLoader {
    private static final String TEMPORARY = "java.io.tmpdir";

    private JCudaLoader() {}

    /**
     * The driver's calls, initialised.
     *
     * @throws CudaUnavailableException when the library cannot be loaded
     * @throws CudaException when the driver refuses to start
     */
    static synchronized DriverApi load(NativeLibrary cuda) {
        LinkerCalls linker = new LinkerCalls(cuda);
        LibraryCalls libraries = new LibraryCalls(cuda);
        Path folder = null;
        String before = System.getProperty(TEMPORARY);
        try {
            // Also makes the JDK remember the usual folder for its own files.
            folder = Files.createTempDirectory("gbpf-jcuda");
            System.setProperty(TEMPORARY, folder.toString());
            return new JCudaApi(linker, libraries);
        } catch (UnsatisfiedLinkError | IOException e) {
            throw new CudaUnavailableException(
                    "JCuda's native library cannot be loaded: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    "see that " + before + " is writable and not mounted noexec; -Djava.io.tmpdir names another folder",
                    e);
        } finally {
            System.setProperty(TEMPORARY, before);
            if (folder != null) {
                delete(folder);
            }
        }
    }

    /** A library that is loaded needs its file no longer. */
    private static void delete(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            // It lies in the folder for temporary files, which whoever runs the machine empties.
            folder.toFile().deleteOnExit();
        }
    }
}

package dev.gbpf.host.bytecode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The files of the public bpf_conformance suite, which lie beside the checkout where they are there at all. */
public final class ConformanceSuite {
    private ConformanceSuite() {}

    /**
     * The lines of a file of the suite.
     *
     * @throws org.opentest4j.TestAbortedException when it is not there
     */
    public static List<String> lines(String file) throws IOException {
        Path path = Path.of(System.getProperty("gbpf.root", ".."), "..", "shared", "conformance", file);
        Assumptions.assumeTrue(
                Files.isReadable(path),
                "skipped: there is no conformance suite at "
                        + path.toAbsolutePath().normalize());
        return Files.readAllLines(path);
    }
}

package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LiveMemoryTest {
    private static final int LENGTH = 1 << 14;
    /** Less than 64 bytes for each of the input and 1 MiB, which are 128 at this length; 88 are needed. */
    private static final int PER_BYTE = 96;

    @Test
    void policyParser_ofDenseTexts_needsMemoryInProportion() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xms24m",
                        "-Xmx24m",
                        "-Xmn1m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LiveMemory.class.getName(),
                        Integer.toString(LENGTH),
                        Integer.toString(PER_BYTE),
                        "policy,")
                .redirectErrorStream(true)
                .start();
        String tooMuch = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(tooMuch).isZero();
        assertThat(tooMuch)
                .as("inputs that took more than %d bytes for each byte", PER_BYTE)
                .isEmpty();
    }
}

package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** At most 64 bytes for each of the input and 1 MiB are needed at once, by every parser. */
class LiveMemoryTest {
    /** Of a sixteenth of the greatest input's length, with a quarter of the allowance of 1 MiB: stricter than the bound. */
    private static final int LENGTH = 1 << 14;

    private static final int ALLOWANCE = 1 << 18;

    /** The shapes that need most, of each parser. */
    private static final List<String> DENSEST = List.of(
            "policy, sums of names",
            "policy, types of a map",
            "policy, nested blocks",
            "policy, givens",
            "policy, given jobs",
            "policy, parameters",
            "layout, negations",
            "policy assembly",
            "scenario 1,",
            "line of JSON, names");

    @Test
    void parsers_ofTheDensestTexts_stayWithinTheBound() throws IOException, InterruptedException {
        assertWithinBound(LENGTH, ALLOWANCE, "20m", DENSEST);
    }

    @Test
    @EnabledIfSystemProperty(named = "gbpf.long", matches = "true")
    void parsers_ofAllTexts_stayWithinTheBound() throws IOException, InterruptedException {
        assertWithinBound(4 * LENGTH, 4 * ALLOWANCE, "32m", List.of());
    }

    private static void assertWithinBound(int length, int allowance, String heap, List<String> names)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xms" + heap,
                "-Xmx" + heap,
                "-Xmn1m",
                "-cp",
                System.getProperty("java.class.path"),
                LiveMemory.class.getName(),
                Integer.toString(length),
                Integer.toString(allowance)));
        command.addAll(names);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String tooMuch = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(tooMuch).isZero();
        assertThat(tooMuch)
                .as("inputs of %d bytes that need more than 64 bytes for each of them and %d", length, allowance)
                .isEmpty();
    }
}

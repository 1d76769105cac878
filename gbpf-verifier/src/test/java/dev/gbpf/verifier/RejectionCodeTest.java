package dev.gbpf.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.verifier.assertion.RejectionCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RejectionCodeTest {
    @Test
    void codes_areUniqueAndWellFormed() {
        assertThat(Arrays.stream(RejectionCode.values()).map(RejectionCode::code))
                .doesNotHaveDuplicates()
                .allMatch(c -> c.matches("V\\d{4}"));
        assertThat(RejectionCode.values()).allSatisfy(c -> {
            assertThat(c.title()).isNotEmpty().doesNotEndWith(".");
            assertThat(c.explanation()).endsWith(".");
            assertThat(c.hint()).isNotEmpty().doesNotEndWith(".");
        });
    }

    @Test
    void documentation_listsEveryCodeWithItsTitle() throws IOException {
        Path page = Path.of(System.getProperty("gbpf.root", "..")).resolve("docs/verifier.md");
        List<String> rows = Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("| V"))
                .toList();
        List<String> expected = Arrays.stream(RejectionCode.values())
                .map(c -> "| " + c.code() + " | " + c.title() + " |")
                .toList();
        assertThat(rows).isEqualTo(expected);
    }
}

package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
    @Test
    void numbers_differ() {
        assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::number)).doesNotHaveDuplicates();
    }

    @Test
    void page_isCurrent() throws IOException {
        String rows = Arrays.stream(ExitCode.values())
                .map(c -> "| " + c.number() + " | " + c.meaning() + " |\n")
                .collect(Collectors.joining());
        GeneratedPage.check("exit-codes.md", """
                <!-- Generated from ExitCode.java; do not edit. -->
                # Exit codes

                What `gbpf` tells the shell. The numbers keep their meaning.

                | code | meaning |
                |---|---|
                """ + rows + """

                A code other than 0 comes with one message on standard error, `gbpf: error: ...`, and where there is a way out a line
                `help: ...`; with `--json` both are an object `error` on standard output instead. Messages about a policy, a scenario or
                the verifier's reasons have their own form, with the place in the source.
                """);
    }
}

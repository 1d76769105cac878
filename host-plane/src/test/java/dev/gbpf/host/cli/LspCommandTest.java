package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How the command ends; what it says in between is tested with the server. */
class LspCommandTest {
    private static final String INITIALIZE =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"capabilities\":{}}}";
    private static final String SHUTDOWN = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"shutdown\"}";
    private static final String EXIT = "{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}";

    private static Result run(String input) {
        return new Cli(Path.of(""))
                .stdin(input.getBytes(StandardCharsets.UTF_8))
                .run("lsp");
    }

    private static String framed(String... messages) {
        return Arrays.stream(messages)
                .map(m -> "Content-Length: " + m.length() + "\r\n\r\n" + m)
                .collect(Collectors.joining());
    }

    @Test
    void shutdownAndExit_endsWithSuccess() {
        Result result = run(framed(INITIALIZE, SHUTDOWN, EXIT));
        assertThat(result.code()).isZero();
        assertThat(result.out()).startsWith("Content-Length: ").contains("\"id\":1", "\"id\":2");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void exitAlone_endsAsTheProtocolWants() {
        assertThat(run(framed(INITIALIZE, EXIT)).code()).isEqualTo(1);
        assertThat(run(framed(INITIALIZE)).code()).isEqualTo(1);
    }

    @Test
    void otherInput_isNotTheProtocol() {
        Result result = run("policy p;\n\n");
        assertThat(result.code()).isEqualTo(12);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).isEqualTo("""
                        gbpf: error: the input is not the language server protocol: a header without Content-Length
                          help: gbpf lsp is started by editors; see docs/editors.md
                        """);
    }
}

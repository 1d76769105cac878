package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DisasmCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @BeforeEach
    void policy() throws IOException {
        Files.writeString(directory.resolve("good.gbpf"), Policies.GOOD);
        assertThat(run("compile", "good.gbpf").code()).isZero();
    }

    @Test
    void object_isShownBesideItsSource() {
        Result result = run("disasm", "good.gbo");
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("// policy good", "on_dispatch:", "return IDLE;", "exit");
    }

    @Test
    void source_isShownAsItsObject() {
        assertThat(run("disasm", "good.gbpf").out())
                .isEqualTo(run("disasm", "good.gbo").out());
    }

    @Test
    void plain_hasNoSource() {
        assertThat(run("disasm", "--plain", "good.gbo").out()).contains("exit").doesNotContain("return IDLE;");
    }

    @Test
    void json_hasEveryInstruction() {
        assertThat(run("disasm", "--json", "good.gbo").out())
                .startsWith("{\"policy\":\"good\",\"tag\":\"")
                .contains(
                        "\"maps\":[]", "\"hook\":\"on_dispatch\"", "\"bytes\":\"9500000000000000\",\"text\":\"exit\"");
    }

    private Result run(String... arguments) {
        return new Cli(directory).run(arguments);
    }
}

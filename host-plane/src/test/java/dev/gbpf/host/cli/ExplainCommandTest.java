package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.host.cli.Cli.Result;
import dev.gbpf.verifier.assertion.RejectionCode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExplainCommandTest {
    @ParameterizedTest
    @EnumSource
    void everyRejection_isExplained(RejectionCode code) {
        Result result = run("explain", code.code());
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .startsWith(code.code() + ": " + code.title() + "\n\n")
                .contains(code.explanation());
    }

    @ParameterizedTest
    @EnumSource
    void everyErrorOfTheCompiler_isExplained(ErrorCode code) {
        Result result = run("explain", code.code());
        assertThat(result.code()).isZero();
        assertThat(result.out()).startsWith(code.code() + ": ");
    }

    @Test
    void compilerError_isShownWithItsExamples() {
        assertThat(run("explain", "E0301").out())
                .contains("Wrong:\n\n    policy example;")
                .contains("Right:\n\n    policy example;");
    }

    @Test
    void assemblyError_isShownWithItsExamples() {
        assertThat(run("explain", "E1002").out())
                .startsWith("E1002: Assembly: a number does not fit\n\nImmediates ")
                .contains("Wrong:\n\n    r0 = 0x1ffffffff\n    exit", "Right:\n\n    r0 = 0x1ffffffff ll\n");
    }

    @Test
    void capitals_doNotMatter() {
        assertThat(run("explain", "v0060").out()).startsWith("V0060: ");
    }

    @Test
    void withoutCode_listsAll() {
        assertThat(run("explain").out().lines())
                .anyMatch(l -> l.startsWith("V0001  "))
                .anyMatch(l -> l.startsWith("E0301  "))
                .anyMatch(l -> l.startsWith("E1001  "))
                .anyMatch(l -> l.startsWith("E0701  "))
                .anyMatch(l -> l.startsWith("E0801  "))
                .isSorted();
        assertThat(run("--json", "explain").out()).startsWith("[{\"code\":\"B0");
    }

    @Test
    void json_hasTheParts() {
        assertThat(run("--json", "explain", "V0060").out()).startsWith("{\"code\":\"V0060\",\"title\":\"");
    }

    @Test
    void unknownCode_suggestsTheNearest() {
        Result result = run("explain", "V006");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).startsWith("gbpf: error: there is no code V006\n  help: did you mean V00");
    }

    private static Result run(String... arguments) {
        return new Cli(Path.of("")).run(arguments);
    }
}

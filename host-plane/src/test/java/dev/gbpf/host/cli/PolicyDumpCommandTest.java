package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** With the two policies of the test resources as library. */
class PolicyDumpCommandTest {
    @Test
    void jited_ofAPolicy_isJvmBytecodeWithPcs() {
        Result result = run("policy", "dump", "jited", "oldest");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out())
                .contains("CompiledPolicy")
                .contains("LINENUMBER 0")
                .contains("LRETURN");
    }

    @Test
    void xlated_ofAPolicy_isItsBytecode() {
        Result result = run("policy", "dump", "xlated", "oldest");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).contains("exit");
    }

    @Test
    void json_hasTheTextUnderItsForm() {
        assertThat(run("policy", "dump", "-j", "jited", "oldest").out())
                .startsWith("{\"policy\":\"oldest\",\"tag\":\"")
                .contains("\"jited\":\"");
    }

    @Test
    void unknownForm_isAUsageError() {
        assertThat(run("policy", "dump", "native", "oldest").err())
                .contains("a policy has no form native")
                .contains("there are xlated and jited");
    }

    private static Result run(String... arguments) {
        return new Cli(Path.of("")).run(arguments);
    }
}

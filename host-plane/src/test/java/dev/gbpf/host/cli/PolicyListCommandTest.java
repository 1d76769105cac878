package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** With the two policies of the test resources as library. */
class PolicyListCommandTest {
    @Test
    void list_showsEveryPolicy() {
        Result result = new Cli(Path.of("")).run("policy", "list");
        assertThat(result.code()).isZero();
        assertThat(result.out().lines())
                .hasSize(3)
                .anyMatch(l -> l.matches("name +tag +worst case +what it does"))
                .anyMatch(l -> l.matches("newest +[0-9a-f]{16} +\\d+ +the job that came last runs first\\."))
                .anyMatch(l -> l.matches("oldest +[0-9a-f]{16} +\\d+ +jobs run in the order in which they came\\."));
    }

    @Test
    void json_hasHooksAndCosts() {
        assertThat(new Cli(Path.of("")).run("-j", "policy", "list").out())
                .startsWith("[{\"name\":\"newest\",")
                .contains("\"hooks\":[\"init\",\"on_submit\",\"on_dispatch\"]", "\"worstCaseInstructions\":");
    }

    @Test
    void unknownCommand_suggestsList() {
        assertThat(new Cli(Path.of("")).run("policy", "lst").err()).isEqualTo("""
                        gbpf: error: gbpf policy has no command lst
                          help: did you mean list? see gbpf policy --help
                        """);
    }
}

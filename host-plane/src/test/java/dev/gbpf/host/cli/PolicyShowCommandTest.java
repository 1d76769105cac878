package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** With the two policies of the test resources as library. */
class PolicyShowCommandTest {
    @Test
    void show_hasCommentAndCosts() {
        Result result = run("policy", "show", "oldest");
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .startsWith("oldest: jobs run in the order in which they came.\n\ntag ")
                .containsPattern("\n  on_submit +\\d+ +\\d+ +16,384 +1\n");
    }

    @Test
    void source_isAPolicyToBeginWith() {
        String source = run("policy", "show", "--source", "oldest").out();
        Result verified = new Cli(Path.of(""))
                .stdin(source.getBytes(StandardCharsets.UTF_8))
                .run("verify", "-");
        assertThat(verified.code()).as(verified.err()).isZero();
    }

    @Test
    void json_hasTheSource() {
        assertThat(run("policy", "show", "-j", "oldest").out())
                .startsWith("{\"name\":\"oldest\",\"description\":\"jobs run in the order in which they came.\"")
                .contains("\"source\":\"// oldest:");
    }

    @Test
    void unknownName_suggestsTheNearest() {
        assertThat(run("policy", "show", "oldset")).isEqualTo(new Result(3, "", """
                                gbpf: error: the policy library has no policy oldset
                                  help: did you mean oldest?
                                """));
    }

    @Test
    void noName_withoutADaemon_asksForOne() {
        assertThat(run("policy", "show")).isEqualTo(new Result(2, "", """
                                gbpf: error: which policy? no daemon runs in which one decides
                                  help: gbpf policy list has them
                                """));
    }

    private static Result run(String... arguments) {
        return new Cli(Path.of("")).run(arguments);
    }
}

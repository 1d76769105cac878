package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TestCommandTest {
    private static final String POLICY = "policy p;\nhook on_dispatch(ctx) { return 1; }\n";
    private static final String GOOD = "test \"Queue one\" { let r = on_dispatch {}; expect r == 1; }\n";
    private static final String BAD = "test \"queue two\" {\n    let r = on_dispatch {};\n    expect r == 2;\n}\n";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    private Result run(String... arguments) {
        return new Cli(directory).run(arguments);
    }

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void passing_isOneLineEach() throws IOException {
        write("p.gbpf", POLICY + GOOD);
        assertThat(run("test", "p.gbpf")).isEqualTo(new Result(0, "p.gbpf\n  ok    Queue one\n1 test passed\n", ""));
    }

    @Test
    void failing_showsThePlaceAndBothSides() throws IOException {
        write("p.gbpf", POLICY + GOOD + BAD);
        Result result = run("test", "p.gbpf");
        assertThat(result.code()).isEqualTo(10);
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo("""
                p.gbpf
                  ok    Queue one
                  FAIL  queue two
                      error[T0201]: `r` should be 2, and is 1
                       --> p.gbpf:6:12
                        |
                      6 |     expect r == 2;
                        |            ^^^^^^ expected 2, found 1
                1 test passed, 1 failed
                """);
    }

    @Test
    void withoutFiles_everySourceUnderTheFolderIsTested() throws IOException {
        write("b/p.gbpf", POLICY + GOOD);
        write("a.gbpf", POLICY + GOOD);
        write("target/x.gbpf", POLICY + BAD);
        write(".hidden/x.gbpf", POLICY + BAD);
        write("none.gbpf", POLICY);
        Result all = run("test");
        assertThat(all.code()).isZero();
        assertThat(all.out()).isEqualTo("a.gbpf\n  ok    Queue one\nb/p.gbpf\n  ok    Queue one\n2 tests passed\n");
        assertThat(run("test", "b").out()).startsWith("b/p.gbpf\n");
    }

    @Test
    void filter_choosesByTitle() throws IOException {
        write("p.gbpf", POLICY + GOOD + BAD);
        assertThat(run("test", "p.gbpf", "--filter", "ONE").code()).isZero();
        assertThat(run("test", "p.gbpf", "--filter", "two").code()).isEqualTo(10);
        Result none = run("test", "p.gbpf", "--filter", "three");
        assertThat(none.code()).isEqualTo(3);
        assertThat(none.err()).contains("no title of a test in the file contains three");
    }

    @Test
    void nothingToTest_isAnError() throws IOException {
        assertThat(run("test").code()).isEqualTo(3);
        write("p.gbpf", POLICY);
        Result result = run("test");
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("there are no tests in the file", "write one: test");
        assertThat(run("test", "missing.gbpf").code()).isEqualTo(3);
    }

    @Test
    void compiledPolicy_hasNoTests() throws IOException {
        write("p.gbpf", POLICY + GOOD);
        run("compile", "p.gbpf");
        Result result = run("test", "p.gbo");
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("tests are no part of a compiled policy");
    }

    @Test
    void oneBrokenFile_doesNotKeepTheOthersFromBeingTested() throws IOException {
        write("a.gbpf", POLICY + "test \"x\" { on_dispatch {}; }\n");
        write("b.gbpf", POLICY + BAD);
        write("c.gbpf", "policy c;\nhook on_dispatch(ctx) { return ctx.now_ns; }\n" + GOOD);
        Result result = run("test");
        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("error[T0102]", "error[V0060]");
        assertThat(result.out()).contains("FAIL  queue two", "0 tests passed, 1 failed, 2 files could not be tested");
        assertThat(run("test", "c.gbpf").code()).isEqualTo(5);
        // The policy itself is fine, so it compiles.
        assertThat(run("compile", "a.gbpf").code()).isZero();
    }

    @Test
    void standardInput_isTested() {
        Result result = new Cli(directory)
                .stdin((POLICY + GOOD).getBytes(StandardCharsets.UTF_8))
                .run("test", "-");
        assertThat(result.out()).startsWith("<stdin>\n  ok    Queue one\n");
    }

    @Test
    void json_hasEveryTest() throws IOException {
        write("p.gbpf", POLICY + GOOD + BAD);
        Result result = run("test", "p.gbpf", "--json");
        assertThat(result.code()).isEqualTo(10);
        JsonNode document = JsonMapper.builder().build().readTree(result.out());
        assertThat(document.path("result").asString()).isEqualTo("failed");
        assertThat(document.path("passed").asInt()).isEqualTo(1);
        JsonNode tests = document.path("files").path(0).path("tests");
        assertThat(tests.path(0).path("result").asString()).isEqualTo("passed");
        assertThat(tests.path(1).path("failures").path(0).path("code").asString())
                .isEqualTo("T0201");
        assertThat(tests.path(1).path("failures").path(0).path("line").asInt()).isEqualTo(6);
    }
}

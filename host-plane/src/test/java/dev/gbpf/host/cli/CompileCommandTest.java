package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import dev.gbpf.object.ObjectReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompileCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void goodPolicy_givesAnObjectFile() throws IOException {
        write("good.gbpf", Policies.GOOD);
        Result result = run("compile", "good.gbpf", "-o", "out.gbo");
        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .matches("out\\.gbo: policy good, tag [0-9a-f]{16}, 1 program, 0 maps, \\d instructions\n");
        assertThat(ObjectReader.read(Files.readAllBytes(directory.resolve("out.gbo")))
                        .name())
                .isEqualTo("good");
    }

    @Test
    void withoutOutput_namesTheObjectAfterTheSourceInThisFolder() throws IOException {
        Files.createDirectory(directory.resolve("sub"));
        write("sub/good.gbpf", Policies.GOOD);
        assertThat(run("compile", "sub/good.gbpf").out()).startsWith("good.gbo: policy good");
        assertThat(directory.resolve("good.gbo")).isRegularFile();
    }

    @Test
    void standardInputToStandardOutput_isThePlainObject() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console console = new Cli(directory)
                .stdin(Policies.GOOD.getBytes(StandardCharsets.UTF_8))
                .console(out, OutputStream.nullOutputStream());
        assertThat(new CommandRunner(console).run("compile", "-", "-o", "-")).isZero();
        assertThat(ObjectReader.read(out.toByteArray()).name()).isEqualTo("good");
    }

    @Test
    void warnings_goToStandardErrorAndAreNoFailure() throws IOException {
        write("warned.gbpf", Policies.WARNED);
        Result result = run("compile", "warned.gbpf");
        assertThat(result.code()).isZero();
        assertThat(result.err()).startsWith("warning[E0904]").contains("--> warned.gbpf:3:7");
        assertThat(result.out()).startsWith("warned.gbo: ");
    }

    @Test
    void wrongPolicy_showsThePlaceAndWritesNothing() throws IOException {
        write("wrong.gbpf", Policies.WRONG);
        Result result = run("compile", "wrong.gbpf", "-o", "out.gbo");
        assertThat(result.code()).isEqualTo(4);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("error[E0101]").contains("--> wrong.gbpf:4:12", "return nothing;");
        assertThat(directory.resolve("out.gbo")).doesNotExist();
    }

    @Test
    void wrongPolicy_leavesAnEarlierObjectAsItWas() throws IOException {
        write("wrong.gbpf", Policies.WRONG);
        write("out.gbo", "earlier");
        assertThat(run("compile", "wrong.gbpf", "-o", "out.gbo").code()).isEqualTo(4);
        assertThat(directory.resolve("out.gbo")).hasContent("earlier");
    }

    @Test
    void json_hasTheResult() throws IOException {
        write("warned.gbpf", Policies.WARNED);
        assertThat(run("compile", "--json", "warned.gbpf").out())
                .startsWith("{\"result\":\"compiled\",\"policy\":\"warned\",\"tag\":\"")
                .contains("\"object\":\"warned.gbo\"", "\"diagnostics\":[{\"code\":\"E0904\",\"severity\":\"warning\"");
    }

    @Test
    void jsonOfAWrongPolicy_hasThePlace() throws IOException {
        write("wrong.gbpf", Policies.WRONG);
        Result result = run("compile", "--json", "wrong.gbpf");
        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .startsWith("{\"error\":{\"exitCode\":4,\"message\":\"wrong.gbpf does not compile\"},\"diagnostics\":[")
                .contains("\"code\":\"E0101\"", "\"file\":\"wrong.gbpf\",\"line\":4,\"column\":12,\"length\":7");
    }

    @Test
    void object_isCompiledAlready() throws IOException {
        write("good.gbpf", Policies.GOOD);
        run("compile", "good.gbpf");
        Result result = run("compile", "good.gbo", "-o", "again.gbo");
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).startsWith("gbpf: error: good.gbo is compiled already\n");
    }

    @Test
    void badOutputs_areRefusedBeforeCompiling() throws IOException {
        write("wrong.gbpf", Policies.WRONG);
        assertThat(run("compile", "wrong.gbpf", "-o", "no/where.gbo").code()).isEqualTo(9);
        assertThat(run("compile", "wrong.gbpf", "-o", "wrong.gbpf").err())
                .startsWith("gbpf: error: wrong.gbpf is the input\n");
        assertThat(run("compile", "-").code()).isEqualTo(2);
        assertThat(run("compile", "wrong.gbpf", "-o", "-", "--json").code()).isEqualTo(2);
        assertThat(run("compile").err())
                .isEqualTo("gbpf: error: Missing required parameter: 'FILE'\n  help: see gbpf compile --help\n");
    }

    private Result run(String... arguments) {
        return new Cli(directory).run(arguments);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }
}

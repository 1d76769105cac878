package dev.gbpf.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The header for policies in C: committed as the code says, taken by compilers, and laid out as the schema says. */
class CHeaderTest {
    private static final String COMMAND = "mvn -q -pl gbpf-lang -am test -Dtest=CHeaderTest -Dgbpf.regenerate=true"
            + " -Dsurefire.failIfNoSpecifiedTests=false";

    @TempDir
    Path folder;

    @Test
    void committedHeader_isUpToDate() throws IOException {
        Path file = Path.of(System.getProperty("gbpf.root", ".."), "policies", "include", CHeader.FILE_NAME);
        if (Boolean.getBoolean("gbpf.regenerate")) {
            Files.writeString(file, CHeader.render());
        }
        assertThat(Files.readString(file))
                .as("policies/include/gbpf.h is what the code says; make it again with: %s", COMMAND)
                .isEqualTo(CHeader.render());
    }

    @Test
    void header_namesEverything() {
        String header = CHeader.render();
        for (Hook hook : Hook.values()) {
            assertThat(header).contains("#define GBPF_CTX_" + hook.symbol() + " struct ");
            hook.verdict().names().forEach(n -> assertThat(header).contains("GBPF_" + n.name()));
        }
        Constants.all().forEach(c -> assertThat(header).contains("#define GBPF_" + c.name() + " "));
        for (Helper helper : Helper.values()) {
            assertThat(header).contains("(*const " + CHeader.helperName(helper) + ")(");
        }
        for (MapKind kind : MapKind.values()) {
            assertThat(header).contains("BPF_MAP_TYPE_" + kind.name() + " = " + kind.number());
        }
    }

    /** Sizes and offsets as the compiler sees them, and the values of names, against the schema. */
    @ParameterizedTest
    @ValueSource(strings = {"clang-19", "gcc"})
    void layouts_areThoseOfTheSchema(String compiler) throws IOException, InterruptedException {
        StringBuilder source = new StringBuilder("#include \"gbpf.h\"\n");
        for (Hook hook : Hook.values()) {
            String struct = "GBPF_CTX_" + hook.symbol();
            demand(source, "sizeof(" + struct + ") == " + hook.context().size());
            for (ContextField field : hook.context().fields()) {
                demand(source, "__builtin_offsetof(" + struct + ", " + field.name() + ") == " + field.offset());
                demand(
                        source,
                        "sizeof(((" + struct + " *)0)->" + field.name() + ") == "
                                + field.width().bytes());
            }
            hook.verdict().names().forEach(n -> demand(source, "GBPF_" + n.name() + " == " + n.value()));
        }
        Constants.all().forEach(c -> demand(source, "GBPF_" + c.name() + " == (__u64)" + c.value() + "LL"));
        for (MapKind kind : MapKind.values()) {
            demand(source, "BPF_MAP_TYPE_" + kind.name() + " == " + kind.number());
        }
        for (Hook hook : Hook.values()) {
            source.append("GBPF_HOOK(").append(hook.symbol()).append(", ctx) { return 0; }\n");
        }
        source.append("GBPF_POLICY(\"all\");\n");
        assertThat(compile(compiler, source.toString())).isEmpty();
    }

    @Test
    void storeToReadOnlyField_isRefusedByTheCompiler() throws IOException, InterruptedException {
        String source = "#include \"gbpf.h\"\nGBPF_HOOK(on_submit, ctx) { ctx->tenant = 1; return 0; }\n";
        assertThat(String.join("\n", compile("clang-19", source))).contains("const");
    }

    private static void demand(StringBuilder source, String condition) {
        source.append("_Static_assert(").append(condition).append(", \"schema\");\n");
    }

    private List<String> compile(String compiler, String source) throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin", compiler)), "skipped: " + compiler + " is not installed");
        Files.writeString(folder.resolve(CHeader.FILE_NAME), CHeader.render());
        Path file = Files.writeString(folder.resolve("all.c"), source);
        Path output = folder.resolve("output");
        List<String> command = new ArrayList<>(
                List.of(compiler, "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-std=gnu11", file.toString()));
        if (compiler.startsWith("clang")) {
            command.addAll(1, List.of("-target", "bpf"));
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        List<String> lines = Files.readAllLines(output);
        assertThat(lines.isEmpty()).isEqualTo(process.exitValue() == 0);
        return lines;
    }
}

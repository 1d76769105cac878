package dev.gbpf.host.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.lang.module.ModuleResolver.Resolution;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModuleFilesTest {
    @TempDir
    private Path outside;

    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectories(outside.resolve("policies"));
        write("policies/main.gbpf", "policy main;");
        write("policies/lib/common.gbpf", "module common;");
        write("policies/lib/deep/more.gbpf", "module more;");
        write("secret.gbpf", "module secret;");
    }

    private void write(String path, String text) throws IOException {
        Path file = outside.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private ModuleFiles files() {
        return ModuleFiles.beside(folder.resolve("main.gbpf"), "policies/main.gbpf");
    }

    private static String reason(Resolution resolution) {
        return ((Resolution.Absent) resolution).reason();
    }

    private static Resolution.Found found(Resolution resolution) {
        return (Resolution.Found) resolution;
    }

    @Test
    void file_below_isFound_underTheNameThatTheUserWouldGive() {
        ModuleFiles files = files();
        Resolution.Found common = found(files.resolve("lib/common.gbpf", "policies/main.gbpf"));
        assertThat(common.source()).isEqualTo(new SourceFile("policies/lib/common.gbpf", "module common;"));
        Resolution.Found more = found(files.resolve("deep/more.gbpf", common.key()));
        assertThat(more.source().name()).isEqualTo("policies/lib/deep/more.gbpf");
        assertThat(files.with(new SourceFile("policies/main.gbpf", "x")).imports())
                .extracting(SourceFile::text)
                .containsExactly("module common;", "module more;");
    }

    @Test
    void oneFile_byTwoPaths_hasOneKey() throws IOException {
        Files.createSymbolicLink(folder.resolve("alias.gbpf"), folder.resolve("lib/common.gbpf"));
        ModuleFiles files = files();
        assertThat(found(files.resolve("alias.gbpf", "m")).key())
                .isEqualTo(found(files.resolve("lib/common.gbpf", "m")).key());
    }

    @Test
    void link_thatLeadsOut_isRefused() throws IOException {
        Files.createSymbolicLink(folder.resolve("link.gbpf"), outside.resolve("secret.gbpf"));
        Files.createSymbolicLink(folder.resolve("up"), outside);
        assertThat(reason(files().resolve("link.gbpf", "m"))).contains("out of the folder");
        assertThat(reason(files().resolve("up/secret.gbpf", "m"))).contains("out of the folder");
        assertThat(reason(files().resolve("../secret.gbpf", "m"))).contains("out of the folder");
    }

    @Test
    void module_doesNotReachAboveItsOwnFolder() throws IOException {
        Files.createSymbolicLink(folder.resolve("lib/up.gbpf"), folder.resolve("main.gbpf"));
        ModuleFiles files = files();
        String key = found(files.resolve("lib/common.gbpf", "m")).key();
        assertThat(reason(files.resolve("up.gbpf", key))).contains("out of the folder");
    }

    @Test
    void whatIsNoText_isRefused() throws IOException {
        assertThat(reason(files().resolve("nope.gbpf", "m"))).isEqualTo("there is no such file");
        Files.createDirectory(folder.resolve("dir.gbpf"));
        assertThat(reason(files().resolve("dir.gbpf", "m"))).isEqualTo("it is no file");
        Files.write(folder.resolve("bytes.gbpf"), new byte[] {(byte) 0xC3, 0x28});
        assertThat(reason(files().resolve("bytes.gbpf", "m"))).isEqualTo("it is no text in UTF-8");
        Files.write(
                folder.resolve("large.gbpf"),
                "x".repeat(ModuleFiles.MAX_BYTES + 1).getBytes(StandardCharsets.UTF_8));
        assertThat(reason(files().resolve("large.gbpf", "m"))).isEqualTo("it is larger than 1 MiB");
        assertThat(reason(ModuleFiles.none().resolve("lib/common.gbpf", "m"))).contains("in no folder");
    }

    @Test
    void mistakeInAFile_isShownWithItsLine() throws IOException {
        write("policies/lib/common.gbpf", "module common;\nfn f() -> u64 {\n    return nope;\n}\n");
        SourceFile source = new SourceFile(
                "policies/main.gbpf",
                "policy main;\nimport \"lib/common.gbpf\";\nhook on_tick(ctx) { log(1, common::f()); }\n");
        ModuleFiles files = files();
        CompileResult.Failed failed = (CompileResult.Failed) PolicyCompiler.compile(source, files);
        assertThat(failed.diagnostics()).extracting(Diagnostic::file).containsExactly("policies/lib/common.gbpf");
        assertThat(new DiagnosticRenderer(files.with(source), false).render(failed.diagnostics()))
                .contains("--> policies/lib/common.gbpf:3:12")
                .contains("3 |     return nope;");
    }
}

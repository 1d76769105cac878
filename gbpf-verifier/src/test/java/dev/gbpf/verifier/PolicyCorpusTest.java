package dev.gbpf.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.PolicyObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the compiler makes of policies is accepted: the library's and some that use the whole language. */
class PolicyCorpusTest {
    private static final List<String> SAMPLES = List.of("""
            policy nested;
            map table: array<u64>[32];
            hook on_tick(ctx) {
                for i in 0..8 {
                    for j in 0..i max 8 {
                        table[i * 4 + j % 4] = i + j;
                    }
                }
            }
            """, """
            policy conditions;
            map seen: hash<u64, u64>[128];
            hook on_submit(ctx) {
                let before = seen[ctx.job_id] else 0;
                if before > 3 && ctx.tenant < 8 || ctx.priority == 5 {
                    seen[ctx.job_id] = before + 1;
                    return REJECT;
                }
                if !(before == 0) && (ctx.weight > 2 || before / ctx.weight > 1) {
                    return DIRECT;
                }
                return ENQUEUE;
            }
            """, """
            policy loops;
            hook on_dispatch(ctx) {
                var best = IDLE;
                var least = NONE;
                for t in 0..ctx.tenants max MAX_TENANTS {
                    let length = dsq_len(t + 1);
                    if length == 0 {
                        continue;
                    }
                    if length > 1000 {
                        break;
                    }
                    let start = dsq_peek(t + 1, JOB_VTIME);
                    if start < least {
                        least = start;
                        best = t + 1;
                    }
                }
                return best;
            }
            """);

    @TestFactory
    Stream<DynamicTest> policy_compiled_isAccepted() throws IOException {
        Stream<SourceFile> samples = SAMPLES.stream().map(text -> new SourceFile("sample.gbpf", text));
        return Stream.concat(samples, library())
                .map(source -> DynamicTest.dynamicTest(source.name(), () -> assertAccepted(source)));
    }

    private static Stream<SourceFile> library() throws IOException {
        Path policies = Path.of(System.getProperty("gbpf.root", "..")).resolve("policies");
        try (Stream<Path> files = Files.walk(policies)) {
            List<SourceFile> sources = files.filter(f -> f.toString().endsWith(".gbpf"))
                    .filter(f -> !f.toString().contains("target"))
                    .sorted()
                    .map(PolicyCorpusTest::read)
                    .toList();
            assertThat(sources).hasSizeGreaterThanOrEqualTo(4);
            return sources.stream();
        }
    }

    private static SourceFile read(Path file) {
        try {
            return new SourceFile(file.getFileName().toString(), Files.readString(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void assertAccepted(SourceFile source) {
        PolicyObject object = switch (PolicyCompiler.compile(source)) {
            case CompileResult.Compiled compiled -> compiled.object();
            case CompileResult.Failed failed ->
                throw new AssertionError(new DiagnosticRenderer(source, false).render(failed.diagnostics()));
        };
        switch (new Verifier().verify(object)) {
            case VerificationResult.Accepted accepted ->
                assertThat(accepted.certificates()).hasSameSizeAs(object.programs());
            case VerificationResult.Rejected rejected ->
                throw new AssertionError(new DiagnosticRenderer(source, false).render(rejected.diagnostics()));
        }
    }
}

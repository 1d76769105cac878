package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.module.ModuleResolver;
import dev.gbpf.lang.syntax.ParserMode;
import dev.gbpf.lang.testing.ExpectedText;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the compiler says about typical mistakes, word for word. */
class MistakeShowcaseTest {
    @TestFactory
    Stream<DynamicTest> mistake_typical_isExplained() {
        List<Path> policies = ExpectedText.policies(ExpectedText.folder("mistakes"));
        assertThat(policies).hasSizeGreaterThan(20);
        return policies.stream()
                .map(p -> DynamicTest.dynamicTest(p.getFileName().toString(), () -> verify(p)));
    }

    private static void verify(Path policy) {
        SourceFile source = new SourceFile(policy.getFileName().toString(), ExpectedText.read(policy));
        List<Diagnostic> diagnostics =
                switch (PolicyCompiler.compile(source, ModuleResolver.NONE, ParserMode.EXACT_AMBIGUITY)) {
                    case CompileResult.Compiled(var _, var warnings) -> warnings;
                    case CompileResult.Failed(var errors) -> errors;
                };
        Path expected = policy.resolveSibling(source.name().replace(".gbpf", ".txt"));
        ExpectedText.verify(expected, new DiagnosticRenderer(source, false).render(diagnostics));
    }
}

package dev.gbpf.host.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.CompileResult.Compiled;
import dev.gbpf.lang.compile.CompileResult.Failed;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.lang.format.FormatResult;
import dev.gbpf.lang.format.PolicyFormatter;
import dev.gbpf.lang.policytest.TestCompileResult;
import dev.gbpf.lang.policytest.TestCompiler;
import dev.gbpf.object.ObjectReader;
import dev.gbpf.object.ObjectWriter;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.VerifierOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The compiler of the policy language, tests included, and the formatter; what compiles goes through object format and verifier.
 */
class PolicySourceFuzzTest {
    /** A parse tree with its positions is some hundreds of bytes for a character. */
    private static final int PER_BYTE = 1500;
    /** Parts of a layout are made again each time that they are looked at, once for each level of nesting. */
    private static final int LAYOUT_PER_BYTE = 20_000;

    private static final Verifier VERIFIER = new Verifier(VerifierOptions.DEFAULT.withStepLimit(20_000));

    static {
        // The first uses of the grammar build tables that stay.
        seeds().forEach(bytes -> {
            PolicyCompiler.compile(source(bytes));
            PolicyFormatter.format(source(bytes));
        });
    }

    static Stream<byte[]> seeds() {
        return Seeds.files(".gbpf", "policies", "examples", "gbpf-lang/src/test/resources");
    }

    @MethodSource("seeds")
    @Timeout(20)
    @FuzzTest
    void source_ofAnyBytes_givesAPolicyOrDiagnostics(byte[] bytes) {
        SourceFile source = source(bytes);
        switch (Allocation.within(PER_BYTE, bytes.length, () -> PolicyCompiler.compile(source))) {
            case Compiled compiled -> {
                check(source, compiled);
                checkLayout(source, compiled.object());
            }
            case Failed(List<Diagnostic> diagnostics) -> {
                assertThat(diagnostics).isNotEmpty();
                render(source, diagnostics);
                checkLayout(source, null);
            }
        }
    }

    /** The layout of a layout is itself, and compiles to the same. */
    private static void checkLayout(SourceFile source, @Nullable PolicyObject compiled) {
        int length = source.text().length();
        FormatResult result = Allocation.within(PER_BYTE, length, () -> PolicyFormatter.format(source));
        switch (result) {
            case FormatResult.Formatted layout -> {
                String text = Allocation.within(LAYOUT_PER_BYTE, length, layout::text);
                assertThat(PolicyFormatter.format(source(text)))
                        .isInstanceOfSatisfying(
                                FormatResult.Formatted.class,
                                again ->
                                        assertThat(again.isUnchanged()).as(text).isTrue());
                if (compiled != null) {
                    PolicyObject again = ((Compiled) PolicyCompiler.compile(source(text))).object();
                    assertThat(again.maps()).isEqualTo(compiled.maps());
                    assertThat(again.programs().stream().map(ProgramObject::program))
                            .containsExactlyElementsOf(compiled.programs().stream()
                                    .map(ProgramObject::program)
                                    .toList());
                }
            }
            case FormatResult.Refused(List<Diagnostic> diagnostics) -> {
                assertThat(compiled).isNull();
                assertThat(diagnostics).isNotEmpty();
                render(source, diagnostics);
            }
        }
    }

    private static SourceFile source(byte[] bytes) {
        return source(new String(bytes, StandardCharsets.UTF_8));
    }

    private static SourceFile source(String text) {
        return new SourceFile("fuzz.gbpf", text);
    }

    private static void check(SourceFile source, Compiled compiled) {
        render(source, compiled.warnings());
        byte[] object = ObjectWriter.write(compiled.object());
        assertThat(ObjectReader.read(object)).isEqualTo(compiled.object());
        VERIFIER.verify(compiled.object());
        CompileResult again = PolicyCompiler.compile(source);
        assertThat(again).isEqualTo(compiled);
        if (TestCompiler.compile(source) instanceof TestCompileResult.Failed(List<Diagnostic> diagnostics)) {
            assertThat(diagnostics).isNotEmpty();
            render(source, diagnostics);
        }
    }

    private static void render(SourceFile source, List<Diagnostic> diagnostics) {
        for (Diagnostic diagnostic : diagnostics) {
            assertThat(diagnostic.code()).matches("[EWT][0-9]{4}");
        }
        new DiagnosticRenderer(source, true).render(diagnostics);
    }
}

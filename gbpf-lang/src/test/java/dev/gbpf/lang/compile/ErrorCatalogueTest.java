package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.ErrorCatalogue;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.policytest.TestCompileResult;
import dev.gbpf.lang.policytest.TestCompiler;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ErrorCatalogueTest {
    /** What examples of one page cannot show: limits, which {@link LimitsTest} breaks, and several files. */
    private static final Set<String> WITHOUT_EXAMPLE = Set.of(
            "E0001", "E0002", "E0003", "E0004", "E0019", "E0111", "E0113", "E0115", "E0601", "E0602", "E0912", "T0108");

    /** Codes of tests that fail; the module that runs tests tries these examples. */
    private static final String FAILED_TEST = "T02";

    private final ErrorCatalogue catalogue = ErrorCatalogue.compiler();

    @Test
    void catalogue_everyCode_isExplainedInOrder() {
        List<String> codes =
                Arrays.stream(ErrorCode.values()).map(ErrorCode::code).toList();
        assertThat(catalogue.entries().stream().map(ErrorCatalogue.Entry::code)).containsExactlyElementsOf(codes);
        assertThat(codes).doesNotHaveDuplicates().allMatch(c -> c.matches("[ET]0[0-9]{3}"));
    }

    @TestFactory
    Stream<DynamicTest> example_wrong_givesTheCodeAndNoOther() {
        return catalogue.entries().stream()
                .filter(e -> !WITHOUT_EXAMPLE.contains(e.code()) && !e.code().startsWith(FAILED_TEST))
                .map(e -> DynamicTest.dynamicTest(e.code(), () -> {
                    assertThat(e.example()).isNotNull();
                    assertThat(codes(e.example()).stream().distinct()).containsExactly(e.code());
                }));
    }

    @TestFactory
    Stream<DynamicTest> example_right_compilesWithoutAWord() {
        return catalogue.entries().stream()
                .filter(e -> !WITHOUT_EXAMPLE.contains(e.code()))
                .map(e -> DynamicTest.dynamicTest(e.code(), () -> {
                    assertThat(e.fixedExample()).isNotNull();
                    assertThat(codes(e.fixedExample())).isEmpty();
                }));
    }

    @Test
    void entry_asText_holdsAllParts() {
        ErrorCatalogue.Entry entry = catalogue.find("E0503").orElseThrow();
        assertThat(entry.text()).isEqualTo("""
                        E0503: outside a loop

                        `break` and `continue` belong to a loop.

                        Wrong:

                            policy example;
                            hook on_tick(ctx) {
                                if ctx.tick == 0 { break; }
                                log(1, 1);
                            }

                        To end the hook use `return`.

                        Right:

                            policy example;
                            hook on_tick(ctx) {
                                if ctx.tick == 0 { return; }
                                log(1, 1);
                            }
                        """);
    }

    @Test
    void find_unknownCode_isEmpty() {
        assertThat(catalogue.find("E9999")).isEmpty();
    }

    @Test
    void parse_codeTwice_isRefused() {
        assertThatThrownBy(() -> ErrorCatalogue.parse("### E1: a\n\ntext\n\n### E1: b\n\ntext\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("E1");
    }

    /** What the compiler says about a policy and its tests. */
    private static List<String> codes(String policy) {
        List<Diagnostic> diagnostics = switch (Policies.compile(policy)) {
            case CompileResult.Compiled(var _, var warnings) when !policy.contains("\ntest ") -> warnings;
            case CompileResult.Compiled _ ->
                switch (TestCompiler.compile(new SourceFile(Policies.FILE, policy))) {
                    case TestCompileResult.Compiled compiled -> compiled.warnings();
                    case TestCompileResult.Failed(var errors) -> errors;
                };
            case CompileResult.Failed(var errors) -> errors;
        };
        return diagnostics.stream().map(Diagnostic::code).toList();
    }
}

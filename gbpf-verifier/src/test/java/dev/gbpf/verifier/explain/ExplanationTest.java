package dev.gbpf.verifier.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.asm.PolicyAssembler;
import dev.gbpf.asm.PolicyAssemblyResult;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.VerificationResult.Rejected;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.assertion.RejectionCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rejected policies with what is said of each, kept exact. {@code -Dgbpf.explain.write=true} writes the messages anew; then read
 * the difference.
 */
class ExplanationTest {
    private static final Path CASES = Path.of(System.getProperty("gbpf.root", ".."))
            .resolve("gbpf-verifier/src/test/resources/dev/gbpf/verifier/explain");

    /** Rules that no policy with a source breaks: the assembler or the reader of objects refuses it, or the verifier itself. */
    private static final Set<RejectionCode> NOT_FROM_SOURCE = EnumSet.of(
            RejectionCode.EMPTY_PROGRAM,
            RejectionCode.MEMORY_BOUNDS,
            RejectionCode.TOO_COMPLEX,
            RejectionCode.OUT_OF_TIME,
            RejectionCode.OUT_OF_MEMORY,
            RejectionCode.UNCONFIRMED,
            RejectionCode.ABI_VERSION,
            RejectionCode.DUPLICATE_HOOK,
            RejectionCode.WELL_KNOWN_MAP);

    static List<String> cases() throws IOException {
        try (Stream<Path> files = Files.list(CASES)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(f -> !f.endsWith(".txt"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void message_isAsRecorded(String file) throws IOException {
        SourceFile source = source(file);
        Path recorded = CASES.resolve(file + ".txt");
        String message = new DiagnosticRenderer(source, false)
                .render(rejected(source).diagnostics())
                .stripTrailing()
                .concat("\n");
        if (Boolean.getBoolean("gbpf.explain.write")) {
            Files.writeString(recorded, message);
        }
        assertThat(message).isEqualTo(Files.readString(recorded));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void fix_whenApplied_isAccepted(String file) throws IOException {
        SourceFile source = source(file);
        for (int round = 0; round < 4; round++) {
            VerificationResult result = new Verifier().verify(compile(source));
            if (!(result instanceof Rejected rejected)) {
                assertThat(round).isPositive();
                return;
            }
            Fix fix = rejected.explanations().getFirst().fix();
            if (fix == null || fix.edits().isEmpty()) {
                assertThat(round)
                        .as("the fix leads to another fault: %s", rejected.diagnostics())
                        .isZero();
                return;
            }
            source = new SourceFile(source.name(), fix.applyTo(source));
        }
        throw new AssertionError("still rejected:\n" + source.text());
    }

    @Test
    void cases_coverEveryRule() throws IOException {
        Set<RejectionCode> missing = EnumSet.complementOf(EnumSet.copyOf(NOT_FROM_SOURCE));
        for (String file : cases()) {
            rejected(source(file))
                    .explanations()
                    .forEach(e -> missing.remove(e.violation().code()));
        }
        assertThat(missing).isEmpty();
        assertThat(cases()).hasSizeGreaterThanOrEqualTo(40);
    }

    @Test
    void standardFaults_haveFixesThatToolsCanApply() throws IOException {
        Set<RejectionCode> fixed = EnumSet.noneOf(RejectionCode.class);
        for (String file : cases()) {
            for (Explanation explanation : rejected(source(file)).explanations()) {
                if (explanation.fix() != null && !explanation.fix().edits().isEmpty()) {
                    fixed.add(explanation.violation().code());
                }
            }
        }
        assertThat(fixed)
                .contains(
                        RejectionCode.NULL_POINTER,
                        RejectionCode.VALUE_BOUNDS,
                        RejectionCode.STACK_BOUNDS,
                        RejectionCode.POINTER_OFFSET,
                        RejectionCode.UNINITIALISED_REGISTER,
                        RejectionCode.STACK_UNINITIALISED,
                        RejectionCode.RETURN_VALUE,
                        RejectionCode.NUMBER_REQUIRED,
                        RejectionCode.CONTEXT_FIELD,
                        RejectionCode.HELPER_ARGUMENT,
                        RejectionCode.UNBOUNDED_LOOP,
                        RejectionCode.OVER_BUDGET,
                        RejectionCode.FALLS_OFF_END);
    }

    private static SourceFile source(String file) throws IOException {
        return new SourceFile(file, Files.readString(CASES.resolve(file)));
    }

    private static Rejected rejected(SourceFile source) {
        VerificationResult result = new Verifier().verify(compile(source));
        assertThat(result).as(source.name()).isInstanceOf(Rejected.class);
        return (Rejected) result;
    }

    private static PolicyObject compile(SourceFile source) {
        if (source.name().endsWith(PolicyAssembler.SUFFIX)) {
            return switch (PolicyAssembler.assemble(source)) {
                case PolicyAssemblyResult.Assembled(PolicyObject object) -> object;
                case PolicyAssemblyResult.Failed(List<Diagnostic> diagnostics) -> throw failed(source, diagnostics);
            };
        }
        return switch (PolicyCompiler.compile(source)) {
            case CompileResult.Compiled compiled -> Objects.requireNonNull(compiled.object());
            case CompileResult.Failed(List<Diagnostic> diagnostics) -> throw failed(source, diagnostics);
        };
    }

    private static AssertionError failed(SourceFile source, List<Diagnostic> diagnostics) {
        return new AssertionError(source.text() + "\n" + new DiagnosticRenderer(source, false).render(diagnostics));
    }
}

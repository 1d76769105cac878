package dev.gbpf.asm;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.Severity;
import dev.gbpf.diagnostic.SourceSpan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Leaves the statement that is being read; the assembler keeps the diagnostic and goes on with the next statement. */
final class AssemblyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient AssemblyProblem problem;
    private final transient Token token;
    private final transient String label;
    private final transient @Nullable String help;

    AssemblyException(AssemblyProblem problem, Token token, String message, String label, @Nullable String help) {
        super(message, null, false, false);
        this.problem = problem;
        this.token = token;
        this.label = label;
        this.help = help;
    }

    /** The same with another piece of advice. */
    AssemblyException withHelp(@Nullable String advice) {
        return new AssemblyException(problem, token, String.valueOf(getMessage()), label, advice);
    }

    Diagnostic toDiagnostic(String file) {
        return new Diagnostic(
                problem.code(),
                Severity.ERROR,
                String.valueOf(getMessage()),
                file,
                new SourceSpan(token.line(), token.column(), token.length()),
                label,
                List.of(),
                help);
    }
}

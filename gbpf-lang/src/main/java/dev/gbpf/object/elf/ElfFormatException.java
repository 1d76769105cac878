package dev.gbpf.object.elf;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.Severity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An ELF object that is no policy. Says what, where and what to do. */
public final class ElfFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ElfProblem problem;
    private final String place;
    private final String detail;
    private final String remedy;

    ElfFormatException(ElfProblem problem, String place, String detail, String remedy) {
        this(problem, place, detail, remedy, null);
    }

    ElfFormatException(ElfProblem problem, String place, String detail, String remedy, @Nullable Throwable cause) {
        super(
                problem.code() + ": " + problem.title() + ": " + detail + (place.isEmpty() ? "" : " in " + place) + "; "
                        + remedy,
                cause);
        this.problem = problem;
        this.place = place;
        this.detail = detail;
        this.remedy = remedy;
    }

    /** For a file whose structure is broken. */
    static ElfFormatException damaged(String place, String detail) {
        return new ElfFormatException(
                ElfProblem.DAMAGED, place, detail, "copy the file again, or compile the policy again");
    }

    public ElfProblem problem() {
        return problem;
    }

    /** The stable code, E1101 to E1118. */
    public String code() {
        return problem.code();
    }

    /** Section and offset or symbol, as "section gbpf/on_submit at offset 0x40"; empty when it is the whole file. */
    public String place() {
        return place;
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }

    /** The same as a diagnostic about the file {@code name}. */
    public Diagnostic toDiagnostic(@Nullable String name) {
        List<String> notes = place.isEmpty() ? List.of() : List.of("in " + place);
        return new Diagnostic(code(), Severity.ERROR, problem.title() + ": " + detail, name, null, "", notes, remedy);
    }
}

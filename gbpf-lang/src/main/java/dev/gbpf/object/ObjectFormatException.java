package dev.gbpf.object;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.Severity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bytes that are no policy object, or an object that the format cannot hold. Says what, where and what to do. */
public final class ObjectFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The offset of a problem that is not at a place in the bytes, as when writing. */
    public static final int NO_OFFSET = -1;

    private final ObjectProblem problem;
    private final int offset;
    private final String detail;
    private final String remedy;

    ObjectFormatException(ObjectProblem problem, int offset, String detail, String remedy) {
        this(problem, offset, detail, remedy, null);
    }

    ObjectFormatException(ObjectProblem problem, int offset, String detail, String remedy, @Nullable Throwable cause) {
        super(
                problem.code() + ": " + problem.title() + ": " + detail + (offset < 0 ? "" : " at offset=" + offset)
                        + "; " + remedy,
                cause);
        this.problem = problem;
        this.offset = offset;
        this.detail = detail;
        this.remedy = remedy;
    }

    public ObjectProblem problem() {
        return problem;
    }

    /** The stable code, E0701 to E0717. */
    public String code() {
        return problem.code();
    }

    /** Where in the bytes, from 0, or {@link #NO_OFFSET}. */
    public int offset() {
        return offset;
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }

    /** The same as a diagnostic about the file {@code name}. */
    public Diagnostic toDiagnostic(@Nullable String name) {
        List<String> notes = offset < 0 ? List.of() : List.of("at byte offset=" + offset);
        return new Diagnostic(code(), Severity.ERROR, problem.title() + ": " + detail, name, null, "", notes, remedy);
    }
}

package dev.gbpf.host.bytecode;

import org.jspecify.annotations.Nullable;

/** Something about a raw program that keeps it from being verified or run. */
public final class BytecodeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final BytecodeProblem problem;
    private final @Nullable Integer pc;

    public BytecodeException(BytecodeProblem problem, String message) {
        this(problem, message, null);
    }

    BytecodeException(BytecodeProblem problem, String message, @Nullable Integer pc) {
        super(message, null, false, false);
        this.problem = problem;
        this.pc = pc;
    }

    public BytecodeProblem problem() {
        return problem;
    }

    /** What is wrong, and where. */
    public String text() {
        return String.valueOf(getMessage());
    }

    /** The slot of the instruction that is meant, or null when none is. */
    public @Nullable Integer pc() {
        return pc;
    }
}

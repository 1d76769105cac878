package dev.gbpf.host.vm;

import java.util.List;

/** A program did what no verified program does. */
public final class ExecutionFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int pc;
    private final Kind kind;
    private final List<Long> registers;

    /** What it did. */
    public enum Kind {
        /** Read or wrote memory that is not its own, or wrote what it may only read. */
        BAD_ACCESS,
        /** An atomic operation on an address that is not a multiple of its width. */
        MISALIGNED_ATOMIC,
        /** Left the program at its end, or jumped to where no instruction begins. */
        LEFT_PROGRAM,
        /** Called more functions within each other than there are frames. */
        CALL_DEPTH,
        /** Called a helper that does not exist, or with an argument that is not of the declared kind. */
        BAD_CALL,
        /** Wrote the frame pointer. */
        FRAME_POINTER,
        /** Has an instruction that gBPF does not support. */
        UNSUPPORTED,
        /** Ran longer than its budget. */
        BUDGET
    }

    public ExecutionFault(int pc, Kind kind, String message) {
        this(pc, kind, message, List.of());
    }

    /**
     * With what the registers held.
     *
     * @param registers r0 to r10
     */
    public ExecutionFault(int pc, Kind kind, String message, List<Long> registers) {
        super("pc=" + pc + ": " + message);
        this.pc = pc;
        this.kind = kind;
        this.registers = List.copyOf(registers);
    }

    /** The slot of the instruction. */
    public int pc() {
        return pc;
    }

    public Kind kind() {
        return kind;
    }

    /** r0 to r10 when it happened; empty when the engine does not keep them. */
    public List<Long> registers() {
        return registers;
    }
}

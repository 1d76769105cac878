package dev.gbpf.cuda.vm;

import dev.gbpf.isa.JumpOp;

/**
 * A jump that compares two registers: which operation, whether they change sides, and whether it jumps when the condition does not
 * hold. Its imm says the latter, and what it sets r0 to besides.
 *
 * @param op one of {@link DeviceOp#JEQ64} to {@link DeviceOp#JSET64}
 */
record JumpForm(DeviceOp op, boolean swapped, boolean negated) {
    /** Bits of the upper half of imm: r0 becomes the lower half, extended by its sign; the jump is taken otherwise. */
    static final int RESULT = 1;

    static final int NEGATED = 2;

    static JumpForm of(JumpOp op) {
        return switch (op) {
            case EQ -> new JumpForm(DeviceOp.JEQ64, false, false);
            case NE -> new JumpForm(DeviceOp.JEQ64, false, true);
            case SET -> new JumpForm(DeviceOp.JSET64, false, false);
            case LT -> new JumpForm(DeviceOp.JLT64, false, false);
            case GE -> new JumpForm(DeviceOp.JLT64, false, true);
            case GT -> new JumpForm(DeviceOp.JLT64, true, false);
            case LE -> new JumpForm(DeviceOp.JLT64, true, true);
            case SLT -> new JumpForm(DeviceOp.JSLT64, false, false);
            case SGE -> new JumpForm(DeviceOp.JSLT64, false, true);
            case SGT -> new JumpForm(DeviceOp.JSLT64, true, false);
            case SLE -> new JumpForm(DeviceOp.JSLT64, true, true);
        };
    }

    /** The imm of a jump that sets nothing. */
    long imm() {
        return negated ? (long) NEGATED << 32 : 0;
    }

    /** Whether a jump sets r0. */
    static boolean hasResult(long imm) {
        return ((imm >> 32) & RESULT) != 0;
    }

    /** The imm of a jump that sets r0 too. */
    static long withResult(long imm, int r0) {
        return imm | ((long) RESULT << 32) | (r0 & 0xFFFF_FFFFL);
    }
}

package dev.gbpf.cuda.vm;

/** What a {@link DeviceOp#HASH} has in its offset besides the {@link MixShifts}, and its imm: the first factor below, the second one above. */
final class HashForm {
    /** It has handlers for so many registers only, from r0 on, since it names three. */
    static final int REGISTERS = 6;

    static final int B_SHIFT = 2 * MixShifts.BITS;

    private HashForm() {}

    /** Whether it can name a register. */
    static boolean hasRoomFor(int register) {
        return register < REGISTERS;
    }

    /** Whether a factor has room. */
    static boolean hasRoomFor(long factor) {
        return factor >>> Integer.SIZE == 0;
    }

    static int offset(int shifts, int b) {
        return shifts | (b << B_SHIFT);
    }

    /** The register b. */
    static int b(int offset) {
        return (offset >> B_SHIFT) & 7;
    }

    static long imm(long firstFactor, long secondFactor) {
        return firstFactor | (secondFactor << Integer.SIZE);
    }
}

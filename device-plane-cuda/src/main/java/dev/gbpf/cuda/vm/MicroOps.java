package dev.gbpf.cuda.vm;

import java.util.Arrays;

/**
 * A program for the device's interpreter: micro-operations of 16 bytes, little-endian.
 *
 * <pre>
 * offset  bits    field
 * 0       0..15   number of the handler that runs the operation on a GPU
 *         16..31  of a jump: number of the handler of the operation that it leads to
 * 4       0..6    the operation, {@link DeviceOp#ordinal()}
 *         7..10   d
 *         11..14  a
 *         15..31  offset, signed
 * 8       0..63   imm
 * </pre>
 *
 * Two numbers say what to do, since the two machines look it up differently: the GPU jumps by the first, in which operation and
 * registers are one, and the CPU reads the parts.
 */
public final class MicroOps {
    /** Size of a micro-operation, bytes. */
    public static final int BYTES = 16;

    static final int D_SHIFT = 7;
    static final int A_SHIFT = 11;
    static final int OFFSET_SHIFT = 15;

    private static final int OFFSET_BITS = 32 - OFFSET_SHIFT;
    private static final int TARGET_SHIFT = 16;

    private final long[] words;
    private final int[] starts;
    private final int[] pcs;

    /**
     * Operations.
     *
     * @param starts for each instruction how many operations those before it have
     * @param pcs of the instructions
     */
    MicroOps(long[] words, int[] starts, int[] pcs) {
        this.words = words;
        this.starts = starts;
        this.pcs = pcs;
    }

    /** Whether an offset has room in an operation. */
    static boolean fits(long offset) {
        return offset << (64 - OFFSET_BITS) >> (64 - OFFSET_BITS) == offset;
    }

    /** The first half of an operation that, when it jumps, leads to one of handler {@code targetHandler}. */
    static long head(Operation operation, int offset, int targetHandler) {
        int parts =
                operation.op().ordinal() | operation.d() << D_SHIFT | operation.a() << A_SHIFT | offset << OFFSET_SHIFT;
        return ((long) parts << 32) | ((long) targetHandler << TARGET_SHIFT) | operation.handler();
    }

    /** How many operations there are. */
    public int count() {
        return words.length / 2;
    }

    /** The pc of the instruction that an operation is of; of the last one, when some were made one. */
    public int pcOf(int operation) {
        int found = Arrays.binarySearch(starts, operation);
        int at = found >= 0 ? found : -found - 2;
        while (at + 1 < starts.length && starts[at + 1] == operation) {
            at++; // those before it have no operation of their own
        }
        return pcs[at];
    }

    /** The program as it lies in memory: two words for each operation. */
    public long[] words() {
        return words.clone();
    }
}

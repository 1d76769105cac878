package dev.gbpf.cuda.vm;

/** The shifts of {@link DeviceOp#MIX}, as its offset. */
final class MixShifts {
    /** Bits of the first shift; the second one follows. */
    static final int BITS = 7;

    /** A shift that leaves nothing. */
    static final int ALL = 64;

    private MixShifts() {}

    static int of(int first, int second) {
        return first | (second << BITS);
    }

    static int first(int offset) {
        return offset & ((1 << BITS) - 1);
    }

    static int second(int offset) {
        return offset >> BITS;
    }
}

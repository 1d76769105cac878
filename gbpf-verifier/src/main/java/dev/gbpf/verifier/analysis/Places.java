package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.Register;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.domain.Scalar;
import org.jspecify.annotations.Nullable;

/**
 * The places where a loop's counter can live: registers r0 to r9, and the frame in units of 4 bytes. A unit at a multiple of
 * 8 also names the 8-byte number that begins there; its low half is the unit itself, the machine being little-endian.
 */
final class Places {
    static final int REGISTERS = 10;
    private static final int UNIT = 4;
    static final int COUNT = REGISTERS + Region.Stack.SIZE / UNIT;

    private Places() {}

    /** The unit at a byte position of the frame, a multiple of 4. */
    static int unit(int position) {
        return REGISTERS + position / UNIT;
    }

    /** Whether the place can hold 64 bits. */
    static boolean isWide(int place) {
        return place < REGISTERS || (place - REGISTERS) % 2 == 0;
    }

    /**
     * What a state knows of the number in a place, all of it or the low 32 bits, or of the offset of the pointer there; null when
     * it need not be either.
     */
    static @Nullable Scalar number(EbpfState state, int frame, int place, boolean wide) {
        Value value = place < REGISTERS
                ? state.get(Register.of(place))
                : state.frame(frame).read((place - REGISTERS) * UNIT, wide ? 8 : UNIT);
        return switch (value) {
            case Numeric n -> n.scalar();
            case Pointer p when wide && !p.maybeNull() -> p.offset();
            default -> null;
        };
    }

    static String name(int place) {
        if (place < REGISTERS) {
            return "r" + place;
        }
        return "the stack at r10 - " + (Region.Stack.SIZE - (place - REGISTERS) * UNIT);
    }
}

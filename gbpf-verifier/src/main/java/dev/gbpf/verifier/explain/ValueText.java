package dev.gbpf.verifier.explain;

import dev.gbpf.verifier.analysis.Region;
import dev.gbpf.verifier.analysis.Value;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.Word;

/** Values in few words. */
public final class ValueText {
    private static final int LEAST_POWER = 16;

    private ValueText() {}

    /** What is known of a value: {@code 0..63}, {@code any number}, {@code the value of used, or null}. */
    public static String of(Value value) {
        return switch (value) {
            case Value.Uninitialised _ -> "no value";
            case Value.Mixed _ -> "a number or a pointer";
            case Value.Numeric n -> of(n.scalar());
            case Value.MapReference m -> "map " + m.map();
            case Value.Pointer p -> pointer(p);
        };
    }

    private static String pointer(Value.Pointer pointer) {
        String region = switch (pointer.region()) {
            case Region.Context _ -> "the context";
            case Region.RawMemory _ -> "the memory";
            case Region.Stack _ -> "the stack";
            case Region.MapValue v -> "a value of " + v.name();
            case Region.ReservedRecord r -> "a record of " + r.name();
        };
        String offset = pointer.offset().isZero() ? "" : " at offset " + of(pointer.offset());
        return "pointer to " + region + offset + (pointer.maybeNull() ? ", or null" : "");
    }

    /** A range of numbers. */
    public static String of(Scalar scalar) {
        Word wide = scalar.wide();
        if (wide.isConstant()) {
            return signed(wide.smin());
        }
        if (scalar.equals(Scalar.ANY)) {
            return "any number";
        }
        boolean asSigned = wide.smin() < 0 && (wide.smin() != Long.MIN_VALUE || wide.smax() != Long.MAX_VALUE);
        String range = asSigned
                ? signed(wide.smin()) + ".." + signed(wide.smax())
                : unsigned(wide.umin()) + ".." + unsigned(wide.umax());
        int zeros = Long.numberOfTrailingZeros(wide.bits().value() | wide.bits().mask());
        return zeros == 0 || zeros >= Integer.SIZE ? range : range + ", a multiple of " + (1L << zeros);
    }

    private static String signed(long number) {
        return number >= 0 ? unsigned(number) : number == Long.MIN_VALUE ? "-2^63" : Long.toString(number);
    }

    /** Numbers just below a large power of 2 are seen best as such. */
    private static String unsigned(long number) {
        for (int below = 1; below <= LEAST_POWER; below++) {
            int power = Long.numberOfTrailingZeros(number + below);
            if (number + below == 0 || (Long.bitCount(number + below) == 1 && power > LEAST_POWER)) {
                return "2^" + power + "-" + below;
            }
        }
        return Long.toUnsignedString(number);
    }
}

package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.domain.Scalar;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a register or a stored 8-byte object.
 *
 * <p>Order, from most to least known: numbers by inclusion, pointers into one region by inclusion of offsets and possible
 * nullness, {@link Mixed} above all of these, {@link Uninitialised} on top.
 *
 * <p>Relations between values: a number, and the offset of a pointer that is not null, may be {@code symbol + delta} modulo
 * 2^64, where all places of a state with the same symbol, not 0, speak of one unknown number. Symbol and delta thus hold what is
 * equal, and what differs by a constant. Constants need no symbol. Pointers that may be null have an identity besides: those
 * with the same one, not 0, are equal in every execution, null together or not at all.
 */
public sealed interface Value {
    /** The memory of a value, about: itself, and a {@link Scalar} of its own. */
    int BYTES = 256;

    /** Possibly never written: nothing may be assumed and nothing done but overwrite it. */
    record Uninitialised() implements Value {
        static final Uninitialised INSTANCE = new Uninitialised();

        @Override
        public String toString() {
            return "uninitialised";
        }
    }

    /** Written, but of different kinds on different paths. */
    record Mixed() implements Value {
        static final Mixed INSTANCE = new Mixed();

        @Override
        public String toString() {
            return "a number or a pointer, depending on the path";
        }
    }

    /**
     * A number.
     *
     * @param scalar which
     * @param symbol of the relation, or 0
     * @param delta of the relation; 0 without a symbol
     */
    record Numeric(Scalar scalar, int symbol, long delta) implements Value {
        public Numeric {
            if (symbol == 0 || scalar.isConstant()) {
                symbol = 0;
                delta = 0;
            }
        }

        static Numeric of(Scalar scalar) {
            return new Numeric(scalar, 0, 0);
        }

        /** The number {@code value}. */
        static Numeric constant(long value) {
            return 0 <= value && value < CONSTANTS.length ? CONSTANTS[(int) value] : of(Scalar.constant(value));
        }

        private static final Numeric[] CONSTANTS = new Numeric[128];

        static {
            for (int i = 0; i < CONSTANTS.length; i++) {
                CONSTANTS[i] = of(Scalar.constant(i));
            }
        }

        /** Whether this and the other are one number in every execution. */
        boolean equalsAlways(Numeric other) {
            return symbol != 0
                    ? symbol == other.symbol && delta == other.delta
                    : scalar.isConstant() && scalar.equals(other.scalar);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other
                    || (other instanceof Numeric n
                            && symbol == n.symbol
                            && delta == n.delta
                            && scalar.equals(n.scalar));
        }

        @Override
        public int hashCode() {
            return 31 * scalar.hashCode() + symbol + Long.hashCode(delta);
        }

        @Override
        public String toString() {
            if (scalar.isConstant()) {
                return "the number " + scalar;
            }
            return scalar.equals(Scalar.ANY) ? "any number" : "a number in " + scalar;
        }
    }

    /**
     * A pointer, or if {@code maybeNull} that or 0.
     *
     * @param region what it points into
     * @param offset from the region's start, signed, in bytes
     * @param maybeNull whether it may be null instead
     * @param identity of the value, or 0
     * @param symbol of the offset's relation, or 0
     * @param delta of the offset's relation; 0 without a symbol
     */
    record Pointer(Region region, Scalar offset, boolean maybeNull, int identity, int symbol, long delta)
            implements Value {
        public Pointer {
            if (symbol == 0 || offset.isConstant()) {
                symbol = 0;
                delta = 0;
            }
        }

        static Pointer to(Region region) {
            return at(region, Scalar.constant(0));
        }

        /** A pointer, not null, that nothing relates to other values. */
        static Pointer at(Region region, Scalar offset) {
            return new Pointer(region, offset, false, 0, 0, 0);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other
                    || (other instanceof Pointer p
                            && maybeNull == p.maybeNull
                            && identity == p.identity
                            && symbol == p.symbol
                            && delta == p.delta
                            && region.equals(p.region)
                            && offset.equals(p.offset));
        }

        @Override
        public int hashCode() {
            return 31 * (31 * region.hashCode() + offset.hashCode()) + identity + symbol;
        }

        @Override
        public String toString() {
            String at = offset.isZero() ? "" : " at offset " + offset;
            return "a pointer to " + region + at + (maybeNull ? ", or null" : "");
        }
    }

    /**
     * A map, to be passed to helpers.
     *
     * @param map its index
     */
    record MapReference(int map) implements Value {
        @Override
        public String toString() {
            return "a reference to map " + map;
        }
    }
}

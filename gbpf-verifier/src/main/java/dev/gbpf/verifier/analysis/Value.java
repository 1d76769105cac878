package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.domain.Scalar;

/**
 * What is known of a register or a stored 8-byte object.
 *
 * <p>Order, from most to least known: numbers by inclusion, pointers into one region by inclusion of offsets and possible
 * nullness, {@link Mixed} above all of these, {@link Uninitialised} on top.
 *
 * <p>Values with the same identity, not 0, are equal in every execution that the state stands for.
 */
public sealed interface Value {

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
     * @param identity of the value, or 0
     */
    record Numeric(Scalar scalar, int identity) implements Value {
        static Numeric of(Scalar scalar) {
            return new Numeric(scalar, 0);
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
     */
    record Pointer(Region region, Scalar offset, boolean maybeNull, int identity) implements Value {
        static Pointer to(Region region) {
            return new Pointer(region, Scalar.constant(0), false, 0);
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

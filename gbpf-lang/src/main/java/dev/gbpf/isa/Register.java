package dev.gbpf.isa;

/**
 * The eleven 64-bit registers (RFC 9669, section 2): {@code r0} holds a result, {@code r1} to {@code r5} arguments,
 * {@code r6} to {@code r9} survive calls, {@code r10} is the read-only frame pointer (one past the top of the frame).
 */
public enum Register implements Operand {
    R0,
    R1,
    R2,
    R3,
    R4,
    R5,
    R6,
    R7,
    R8,
    R9,
    R10;

    private static final Register[] ALL = values();

    /** How many registers there are. */
    public static final int COUNT = ALL.length;

    /** The number that instructions carry, 0 to 10. */
    public int number() {
        return ordinal();
    }

    /**
     * The register of a number.
     *
     * @throws IllegalArgumentException when {@code number} is not in 0 to 10
     */
    public static Register of(int number) {
        if (number < 0 || number >= COUNT) {
            throw new IllegalArgumentException("register number=" + number + " is not in 0..10");
        }
        return ALL[number];
    }

    @Override
    public String toString() {
        return "r" + ordinal();
    }
}

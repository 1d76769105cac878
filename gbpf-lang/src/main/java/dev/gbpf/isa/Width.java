package dev.gbpf.isa;

/** The width of a memory access (RFC 9669, section 5.1). */
public enum Width {
    /** One byte. */
    B(1),
    /** Two bytes. */
    H(2),
    /** Four bytes. */
    W(4),
    /** Eight bytes. */
    DW(8);

    private final int bytes;

    Width(int bytes) {
        this.bytes = bytes;
    }

    /** Size in bytes: 1, 2, 4 or 8. */
    public int bytes() {
        return bytes;
    }

    /** Size in bits: 8, 16, 32 or 64. */
    public int bits() {
        return bytes * 8;
    }

    /**
     * The width of a size in bytes.
     *
     * @throws IllegalArgumentException when {@code bytes} is not 1, 2, 4 or 8
     */
    public static Width ofBytes(int bytes) {
        return switch (bytes) {
            case 1 -> B;
            case 2 -> H;
            case 4 -> W;
            case 8 -> DW;
            default -> throw new IllegalArgumentException("access width bytes=" + bytes + " is not 1, 2, 4 or 8");
        };
    }
}

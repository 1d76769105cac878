package dev.gbpf.object;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What element 0 of an array map holds when the map is made; bytes beyond are zero. Immutable. Zeros at the end say nothing
 * and are left out, so equal contents are equal objects.
 */
public final class InitialContents {
    /** All zero. */
    public static final InitialContents ZERO = new InitialContents(new byte[0]);

    private final byte[] bytes;

    private InitialContents(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The contents that begin with these bytes. */
    public static InitialContents of(byte[] bytes) {
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] == 0) {
            length--;
        }
        return length == 0 ? ZERO : new InitialContents(Arrays.copyOf(bytes, length));
    }

    /** How many bytes there are up to the last one that is not zero. */
    public int length() {
        return bytes.length;
    }

    /** The bytes, without the zeros at the end. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /**
     * The number at an offset, little-endian and unsigned.
     *
     * @param offset at least 0; beyond the last byte there are zeros
     * @param width in bytes, 1, 2, 4 or 8
     */
    public long number(long offset, int width) {
        byte[] window = new byte[Long.BYTES];
        for (int i = 0; i < width; i++) {
            long at = offset + i;
            window[i] = at < bytes.length ? bytes[(int) at] : 0;
        }
        return ByteBuffer.wrap(window).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InitialContents contents && Arrays.equals(bytes, contents.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The bytes in hexadecimal. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}

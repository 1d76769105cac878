package dev.gbpf.object;

import java.util.HexFormat;
import java.util.stream.Collectors;

/** Writes the bytes of keys and values for people. */
public final class ValueText {
    private ValueText() {}

    /**
     * The value in the policy language's words: {@code -5}, {@code Tenant { tokens: 7, weight: 1 }}; bytes of unknown meaning
     * in hexadecimal.
     *
     * @throws IllegalArgumentException when there are not as many bytes as the layout has
     */
    public static String of(DataLayout layout, byte[] bytes) {
        if (bytes.length != layout.size()) {
            throw new IllegalArgumentException(
                    "a value of type " + layout + " has bytes=" + layout.size() + ", not " + bytes.length);
        }
        return text(layout, bytes, 0);
    }

    private static String text(DataLayout layout, byte[] bytes, int offset) {
        return switch (layout) {
            case DataLayout.Scalar number -> text(number, bytes, offset);
            case DataLayout.Struct struct ->
                struct.fields().stream()
                        .map(f -> f.name() + ": " + text(f.layout(), bytes, offset + f.offset()))
                        .collect(Collectors.joining(", ", struct.name() + " { ", " }"));
            case DataLayout.Bytes(int size) -> "0x" + HexFormat.of().formatHex(bytes, offset, offset + size);
        };
    }

    private static String text(DataLayout.Scalar number, byte[] bytes, int offset) {
        long value = 0;
        for (int i = number.size() - 1; i >= 0; i--) {
            value = value << Byte.SIZE | (bytes[offset + i] & 0xFF);
        }
        int unused = Long.SIZE - number.size() * Byte.SIZE;
        return number.signed() ? Long.toString(value << unused >> unused) : Long.toUnsignedString(value);
    }
}

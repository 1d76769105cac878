package dev.gbpf.object.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A stretch of the file with a name. Everything is little-endian, and every access is checked against its end. */
final class ElfBytes {
    /** Characters of a name that are read at most; longer ones are refused, so that many can share one text. */
    static final int MAX_NAME = 256;

    private final String name;
    private final ByteBuffer bytes;

    private ElfBytes(String name, ByteBuffer bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    static ElfBytes of(String name, byte[] file) {
        return new ElfBytes(name, ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN));
    }

    /** What messages call it. */
    String name() {
        return name;
    }

    int size() {
        return bytes.limit();
    }

    int u8(long offset) {
        return bytes.get(at(offset, 1)) & 0xff;
    }

    int u16(long offset) {
        return bytes.getShort(at(offset, 2)) & 0xffff;
    }

    int i32(long offset) {
        return bytes.getInt(at(offset, 4));
    }

    long u32(long offset) {
        return i32(offset) & 0xffff_ffffL;
    }

    long i64(long offset) {
        return bytes.getLong(at(offset, 8));
    }

    /** A part of it under its own name; {@code offset} and {@code length} count unsigned. */
    ElfBytes slice(String part, long offset, long length) {
        if (offset < 0 || length < 0 || offset > size() || length > size() - offset) {
            throw ElfFormatException.damaged(
                    name,
                    part + " is " + Long.toUnsignedString(length) + " bytes at offset " + Long.toUnsignedString(offset)
                            + ", of " + size());
        }
        return new ElfBytes(part, bytes.slice((int) offset, (int) length).order(ByteOrder.LITTLE_ENDIAN));
    }

    /** A copy of all of it. */
    byte[] copy() {
        byte[] copy = new byte[size()];
        bytes.get(0, copy);
        return copy;
    }

    /** All of it as a view. */
    ByteBuffer buffer() {
        return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The zero-terminated text at an offset, as Latin-1; at most {@link #MAX_NAME} characters. */
    String text(long offset) {
        int length = textLength(offset, MAX_NAME);
        return StandardCharsets.ISO_8859_1
                .decode(bytes.slice((int) offset, length))
                .toString();
    }

    /** The bytes of the zero-terminated text at an offset. */
    byte[] textBytes(long offset, int limit) {
        byte[] copy = new byte[textLength(offset, limit)];
        bytes.get((int) offset, copy);
        return copy;
    }

    private int textLength(long offset, int limit) {
        int start = at(offset, 1);
        int end = start;
        while (end < size() && bytes.get(end) != 0) {
            if (end - start == limit) {
                throw new ElfFormatException(
                        ElfProblem.LIMIT,
                        name,
                        "the text at offset " + start + " is longer than " + limit + " bytes",
                        "shorten the name or the line");
            }
            end++;
        }
        if (end == size()) {
            throw ElfFormatException.damaged(name, "the text at offset " + start + " does not end");
        }
        return end - start;
    }

    private int at(long offset, int width) {
        if (offset < 0 || offset > size() - width) {
            throw ElfFormatException.damaged(
                    name, width + " bytes at offset " + Long.toUnsignedString(offset) + " are wanted, of " + size());
        }
        return (int) offset;
    }
}

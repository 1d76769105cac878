package dev.gbpf.object.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of an ELF object for damaging: offsets of its structures, and writes of any value anywhere. */
final class ElfImage {
    static final int SECTION_HEADER = 64;

    private final ByteBuffer bytes;

    ElfImage(byte[] object) {
        bytes = ByteBuffer.wrap(object.clone()).order(ByteOrder.LITTLE_ENDIAN);
    }

    byte[] bytes() {
        return bytes.array();
    }

    int size() {
        return bytes.capacity();
    }

    int sections() {
        return bytes.getShort(60) & 0xffff;
    }

    /** Where the header of a section is. */
    int header(int section) {
        return (int) bytes.getLong(40) + section * SECTION_HEADER;
    }

    int offset(int section) {
        return (int) bytes.getLong(header(section) + 24);
    }

    int length(int section) {
        return (int) bytes.getLong(header(section) + 32);
    }

    /** Whether a section has bytes, and has them in the file. */
    boolean isInFile(int section) {
        return length(section) > 0 && bytes.getInt(header(section) + 4) != ElfSection.NOBITS;
    }

    String name(int section) {
        int start = offset(bytes.getShort(62) & 0xffff) + bytes.getInt(header(section));
        int end = start;
        while (bytes.get(end) != 0) {
            end++;
        }
        return new String(bytes.array(), start, end - start, StandardCharsets.ISO_8859_1);
    }

    int section(String name) {
        for (int i = 1; i < sections(); i++) {
            if (name(i).equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException("there is no section " + name);
    }

    int getInt(int offset) {
        return bytes.getInt(offset);
    }

    long getLong(int offset) {
        return bytes.getLong(offset);
    }

    ElfImage putByte(int offset, int value) {
        bytes.put(offset, (byte) value);
        return this;
    }

    ElfImage putInt(int offset, int value) {
        bytes.putInt(offset, value);
        return this;
    }

    ElfImage putLong(int offset, long value) {
        bytes.putLong(offset, value);
        return this;
    }

    /** Writes the low bytes of a value. */
    ElfImage put(int offset, int width, long value) {
        for (int i = 0; i < width && offset + i < size(); i++) {
            bytes.put(offset + i, (byte) (value >> (8 * i)));
        }
        return this;
    }

    /** The object with a section's content at its end, in place of what it had. */
    ElfImage withContent(int section, byte[] content) {
        byte[] longer = Arrays.copyOf(bytes.array(), size() + content.length);
        System.arraycopy(content, 0, longer, size(), content.length);
        ElfImage image = new ElfImage(longer);
        image.putLong(header(section) + 24, size());
        image.putLong(header(section) + 32, content.length);
        return image;
    }

    byte[] content(int section) {
        return Arrays.copyOfRange(bytes.array(), offset(section), offset(section) + length(section));
    }
}

package dev.gbpf.object;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Changes to encoded objects that leave the checksum right, so that tests reach what lies behind it. */
final class ObjectBytes {
    private ObjectBytes() {}

    static byte[] withInt(byte[] object, int offset, int value) {
        byte[] changed = object.clone();
        buffer(changed).putInt(offset, value);
        return sealed(changed);
    }

    static byte[] withByte(byte[] object, int offset, int value) {
        byte[] changed = object.clone();
        changed[offset] = (byte) value;
        return sealed(changed);
    }

    /** The same bytes with total length and checksum made right; needs a whole header. */
    static byte[] sealed(byte[] object) {
        ByteBuffer buffer = buffer(object);
        buffer.putInt(ObjectLayout.TOTAL_LENGTH_OFFSET, object.length);
        buffer.putInt(ObjectLayout.CHECKSUM_OFFSET, ObjectLayout.checksum(buffer));
        return object;
    }

    static int intAt(byte[] object, int offset) {
        return buffer(object).getInt(offset);
    }

    /** Offset of the section of a type. */
    static int sectionOffset(byte[] object, int type) {
        return intAt(object, entryOffset(object, type) + 8);
    }

    /** Offset of the table entry of the section of a type. */
    static int entryOffset(byte[] object, int type) {
        int count = intAt(object, ObjectLayout.SECTION_COUNT_OFFSET);
        for (int i = 0; i < count; i++) {
            int entry = ObjectLayout.HEADER_LENGTH + i * ObjectLayout.SECTION_ENTRY_LENGTH;
            if (intAt(object, entry) == type) {
                return entry;
            }
        }
        throw new IllegalArgumentException("no section of type=" + type);
    }

    /** Whether a valid object has a section that readers skip. */
    static boolean hasUnknownSection(byte[] object) {
        int last = ObjectLayout.HEADER_LENGTH
                + (intAt(object, ObjectLayout.SECTION_COUNT_OFFSET) - 1) * ObjectLayout.SECTION_ENTRY_LENGTH;
        return Integer.compareUnsigned(intAt(object, last), ObjectLayout.Section.TYPES.type()) > 0;
    }

    private static ByteBuffer buffer(byte[] object) {
        return ByteBuffer.wrap(object).order(ByteOrder.LITTLE_ENDIAN);
    }
}

package dev.gbpf.object;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads one section from front to back and never beyond it; knows where in the object it is, for messages. */
final class ObjectCursor {
    private final String section;
    private final ByteBuffer bytes;
    private final int start;

    /** A cursor over {@code length} bytes of {@code object} from {@code start}, which the caller has checked to exist. */
    ObjectCursor(String section, ByteBuffer object, int start, int length) {
        this.section = section;
        this.bytes = object.slice(start, length).order(ByteOrder.LITTLE_ENDIAN);
        this.start = start;
    }

    /** Offset in the object of the next byte. */
    int offset() {
        return start + bytes.position();
    }

    int remaining() {
        return bytes.remaining();
    }

    int readInt(String what) {
        require(Integer.BYTES, what);
        return bytes.getInt();
    }

    /** A count of things of {@code itemLength} bytes each that follow, at most {@code limit}. */
    int readCount(String what, int limit, int itemLength, ObjectProblem overLimit) {
        int offset = offset();
        int count = readInt(what);
        if (count < 0 || count > limit) {
            throw ObjectRules.tooMany(overLimit, what, Integer.toUnsignedLong(count), limit, offset);
        }
        if ((long) count * itemLength > bytes.remaining()) {
            throw new ObjectFormatException(
                    ObjectProblem.SECTION_CONTENT,
                    offset,
                    what + "=" + count + " needs " + (long) count * itemLength + " bytes, section " + section + " has "
                            + bytes.remaining() + " left",
                    "write the object again");
        }
        return count;
    }

    void readZero(String what) {
        int offset = offset();
        int value = readInt(what);
        if (value != 0) {
            throw new ObjectFormatException(
                    ObjectProblem.SECTION_CONTENT,
                    offset,
                    what + "=" + Integer.toUnsignedString(value) + " is reserved",
                    "set it to 0");
        }
    }

    /** A view of what is left, which stays unread. */
    ByteBuffer rest() {
        return bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The next {@code length} bytes as a view. */
    ByteBuffer readBytes(int length, String what) {
        require(length, what);
        ByteBuffer view = bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.position() + length);
        return view;
    }

    String readLatin1(int length, String what) {
        return StandardCharsets.ISO_8859_1.decode(readBytes(length, what)).toString();
    }

    String readUtf8(int length, String what) {
        int offset = offset();
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(readBytes(length, what))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ObjectFormatException(
                    ObjectProblem.SOURCE, offset, what + " is no valid UTF-8", "write the object again", e);
        }
    }

    /** Refuses bytes that are left over. */
    void end() {
        if (bytes.hasRemaining()) {
            throw new ObjectFormatException(
                    ObjectProblem.SECTION_CONTENT,
                    offset(),
                    bytes.remaining() + " bytes are left over in section " + section,
                    "write the object again");
        }
    }

    private void require(int length, String what) {
        if (length < 0 || length > bytes.remaining()) {
            throw new ObjectFormatException(
                    ObjectProblem.SECTION_CONTENT,
                    offset(),
                    what + " needs " + Integer.toUnsignedString(length) + " bytes, section " + section + " has "
                            + bytes.remaining() + " left",
                    "write the object again");
        }
    }
}

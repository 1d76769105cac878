package dev.gbpf.host.recording;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A place in bytes that come from anywhere; what {@link Bytes} writes is read back. */
final class Cursor {
    private static final int PART_BITS = 7;
    private static final int LOW_PART = 0x7f;
    private static final int LAST_SHIFT = 63;

    private final byte[] bytes;
    private final int end;
    private int at;

    Cursor(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    int at() {
        return at;
    }

    int left() {
        return end - at;
    }

    /** Leaves out bytes that were read otherwise, no more than are left. */
    void skip(int count) {
        at += count;
    }

    int take() throws RecordingException {
        if (at == end) {
            throw broken("it ends");
        }
        return bytes[at++] & 0xff;
    }

    long number() throws RecordingException {
        long value = 0;
        for (int shift = 0; shift <= LAST_SHIFT; shift += PART_BITS) {
            int part = take();
            if (shift == LAST_SHIFT && part > 1) {
                break;
            }
            value |= (long) (part & LOW_PART) << shift;
            if (part <= LOW_PART) {
                return value;
            }
        }
        throw broken("a number has more than 64 bits");
    }

    long signed() throws RecordingException {
        long value = number();
        return (value >>> 1) ^ -(value & 1);
    }

    /** A number of so much at most. */
    long number(String what, long most) throws RecordingException {
        long value = number();
        if (value < 0 || value > most) {
            throw broken(what + "=" + Long.toUnsignedString(value) + " is more than " + most);
        }
        return value;
    }

    /** A count of things that take a byte each at least. */
    int count(String what, int most) throws RecordingException {
        int count = (int) number(what, most);
        if (count > left()) {
            throw broken(what + "=" + count + ", and only " + left() + " bytes follow");
        }
        return count;
    }

    long word() throws RecordingException {
        if (left() < Long.BYTES) {
            throw broken("it ends");
        }
        at += Long.BYTES;
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(at - Long.BYTES);
    }

    String text(String what, int most) throws RecordingException {
        int length = count("bytes of " + what, most);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, at, length))
                    .toString();
            if (text.chars().anyMatch(Character::isISOControl)) {
                throw broken(what + " has a control character");
            }
            at += length;
            return text;
        } catch (CharacterCodingException e) {
            throw broken(what + " is not UTF-8");
        }
    }

    RecordingException broken(String what) {
        return new RecordingException(what + ", at byte " + at + " of its content");
    }
}

package dev.gbpf.host.recording;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Bytes that are written one after the other; growing never moves what is there. Numbers are in LEB128, signed ones in zigzag. */
final class Bytes {
    private static final int CHUNK = 1 << 16;
    private static final int CONTINUES = 0x80;
    private static final int PART_BITS = 7;
    private static final int LOW_PART = 0x7f;

    private final List<byte[]> full = new ArrayList<>();
    private byte[] last = new byte[1 << 8];
    private int used;
    private long fullBytes;

    /** How many there are. */
    long size() {
        return fullBytes + used;
    }

    void put(int value) {
        if (used == last.length) {
            full.add(last);
            fullBytes += used;
            last = new byte[CHUNK];
            used = 0;
        }
        last[used++] = (byte) value;
    }

    /** A number without a sign. */
    void number(long value) {
        long rest = value;
        while ((rest & ~LOW_PART) != 0) {
            put(((int) rest & LOW_PART) | CONTINUES);
            rest >>>= PART_BITS;
        }
        put((int) rest);
    }

    /** A number with a sign. */
    void signed(long value) {
        number((value << 1) ^ (value >> (Long.SIZE - 1)));
    }

    /** Eight bytes, the lowest first. */
    void word(long value) {
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            put((int) (value >>> shift));
        }
    }

    /** A text after its length. */
    void text(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        number(encoded.length);
        for (byte b : encoded) {
            put(b);
        }
    }

    /** All of another's. */
    void all(Bytes other) {
        for (byte b : other.toArray()) {
            put(b);
        }
    }

    byte[] toArray() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        full.forEach(all::writeBytes);
        all.write(last, 0, used);
        return all.toByteArray();
    }
}

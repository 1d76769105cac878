package dev.gbpf.verifier.testkit;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A block of memory that knows which bytes were written and which hold a pointer. */
public final class MachineMemory {
    /** What the memory is. */
    public enum Kind {
        CONTEXT,
        STACK,
        VALUE,
        RECORD
    }

    private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, LITTLE_ENDIAN);
    private static final int SLOT = 8;
    private static final @Nullable MachineValue[] NONE = {};

    final byte[] bytes;
    private final Kind kind;
    private final int number;
    /** Of each eight bytes, one bit for each that was written as part of a number. */
    private final byte[] written;
    /** Pointers by their position divided by eight; empty before there is one. */
    private @Nullable MachineValue[] pointers = NONE;

    MachineMemory(Kind kind, int number, int size) {
        this.kind = kind;
        this.number = number;
        this.bytes = new byte[size];
        this.written = new byte[(size + SLOT - 1) / SLOT];
    }

    static MachineMemory filled(Kind kind, int number, byte[] content) {
        MachineMemory memory = new MachineMemory(kind, number, content.length);
        System.arraycopy(content, 0, memory.bytes, 0, content.length);
        Arrays.fill(memory.written, (byte) -1);
        return memory;
    }

    public Kind kind() {
        return kind;
    }

    /** Number of the frame, the map, or the instruction that reserved the record. */
    public int number() {
        return number;
    }

    /** Its length in bytes. */
    public int size() {
        return bytes.length;
    }

    /** The pointer that is stored whole in the eight bytes from {@code at} on, or null. */
    public @Nullable MachineValue pointer(int at) {
        return at % SLOT != 0 || pointers.length == 0 ? null : pointers[at / SLOT];
    }

    /** Which of the eight bytes from {@code 8 * slot} on were written, as numbers: one bit each. */
    public int written(int slot) {
        return written[slot] & 0xFF;
    }

    /** Whether all of some bytes were written, as numbers. */
    public boolean readable(int at, int width) {
        int begin = at % SLOT;
        if (begin + width <= SLOT) {
            int wanted = ((1 << width) - 1) << begin;
            return (written[at / SLOT] & wanted) == wanted;
        }
        int first = SLOT - begin;
        return readable(at, first) && readable(at + first, width - first);
    }

    /** The number in 1, 2, 4 or 8 bytes, zero-extended. */
    public long load(int at, int width) {
        return switch (width) {
            case 1 -> bytes[at] & 0xFF;
            case 2 -> (short) SHORTS.get(bytes, at) & 0xFFFF;
            case 4 -> (int) INTS.get(bytes, at) & 0xFFFF_FFFFL;
            case 8 -> (long) LONGS.get(bytes, at);
            default -> throw new IllegalArgumentException("width=" + width);
        };
    }

    void store(int at, int width, long value) {
        dropPointers(at, width);
        switch (width) {
            case 1 -> bytes[at] = (byte) value;
            case 2 -> SHORTS.set(bytes, at, (short) value);
            case 4 -> INTS.set(bytes, at, (int) value);
            case 8 -> LONGS.set(bytes, at, value);
            default -> throw new IllegalArgumentException("width=" + width);
        }
        int bits = ((1 << width) - 1) << (at % SLOT);
        written[at / SLOT] |= (byte) bits;
        if (bits > 0xFF) {
            written[at / SLOT + 1] |= (byte) (bits >> SLOT);
        }
    }

    /** Stores a pointer in eight aligned bytes. */
    void storePointer(int at, MachineValue pointer) {
        if (pointers.length == 0) {
            pointers = new @Nullable MachineValue[written.length];
        }
        written[at / SLOT] = 0;
        pointers[at / SLOT] = pointer;
    }

    /** Takes away the pointers into a piece of memory that is no more. */
    void forgetPointersInto(MachineMemory gone) {
        for (int i = 0; i < pointers.length; i++) {
            if (pointers[i] instanceof MachineValue.Ptr p && p.memory() == gone) {
                pointers[i] = null;
            }
        }
    }

    private void dropPointers(int at, int width) {
        if (pointers.length != 0) {
            pointers[at / SLOT] = null;
            pointers[(at + width - 1) / SLOT] = null;
        }
    }
}

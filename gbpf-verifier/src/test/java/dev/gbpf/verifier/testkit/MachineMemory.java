package dev.gbpf.verifier.testkit;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
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

    final byte[] bytes;
    final Map<Integer, MachineValue> pointers = new HashMap<>();
    private final Kind kind;
    private final int number;
    private final boolean[] written;

    MachineMemory(Kind kind, int number, int size) {
        this.kind = kind;
        this.number = number;
        this.bytes = new byte[size];
        this.written = new boolean[size];
    }

    static MachineMemory filled(Kind kind, int number, byte[] content) {
        MachineMemory memory = new MachineMemory(kind, number, content.length);
        System.arraycopy(content, 0, memory.bytes, 0, content.length);
        Arrays.fill(memory.written, true);
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
        return pointers.get(at);
    }

    /** Whether all of some bytes were written, as numbers. */
    public boolean readable(int at, int width) {
        for (int i = at; i < at + width; i++) {
            if (!written[i]) {
                return false;
            }
        }
        return true;
    }

    /** The number in some bytes, zero-extended. */
    public long load(int at, int width) {
        long value = 0;
        for (int i = width - 1; i >= 0; i--) {
            value = (value << 8) | (bytes[at + i] & 0xFF);
        }
        return value;
    }

    void store(int at, int width, long value) {
        dropPointers(at, width);
        for (int i = 0; i < width; i++) {
            bytes[at + i] = (byte) (value >>> (8 * i));
            written[at + i] = true;
        }
    }

    void storePointer(int at, MachineValue pointer) {
        dropPointers(at, 8);
        for (int i = at; i < at + 8; i++) {
            written[i] = false;
        }
        pointers.put(at, pointer);
    }

    private void dropPointers(int at, int width) {
        pointers.keySet().removeIf(p -> p < at + width && at < p + 8);
    }
}

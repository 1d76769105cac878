package dev.gbpf.verifier.analysis;

import java.util.HashMap;
import java.util.Map;

/** A block of memory that knows which bytes were written and which hold a pointer. */
final class MachineMemory {
    enum Kind {
        CONTEXT,
        STACK,
        VALUE,
        RECORD
    }

    final Kind kind;
    /** Number of the frame, the map, or the instruction that reserved the record. */
    final int number;

    final byte[] bytes;
    final boolean[] written;
    /** Pointers, by their first byte. */
    final Map<Integer, MachineValue> pointers = new HashMap<>();

    MachineMemory(Kind kind, int number, int size) {
        this.kind = kind;
        this.number = number;
        this.bytes = new byte[size];
        this.written = new boolean[size];
    }

    static MachineMemory filled(Kind kind, int number, byte[] content) {
        MachineMemory memory = new MachineMemory(kind, number, content.length);
        System.arraycopy(content, 0, memory.bytes, 0, content.length);
        java.util.Arrays.fill(memory.written, true);
        return memory;
    }

    boolean readable(int at, int width) {
        for (int i = at; i < at + width; i++) {
            if (!written[i]) {
                return false;
            }
        }
        return true;
    }

    long load(int at, int width) {
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

package dev.gbpf.host.map;

import dev.gbpf.abi.Errno;
import dev.gbpf.abi.MapKind;
import dev.gbpf.host.memory.NativeMemory;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;

/**
 * A queue or a stack of values, for any number of threads.
 *
 * <pre>
 * offset                           size        field
 * 0                                8           head: number of the oldest value
 * 8                                8           tail: number of the next value to be pushed, head &lt;= tail &lt;= head + maxEntries
 * 16                               4           lock, 1 while somebody changes the map
 * 64 + n % maxEntries * stride     valueSize   value n, head &lt;= n &lt; tail
 *
 * stride = valueSize rounded up to a multiple of 8
 * </pre>
 *
 * A queue pops value head, a stack value tail - 1. The base is a multiple of 64.
 */
public final class QueueMap extends KeylessMap {
    private static final int HEAD = 0;
    private static final int TAIL = 8;
    private static final int LOCK = 16;
    private static final int VALUES = 64;

    private final MemorySegment memory;
    private final long address;
    private final int capacity;
    private final int valueSize;
    private final long stride;
    private final boolean isStack;
    private final MapLock lock;
    private long failedPushes;

    QueueMap(MapDefinition definition, MapArena arena) {
        super(definition, arena);
        this.capacity = definition.maxEntries();
        this.valueSize = definition.valueSize();
        this.stride = definition.stride();
        this.isStack = definition.kind() == MapKind.STACK;
        this.memory = arena.allocate(bytes(definition), 64);
        this.address = memory.address();
        this.lock = new MapLock(address + LOCK);
    }

    /** Memory that it takes, bytes. */
    static long bytes(MapDefinition definition) {
        return VALUES + (long) definition.stride() * definition.maxEntries();
    }

    private long value(long number) {
        return address + VALUES + number % capacity * stride;
    }

    /** Adds the value at an address; 0 or an error. With {@link #EXIST} the oldest gives way when there is no room. */
    public long pushElem(long value, long flags) {
        if (flags != ANY && flags != EXIST) {
            return Errno.EINVAL;
        }
        lock.lock();
        try {
            long head = NativeMemory.getLong(address + HEAD);
            long tail = NativeMemory.getLong(address + TAIL);
            if (tail - head == capacity) {
                if (flags == ANY) {
                    failedPushes++;
                    return Errno.E2BIG;
                }
                NativeMemory.putLong(address + HEAD, head + 1);
            }
            NativeMemory.copy(value, value(tail), valueSize);
            NativeMemory.putLong(address + TAIL, tail + 1);
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** Takes a value and copies it to an address; 0, or an error after filling it with zeros. */
    public long popElem(long target) {
        return take(target, true);
    }

    /** Copies the value that a pop would take; 0, or an error after filling the target with zeros. */
    public long peekElem(long target) {
        return take(target, false);
    }

    private long take(long target, boolean remove) {
        lock.lock();
        try {
            long head = NativeMemory.getLong(address + HEAD);
            long tail = NativeMemory.getLong(address + TAIL);
            if (head == tail) {
                NativeMemory.clear(target, valueSize);
                return Errno.ENOENT;
            }
            NativeMemory.copy(value(isStack ? tail - 1 : head), target, valueSize);
            if (remove && isStack) {
                NativeMemory.putLong(address + TAIL, tail - 1);
            } else if (remove) {
                NativeMemory.putLong(address + HEAD, head + 1);
            }
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds a value.
     *
     * @param flags {@link #ANY}, or {@link #EXIST} to drop the oldest when there is no room
     * @return 0 or an error
     * @throws IllegalArgumentException when the value is not of the map's size
     */
    public long push(byte[] value, long flags) {
        checkSize("value", value.length, valueSize);
        try (MapArena.Lease _ = lease();
                Arena call = Arena.ofConfined()) {
            return pushElem(copy(value, call).address(), flags);
        }
    }

    /** Takes a value. */
    public Optional<byte[]> pop() {
        return taken(true);
    }

    /** A copy of the value that a pop would take. */
    public Optional<byte[]> peek() {
        return taken(false);
    }

    private Optional<byte[]> taken(boolean remove) {
        try (MapArena.Lease _ = lease();
                Arena call = Arena.ofConfined()) {
            MemorySegment target = call.allocate(valueSize, 8);
            return take(target.address(), remove) == 0
                    ? Optional.of(target.toArray(ValueLayout.JAVA_BYTE))
                    : Optional.empty();
        }
    }

    /** Whether the newest value comes out first. */
    boolean isStack() {
        return isStack;
    }

    @Override
    public int entries() {
        lock.lock();
        try {
            return (int) (NativeMemory.getLong(address + TAIL) - NativeMemory.getLong(address + HEAD));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long failedUpdates() {
        lock.lock();
        try {
            return failedPushes;
        } finally {
            lock.unlock();
        }
    }

    /** In the order in which they would be popped. */
    @Override
    void visitEach(EntryWalk walk) {
        byte[] all;
        int count;
        long first;
        lock.lock();
        try {
            first = NativeMemory.getLong(address + HEAD);
            count = (int) (NativeMemory.getLong(address + TAIL) - first);
            all = memory.asSlice(VALUES).toArray(ValueLayout.JAVA_BYTE);
        } finally {
            lock.unlock();
        }
        for (int i = 0; i < count; i++) {
            long number = isStack ? first + count - 1 - i : first + i;
            int at = (int) (number % capacity * stride);
            if (!walk.visit(position(i), Arrays.copyOfRange(all, at, at + valueSize))) {
                return;
            }
        }
    }
}

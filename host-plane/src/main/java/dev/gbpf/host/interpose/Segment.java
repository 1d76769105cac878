package dev.gbpf.host.interpose;

import dev.gbpf.host.interpose.SystemCalls.CallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/**
 * A process's segment, mapped. Accesses are within its bounds, and each is of a whole word; what a word says is the client's word,
 * which may change at any time and be anything. After {@link #close} every access throws {@link IllegalStateException}.
 */
final class Segment implements AutoCloseable {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private static final long CACHE_LINE = 64;

    private final Arena arena;
    private final MemorySegment memory;

    private Segment(Arena arena, MemorySegment memory) {
        this.arena = arena;
        this.memory = memory;
    }

    /**
     * Maps a segment that a client sent. The descriptor stays the caller's.
     *
     * @throws AttachException when it is not sealed or not of the right size
     * @throws CallException when the kernel refuses
     */
    static Segment map(int fd) throws AttachException, CallException {
        int needed = SystemCalls.F_SEAL_SHRINK | SystemCalls.F_SEAL_GROW;
        int seals;
        try {
            seals = SystemCalls.seals(fd);
        } catch (CallException e) {
            throw new AttachException(WelcomeStatus.SEGMENT, "the descriptor is of no file in memory");
        }
        if ((seals & needed) != needed) {
            throw new AttachException(
                    WelcomeStatus.SEGMENT, "the segment is not sealed against shrinking and growing: seals=" + seals);
        }
        long bytes = SystemCalls.size(fd);
        if (bytes != SegmentLayout.BYTES) {
            throw new AttachException(
                    WelcomeStatus.SEGMENT, "the segment has " + bytes + " bytes, expected " + SegmentLayout.BYTES);
        }
        long address = SystemCalls.map(fd, bytes);
        Arena arena = Arena.ofShared();
        return new Segment(
                arena,
                MemorySegment.ofAddress(address)
                        .reinterpret(bytes, arena, mapped -> SystemCalls.unmap(mapped.address(), bytes)));
    }

    /** One that no process shares. */
    static Segment anonymous() {
        Arena arena = Arena.ofShared();
        return new Segment(arena, arena.allocate(SegmentLayout.BYTES, CACHE_LINE));
    }

    int getInt(long offset) {
        return (int) INT.getOpaque(memory, offset);
    }

    long getLong(long offset) {
        return (long) LONG.getOpaque(memory, offset);
    }

    int getIntAcquire(long offset) {
        return (int) INT.getAcquire(memory, offset);
    }

    long getLongAcquire(long offset) {
        return (long) LONG.getAcquire(memory, offset);
    }

    byte getByte(long offset) {
        return memory.get(ValueLayout.JAVA_BYTE, offset);
    }

    void putInt(long offset, int value) {
        INT.setOpaque(memory, offset, value);
    }

    void putLong(long offset, long value) {
        LONG.setOpaque(memory, offset, value);
    }

    void putIntRelease(long offset, int value) {
        INT.setRelease(memory, offset, value);
    }

    void putLongRelease(long offset, long value) {
        LONG.setRelease(memory, offset, value);
    }

    /** Adds one to a word at which somebody may wait; no access is moved over it. */
    void increment(long offset) {
        var _ = (int) INT.getAndAdd(memory, offset, 1);
    }

    /** Wakes whoever waits at a word. */
    void wake(long offset) {
        SystemCalls.wake(memory.asSlice(offset, Integer.BYTES));
    }

    /** A text that a zero ends, of at most so many bytes; what is no UTF-8 or no visible character is replaced. */
    String text(long offset, int most) {
        byte[] bytes = memory.asSlice(offset, most).toArray(ValueLayout.JAVA_BYTE);
        return text(bytes);
    }

    static String text(byte[] bytes) {
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8)
                .codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Unmaps it. */
    @Override
    public void close() {
        arena.close();
    }
}

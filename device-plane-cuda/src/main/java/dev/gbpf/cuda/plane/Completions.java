package dev.gbpf.cuda.plane;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.cuda.layout.CompletionLayout;
import dev.gbpf.cuda.layout.CompletionRingLayout;
import java.lang.foreign.MemorySegment;

/**
 * How the tasks of a tenant that asked for it ended: {@code struct gbpf_completion_ring}. Records come in no particular order. Whoever
 * has more tasks with {@link dev.gbpf.cuda.layout.TaskFlags#NOTIFY} under way than there are records must read in time: the device
 * waits for room as long as it runs, and drops what finds none when it leaves.
 *
 * <p>One thread at a time may use it. Nothing here allocates.
 */
public final class Completions {
    private final MemorySegment header;
    private final MemorySegment records;
    private final long mask;
    private long position;

    Completions(MemorySegment header, MemorySegment records, int capacity) {
        this.header = header;
        this.records = records;
        this.mask = capacity - 1L;
    }

    /** Told how a task ended. */
    @FunctionalInterface
    public interface Reader {
        /**
         * A task ended.
         *
         * @param tag its tag
         * @param result what its function returned
         * @param status a {@link TaskStatus}, by its number
         * @param function its function's number
         */
        void ended(long tag, long result, int status, int function);
    }

    /** Records read since the plane was made. */
    public long read() {
        return position;
    }

    /**
     * Reads what is there.
     *
     * @param most how many at most
     * @return how many were read
     */
    public int poll(Reader reader, int most) {
        int read = 0;
        try {
            while (read < most) {
                long at = (position & mask) * CompletionLayout.BYTES;
                if (Words.acquireLong(records, at + CompletionLayout.SEQUENCE) != position + 1) {
                    break;
                }
                position++;
                read++;
                reader.ended(
                        records.get(JAVA_LONG, at + CompletionLayout.TAG),
                        records.get(JAVA_LONG, at + CompletionLayout.RESULT),
                        records.get(JAVA_INT, at + CompletionLayout.STATUS),
                        records.get(JAVA_INT, at + CompletionLayout.FUNCTION));
            }
        } finally {
            if (read > 0) {
                Words.releaseLong(header, CompletionRingLayout.CONSUMED, position);
            }
        }
        return read;
    }
}

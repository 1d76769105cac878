package dev.gbpf.host.map;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads the records of a ring buffer, in order and each once. Several readers of one ring share its records.
 *
 * <p>It polls: programs never wait for a reader and wake none. Records that were lost, because there was no room or because they
 * gave way to newer ones, are counted.
 */
public final class RingBufferReader {
    private final RingBufferMap map;
    private long reported;

    public RingBufferReader(RingBufferMap map) {
        this.map = map;
        this.reported = map.lost();
    }

    /**
     * The next record.
     *
     * @return nothing when there is none, or when the next one is still being filled
     * @throws IllegalStateException when the map is closed
     */
    public Optional<byte[]> poll() {
        return map.poll();
    }

    /**
     * Passes records to {@code consumer} until there is none.
     *
     * @param limit how many at most
     * @return how many there were
     */
    public int drain(Consumer<byte[]> consumer, int limit) {
        int count = 0;
        while (count < limit) {
            Optional<byte[]> record = map.poll();
            if (record.isEmpty()) {
                break;
            }
            consumer.accept(record.get());
            count++;
        }
        return count;
    }

    /** How many records were lost since the map was made. */
    public long lost() {
        return map.lost();
    }

    /** How many records were lost since the last call, the first time since the reader was made. */
    public long newlyLost() {
        long lost = map.lost();
        long since = lost - reported;
        reported = lost;
        return since;
    }
}

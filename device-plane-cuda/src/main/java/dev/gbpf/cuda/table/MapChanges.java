package dev.gbpf.cuda.table;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.abi.Helper;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Changes of hashes that the host wishes and the control block does, one at a time. Any thread may use it. */
final class MapChanges {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long LOOK_NS = 20_000;

    private final Lock lock = new ReentrantLock();
    private final TableChannel channel;
    private final DeviceRegion region;
    private final long record;
    private long number;

    /** {@code struct gbpf_map_change}. */
    record Change(long hash, Helper helper, long key, long value, long flags) {
        void write(MemorySegment to) {
            long[] words = {hash, helper.id(), key, value, flags};
            MemorySegment.copy(words, 0, to, JAVA_LONG, 0, words.length);
        }
    }

    MapChanges(TableChannel channel, DeviceHeap heap) {
        this.channel = channel;
        this.region = heap.region();
        this.record = heap.take("a change of a map", TableLayout.MAP_CHANGE.byteSize());
    }

    /** Something that is done while nobody changes a hash in the host's name, or gives one back. */
    <T> T alone(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** Whether programs may change maps. */
    boolean isRunning() {
        return channel.isRunning();
    }

    /**
     * Has a change done; called alone.
     *
     * @param map its name
     * @return r0
     * @throws IllegalStateException when no kernel runs, or it does not answer
     */
    long ask(String map, Change change) {
        if (!channel.isRunning()) {
            throw new IllegalStateException(
                    "map " + map + ": only a kernel changes it, and none runs; start the runtime first");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment words = arena.allocate(TableLayout.MAP_CHANGE);
            change.write(words);
            region.write(record, words);
            channel.change(record, ++number);
            long start = System.nanoTime();
            while (channel.changed() != number) {
                if (System.nanoTime() - start >= PATIENCE.toNanos()) {
                    // Nobody does it later, when the map may be gone.
                    region.write(record, words.fill((byte) 0));
                    throw new IllegalStateException("map " + map + ": the kernel has not changed it after "
                            + PATIENCE.toMillis() + " ms; see whether its heartbeat goes on");
                }
                LockSupport.parkNanos(LOOK_NS);
            }
            return channel.answer();
        }
    }
}

package dev.gbpf.host.map;

import static dev.gbpf.host.map.MapFixtures.hash;
import static dev.gbpf.host.map.MapFixtures.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Errno;
import dev.gbpf.host.memory.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What a run found in a map stays until its end. */
class EpochsTest {
    private static void onAnotherThread(Runnable action) throws Exception {
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            thread.submit(action).get();
        }
    }

    private static long find(BpfMap map, long number) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(8, 8);
            key.set(ValueLayout.JAVA_LONG, 0, number);
            return map.lookupElem(key.address());
        }
    }

    @Test
    void value_deletedByAnotherThread_staysUntilTheRunEnds() throws Exception {
        Epochs epochs = new Epochs(2);
        try (BpfMap map = MapFactory.create(hash("m", 8, 8, 1), Arena.ofShared(), epochs)) {
            map.put(1, value(8, 11), BpfMap.ANY);
            epochs.enter(1);
            long known = find(map, 1);
            onAnotherThread(() -> {
                assertThat(map.remove(1)).isZero();
                assertThat(map.put(2, value(8, 22), BpfMap.ANY)).isEqualTo(Errno.E2BIG);
            });
            assertThat(find(map, 1)).isZero();
            assertThat(map.containsValue(known, 8)).isTrue();
            assertThat(NativeMemory.getInt(known)).isEqualTo(11);
            epochs.leave(1);
            // A run that began after the deletion cannot know the entry.
            epochs.enter(0);
            onAnotherThread(
                    () -> assertThat(map.put(2, value(8, 22), BpfMap.ANY)).isZero());
            epochs.leave(0);
            assertThat(find(map, 2)).isEqualTo(known);
        }
    }

    @Test
    void value_deletedByTheRunItself_makesRoomAtOnce() {
        Epochs epochs = new Epochs(1);
        try (BpfMap map = MapFactory.create(hash("m", 8, 8, 1), Arena.ofShared(), epochs)) {
            epochs.enter(0);
            for (int i = 0; i < 100; i++) {
                assertThat(map.put(i, value(8, i), BpfMap.ANY)).isZero();
                assertThat(map.remove(i)).isZero();
            }
            epochs.leave(0);
        }
    }

    /** Values of eight equal words; readers are runs that look twice at what they found. */
    @Test
    void values_underUpdatesAndDeletions_areNeverMixedUp() throws Exception {
        int readers = 2;
        Epochs epochs = new Epochs(readers);
        try (BpfMap map = MapFactory.create(hash("m", 8, 64, 32), Arena.ofShared(), epochs);
                ExecutorService threads = Executors.newFixedThreadPool(readers + 2)) {
            AtomicBoolean stop = new AtomicBoolean();
            List<Future<?>> running = new ArrayList<>();
            for (int cpu = 0; cpu < readers; cpu++) {
                int own = cpu;
                running.add(threads.submit(() -> {
                    while (!stop.get()) {
                        epochs.enter(own);
                        for (long key = 0; key < 40; key++) {
                            long at = find(map, key);
                            if (at != 0) {
                                // All updates of a key store its own number: another one is another key's value.
                                for (int look = 0; look < 16; look++) {
                                    assertThat(NativeMemory.getLong(at + 8L * (look % 8)))
                                            .isEqualTo(key);
                                }
                            }
                        }
                        epochs.leave(own);
                    }
                }));
            }
            running.add(threads.submit(() -> {
                while (!stop.get()) {
                    for (long key = 0; key < 40; key++) {
                        long wanted = key;
                        map.get(key).ifPresent(v -> assertThat(v).isEqualTo(words(wanted)));
                    }
                    map.forEach((key, v) -> assertThat(v).isEqualTo(words(key[0])));
                }
            }));
            running.add(threads.submit(() -> {
                for (long i = 0; i < 30_000; i++) {
                    long key = i * 7 % 40;
                    map.put(key, words(key), BpfMap.ANY);
                    map.remove((key + 13) % 40);
                }
                stop.set(true);
            }));
            for (Future<?> f : running) {
                f.get();
            }
        }
    }

    private static byte[] words(long number) {
        byte[] bytes = new byte[64];
        for (int i = 0; i < 8; i++) {
            bytes[8 * i] = (byte) number;
        }
        return bytes;
    }
}

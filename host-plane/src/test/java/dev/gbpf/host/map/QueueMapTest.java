package dev.gbpf.host.map;

import static dev.gbpf.host.map.MapFixtures.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.Errno;
import dev.gbpf.abi.MapKind;
import dev.gbpf.object.MapDefinition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class QueueMapTest {
    private static QueueMap map(MapKind kind, int valueSize, int capacity) {
        return (QueueMap) MapFactory.create(new MapDefinition("q", kind, 0, valueSize, capacity));
    }

    @Property(tries = 200)
    void operations_any_doWhatADequeDoes(
            @ForAll boolean stack,
            @ForAll @IntRange(min = 1, max = 20) int valueSize,
            @ForAll @IntRange(min = 1, max = 6) int capacity,
            @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 5) Integer> operations) {
        Deque<byte[]> model = new ArrayDeque<>();
        long refused = 0;
        try (QueueMap map = map(stack ? MapKind.STACK : MapKind.QUEUE, valueSize, capacity)) {
            int number = 0;
            for (int operation : operations) {
                byte[] value = value(valueSize, ++number);
                if (operation <= 2) {
                    boolean overwrite = operation == 2;
                    boolean full = model.size() == capacity;
                    assertThat(map.push(value, overwrite ? BpfMap.EXIST : BpfMap.ANY))
                            .isEqualTo(full && !overwrite ? Errno.E2BIG : 0);
                    refused += full && !overwrite ? 1 : 0;
                    if (full && overwrite) {
                        model.removeFirst();
                    }
                    if (!full || overwrite) {
                        model.addLast(value);
                    }
                } else if (operation == 3) {
                    same(map.peek(), stack ? model.peekLast() : model.peekFirst());
                } else {
                    same(map.pop(), stack ? model.pollLast() : model.pollFirst());
                }
                assertThat(map.entries()).isEqualTo(model.size());
            }
            assertThat(map.failedUpdates()).isEqualTo(refused);
            Iterator<byte[]> left = stack ? model.descendingIterator() : model.iterator();
            map.forEach((_, v) -> assertThat(v).isEqualTo(left.next()));
            assertThat(left.hasNext()).isFalse();
        }
    }

    private static void same(Optional<byte[]> actual, byte @Nullable [] expected) {
        if (expected == null) {
            assertThat(actual).isEmpty();
        } else {
            assertThat(actual).hasValueSatisfying(v -> assertThat(v).isEqualTo(expected));
        }
    }

    @Test
    void queue_ofSeveralThreads_losesAndDoublesNothing() throws Exception {
        int each = 4000;
        int producers = 3;
        try (QueueMap map = map(MapKind.QUEUE, 16, 8);
                ExecutorService threads = Executors.newFixedThreadPool(producers + 2)) {
            List<Future<?>> writing = new ArrayList<>();
            for (int p = 0; p < producers; p++) {
                int producer = p;
                writing.add(threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        byte[] value = new byte[16];
                        Arrays.fill(value, (byte) (i * 7 + producer));
                        value[0] = (byte) producer;
                        value[1] = (byte) i;
                        value[2] = (byte) (i >>> 8);
                        while (map.push(value, BpfMap.ANY) != 0) {
                            Thread.onSpinWait();
                        }
                    }
                }));
            }
            List<Future<int[]>> reading = new ArrayList<>();
            int total = producers * each;
            AtomicInteger taken = new AtomicInteger();
            for (int r = 0; r < 2; r++) {
                reading.add(threads.submit(() -> {
                    int[] last = {-1, -1, -1};
                    int[] counts = new int[producers];
                    while (taken.get() < total) {
                        Optional<byte[]> value = map.pop();
                        if (value.isPresent()) {
                            taken.incrementAndGet();
                            byte[] v = value.get();
                            int i = (v[1] & 0xFF) | (v[2] & 0xFF) << 8;
                            assertThat(v[15]).isEqualTo((byte) (i * 7 + v[0]));
                            // Of one producer each reader sees ascending numbers.
                            assertThat(i).isGreaterThan(last[v[0]]);
                            last[v[0]] = i;
                            counts[v[0]]++;
                        }
                    }
                    return counts;
                }));
            }
            for (Future<?> f : writing) {
                f.get();
            }
            int[] sums = new int[producers];
            for (Future<int[]> f : reading) {
                int[] counts = f.get();
                for (int p = 0; p < producers; p++) {
                    sums[p] += counts[p];
                }
            }
            assertThat(sums).containsOnly(each);
        }
    }

    @Test
    void keys_ofAQueue_areNone() {
        try (QueueMap map = map(MapKind.QUEUE, 8, 2)) {
            assertThat(map.put(new byte[0], new byte[8], BpfMap.ANY)).isEqualTo(Errno.EINVAL);
            assertThat(map.push(new byte[8], 1)).isEqualTo(Errno.EINVAL);
            assertThat(map.push(new byte[8], 0)).isZero();
            assertThat(map.get(new byte[0])).isEmpty();
            assertThat(map.remove(new byte[0])).isEqualTo(Errno.EINVAL);
            assertThatThrownBy(() -> map.push(new byte[7], 0)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}

package dev.gbpf.host.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Errno;
import dev.gbpf.abi.MapKind;
import dev.gbpf.host.memory.NativeMemory;
import dev.gbpf.object.MapDefinition;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RingBufferMapTest {
    private static RingBufferMap ring(int bytes, boolean overwrite) {
        MapDefinition definition = new MapDefinition("r", MapKind.RINGBUF, 0, 0, bytes);
        return (RingBufferMap) MapFactory.create(overwrite ? definition.overwriting() : definition);
    }

    /** A record that somebody reserved: what is in it, and whether it is filled, discarded or still open. */
    private static final class Model {
        final long address;
        final byte[] content;
        boolean open = true;
        boolean discarded;

        Model(long address, byte[] content) {
            this.address = address;
            this.content = content;
        }
    }

    private static void fill(Model record) {
        for (int i = 0; i < record.content.length; i++) {
            assertThat(NativeMemory.getByte(record.address + i)).isZero();
            NativeMemory.putByte(record.address + i, record.content[i]);
        }
    }

    @Property(tries = 200)
    void records_ofOneThread_comeOnceInOrderOfReservation(
            @ForAll long seed, @ForAll boolean overwrite, @ForAll @IntRange(min = 6, max = 30) int words) {
        Random random = new Random(seed);
        try (RingBufferMap ring = ring(8 * words, overwrite)) {
            RingBufferReader reader = new RingBufferReader(ring);
            Deque<Model> model = new ArrayDeque<>();
            List<Model> open = new ArrayList<>();
            long lost = 0;
            for (int step = 0; step < 120; step++) {
                switch (random.nextInt(5)) {
                    case 0, 1 -> {
                        byte[] content = new byte[1 + random.nextInt(8 * words)];
                        random.nextBytes(content);
                        long before = ring.lost();
                        long address = ring.reserve(content.length, 0);
                        boolean tooLarge = (content.length + 15) / 8 * 8 > 8 * words / 2;
                        if (tooLarge) {
                            assertThat(address).isZero();
                            assertThat(ring.lost()).isEqualTo(before);
                            break;
                        }
                        long dropped = ring.lost() - before;
                        lost += dropped;
                        long old = address == 0 ? dropped - 1 : dropped;
                        while (old > 0) {
                            Model oldest = model.removeFirst();
                            assertThat(oldest.open).isFalse();
                            old -= oldest.discarded ? 0 : 1;
                        }
                        if (address != 0) {
                            Model record = new Model(address, content);
                            fill(record);
                            model.addLast(record);
                            open.add(record);
                        } else if (!overwrite) {
                            assertThat(dropped).isEqualTo(1);
                        }
                    }
                    case 2, 3 -> {
                        if (!open.isEmpty()) {
                            Model record = open.remove(random.nextInt(open.size()));
                            record.open = false;
                            record.discarded = random.nextInt(3) == 0;
                            if (record.discarded) {
                                RingBufferMap.discard(record.address);
                            } else {
                                RingBufferMap.submit(record.address);
                            }
                        }
                    }
                    default -> {
                        while (!model.isEmpty() && !model.getFirst().open && model.getFirst().discarded) {
                            model.removeFirst();
                        }
                        Optional<byte[]> record = reader.poll();
                        if (model.isEmpty() || model.getFirst().open) {
                            assertThat(record).isEmpty();
                        } else {
                            assertThat(record).isPresent();
                            assertThat(record.get()).isEqualTo(model.removeFirst().content);
                        }
                    }
                }
            }
            assertThat(ring.lost()).isEqualTo(lost);
            assertThat(reader.newlyLost()).isEqualTo(lost);
            assertThat(reader.newlyLost()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void records_ofManyThreads_areWholeAndInOrderOfEach(boolean overwrite) throws Exception {
        int producers = 3;
        int each = 6000;
        try (RingBufferMap ring = ring(1024, overwrite);
                ExecutorService threads = Executors.newFixedThreadPool(producers)) {
            RingBufferReader reader = new RingBufferReader(ring);
            AtomicBoolean go = new AtomicBoolean();
            List<Future<Integer>> writing = new ArrayList<>();
            for (int p = 0; p < producers; p++) {
                int producer = p;
                writing.add(threads.submit(() -> produce(ring, producer, each, go)));
            }
            go.set(true);
            long[] last = {-1, -1, -1};
            long[] read = new long[producers];
            boolean done = false;
            while (true) {
                boolean ended = writing.stream().allMatch(Future::isDone);
                int count = reader.drain(record -> check(record, last, read), 1000);
                if (done && count == 0) {
                    break;
                }
                done = ended;
            }
            long written = 0;
            for (Future<Integer> f : writing) {
                written += f.get();
            }
            long total = read[0] + read[1] + read[2];
            if (overwrite) {
                // Some attempts find the oldest record being filled and are lost themselves; the others replaced a
                // record.
                long failed = (long) producers * each - written;
                assertThat(total + ring.lost() - failed).isEqualTo(written);
            } else {
                assertThat(total).isEqualTo(written);
                assertThat(ring.lost()).isEqualTo((long) producers * each - written);
            }
            assertThat(ring.query(RingBufferMap.AVAILABLE)).isZero();
            assertThat(ring.entries()).isZero();
        }
    }

    /** Producers and readers that come late with an old position find contents there that could be a header. */
    @Test
    void contentsThatLookLikeHeaders_areNeverTakenForThem() throws Exception {
        int producers = 3;
        int each = 30_000;
        try (RingBufferMap ring = ring(64, true);
                ExecutorService threads = Executors.newFixedThreadPool(producers)) {
            RingBufferReader reader = new RingBufferReader(ring);
            List<Future<?>> writing = new ArrayList<>();
            for (int p = 0; p < producers; p++) {
                int producer = p;
                writing.add(threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        int words = 1 + (i * 5 + producer) % 3;
                        long record = ring.reserve(8L * words, 0);
                        for (int w = 0; record != 0 && w < words; w++) {
                            NativeMemory.putLong(record + 8L * w, 8L * (1 + w % 3));
                        }
                        if (record != 0) {
                            RingBufferMap.submit(record);
                        }
                    }
                }));
            }
            long read = 0;
            boolean done = false;
            while (true) {
                boolean ended = writing.stream().allMatch(Future::isDone);
                int count = reader.drain(
                        record -> {
                            ByteBuffer words = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
                            for (int w = 0; 8 * w < record.length; w++) {
                                assertThat(words.getLong(8 * w)).isEqualTo(8L * (1 + w % 3));
                            }
                        },
                        1000);
                read += count;
                if (done && count == 0) {
                    break;
                }
                done = ended;
            }
            for (Future<?> f : writing) {
                f.get();
            }
            assertThat(read + ring.lost()).isEqualTo((long) producers * each);
            assertThat(ring.query(RingBufferMap.AVAILABLE)).isZero();
        }
    }

    /** Writes records of 8-byte words: the producer, a number, and then the number in each word. */
    private static int produce(RingBufferMap ring, int producer, int count, AtomicBoolean go) {
        while (!go.get()) {
            Thread.onSpinWait();
        }
        int written = 0;
        for (long i = 0; i < count; i++) {
            int words = 2 + (int) (i * 7 + producer) % 9;
            long record = ring.reserve(8L * words, 0);
            if (record == 0) {
                continue;
            }
            NativeMemory.putLong(record, producer);
            for (int w = 1; w < words; w++) {
                NativeMemory.putLong(record + 8L * w, i);
            }
            RingBufferMap.submit(record);
            written++;
        }
        return written;
    }

    private static void check(byte[] record, long[] last, long[] read) {
        ByteBuffer words = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
        int producer = (int) words.getLong(0);
        long number = words.getLong(8);
        assertThat(record.length).isEqualTo(8 * (2 + (int) (number * 7 + producer) % 9));
        for (int at = 8; at < record.length; at += 8) {
            assertThat(words.getLong(at)).isEqualTo(number);
        }
        assertThat(number).isGreaterThan(last[producer]);
        last[producer] = number;
        read[producer]++;
    }

    @Test
    void reader_atAnOpenRecord_waitsForIt() {
        try (RingBufferMap ring = ring(256, false)) {
            RingBufferReader reader = new RingBufferReader(ring);
            long first = ring.reserve(8, 0);
            long second = ring.reserve(8, 0);
            NativeMemory.putLong(second, 2);
            RingBufferMap.submit(second);
            assertThat(reader.poll()).isEmpty();
            RingBufferMap.discard(first);
            assertThat(ring.entries()).isEqualTo(1);
            assertThat(reader.poll()).hasValueSatisfying(r -> assertThat(r).startsWith(2));
            assertThat(reader.poll()).isEmpty();
        }
    }

    @Test
    void query_any_saysWhereTheRingIs() {
        try (RingBufferMap ring = ring(64, false)) {
            long record = ring.reserve(8, 0);
            RingBufferMap.submit(record);
            assertThat(ring.reserve(24, 0)).isNotZero();
            assertThat(ring.reserve(24, 0)).isZero();
            assertThat(ring.reserve(25, 0)).isZero();
            assertThat(ring.reserve(8, 1)).isZero();
            assertThat(new RingBufferReader(ring).poll()).isPresent();
            assertThat(ring.query(RingBufferMap.AVAILABLE)).isEqualTo(32);
            assertThat(ring.query(RingBufferMap.SIZE)).isEqualTo(64);
            assertThat(ring.query(RingBufferMap.CONSUMER_POSITION)).isEqualTo(16);
            assertThat(ring.query(RingBufferMap.PRODUCER_POSITION)).isEqualTo(48);
            assertThat(ring.query(RingBufferMap.LOST_RECORDS)).isEqualTo(1);
            assertThat(ring.query(99)).isZero();
            assertThat(ring.output(record, 8, 4)).isEqualTo(Errno.EINVAL);
            assertThat(ring.output(record, 64, 0)).isEqualTo(Errno.E2BIG);
        }
    }
}

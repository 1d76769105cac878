package dev.gbpf.host.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.Errno;
import dev.gbpf.abi.MapKind;
import dev.gbpf.host.memory.NativeMemory;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CountersMapTest {
    private static final int ENTRIES = 3;
    private static final int COUNTERS = 2 * ENTRIES;
    private static final int BLOCKS = 4;
    private static final byte[] ZERO = new byte[16];

    /** What a device has: counters of each block. */
    private static final class Blocks implements CountersMap.Source {
        final AtomicLongArray rows = new AtomicLongArray(BLOCKS * COUNTERS);

        void add(int block, int counter, long amount) {
            rows.getAndAdd(block * COUNTERS + counter, amount);
        }

        @Override
        public boolean addTo(long[] sums) {
            for (int i = 0; i < rows.length(); i++) {
                sums[i % COUNTERS] += rows.get(i);
            }
            return true;
        }
    }

    private static CountersMap map() {
        return (CountersMap) MapFactory.create(new MapDefinition("c", MapKind.COUNTERS, 4, 16, ENTRIES));
    }

    private static long sum(CountersMap map, int counter) {
        return ByteBuffer.wrap(map.get(counter / 2).orElseThrow())
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong(counter % 2 * 8);
    }

    /** Additions, resets, rolling up, and devices that come and go, against the plain sums. */
    @Property(tries = 200)
    void sums_areThoseOfAllAdditions(@ForAll @Size(max = 80) List<@LongRange(min = 0) Long> steps) {
        long[] model = new long[COUNTERS];
        Blocks device = new Blocks();
        try (CountersMap map = map()) {
            map.attach(device);
            for (long step : steps) {
                int counter = (int) ((step >>> 4) % COUNTERS);
                switch ((int) (step & 15)) {
                    case 0 -> map.rollUp();
                    case 1 -> {
                        assertThat(map.put(counter / 2, ZERO, BpfMap.ANY)).isZero();
                        model[counter / 2 * 2] = model[counter / 2 * 2 + 1] = 0;
                    }
                    case 2 -> {
                        // Memory of the device is used again for something else.
                        map.detach(device);
                        device = new Blocks();
                        map.attach(device);
                    }
                    case 3 -> map.attach(device);
                    case 4 -> {
                        map.detach(device);
                        map.rollUp();
                        device = new Blocks();
                        map.attach(device);
                    }
                    case 5 -> assertThat(sum(map, counter)).isEqualTo(model[counter]);
                    default -> {
                        device.add((int) ((step >>> 20) % BLOCKS), counter, step * 0x9E37_79B9_7F4A_7C15L);
                        model[counter] += step * 0x9E37_79B9_7F4A_7C15L;
                    }
                }
            }
            for (int counter = 0; counter < COUNTERS; counter++) {
                assertThat(sum(map, counter)).isEqualTo(model[counter]);
            }
        }
    }

    @Test
    void programs_seeTheSumsOfTheLastRollUp_andChangeNothing() {
        Blocks device = new Blocks();
        try (CountersMap map = map();
                Arena arena = Arena.ofConfined()) {
            map.attach(device);
            long key = arena.allocate(4, 8).address();
            NativeMemory.putInt(key, 2);
            long at = map.lookupElem(key);
            device.add(0, 4, 5);
            device.add(3, 4, 6);
            assertThat(NativeMemory.getLong(at)).isZero();
            map.rollUp();
            assertThat(NativeMemory.getLong(at)).isEqualTo(11);
            assertThat(map.updateElem(key, at, BpfMap.ANY)).isEqualTo(Errno.EPERM);
            assertThat(map.deleteElem(key)).isEqualTo(Errno.EINVAL);
        }
    }

    @Test
    void userSpace_canOnlySetThemBack() {
        try (CountersMap map = map()) {
            byte[] one = ZERO.clone();
            one[9] = 1;
            assertThat(map.put(1, one, BpfMap.ANY)).isEqualTo(Errno.EINVAL);
            assertThat(map.put(1, ZERO, BpfMap.NO_EXIST)).isEqualTo(Errno.EEXIST);
            assertThat(map.put(1, ZERO, 3)).isEqualTo(Errno.EINVAL);
            assertThat(map.put(ENTRIES, ZERO, BpfMap.ANY)).isEqualTo(Errno.E2BIG);
            assertThat(map.put(1, ZERO, BpfMap.EXIST)).isZero();
        }
    }

    @Test
    void copy_hasTheSums_andCountsOnByItself() {
        Blocks device = new Blocks();
        try (CountersMap map = map();
                CountersMap copy = map()) {
            map.attach(device);
            device.add(1, 0, 7);
            MapCopy.copy(map, copy);
            device.add(1, 0, 1);
            assertThat(sum(copy, 0)).isEqualTo(7);
            assertThat(sum(map, 0)).isEqualTo(8);
            Blocks own = new Blocks();
            copy.attach(own);
            own.add(0, 0, 2);
            assertThat(sum(copy, 0)).isEqualTo(9);
        }
    }

    @Test
    void lostSource_leavesWhatWasReadLast() {
        Blocks device = new Blocks();
        boolean[] isLost = {false};
        CountersMap.Source source = sums -> !isLost[0] && device.addTo(sums);
        try (CountersMap map = map()) {
            map.attach(source);
            device.add(0, 5, 3);
            assertThat(sum(map, 5)).isEqualTo(3);
            isLost[0] = true;
            device.add(0, 5, 4);
            assertThat(sum(map, 5)).isEqualTo(3);
            map.detach(source);
            Blocks other = new Blocks();
            map.attach(other);
            other.add(1, 5, 1);
            assertThat(sum(map, 5)).isEqualTo(4);
        }
    }

    @Test
    void closedMap_isLeftAlone() {
        CountersMap map = map();
        Blocks device = new Blocks();
        map.attach(device);
        map.close();
        map.rollUp();
        map.detach(device);
        assertThatThrownBy(() -> map.attach(new Blocks())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void additions_whileOthersReadAndReset_areCountedOnce() throws InterruptedException {
        Blocks device = new Blocks();
        try (CountersMap map = map()) {
            map.attach(device);
            int each = 200_000;
            List<Thread> blocks = IntStream.range(0, BLOCKS)
                    .mapToObj(block -> Thread.ofPlatform().start(() -> {
                        for (int i = 0; i < each; i++) {
                            device.add(block, 0, 1);
                            device.add(block, 3, 1);
                        }
                    }))
                    .toList();
            long last = 0;
            while (blocks.stream().anyMatch(Thread::isAlive)) {
                long now = sum(map, 0);
                assertThat(now).isGreaterThanOrEqualTo(last);
                last = now;
                map.put(1, ZERO, BpfMap.ANY);
            }
            for (Thread block : blocks) {
                block.join();
            }
            assertThat(sum(map, 0)).isEqualTo((long) BLOCKS * each);
            assertThat(sum(map, 3)).isLessThanOrEqualTo((long) BLOCKS * each);
            map.put(1, ZERO, BpfMap.ANY);
            assertThat(sum(map, 3)).isZero();
        }
    }
}

package dev.gbpf.host.map;

import static dev.gbpf.host.map.MapFixtures.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.Errno;
import dev.gbpf.abi.MapKind;
import dev.gbpf.host.memory.NativeMemory;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SnapshotMapTest {
    private static final int ENTRIES = 5;

    private static SnapshotMap map(int valueSize) {
        return (SnapshotMap) MapFactory.create(new MapDefinition("s", MapKind.SNAPSHOT, 4, valueSize, ENTRIES));
    }

    private static byte[] fetch(SnapshotMap map) {
        byte[] bytes = new byte[(int) map.bytes()];
        map.copyTo(MemorySegment.ofArray(bytes));
        return bytes;
    }

    /** What a copy has is what was there when it was taken; another is taken only when something differs. */
    @Property(tries = 100)
    void copy_isOfTheMomentOfItsPublication(
            @ForAll @IntRange(min = 1, max = 20) int valueSize,
            @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 63) Integer> steps) {
        try (SnapshotMap map = map(valueSize)) {
            int stride = (valueSize + 7) / 8 * 8;
            byte[] now = new byte[stride * ENTRIES];
            byte[] published = now.clone();
            long version = 0;
            for (int step : steps) {
                int index = step % ENTRIES;
                switch (step % 4) {
                    case 0 -> {
                        boolean differs = !Arrays.equals(now, published);
                        version += differs ? 1 : 0;
                        assertThat(map.publish()).isEqualTo(differs);
                        published = now.clone();
                    }
                    case 1 -> {
                        NativeMemory.putByte(map.address() + (long) index * stride, (byte) step);
                        now[index * stride] = (byte) step;
                    }
                    default -> {
                        byte[] value = value(valueSize, step);
                        assertThat(map.put(index, value, BpfMap.ANY)).isZero();
                        System.arraycopy(value, 0, now, index * stride, valueSize);
                    }
                }
                assertThat(map.version()).isEqualTo(version);
                assertThat(fetch(map)).isEqualTo(published);
            }
        }
    }

    @Test
    void updates_haveTheErrorsOfAnArray() {
        try (SnapshotMap map = map(8)) {
            assertThat(map.put(ENTRIES, new byte[8], BpfMap.ANY)).isEqualTo(Errno.E2BIG);
            assertThat(map.put(1, new byte[8], BpfMap.NO_EXIST)).isEqualTo(Errno.EEXIST);
            assertThat(map.put(1, new byte[8], 3)).isEqualTo(Errno.EINVAL);
            assertThat(map.remove(1)).isEqualTo(Errno.EINVAL);
        }
    }

    @Test
    void copy_ofAClosedMap_isStillThere() {
        SnapshotMap map = map(8);
        map.put(2, value(8, 7), BpfMap.ANY);
        map.publish();
        byte[] before = fetch(map);
        map.close();
        assertThat(fetch(map)).isEqualTo(before);
        assertThatThrownBy(map::publish).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void values_ofCopiesTakenDuringUpdates_areWhole() throws InterruptedException {
        try (SnapshotMap map = map(64)) {
            AtomicBoolean enough = new AtomicBoolean();
            Thread user = Thread.ofPlatform().start(() -> {
                byte[] value = new byte[64];
                for (int i = 0; !enough.get(); i++) {
                    Arrays.fill(value, (byte) i);
                    map.put(i % ENTRIES, value, BpfMap.ANY);
                }
            });
            byte[] copy = new byte[(int) map.bytes()];
            int copies = 0;
            long limit = System.nanoTime() + 20_000_000_000L;
            while (copies < 2_000 && System.nanoTime() < limit) {
                copies += map.publish() ? 1 : 0;
                map.copyTo(MemorySegment.ofArray(copy));
                for (int at = 0; at < copy.length; at++) {
                    if (copy[at] != copy[at / 64 * 64]) {
                        throw new AssertionError("half of an update: " + Arrays.toString(copy));
                    }
                }
            }
            enough.set(true);
            user.join();
            assertThat(copies).isEqualTo(2_000);
        }
    }
}

package dev.gbpf.host.map;

import static dev.gbpf.host.map.MapFixtures.contents;
import static dev.gbpf.host.map.MapFixtures.hex;
import static dev.gbpf.host.map.MapFixtures.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.MapKind;
import dev.gbpf.host.memory.NativeMemory;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LruHashMapTest {
    private static BpfMap map(int capacity) {
        return MapFactory.create(new MapDefinition("l", MapKind.LRU_HASH, 4, 8, capacity));
    }

    private static boolean lookup(BpfMap map, int key) {
        try (Arena arena = Arena.ofConfined()) {
            long at = arena.allocate(4, 8).address();
            NativeMemory.putInt(at, key);
            return map.lookupElem(at) != 0;
        }
    }

    /** The clock algorithm over slots, as the map documents it. */
    private static final class Model {
        final @Nullable Integer[] keys;
        final boolean[] marks;
        final Map<Integer, byte[]> values = new TreeMap<>();
        int hand;
        int fresh;

        Model(int capacity) {
            keys = new Integer[capacity];
            marks = new boolean[capacity];
        }

        int slot(int key) {
            for (int i = 0; i < keys.length; i++) {
                if (keys[i] != null && keys[i] == key) {
                    return i;
                }
            }
            return -1;
        }

        void put(int key, byte[] value) {
            if (values.put(key, value) != null) {
                return;
            }
            int slot = fresh < keys.length ? fresh++ : evict();
            keys[slot] = key;
            marks[slot] = false;
        }

        private int evict() {
            while (marks[hand]) {
                marks[hand] = false;
                hand = (hand + 1) % keys.length;
            }
            int victim = hand;
            hand = (hand + 1) % keys.length;
            values.remove(keys[victim]);
            return victim;
        }
    }

    @Property(tries = 150)
    void map_anyUpdatesAndLookups_keepsWhatTheClockKeeps(
            @ForAll Random random, @ForAll @IntRange(min = 1, max = 20) int capacity) {
        Model model = new Model(capacity);
        try (BpfMap map = map(capacity)) {
            for (int step = 0; step < 150; step++) {
                int key = random.nextInt(2 * capacity + 1);
                if (random.nextBoolean()) {
                    int slot = model.slot(key);
                    assertThat(lookup(map, key)).isEqualTo(slot >= 0);
                    if (slot >= 0) {
                        model.marks[slot] = true;
                    }
                } else {
                    byte[] value = value(8, step);
                    assertThat(map.put(key, value, BpfMap.ANY)).isZero();
                    model.put(key, value);
                }
                assertThat(map.entries()).isEqualTo(model.values.size());
            }
            Map<String, String> expected = new TreeMap<>();
            model.values.forEach((k, v) -> expected.put(hex(new byte[] {(byte) (int) k, 0, 0, 0}), hex(v)));
            assertThat(contents(map)).isEqualTo(expected);
            assertThat(map.failedUpdates()).isZero();
        }
    }

    @Test
    void entry_thatIsUsed_outlivesThoseThatAreNot() {
        try (BpfMap map = map(8)) {
            map.put(1000, value(8, 1), BpfMap.ANY);
            for (int i = 0; i < 100; i++) {
                assertThat(lookup(map, 1000)).isTrue();
                map.put(i, value(8, i), BpfMap.ANY);
            }
            assertThat(map.entries()).isEqualTo(8);
            assertThat(map.get(1000)).isPresent();
            assertThat(map.remove(1000)).isZero();
            assertThat(map.entries()).isEqualTo(7);
        }
    }
}

package dev.gbpf.host.map;

import static dev.gbpf.host.map.MapFixtures.contents;
import static dev.gbpf.host.map.MapFixtures.hash;
import static dev.gbpf.host.map.MapFixtures.hex;
import static dev.gbpf.host.map.MapFixtures.keysInOrder;
import static dev.gbpf.host.map.MapFixtures.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class HashTableMapTest {
    /** Any sequence of updates and deletions leaves what a {@link java.util.HashMap} with the same bound would hold. */
    @Property(tries = 300)
    void map_anyHistory_asModel(
            @ForAll Random random,
            @ForAll @IntRange(min = 1, max = 20) int keySize,
            @ForAll @IntRange(min = 1, max = 24) int valueSize,
            @ForAll @IntRange(min = 1, max = 40) int capacity) {
        Map<String, String> model = new HashMap<>();
        Map<String, Long> addresses = new HashMap<>();
        long refused = 0;
        try (BpfMap map = MapFactory.create(hash("m", keySize, valueSize, capacity))) {
            for (int step = 0; step < 200; step++) {
                byte[] key = value(keySize, random.nextInt(capacity + capacity / 2 + 1));
                byte[] value = value(valueSize, random.nextInt());
                String k = hex(key);
                if (random.nextInt(3) == 0) {
                    boolean was = model.remove(k) != null;
                    addresses.remove(k);
                    assertThat(map.remove(key)).isEqualTo(was ? 0 : Errno.ENOENT);
                } else {
                    long flags = random.nextInt(5) - 1L;
                    long expected = expectedUpdate(model, k, flags, capacity);
                    assertThat(map.put(key, value, flags)).isEqualTo(expected);
                    refused += expected == Errno.E2BIG ? 1 : 0;
                    if (expected == 0) {
                        model.put(k, hex(value));
                        addresses.putIfAbsent(k, address(map, key));
                    }
                }
                assertThat(map.get(key).map(MapFixtures::hex)).isEqualTo(Optional.ofNullable(model.get(k)));
                assertThat(map.entries()).isEqualTo(model.size());
            }
            assertThat(contents(map)).isEqualTo(new TreeMap<>(model));
            assertThat(slots(map, keySize)).isEqualTo(addresses);
            assertThat(map.failedUpdates()).isEqualTo(refused);
            model.keySet()
                    .forEach(k -> assertThat(address(map, HexFormat.of().parseHex(k)))
                            .as("address of %s", k)
                            .isEqualTo(addresses.get(k)));
        }
    }

    /** The addresses of the values in all slots, by key; keys that a number cannot hold are looked up by their order. */
    private static Map<String, Long> slots(BpfMap map, int keySize) {
        List<String> keys = new ArrayList<>();
        map.forEach((key, _) -> keys.add(hex(key)));
        Map<String, Long> found = new HashMap<>();
        long previous = -1;
        for (long slot = map.nextSlot(0); slot >= 0; slot = map.nextSlot(slot + 1)) {
            assertThat(slot).isGreaterThan(previous).isLessThan(map.definition().maxEntries());
            previous = slot;
            String key = keys.get(found.size());
            String asNumber = keySize > Long.BYTES ? "00" : key;
            assertThat(map.slotKey(slot)).isEqualTo(number(asNumber));
            found.put(key, map.slotValue(slot));
        }
        for (long slot : new long[] {-1, map.definition().maxEntries(), Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThat(map.nextSlot(slot)).isEqualTo(Errno.ENOENT);
            assertThat(map.slotKey(slot)).isZero();
            assertThat(map.slotValue(slot)).isZero();
        }
        return found;
    }

    private static long number(String littleEndian) {
        byte[] bytes = HexFormat.of().parseHex(littleEndian);
        long number = 0;
        for (int i = bytes.length - 1; i >= 0; i--) {
            number = number << Byte.SIZE | (bytes[i] & 0xFF);
        }
        return number;
    }

    private static long expectedUpdate(Map<String, String> model, String key, long flags, int capacity) {
        if (flags < 0 || flags > 2) {
            return Errno.EINVAL;
        }
        if (model.containsKey(key)) {
            return flags == BpfMap.NO_EXIST ? Errno.EEXIST : 0;
        }
        if (flags == BpfMap.EXIST) {
            return Errno.ENOENT;
        }
        return model.size() == capacity ? Errno.E2BIG : 0;
    }

    private static long address(BpfMap map, byte[] key) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment at = arena.allocate(key.length, 8);
            at.copyFrom(MemorySegment.ofArray(key));
            return map.lookupElem(at.address());
        }
    }

    @Test
    void lookup_valueAddress_alignedAndInsideOfTheMap() {
        try (BpfMap map = MapFactory.create(hash("m", 5, 12, 3))) {
            for (int i = 0; i < 3; i++) {
                map.put(value(5, i), value(12, i), BpfMap.ANY);
                long at = address(map, value(5, i));
                assertThat(at % 8).isZero();
                assertThat(map.containsValue(at, 12)).isTrue();
                assertThat(map.containsValue(at + 11, 1)).isTrue();
                assertThat(map.containsValue(at, 13)).isFalse();
                assertThat(map.containsValue(at + 12, 1)).isFalse();
                assertThat(map.containsValue(at - 1, 1)).isFalse();
            }
            long gone = address(map, value(5, 1));
            map.remove(value(5, 1));
            // A run that knew it may still read it.
            assertThat(map.containsValue(gone, 1)).isTrue();
        }
    }

    @Test
    void forEach_sameHistory_sameOrder() {
        try (BpfMap a = MapFactory.create(hash("a", 8, 8, 64));
                BpfMap b = MapFactory.create(hash("b", 8, 8, 64))) {
            for (BpfMap map : new BpfMap[] {a, b}) {
                for (int i = 0; i < 50; i++) {
                    map.put(i * 0x1_0000_0001L, value(8, i), BpfMap.ANY);
                }
                for (int i = 0; i < 50; i += 3) {
                    map.remove(i * 0x1_0000_0001L);
                }
                map.put(7777L, value(8, 1), BpfMap.ANY);
            }
            assertThat(keysInOrder(a)).isEqualTo(keysInOrder(b)).hasSize(34);
        }
    }

    @Test
    void get_keyAsNumber_sameAsBytes() {
        try (BpfMap map = MapFactory.create(hash("m", 4, 2, 8))) {
            map.put(0xFFFF_FFFEL, new byte[] {1, 2}, BpfMap.ANY);
            assertThat(map.get(new byte[] {(byte) 0xFE, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF}))
                    .hasValueSatisfying(v -> assertThat(v).containsExactly(1, 2));
            assertThatThrownBy(() -> map.get(1L << 32)).hasMessageContaining("does not fit key size=4");
            assertThatThrownBy(() -> map.get(new byte[3])).hasMessageContaining("bytes=3, expected 4");
        }
    }

    @Test
    void get_fromAnotherThreadWhileWriting_neverFailsAndFindsWhatStays() throws InterruptedException {
        try (BpfMap map = MapFactory.create(hash("m", 8, 8, 16))) {
            map.put(1_000_000L, value(8, 5), BpfMap.ANY);
            AtomicBoolean stop = new AtomicBoolean();
            Thread reader = Thread.ofPlatform().start(() -> {
                while (!stop.get()) {
                    map.get(3L);
                    map.forEach((_, _) -> {});
                }
            });
            for (long i = 0; i < 20_000; i++) {
                map.put(i % 14, value(8, (int) i), BpfMap.ANY);
                map.remove((i + 7) % 14);
            }
            stop.set(true);
            reader.join();
            assertThat(map.get(1_000_000L))
                    .hasValueSatisfying(v -> assertThat(v).isEqualTo(value(8, 5)));
        }
    }

    @Test
    void keys_thatDifferInFewBits_spreadOverTheTable() {
        // The longest chain of a good hash stays near ln n / ln ln n; one that keeps a pattern shows chains of
        // hundreds.
        for (int shift : new int[] {0, 6, 12, 20, 32, 44}) {
            int[] buckets = new int[4096];
            for (long i = 0; i < buckets.length; i++) {
                buckets[bucket(i << shift)]++;
            }
            assertThat(Arrays.stream(buckets).max().orElseThrow())
                    .as("keys i << %d", shift)
                    .isLessThan(16);
        }
    }

    private static int bucket(long key) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment at = arena.allocate(8, 8);
            at.set(ValueLayout.JAVA_LONG, 0, key);
            return (int) (KeyHash.of(at.address(), 8) >>> 52);
        }
    }
}

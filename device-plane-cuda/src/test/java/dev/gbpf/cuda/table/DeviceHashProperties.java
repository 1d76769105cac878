package dev.gbpf.cuda.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Errno;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.MapKind;
import dev.gbpf.cuda.cpu.NativeMaps;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeContainer;

/** A hash on the device and one of the host answer the same, call by call, and a hash answers as a model does. */
class DeviceHashProperties {
    private static final int CALLS = 400;

    @BeforeContainer
    static void needsTheCpuBuild() {
        NativeMaps.assumeAvailable();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String hex(long address, int bytes) {
        return hex(MemorySegment.ofAddress(address).reinterpret(bytes).toArray(ValueLayout.JAVA_BYTE));
    }

    /** Keys are few, so that they come again. */
    private static byte[] key(Random random, MapDefinition definition) {
        byte[] key = new byte[definition.keySize()];
        int number = random.nextInt(2 * definition.maxEntries() + 1);
        key[0] = (byte) number;
        key[key.length - 1] ^= (byte) (number >> 8 ^ number * 3);
        return key;
    }

    private static List<String> text(List<BpfMap.Entry> entries) {
        return entries.stream().map(e -> hex(e.key()) + "=" + hex(e.value())).toList();
    }

    @Property(tries = 60)
    void hash_onTheDevice_answersAsTheHosts(
            @ForAll long seed,
            @ForAll boolean isLru,
            @ForAll @IntRange(min = 1, max = 40) int keySize,
            @ForAll @IntRange(min = 1, max = 40) int valueSize,
            @ForAll @IntRange(min = 1, max = 100) int entries) {
        MapDefinition definition =
                new MapDefinition("m", isLru ? MapKind.LRU_HASH : MapKind.HASH, keySize, valueSize, entries);
        Random random = new Random(seed);
        try (Arena arena = Arena.ofConfined()) {
            FakeChannel channel = new FakeChannel();
            DeviceHeap heap = new DeviceHeap(new TestRegion(1 << 18, arena));
            MapChanges changes = new MapChanges(channel, heap);
            DeviceHash device = new DeviceHash(definition, heap, changes);
            BpfMap host = MapFactory.create(definition, Arena.ofConfined());
            Map<String, String> model = new HashMap<>();
            // Of any alignment, as those of programs are.
            MemorySegment keyRoom = arena.allocate(keySize + 8L, 8).asSlice(random.nextInt(8));
            MemorySegment valueRoom = arena.allocate(valueSize + 8L, 8).asSlice(random.nextInt(8));
            for (int i = 0; i < CALLS; i++) {
                byte[] key = key(random, definition);
                byte[] value = new byte[valueSize];
                random.nextBytes(value);
                MemorySegment.copy(key, 0, keyRoom, ValueLayout.JAVA_BYTE, 0, keySize);
                MemorySegment.copy(value, 0, valueRoom, ValueLayout.JAVA_BYTE, 0, valueSize);
                long k = keyRoom.address();
                long v = valueRoom.address();
                int flags = random.nextInt(8) == 0 ? 3 : random.nextInt(3);
                switch (random.nextInt(6)) {
                    case 0, 1, 2 -> {
                        long answer = NativeMaps.call(device.address(), Helper.MAP_UPDATE_ELEM, k, v, flags);
                        assertThat(answer).isEqualTo(host.updateElem(k, v, flags));
                        if (!isLru) {
                            assertThat(answer).isEqualTo(update(model, hex(key), hex(value), flags, entries));
                        }
                    }
                    case 3 -> {
                        long answer = NativeMaps.call(device.address(), Helper.MAP_DELETE_ELEM, k, 0, 0);
                        assertThat(answer).isEqualTo(host.deleteElem(k));
                        if (!isLru) {
                            assertThat(answer).isEqualTo(model.remove(hex(key)) == null ? Errno.ENOENT : 0);
                        }
                    }
                    case 4 -> {
                        long found = NativeMaps.call(device.address(), Helper.MAP_LOOKUP_ELEM, k, 0, 0);
                        long hosts = host.lookupElem(k);
                        assertThat(found == 0 ? "" : hex(found, valueSize))
                                .isEqualTo(hosts == 0 ? "" : hex(hosts, valueSize));
                        if (!isLru) {
                            assertThat(found == 0 ? null : hex(found, valueSize))
                                    .isEqualTo(model.get(hex(key)));
                        }
                    }
                    default -> {
                        long slot = random.nextInt(entries + 2);
                        assertThat(NativeMaps.call(device.address(), Helper.MAP_NEXT_SLOT, slot, 0, 0))
                                .isEqualTo(host.nextSlot(slot));
                        assertThat(NativeMaps.call(device.address(), Helper.MAP_SLOT_KEY, slot, 0, 0))
                                .isEqualTo(host.slotKey(slot));
                        long at = NativeMaps.call(device.address(), Helper.MAP_SLOT_VALUE, slot, 0, 0);
                        long hosts = host.slotValue(slot);
                        assertThat(at == 0 ? "" : hex(at, valueSize))
                                .isEqualTo(hosts == 0 ? "" : hex(hosts, valueSize));
                    }
                }
            }
            List<BpfMap.Entry> all = new ArrayList<>();
            host.forEach((key, value) -> all.add(new BpfMap.Entry(key, value)));
            assertThat(text(device.entries())).isEqualTo(text(all));
            assertThat(device.refused()).isEqualTo(host.failedUpdates());
            assertThat(device.busy()).isZero();
            for (BpfMap.Entry entry : all) {
                assertThat(device.get(entry.key()).map(DeviceHashProperties::hex))
                        .contains(hex(entry.value()));
            }
            host.close();
        }
    }

    private static long update(Map<String, String> model, String key, String value, int flags, int entries) {
        Optional<Long> error = flags > 2
                ? Optional.of(Errno.EINVAL)
                : model.containsKey(key)
                        ? flags == 1 ? Optional.of(Errno.EEXIST) : Optional.empty()
                        : flags == 2
                                ? Optional.of(Errno.ENOENT)
                                : model.size() == entries ? Optional.of(Errno.E2BIG) : Optional.empty();
        if (error.isEmpty()) {
            model.put(key, value);
        }
        return error.orElse(0L);
    }
}

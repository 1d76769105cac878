package dev.gbpf.host.map;

import static dev.gbpf.host.map.MapFixtures.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.MapKind;
import dev.gbpf.host.helper.HelperDispatcher;
import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.memory.NativeMemory;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PerCpuArrayMapTest {
    private static final PlaneServices NONE = (PlaneServices) Proxy.newProxyInstance(
            PlaneServices.class.getClassLoader(), new Class<?>[] {PlaneServices.class}, (_, method, _) -> {
                throw new AssertionError(method);
            });

    private static MapDefinition definition(int valueSize, int entries) {
        return new MapDefinition("p", MapKind.PERCPU_ARRAY, 4, valueSize, entries);
    }

    private static BpfMap map(int valueSize, int entries, int cpus) {
        return MapFactory.create(definition(valueSize, entries), Arena.ofShared(), new Epochs(cpus));
    }

    @Property(tries = 60)
    void values_ofEachThread_areItsOwn(
            @ForAll @IntRange(min = 1, max = 20) int valueSize,
            @ForAll @IntRange(min = 1, max = 5) int cpus,
            @ForAll @Size(max = 30) List<@IntRange(min = 0, max = 1 << 20) Integer> numbers) {
        int entries = 7;
        Map<Integer, byte[]> model = new HashMap<>();
        try (BpfMap map = map(valueSize, entries, cpus)) {
            assertThat(map.cpus()).isEqualTo(cpus);
            for (int number : numbers) {
                int cpu = number % cpus;
                int index = number / 8 % entries;
                byte[] value = value(valueSize, number);
                assertThat(map.onCpu(cpu).put(index, value, BpfMap.ANY)).isZero();
                model.put(cpu * entries + index, value);
            }
            for (int cpu = 0; cpu < cpus; cpu++) {
                for (int index = 0; index < entries; index++) {
                    assertThat(map.onCpu(cpu).get(index))
                            .hasValue(model.getOrDefault(cpu * entries + index, new byte[valueSize]));
                }
            }
        }
    }

    @Test
    void values_ofTwoThreads_shareNoCacheLine() {
        try (BpfMap map = map(8, 3, 2)) {
            long first = map.onCpu(0).slotValue(0);
            assertThat(first % 128).isZero();
            assertThat(map.onCpu(1).slotValue(0) - first).isEqualTo(128);
            assertThat(map.containsValue(first + 8, 8)).isTrue();
            assertThat(map.containsValue(first + 128 + 16, 8)).isTrue();
            assertThat(map.containsValue(first + 4, 8)).isFalse();
            assertThat(map.containsValue(first + 24, 8)).isFalse();
            assertThat(map.containsValue(first + 128 - 8, 8)).isFalse();
        }
    }

    @Test
    void dispatcher_ofAThread_reachesItsValuesAndSaysItsNumber() {
        try (BpfMap map = map(8, 2, 3);
                Arena arena = Arena.ofConfined()) {
            long key = arena.allocate(4, 8).address();
            NativeMemory.putInt(key, 1);
            for (int cpu = 0; cpu < 3; cpu++) {
                HelperDispatcher dispatcher = new HelperDispatcher(List.of(map), cpu);
                assertThat(dispatcher.call(Helper.GET_SMP_PROCESSOR_ID.id(), 0, 0, 0, 0, 0, NONE))
                        .isEqualTo(cpu);
                long at =
                        dispatcher.call(Helper.MAP_LOOKUP_ELEM.id(), HelperDispatcher.mapHandle(0), key, 0, 0, 0, NONE);
                NativeMemory.putLong(at, 10 + cpu);
            }
            for (int cpu = 0; cpu < 3; cpu++) {
                assertThat(map.onCpu(cpu).get(1)).hasValue(new byte[] {(byte) (10 + cpu), 0, 0, 0, 0, 0, 0, 0});
            }
        }
    }

    @Test
    void map_forTooManyThreadsOrBytes_isRefused() {
        assertThatThrownBy(() -> map(8, 1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> map(8, 1, 4097)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> map(65_536, 4096, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bytes=1342177280");
    }
}

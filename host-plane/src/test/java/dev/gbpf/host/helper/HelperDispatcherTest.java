package dev.gbpf.host.helper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.ArgumentKind;
import dev.gbpf.abi.Errno;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.MapKind;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.memory.NativeMemory;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class HelperDispatcherTest {
    /** The services' method of a helper has the helper's name in Java's spelling, and gets its arguments in order. */
    @Test
    void call_everyServiceHelper_reachesTheMethodOfItsName() {
        List<String> calls = new ArrayList<>();
        PlaneServices services = (PlaneServices) Proxy.newProxyInstance(
                PlaneServices.class.getClassLoader(), new Class<?>[] {PlaneServices.class}, (_, method, arguments) -> {
                    calls.add(method.getName().toLowerCase(Locale.ROOT)
                            + (arguments == null ? List.of() : List.of(arguments)));
                    return 1000L + calls.size();
                });
        HelperDispatcher dispatcher = new HelperDispatcher(List.of());
        List<String> expected = new ArrayList<>();
        for (Helper helper : Helper.values()) {
            boolean ofThePlane = helper != Helper.GET_SMP_PROCESSOR_ID;
            if (ofThePlane && helper.arguments().stream().allMatch(a -> a.kind() == ArgumentKind.SCALAR)) {
                List<Long> arguments = List.of(11L, 12L, 13L, 14L, 15L)
                        .subList(0, helper.arguments().size());
                expected.add(helper.symbol().replace("_", "") + arguments);
                assertThat(dispatcher.call(helper.id(), 11, 12, 13, 14, 15, services))
                        .as(helper.symbol())
                        .isEqualTo(1000L + calls.size());
            }
        }
        long others = Arrays.stream(Helper.values())
                .filter(h -> h.symbol().startsWith("map_")
                        || h.symbol().startsWith("ringbuf_")
                        || h == Helper.TRACE_PRINTK
                        || h == Helper.GET_SMP_PROCESSOR_ID)
                .count();
        assertThat(calls).isEqualTo(expected).hasSize(Helper.values().length - (int) others);
    }

    @Test
    void call_mapHelpers_actOnTheMapOfTheHandle() {
        MapDefinition array = new MapDefinition("a", MapKind.ARRAY, 4, 8, 2);
        MapDefinition hash = new MapDefinition("h", MapKind.HASH, 4, 8, 2);
        try (BpfMap a = MapFactory.create(array);
                BpfMap h = MapFactory.create(hash);
                Arena arena = Arena.ofConfined()) {
            HelperDispatcher dispatcher = new HelperDispatcher(List.of(a, h));
            PlaneServices none = (PlaneServices) Proxy.newProxyInstance(
                    PlaneServices.class.getClassLoader(), new Class<?>[] {PlaneServices.class}, (_, method, _) -> {
                        throw new AssertionError(method);
                    });
            long key = arena.allocate(4, 8).address();
            long value = arena.allocate(8, 8).address();
            long handle = HelperDispatcher.mapHandle(1);
            NativeMemory.putInt(key, 77);
            NativeMemory.putLong(value, -5);
            assertThat(dispatcher.call(1, handle, key, 0, 0, 0, none)).isZero();
            assertThat(dispatcher.call(2, handle, key, value, 0, 0, none)).isZero();
            long at = dispatcher.call(1, handle, key, 0, 0, 0, none);
            assertThat(NativeMemory.getLong(at)).isEqualTo(-5);
            assertThat(dispatcher.call(0x10020, handle, 0, 0, 0, 0, none)).isZero();
            assertThat(dispatcher.call(0x10020, handle, 1, 0, 0, 0, none)).isEqualTo(Errno.ENOENT);
            assertThat(dispatcher.call(0x10021, handle, 0, 0, 0, 0, none)).isEqualTo(77);
            assertThat(dispatcher.call(0x10022, handle, 0, 0, 0, 0, none)).isEqualTo(at);
            assertThat(dispatcher.call(3, handle, key, 0, 0, 0, none)).isZero();
            assertThat(dispatcher.call(3, handle, key, 0, 0, 0, none)).isEqualTo(Errno.ENOENT);
            assertThat(dispatcher.call(2, HelperDispatcher.mapHandle(0), key, value, 0, 0, none))
                    .isEqualTo(Errno.E2BIG);
            assertThat(h.entries()).isZero();
        }
    }

    @Test
    void call_unknownNumber_saysWhich() {
        PlaneServices none = (PlaneServices) Proxy.newProxyInstance(
                PlaneServices.class.getClassLoader(), new Class<?>[] {PlaneServices.class}, (_, _, _) -> 0L);
        assertThatThrownBy(() -> new HelperDispatcher(List.of()).call(4, 0, 0, 0, 0, 0, none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("number=4");
    }

    @Test
    void handle_ofAMap_isNoAddressAndNotNull() {
        assertThat(HelperDispatcher.mapIndex(HelperDispatcher.mapHandle(3))).isEqualTo(3);
        assertThat(HelperDispatcher.isMapHandle(HelperDispatcher.mapHandle(3), 4))
                .isTrue();
        assertThat(HelperDispatcher.isMapHandle(HelperDispatcher.mapHandle(4), 4))
                .isFalse();
        assertThat(HelperDispatcher.isMapHandle(3, 4)).isFalse();
        assertThat(HelperDispatcher.mapHandle(0) >>> 47).isNotZero();
    }
}

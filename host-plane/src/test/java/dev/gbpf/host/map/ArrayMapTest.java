package dev.gbpf.host.map;

import static dev.gbpf.host.map.MapFixtures.array;
import static dev.gbpf.host.map.MapFixtures.keysInOrder;
import static dev.gbpf.host.map.MapFixtures.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.Errno;
import dev.gbpf.host.memory.NativeMemory;
import dev.gbpf.object.InitialContents;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ArrayMapTest {
    @Property(tries = 100)
    void element_any_liesWhereTheLayoutSays(
            @ForAll @IntRange(min = 1, max = 40) int valueSize, @ForAll @IntRange(min = 1, max = 50) int capacity) {
        try (ArrayMap map = (ArrayMap) MapFactory.create(array("a", valueSize, capacity));
                Arena arena = Arena.ofConfined()) {
            assertThat(map.address() % 64).isZero();
            MemorySegment key = arena.allocate(4);
            int stride = (valueSize + 7) / 8 * 8;
            for (int i = 0; i < capacity; i++) {
                key.set(ValueLayout.JAVA_INT, 0, i);
                assertThat(map.lookupElem(key.address())).isEqualTo(map.address() + (long) i * stride);
                assertThat(map.put(i, value(valueSize, i), BpfMap.ANY)).isZero();
                assertThat(map.nextSlot(i)).isEqualTo(i);
                assertThat(map.slotKey(i)).isEqualTo(i);
                assertThat(map.slotValue(i)).isEqualTo(map.lookupElem(key.address()));
            }
            for (int i = 0; i < capacity; i++) {
                long at = map.address() + (long) i * stride;
                assertThat(NativeMemory.getByte(at)).isEqualTo((byte) i);
                assertThat(map.containsValue(at, valueSize)).isTrue();
                long rest = (long) (capacity - i) * stride;
                assertThat(map.containsValue(at, rest)).isTrue();
                assertThat(map.containsValue(at, rest + 1)).isFalse();
            }
            for (long slot : new long[] {-1, capacity, Long.MIN_VALUE}) {
                assertThat(map.nextSlot(slot)).isEqualTo(Errno.ENOENT);
                assertThat(map.slotKey(slot)).isZero();
                assertThat(map.slotValue(slot)).isZero();
            }
            assertThat(map.containsValue(map.address() - 1, 1)).isFalse();
            assertThat(map.containsValue(map.address() + map.bytes(), 1)).isFalse();
            assertThat(map.containsValue(map.address(), -1)).isFalse();
        }
    }

    @Test
    void element_neverSet_isZero() {
        try (BpfMap map = MapFactory.create(array("a", 3, 2))) {
            assertThat(map.get(1)).hasValueSatisfying(v -> assertThat(v).containsExactly(0, 0, 0));
            assertThat(map.entries()).isEqualTo(2);
            assertThat(keysInOrder(map)).containsExactly("00000000", "01000000");
        }
    }

    @Test
    void readOnly_updates_areRefusedAndTheContentsStay() {
        MapDefinition constants = array("a", 4, 2)
                .withInitial(InitialContents.of(new byte[] {7, 8}))
                .asReadOnly();
        try (BpfMap map = MapFactory.create(constants)) {
            assertThat(map.put(0, value(4, 1), BpfMap.ANY)).isEqualTo(Errno.EPERM);
            assertThat(map.get(0)).hasValueSatisfying(v -> assertThat(v).containsExactly(7, 8, 0, 0));
            assertThat(map.get(1)).hasValueSatisfying(v -> assertThat(v).containsExactly(0, 0, 0, 0));
            assertThat(map.failedUpdates()).isEqualTo(1);
        }
    }

    @Test
    void initialContents_ofAWritableArray_canBeReplaced() {
        try (BpfMap map = MapFactory.create(array("a", 2, 1).withInitial(InitialContents.of(new byte[] {7, 8})))) {
            assertThat(map.put(0, value(2, 1), BpfMap.ANY)).isZero();
            assertThat(map.get(0)).hasValue(value(2, 1));
        }
    }

    @Test
    void update_badIndexOrFlags_isRefusedAndCounted() {
        try (BpfMap map = MapFactory.create(array("a", 1, 2))) {
            byte[] one = {1};
            assertThat(map.put(2, one, BpfMap.ANY)).isEqualTo(Errno.E2BIG);
            assertThat(map.put(0xFFFF_FFFFL, one, BpfMap.ANY)).isEqualTo(Errno.E2BIG);
            assertThat(map.put(1, one, BpfMap.NO_EXIST)).isEqualTo(Errno.EEXIST);
            assertThat(map.put(1, one, BpfMap.EXIST)).isZero();
            assertThat(map.put(1, one, 3)).isEqualTo(Errno.EINVAL);
            assertThat(map.put(1, one, -1)).isEqualTo(Errno.EINVAL);
            assertThat(map.remove(1)).isEqualTo(Errno.EINVAL);
            assertThat(map.get(2)).isEmpty();
            assertThat(map.failedUpdates()).isEqualTo(2);
        }
    }

    @Test
    void close_laterRead_failsInsteadOfCrashing() {
        BpfMap map = MapFactory.create(array("a", 8, 4));
        map.close();
        assertThatThrownBy(() -> map.get(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> map.put(1, new byte[8], BpfMap.ANY)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void create_tooLarge_saysHowLarge() {
        assertThatThrownBy(() -> MapFactory.create(array("big", 65_536, 1 << 24)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("map big would take bytes=1099511627776");
    }
}

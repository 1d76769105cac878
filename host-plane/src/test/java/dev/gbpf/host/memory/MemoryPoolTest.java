package dev.gbpf.host.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MemoryPoolTest {
    private static final int ARENAS = 3;

    /** Allocates in one of some arenas, or closes it when {@code bytes} is negative. */
    record Step(int arena, long bytes, int alignmentBits) {}

    @Property(tries = 300)
    void allocations_ofOpenArenas_areZeroAlignedAndApart(@ForAll("steps") List<Step> steps) {
        MemoryPool pool = new MemoryPool(32 << 10);
        Arena[] arenas = new Arena[ARENAS];
        List<List<MemorySegment>> owned = new ArrayList<>();
        TreeMap<Long, Long> taken = new TreeMap<>();
        for (int i = 0; i < ARENAS; i++) {
            arenas[i] = pool.arena();
            owned.add(new ArrayList<>());
        }
        for (Step step : steps) {
            List<MemorySegment> own = owned.get(step.arena());
            if (step.bytes() < 0) {
                own.forEach(segment -> taken.remove(segment.address()));
                own.clear();
                arenas[step.arena()].close();
                arenas[step.arena()] = pool.arena();
                assertThat(pool.keptBytes()).isBetween(0L, 32L << 10);
                continue;
            }
            MemorySegment segment = arenas[step.arena()].allocate(step.bytes(), 1L << step.alignmentBits());
            assertThat(segment.byteSize()).isEqualTo(step.bytes());
            assertThat(segment.address() & (1L << step.alignmentBits()) - 1).isZero();
            assertThat(segment.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
            Map.Entry<Long, Long> before = taken.floorEntry(segment.address());
            Map.Entry<Long, Long> after = taken.ceilingEntry(segment.address());
            assertThat(before == null || before.getValue() <= segment.address()).isTrue();
            assertThat(after == null || segment.address() + segment.byteSize() <= after.getKey())
                    .isTrue();
            taken.put(segment.address(), segment.address() + segment.byteSize());
            own.add(segment);
            segment.fill((byte) 0xA5);
        }
        for (Arena arena : arenas) {
            arena.close();
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Long> bytes = Arbitraries.oneOf(
                Arbitraries.longs().between(1, 300), Arbitraries.longs().between(4_000, 20_000), Arbitraries.just(-1L));
        return Combinators.combine(
                        Arbitraries.integers().between(0, ARENAS - 1),
                        bytes,
                        Arbitraries.integers().between(0, 7))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }

    @Test
    void arena_afterAnotherOfItsSize_hasTheSameMemory() {
        MemoryPool pool = new MemoryPool(1 << 20);
        Arena first = pool.arena();
        long address = first.allocate(5_000, 64).address();
        first.close();
        Arena second = pool.arena();
        assertThat(second.allocate(5_000, 64).address()).isEqualTo(address);
        assertThat(pool.keptBytes()).isZero();
        second.close();
    }

    @Test
    void pool_thatIsFull_freesWhatComesBack() {
        MemoryPool pool = new MemoryPool(8 << 10);
        try (Arena arena = pool.arena()) {
            arena.allocate(1 << 20, 64);
        }
        assertThat(pool.keptBytes()).isZero();
    }

    @Test
    void arena_onceClosed_refusesAll() {
        Arena arena = new MemoryPool(0).arena();
        arena.close();
        assertThatThrownBy(() -> arena.allocate(8, 8)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(arena::close).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void alignment_thatIsNoPowerOfTwo_isRefused() {
        try (Arena arena = new MemoryPool(0).arena()) {
            assertThatThrownBy(() -> arena.allocate(8, 3)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}

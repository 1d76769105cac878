package dev.gbpf.cuda.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Pieces of a region do not overlap, are zero when they are taken, and all come back. */
class DeviceHeapProperties {
    private static final long BYTES = 64 << 10;

    private record Piece(long address, long bytes) {}

    @Property(tries = 50)
    void pieces_ofAnySizes_doNotOverlapAndComeBack(@ForAll long seed) {
        Random random = new Random(seed);
        try (Arena arena = Arena.ofConfined()) {
            TestRegion region = new TestRegion(BYTES, arena);
            DeviceHeap heap = new DeviceHeap(region);
            List<Piece> taken = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                if (random.nextInt(5) < 3) {
                    take(heap, region, 1 + random.nextLong(9000), taken, arena);
                } else if (!taken.isEmpty()) {
                    Piece piece = taken.remove(random.nextInt(taken.size()));
                    heap.give(piece.address(), piece.bytes());
                }
            }
            taken.forEach(piece -> heap.give(piece.address(), piece.bytes()));
            assertThat(heap.available()).isEqualTo(BYTES);
            assertThat(heap.take("everything", BYTES)).isEqualTo(region.address());
        }
    }

    private static void take(DeviceHeap heap, TestRegion region, long bytes, List<Piece> taken, Arena arena) {
        long available = heap.available();
        long address;
        try {
            address = heap.take("a piece", bytes);
        } catch (IllegalStateException full) {
            assertThat(heap.available()).isEqualTo(available);
            assertThat(full).hasMessageStartingWith("a piece takes " + bytes + " bytes of device memory");
            return;
        }
        assertThat(address % 256).isZero();
        assertThat(address).isBetween(region.address(), region.address() + BYTES - bytes);
        assertThat(taken)
                .allMatch(other -> other.address() + other.bytes() <= address || address + bytes <= other.address());
        MemorySegment contents = arena.allocate(bytes);
        region.read(address, contents);
        assertThat(contents.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
        region.write(address, contents.fill((byte) 0x5a));
        taken.add(new Piece(address, bytes));
    }

    @Property(tries = 1)
    void whatIsTooLarge_isRefused() {
        try (Arena arena = Arena.ofConfined()) {
            DeviceHeap heap = new DeviceHeap(new TestRegion(BYTES, arena));
            assertThatThrownBy(() -> heap.take("map m", BYTES + 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("use smaller maps");
        }
    }
}

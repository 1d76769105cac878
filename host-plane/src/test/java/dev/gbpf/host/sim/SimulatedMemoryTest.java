package dev.gbpf.host.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.gbpf.host.allocation.Access;
import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.allocation.AllocationOwner;
import dev.gbpf.host.allocation.AllocationSpec;
import dev.gbpf.host.allocation.PageSize;
import dev.gbpf.host.allocation.Place;
import dev.gbpf.host.device.DeviceMemory;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pools, pages, moves and compression of the simulated device. */
class SimulatedMemoryTest {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final AllocationOwner NOBODY = new AllocationOwner() {
        @Override
        public void granted(Allocation allocation) {}

        @Override
        public void denied(Allocation allocation, long reason) {}

        @Override
        public void ready(Allocation allocation) {}
    };

    private long allocations;

    /** 64 MiB, copies at 1 byte/ns, 10 ns a page, compression at 2 bytes/ns. */
    private static DeviceModel model(PoolSpec... pools) {
        CopyEngineSpec engine = new CopyEngineSpec(1_000_000_000L, 0);
        return new DeviceModel(
                        "m",
                        100,
                        64 * MIB,
                        0,
                        engine,
                        engine,
                        1000,
                        List.of(new VsliceSpec("all", 100, 1000)),
                        List.of())
                .withMemory(new MemorySpec(List.of(pools), 10, 16, 1500, 100, 2_000_000_000L, 150));
    }

    private Allocation asked(AllocationSpec spec) {
        return new Allocation(++allocations, ManualDevice.TENANT, spec, NOBODY, 0);
    }

    private Allocation asked(long bytes, int compressedTo) {
        return asked(new AllocationSpec(bytes, Access.WARM, false, false, compressedTo, 0));
    }

    @ParameterizedTest
    @CsvSource({"KIB_4, 1048577, 257, 1052672", "KIB_64, 1048577, 17, 1114112", "MIB_2, 1048577, 1, 2097152"})
    void allocation_takesWholePages_andTimeForEach(PageSize pages, long bytes, long count, long footprint) {
        ManualDevice bench = new ManualDevice(model());
        Allocation a = asked(AllocationSpec.of(bytes));
        assertThat(bench.device.memory().place(a, 0, pages, false)).isTrue();
        assertThat(a.place()).isEqualTo(Place.ARRIVING);
        assertThat(bench.device.usedMemoryBytes()).isEqualTo(footprint);
        bench.runOut();
        assertThat(a.place()).isEqualTo(Place.DEVICE);
        assertThat(bench.moves).containsEntry(a, count * 10);
    }

    @Test
    void moves_takeTheTimeOfTheLink_andFreeMemoryAtTheirEnd() {
        ManualDevice bench = new ManualDevice(model());
        DeviceMemory memory = bench.device.memory();
        Allocation a = asked(AllocationSpec.of(MIB));
        memory.place(a, 0, PageSize.KIB_64, false);
        bench.runOut();
        long begin = bench.clock.nowNs();
        memory.evict(a);
        assertThat(memory.freeBytes(0)).isEqualTo(63 * MIB);
        assertThat(memory.leavingBytes(0)).isEqualTo(MIB);
        bench.runOut();
        assertThat(a.place()).isEqualTo(Place.HOST);
        assertThat(bench.moves).containsEntry(a, begin + MIB);
        assertThat(memory.freeBytes(0)).isEqualTo(64 * MIB);
        memory.place(a, 0, PageSize.MIB_2, false);
        bench.runOut();
        assertThat(bench.moves).containsEntry(a, begin + 2 * MIB + 10);
        assertThat(memory.freeBytes(0)).isEqualTo(62 * MIB);
    }

    @Test
    void copiesOfJobs_andMoves_shareTheEngineOfTheirDirection() {
        ManualDevice bench = new ManualDevice(model());
        DeviceMemory memory = bench.device.memory();
        Allocation a = asked(AllocationSpec.of(MIB));
        memory.place(a, 0, PageSize.MIB_2, false);
        bench.runTo(100);
        Job first = bench.start(ManualDevice.copy(JobKind.COPY_D2H, 500));
        Job second = bench.start(ManualDevice.copy(JobKind.COPY_D2H, 700));
        Job other = bench.start(ManualDevice.copy(JobKind.COPY_H2D, 300));
        memory.evict(a);
        bench.runOut();
        assertThat(endNs(bench, first)).isEqualTo(600);
        assertThat(bench.moves).containsEntry(a, 600 + MIB);
        assertThat(endNs(bench, second)).isEqualTo(600 + MIB + 700);
        assertThat(endNs(bench, other)).isEqualTo(400);
    }

    private static long endNs(ManualDevice bench, Job job) {
        return Objects.requireNonNull(bench.ends.get(job)).atNs();
    }

    @Test
    void compression_freesWhatItSaves_whenItIsDone() {
        ManualDevice bench = new ManualDevice(model());
        DeviceMemory memory = bench.device.memory();
        Allocation a = asked(4 * MIB, 250);
        memory.place(a, 0, PageSize.KIB_64, false);
        bench.runOut();
        long begin = bench.clock.nowNs();
        memory.compress(a);
        assertThat(memory.leavingBytes(0)).isEqualTo(3 * MIB);
        bench.runOut();
        assertThat(bench.moves).containsEntry(a, begin + 2 * MIB);
        assertThat(a.compressed()).isTrue();
        assertThat(memory.freeBytes(0)).isEqualTo(63 * MIB);
        assertThat(bench.device.simulatedMemory().workNs(a, 1000)).isEqualTo(1156);
    }

    @Test
    void pool_growsByWhatOthersDoNotUse_andGivesItBack() {
        ManualDevice bench = new ManualDevice(model(new PoolSpec("small", 8 * MIB)));
        DeviceMemory memory = bench.device.memory();
        assertThat(memory.grow(1, 57 * MIB)).isFalse();
        assertThat(memory.grow(1, 6 * MIB)).isTrue();
        assertThat(memory.capacityBytes(1)).isEqualTo(14 * MIB);
        assertThat(memory.capacityBytes(0)).isEqualTo(50 * MIB);
        Allocation a = asked(AllocationSpec.of(10 * MIB));
        assertThat(memory.place(a, 1, PageSize.MIB_2, false)).isTrue();
        bench.runOut();
        bench.device.check();
        memory.free(a);
        assertThat(memory.capacityBytes(1)).isEqualTo(8 * MIB);
        assertThat(memory.capacityBytes(0)).isEqualTo(56 * MIB);
    }

    @Test
    void allocation_givenBackWhileItMoves_isGoneAtTheEnd_andOnlyOnce() {
        ManualDevice bench = new ManualDevice(model());
        DeviceMemory memory = bench.device.memory();
        Allocation a = asked(AllocationSpec.of(MIB));
        memory.place(a, 0, PageSize.KIB_4, false);
        memory.free(a);
        assertThat(a.place()).isEqualTo(Place.ARRIVING);
        bench.runOut();
        assertThat(a.place()).isEqualTo(Place.GONE);
        assertThat(memory.freeBytes(0)).isEqualTo(64 * MIB);
        assertThatIllegalStateException().isThrownBy(() -> memory.free(a)).withMessageContaining("given back already");
    }

    @ParameterizedTest
    @CsvSource({
        // 16 entries reach 64 KiB, 1 MiB and 32 MiB
        "KIB_4, true, 8388608, 1000, 2488",
        "KIB_64, true, 8388608, 1000, 2313",
        "MIB_2, true, 8388608, 1000, 1000",
        "KIB_4, false, 8388608, 1000, 1100",
        "KIB_64, false, 8388608, 1000, 1006",
        "MIB_2, false, 8388608, 1000, 1000"
    })
    void kernel_waitsForPagesOutOfReach(PageSize pages, boolean random, long bytes, long alone, long expected) {
        ManualDevice bench = new ManualDevice(model());
        Allocation a = asked(new AllocationSpec(bytes, Access.HOT, random, false, 1000, 0));
        bench.device.memory().place(a, 0, pages, false);
        assertThat(bench.device.simulatedMemory().workNs(a, alone)).isEqualTo(expected);
    }

    /** Whatever is asked of it in whatever order, what is taken and what is there add up after each step. */
    @Property(tries = 150)
    void sums_holdAfterEachStep(@ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int steps) {
        ManualDevice bench = new ManualDevice(model(new PoolSpec("a", 10 * MIB), new PoolSpec("b", 20 * MIB)));
        DeviceMemory memory = bench.device.memory();
        SplittableRandom random = new SplittableRandom(seed);
        List<Allocation> all = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            Allocation a = all.isEmpty() || random.nextInt(4) == 0
                    ? asked(random.nextLong(1, 12 * MIB), random.nextInt(1, 1001))
                    : all.get(random.nextInt(all.size()));
            PageSize pages = PageSize.values()[random.nextInt(3)];
            switch (a.place()) {
                case ASKED -> {
                    if (random.nextInt(5) == 0) {
                        memory.placeOnHost(a);
                        all.add(a);
                    } else if (memory.place(a, random.nextInt(3), pages, random.nextBoolean())) {
                        all.add(a);
                    }
                }
                case HOST -> {
                    if (random.nextInt(4) == 0) {
                        memory.free(a);
                        all.remove(a);
                    } else {
                        memory.place(a, random.nextInt(3), pages, random.nextBoolean());
                    }
                }
                case DEVICE -> {
                    int what = random.nextInt(4);
                    if (what == 0) {
                        memory.free(a);
                        all.remove(a);
                    } else if (what == 1 && !a.compressed()) {
                        memory.compress(a);
                    } else {
                        memory.evict(a);
                    }
                }
                case ARRIVING, LEAVING, COMPRESSING -> {
                    if (random.nextInt(4) == 0) {
                        memory.free(a);
                        all.remove(a);
                    }
                }
                case GONE -> throw new AssertionError(a + " is still listed");
            }
            if (random.nextInt(6) == 0) {
                memory.grow(random.nextInt(3), random.nextLong(20 * MIB));
            }
            bench.device.check();
            bench.runTo(bench.clock.nowNs() + random.nextLong(1, 4 * MIB));
            bench.device.check();
        }
        bench.runOut();
        all.forEach(memory::free);
        bench.device.check();
        assertThat(bench.device.usedMemoryBytes()).isZero();
        for (int pool = 0; pool < 3; pool++) {
            long home = (pool == 0 ? 34 : 10 * pool) * MIB;
            assertThat(memory.place(asked(AllocationSpec.of(home)), pool, PageSize.MIB_2, false))
                    .as("all of pool %s", pool)
                    .isTrue();
        }
        bench.device.check();
    }
}

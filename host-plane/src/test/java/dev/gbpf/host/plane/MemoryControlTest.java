package dev.gbpf.host.plane;

import static dev.gbpf.host.plane.MemoryLab.MIB;
import static dev.gbpf.host.plane.MemoryLab.MS;
import static dev.gbpf.host.plane.MemoryLab.pinned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.WellKnownMap;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.allocation.Access;
import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.allocation.AllocationSpec;
import dev.gbpf.host.allocation.PageSize;
import dev.gbpf.host.allocation.Place;
import dev.gbpf.host.failsafe.Trip;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.sim.PoolSpec;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.vm.ExecutionFault;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What the plane asks about device memory, and what comes of the answers. */
class MemoryControlTest {
    private static final int DENY = 1;
    private static final int SPILL = 2;
    private static final int POSTPONE = 3;
    private static final int SHRINK = 1;
    private static final int GROW = 2;
    private static final int KEEP = 1;
    private static final int COMPRESS = 2;

    private static JavaPolicy onAlloc(long verdict) {
        return new JavaPolicy("p").on(Hook.ON_MEM_ALLOC, (ctx, plane) -> verdict);
    }

    private static JavaPolicy onFault(long verdict) {
        return new JavaPolicy("p").on(Hook.ON_MEM_FAULT, (ctx, plane) -> verdict);
    }

    @Test
    void bypass_givesInOrderOfArrival_andNobodyPassesALargeRequest() {
        try (MemoryLab lab = new MemoryLab()) {
            Allocation a = lab.ask(0, 40 * MIB);
            Allocation b = lab.ask(1, 40 * MIB);
            Allocation c = lab.ask(2, MIB);
            lab.run(100 * MS);
            assertThat(lab.granted).containsExactly(a);
            lab.memory().free(a);
            lab.run(MS);
            assertThat(lab.granted).containsExactly(a, b, c);
            assertThat(lab.plane.statistics().decisions(Hook.ON_MEM_ALLOC)).isZero();
        }
    }

    @Test
    void request_forMoreThanThereIs_isDenied() {
        try (MemoryLab lab = new MemoryLab()) {
            Allocation a = lab.ask(0, 65 * MIB);
            assertThat(lab.denied).containsEntry(a, PolicyPlane.REASON_TOO_LARGE);
            assertThat(a.place()).isEqualTo(Place.GONE);
        }
    }

    @Test
    void program_seesTheRequest_andChoosesPoolPagesAndReason() {
        try (MemoryLab lab = new MemoryLab(new PoolSpec("other", 32 * MIB))) {
            List<Long> seen = new ArrayList<>();
            lab.decide(new JavaPolicy("p")
                    .on(Hook.ON_MEM_ALLOC, (ctx, plane) -> {
                        for (String field : List.of("bytes", "tenant_used", "free", "capacity", "tag")) {
                            seen.add(JavaPolicy.u64(Hook.ON_MEM_ALLOC, ctx, field));
                        }
                        for (String field : List.of("tenant", "access", "flags", "compressed_to", "pools", "waiting")) {
                            seen.add((long) JavaPolicy.u32(Hook.ON_MEM_ALLOC, ctx, field));
                        }
                        JavaPolicy.set(Hook.ON_MEM_ALLOC, ctx, "pool", 1);
                        JavaPolicy.set(Hook.ON_MEM_ALLOC, ctx, "page_size", Constants.PAGE_2M);
                        JavaPolicy.set(Hook.ON_MEM_ALLOC, ctx, "reason", 77);
                        return JavaPolicy.u64(Hook.ON_MEM_ALLOC, ctx, "bytes") > MIB ? DENY : 0;
                    })
                    .image());
            Allocation a = lab.ask(1, new AllocationSpec(MIB, Access.COLD, true, false, 400, 9));
            Allocation b = lab.ask(1, 3 * MIB);
            assertThat(seen)
                    .containsExactly(
                            MIB,
                            0L,
                            64 * MIB,
                            64 * MIB,
                            9L,
                            1L,
                            Constants.MEM_COLD,
                            Constants.MEM_RANDOM,
                            400L,
                            2L,
                            0L,
                            3 * MIB,
                            2 * MIB,
                            62 * MIB,
                            64 * MIB,
                            0L,
                            1L,
                            Constants.MEM_WARM,
                            0L,
                            1000L,
                            2L,
                            0L);
            assertThat(a.pool()).isEqualTo(1);
            assertThat(a.pages()).isEqualTo(PageSize.MIB_2);
            assertThat(lab.denied).containsEntry(b, 77L);
        }
    }

    @Test
    void spilledRequest_isBroughtToTheDevice_whenItIsUsed() {
        try (MemoryLab lab = new MemoryLab()) {
            lab.decide(onAlloc(SPILL).image());
            Allocation a = lab.ask(0, 4 * MIB);
            assertThat(lab.granted).containsExactly(a);
            assertThat(a.place()).isEqualTo(Place.HOST);
            lab.memory().use(a);
            lab.run(5 * MS);
            assertThat(lab.ready).as("SPILL means POSTPONE now").isEmpty();
            lab.decide(new JavaPolicy("q").image());
            lab.run(4 * MIB);
            assertThat(lab.ready).containsExactly(a);
            assertThat(a.place()).isEqualTo(Place.DEVICE);
            assertThat(lab.events(MemoryEvent.RETURNED)).containsExactly(a);
        }
    }

    @Test
    void postponedRequest_letsOthersPass_andIsAskedAboutAgainAtATick() {
        try (MemoryLab lab = new MemoryLab()) {
            List<Integer> flags = new ArrayList<>();
            boolean[] open = new boolean[1];
            lab.decide(new JavaPolicy("p")
                    .on(Hook.ON_MEM_ALLOC, (ctx, plane) -> {
                        if (JavaPolicy.u32(Hook.ON_MEM_ALLOC, ctx, "tenant") != 0) {
                            return 0;
                        }
                        flags.add(JavaPolicy.u32(Hook.ON_MEM_ALLOC, ctx, "flags"));
                        return open[0] ? 0 : POSTPONE;
                    })
                    .image());
            Allocation a = lab.ask(0, MIB);
            Allocation b = lab.ask(1, MIB);
            lab.now();
            assertThat(lab.granted).containsExactly(b);
            open[0] = true;
            lab.run(20 * MS);
            assertThat(lab.granted).containsExactly(b, a);
            assertThat(flags.getFirst()).isZero();
            assertThat(flags.getLast()).isEqualTo((int) Constants.MEM_AGAIN);
        }
    }

    @Test
    void fullPool_isShrunk_byWhatWasNotUsedForLongest_neverPinnedNorInUse() {
        try (MemoryLab lab = new MemoryLab()) {
            lab.decide(onFault(SHRINK).image());
            Allocation pinned = lab.ask(0, pinned(8 * MIB));
            Allocation used = lab.ask(0, 8 * MIB);
            lab.memory().use(used);
            lab.run(MS);
            Allocation old = lab.ask(1, 16 * MIB);
            Allocation newer = lab.ask(2, 16 * MIB);
            lab.run(MS);
            lab.memory().use(old);
            lab.now();
            lab.memory().release(old);
            Allocation more = lab.ask(1, 30 * MIB);
            assertThat(lab.events(MemoryEvent.EVICTED)).containsExactly(newer);
            lab.run(16 * MIB);
            assertThat(lab.granted).endsWith(more);
            assertThat(newer.place()).isEqualTo(Place.HOST);
            lab.ask(2, 40 * MIB);
            lab.run(200 * MS);
            assertThat(lab.events(MemoryEvent.EVICTED)).containsExactly(newer, old, more);
            assertThat(pinned.place()).isEqualTo(Place.DEVICE);
            assertThat(used.place()).isEqualTo(Place.DEVICE);
            assertThat(lab.granted)
                    .as("a request that is larger than what can be freed gets it all")
                    .hasSize(6);
        }
    }

    @Test
    void greatestRank_givesWay_andWhatIsKeptStays() {
        try (MemoryLab lab = new MemoryLab()) {
            lab.decide(onFault(SHRINK)
                    .on(Hook.ON_RECLAIM, (ctx, plane) -> {
                        int tenant = JavaPolicy.u32(Hook.ON_RECLAIM, ctx, "tenant");
                        JavaPolicy.set(Hook.ON_RECLAIM, ctx, "rank", tenant == 1 ? -1 : tenant);
                        return tenant == 0 ? KEEP : 0;
                    })
                    .image());
            lab.ask(0, 20 * MIB);
            Allocation second = lab.ask(2, 20 * MIB);
            Allocation first = lab.ask(1, 20 * MIB);
            lab.ask(0, 40 * MIB);
            lab.run(100 * MS);
            assertThat(lab.events(MemoryEvent.EVICTED)).containsExactly(first, second);
            assertThat(lab.granted).hasSize(4);
        }
    }

    @Test
    void compression_makesRoomInPlace_onlyWhereItSavesSomething() {
        try (MemoryLab lab = new MemoryLab()) {
            lab.decide(onFault(SHRINK)
                    .on(Hook.ON_RECLAIM, (ctx, plane) -> COMPRESS)
                    .image());
            lab.ask(0, 20 * MIB);
            Allocation soft = lab.ask(1, new AllocationSpec(40 * MIB, Access.WARM, false, false, 500, 0));
            Allocation more = lab.ask(2, 20 * MIB);
            lab.run(MS);
            assertThat(lab.events(MemoryEvent.COMPRESSED)).containsExactly(soft);
            assertThat(lab.granted).endsWith(more);
            assertThat(soft.footprint()).isEqualTo(20 * MIB);
            lab.ask(2, 20 * MIB);
            lab.run(100 * MS);
            assertThat(lab.events(MemoryEvent.EVICTED)).isEmpty();
            assertThat(lab.granted).hasSize(3);
        }
    }

    @Test
    void pool_growsByWhatIsMissing() {
        try (MemoryLab lab = new MemoryLab(new PoolSpec("small", 8 * MIB))) {
            lab.decide(onFault(GROW)
                    .on(Hook.ON_MEM_ALLOC, (ctx, plane) -> {
                        JavaPolicy.set(Hook.ON_MEM_ALLOC, ctx, "pool", 1);
                        return 0;
                    })
                    .image());
            lab.ask(0, 20 * MIB);
            lab.now();
            assertThat(lab.granted).hasSize(1);
            assertThat(lab.events(MemoryEvent.EVICTED)).isEmpty();
            assertThat(lab.plane.statistics().memory(MemoryEvent.GREW)).isPositive();
            Allocation tooLarge = lab.ask(0, 60 * MIB);
            assertThat(lab.denied).containsKey(tooLarge);
        }
    }

    @Test
    void pressure_isAskedAboutOnce_untilThereIsEnoughAgain() {
        try (MemoryLab lab = new MemoryLab()) {
            List<Long> missing = new ArrayList<>();
            lab.decide(new JavaPolicy("p")
                    .on(Hook.ON_MEM_FAULT, (ctx, plane) -> {
                        assertThat(JavaPolicy.u32(Hook.ON_MEM_FAULT, ctx, "reason"))
                                .isEqualTo((int) Constants.MEM_PRESSURE);
                        missing.add(JavaPolicy.u64(Hook.ON_MEM_FAULT, ctx, "missing"));
                        return 0;
                    })
                    .image());
            Allocation a = lab.ask(0, 61 * MIB);
            lab.run(100 * MS);
            assertThat(missing).containsExactly(5 * MIB);
            lab.memory().free(a);
            lab.run(MS);
            lab.ask(0, 62 * MIB);
            lab.run(100 * MS);
            assertThat(missing).containsExactly(5 * MIB, 6 * MIB);
        }
    }

    @Test
    void failingProgram_isTakenOut_andWhoWaitsIsServed() {
        for (Hook hook : List.of(Hook.ON_MEM_ALLOC, Hook.ON_MEM_FAULT, Hook.ON_RECLAIM)) {
            try (MemoryLab lab = new MemoryLab()) {
                lab.decide(onFault(SHRINK)
                        .on(hook, (ctx, plane) -> {
                            throw new ExecutionFault(
                                    17,
                                    ExecutionFault.Kind.BAD_ACCESS,
                                    "outside",
                                    LongStream.range(0, 11).boxed().toList());
                        })
                        .image());
                Allocation a = lab.ask(0, 40 * MIB);
                Allocation b = lab.ask(1, 40 * MIB);
                lab.run(20 * MS);
                assertThat(lab.exits).as(hook.symbol()).singleElement().satisfies(exit -> {
                    assertThat(exit.trip().kind()).isEqualTo(Trip.Kind.RUNTIME_ERROR);
                    assertThat(exit.dump()).contains("\"hook\":\"" + hook.symbol() + "\"");
                });
                assertThat(lab.granted).as(hook.symbol()).containsExactly(a);
                lab.memory().free(a);
                lab.run(MS);
                assertThat(lab.granted).as(hook.symbol()).containsExactly(a, b);
            }
        }
    }

    @Test
    void policy_thatPostponesWithoutEnd_isTakenOut_andOneThatHasReasonIsNot() {
        try (MemoryLab lab = new MemoryLab()) {
            lab.decide(onAlloc(POSTPONE).image());
            Allocation a = lab.ask(0, MIB);
            lab.run(4_900 * MS);
            assertThat(lab.exits).isEmpty();
            lab.run(200 * MS);
            assertThat(lab.exits).singleElement().satisfies(exit -> {
                assertThat(exit.trip().kind()).isEqualTo(Trip.Kind.MEMORY_HOLD);
                assertThat(exit.trip().kind().code()).isEqualTo(14);
            });
            assertThat(lab.plane.activePolicy()).isEqualTo(ActivationRecord.BYPASS);
            assertThat(lab.granted).containsExactly(a);
        }
        try (MemoryLab lab = new MemoryLab()) {
            lab.ask(1, 60 * MIB);
            lab.decide(onAlloc(POSTPONE).image());
            lab.ask(0, 8 * MIB);
            lab.run(20_000 * MS);
            assertThat(lab.exits).as("there is no room").isEmpty();
        }
    }

    @Test
    void policy_thatDeniesEverything_isTakenOut() {
        try (MemoryLab lab = new MemoryLab()) {
            lab.decide(onAlloc(DENY).image());
            for (int i = 0; i < 200; i++) {
                for (int k = 0; k < 10; k++) {
                    lab.ask(0, MIB);
                }
                lab.run(5 * MS);
            }
            assertThat(lab.exits).singleElement().satisfies(exit -> {
                assertThat(exit.trip().kind()).isEqualTo(Trip.Kind.REJECT_STORM);
                assertThat(exit.trip().reason()).contains("requests for device memory were denied");
            });
        }
    }

    @Test
    void mistakesOfTenants_areRefusedOrCounted() {
        try (MemoryLab lab = new MemoryLab()) {
            Allocation a = lab.ask(0, MIB);
            lab.now();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> lab.memory().release(a))
                    .withMessageContaining("not in use");
            lab.memory().use(a);
            lab.now();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> lab.memory().free(a))
                    .withMessageContaining("in use");
            lab.memory().release(a);
            lab.memory().free(a);
            lab.memory().free(a);
            assertThat(lab.plane.statistics().duplicateFrees()).isEqualTo(1);
            assertThatThrownBy(() -> lab.plane.memory().use(a)).hasMessageContaining("is gone");
        }
    }

    @Test
    void planeOfADeviceWithoutMemory_saysSo() {
        try (MemoryLab owner = new MemoryLab();
                PolicyPlane plane = new PolicyPlane(
                        new PlaneConfig(MemoryLab.TENANTS, 1, MS),
                        new ManualDevice(1, 1),
                        () -> 0,
                        new PlaneListener() {})) {
            assertThatThrownBy(() -> plane.memory().request(MemoryLab.TENANTS.getFirst(), AllocationSpec.of(1), owner))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("no memory to hand out");
        }
    }

    @Test
    void mempool_showsLimitsAndUse_andKeepsWhatAUserSet() {
        String source = """
                policy watcher;
                struct MemPool { soft: u64, hard: u64, used: u64, leaving: u64, spilled: u64, waiting: u64, allocations: u32, waits: u32 }
                map MEMPOOL: array<MemPool>[MAX_TENANTS];
                hook on_mem_fault(ctx) { return SHRINK; }
                """;
        try (MapRegistry maps = new MapRegistry();
                MemoryLab lab = new MemoryLab()) {
            lab.decide(((LoadResult.Loaded) new ImageLoader(maps)
                            .load(((CompileResult.Compiled) PolicyCompiler.compile(new SourceFile("w.gbpf", source)))
                                    .object()))
                    .image());
            Allocation a = lab.ask(0, 20 * MIB);
            lab.ask(0, 12 * MIB);
            lab.ask(1, 30 * MIB);
            lab.run(MS);
            lab.ask(2, 10 * MIB);
            assertThat(a.place()).isEqualTo(Place.LEAVING);
            BpfMap map = maps.maps("watcher").getFirst();
            assertThat(entry(map, 0)).containsExactly(8 * MIB, 16 * MIB, 32 * MIB, 20 * MIB, 0L, 0L, 2L, 0L);
            assertThat(entry(map, 2)).containsExactly(0L, 0L, 0L, 0L, 0L, 10 * MIB, 0L, 1L);
            lab.run(30 * MS);
            assertThat(entry(map, 0)).containsExactly(8 * MIB, 16 * MIB, 12 * MIB, 0L, 20 * MIB, 0L, 1L, 0L);
            assertThat(entry(map, 2)).containsExactly(0L, 0L, 10 * MIB, 0L, 0L, 0L, 1L, 0L);
            byte[] changed = map.get(0).orElseThrow();
            ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 5);
            map.put(0, changed, BpfMap.ANY);
            lab.ask(0, MIB);
            lab.run(MS);
            assertThat(entry(map, 0)).startsWith(5L, 16 * MIB, 13 * MIB);
        }
    }

    private static List<Long> entry(BpfMap map, long tenant) {
        ByteBuffer bytes = ByteBuffer.wrap(map.get(tenant).orElseThrow()).order(ByteOrder.LITTLE_ENDIAN);
        return WellKnownMap.MEMPOOL.value().fields().stream()
                .map(f -> f.width().bytes() == 4 ? (long) bytes.getInt(f.offset()) : bytes.getLong(f.offset()))
                .toList();
    }
}

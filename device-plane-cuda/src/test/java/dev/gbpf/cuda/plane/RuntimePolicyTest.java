package dev.gbpf.cuda.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.Errno;
import dev.gbpf.abi.Hook;
import dev.gbpf.cuda.cpu.TestTasks;
import dev.gbpf.cuda.layout.TaskFlags;
import dev.gbpf.cuda.table.DeviceHash;
import dev.gbpf.cuda.table.DevicePolicy;
import dev.gbpf.cuda.table.DeviceProgram;
import dev.gbpf.cuda.table.FaultKind;
import dev.gbpf.cuda.table.LogEntry;
import dev.gbpf.cuda.table.Policies;
import dev.gbpf.cuda.table.PolicyFault;
import dev.gbpf.cuda.table.PolicyTables;
import dev.gbpf.host.map.BpfMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verified programs decide under the kernel on the CPU build, and are swapped while it runs. */
class RuntimePolicyTest {
    private static final Duration PATIENCE = TestPlane.PATIENCE;

    private static final int SWAPS = 120;
    private static final int MOST_FED = 500_000;

    private static Path tasks;

    @BeforeAll
    static void compile(@TempDir Path folder) throws IOException, InterruptedException {
        tasks = TestTasks.compile(folder);
    }

    static void awaitTrue(BooleanSupplier condition) {
        long limit = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(limit);
            LockSupport.parkNanos(200_000);
        }
    }

    private static void offer(TestPlane plane, int ring, String function, int a, long b) {
        assertThat(plane.runtime.compactRing(ring).offer(plane.head(function, TaskFlags.WARP), a, b))
                .isTrue();
    }

    @Test
    void admission_thatSkipsAndParks_isObeyedFromTheFirstTaskOn() {
        try (TestPlane plane = TestPlane.open(tasks)) {
            PolicyTables policies = plane.runtime.policies();
            policies.publish(Policies.of("""
                    policy stern;
                    hook cta_admit(ctx) {
                        log(7, ctx.tag);
                        if ctx.tag % 4 == 1 { return SKIP; }
                        if ctx.tag % 4 == 3 { return PARK; }
                        return START;
                    }
                    hook sm_tick(ctx) { return ctx.tenant & 1; } // WITHHOLD from tenant 1
                    """), PATIENCE);
            for (int i = 0; i < 100; i++) {
                offer(plane, 0, "mark", 1, i);
                offer(plane, 1, "mark", 1, 1000 + i);
            }
            plane.runtime.start(TestPlane.LAUNCH);
            awaitTrue(() -> plane.ran() >= 50);
            assertThat(policies.awaitSettled(PATIENCE)).isTrue();
            LockSupport.parkNanos(2_000_000);
            assertThat(plane.ran()).isEqualTo(50);
            assertThat(policies.log()).isNotEmpty().extracting(LogEntry::tag).containsOnly(7L);
            policies.publish(DevicePolicy.FAIR, PATIENCE);
            assertThat(plane.runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
            assertThat(plane.ran()).isEqualTo(200);
            assertThat(plane.twice()).isZero();
            assertThat(policies.faults()).isZero();
            assertThat(plane.runtime.status().policyEpoch()).isEqualTo(2);
        }
    }

    @Test
    void swaps_underLoad_loseNothing_andKeepMaps() throws InterruptedException {
        DevicePolicy[] versions = new DevicePolicy[4];
        for (int v = 0; v < versions.length; v++) {
            versions[v] = Policies.of("policy counter; map asked: array<u64>[64];"
                    + " hook cta_admit(ctx) { asked[ctx.tenant] += 1; if (ctx.now_ns ^ " + v
                    + ") & 7 == 0 { return SKIP; } return START; }"
                    + " hook sm_tick(ctx) { ctx.share = " + (v + 1) + "; return REFILL; }");
        }
        try (TestPlane plane = TestPlane.open(tasks)) {
            DeviceRuntime runtime = plane.runtime;
            PolicyTables policies = runtime.policies();
            AtomicBoolean enough = new AtomicBoolean();
            AtomicLong fed = new AtomicLong();
            runtime.start(TestPlane.LAUNCH);
            policies.publish(versions[0], PATIENCE);
            List<Thread> feeders = List.of(feeder(plane, 0, enough, fed), feeder(plane, 1, enough, fed));
            awaitTrue(() -> policies.array("asked").orElseThrow().number(0) > 0);
            for (int swaps = 1; swaps <= SWAPS; swaps++) {
                policies.publish(versions[swaps % versions.length], PATIENCE);
                // Blocks may count over each other, but nobody begins anew.
                assertThat(policies.array("asked").orElseThrow().number(0)).isPositive();
            }
            enough.set(true);
            for (Thread feeder : feeders) {
                feeder.join();
            }
            assertThat(policies.awaitSettled(PATIENCE)).isTrue();
            assertThat(runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
            assertThat(plane.ran()).isEqualTo(fed.get());
            assertThat(plane.twice()).isZero();
            assertThat(policies.faults()).isZero();
            assertThat(policies.isEjected()).isFalse();
            assertThat(runtime.status().policyEpoch()).isEqualTo(SWAPS + 1);
            assertThat(policies.array("asked").orElseThrow().number(1)).isPositive();
        }
    }

    @Test
    void hashes_areTheProgramsAndTheHosts_andStayForTheNextVersion() {
        String source = """
                policy tags;
                map seen: hash<u64, u64>[64];
                map recent: lru_hash<u64, u64>[4];
                hook cta_admit(ctx) {
                    if let n = seen[ctx.tag % 8] { n += 1; } else { seen[ctx.tag % 8] = STEP; }
                    recent[ctx.tag] = 1;
                    if (seen[99] else 0) == 1 { return PARK; }
                    return START;
                }
                """;
        try (TestPlane plane = TestPlane.open(tasks)) {
            PolicyTables policies = plane.runtime.policies();
            policies.publish(Policies.of(source.replace("STEP", "1")), PATIENCE);
            DeviceHash seen = policies.hash("seen").orElseThrow();
            assertThat(seen.entries()).isEmpty();
            assertThatThrownBy(() -> seen.put(bytes(99), bytes(1), BpfMap.ANY))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("map seen: only a kernel changes it, and none runs; start the runtime first");
            plane.runtime.start(TestPlane.LAUNCH);
            plane.feed(plane.runtime.compactRing(0), 0, 400);
            awaitTrue(() -> plane.ran() == 400);
            assertThat(seen.entries()).hasSize(8).allMatch(e -> number(e.key()) < 8 && number(e.value()) > 0);
            assertThat(policies.hash("recent").orElseThrow().entries()).hasSize(4);

            assertThat(seen.put(bytes(99), bytes(1), BpfMap.NO_EXIST)).isZero();
            assertThat(seen.put(bytes(99), bytes(1), BpfMap.NO_EXIST)).isEqualTo(Errno.EEXIST);
            assertThat(seen.get(bytes(99)).map(RuntimePolicyTest::number)).contains(1L);
            offer(plane, 0, "mark", 1, 1000);
            LockSupport.parkNanos(3_000_000);
            assertThat(plane.ran()).as("what the host says holds").isEqualTo(400);
            assertThat(seen.remove(bytes(99))).isZero();
            assertThat(seen.remove(bytes(99))).isEqualTo(Errno.ENOENT);
            awaitTrue(() -> plane.ran() == 401);

            policies.publish(Policies.of(source.replace("STEP", "2")), PATIENCE);
            assertThat(policies.hash("seen")).contains(seen);
            assertThat(seen.entries()).hasSize(8);
            assertThat(seen.refused() + seen.busy()).isZero();
            policies.publish(DevicePolicy.FAIR, PATIENCE);
            assertThat(policies.awaitSettled(PATIENCE)).isTrue();
            policies.publish(DevicePolicy.FAIR, PATIENCE);
            assertThatThrownBy(() -> seen.get(bytes(1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("map seen is gone with its policy; ask for the map of the one that was published last");
            assertThat(policies.faults()).isZero();
            assertThat(plane.runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
        }
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(number)
                .array();
    }

    private static long number(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** Feeds a ring until it is told to stop; numbers of its tasks begin at a half of those there are. */
    private static Thread feeder(TestPlane plane, int ring, AtomicBoolean enough, AtomicLong fed) {
        return Thread.ofPlatform().start(() -> {
            for (int next = ring * MOST_FED; !enough.get() && next < (ring + 1) * MOST_FED; next += 100) {
                plane.feed(plane.runtime.compactRing(ring), next, 100);
                fed.addAndGet(100);
                LockSupport.parkNanos(200_000);
            }
        });
    }

    @Test
    void overrun_ejectsThePolicy_untilANewerOne() {
        DevicePolicy sound = Policies.of("""
                policy slow;
                hook cta_admit(ctx) {
                    var sum = 0;
                    for i in 0..20 { sum += ctx.tag ^ i; }
                    if sum == 3 { return PARK; }
                    return START;
                }
                """);
        DevicePolicy wrong = new DevicePolicy(
                "slow",
                List.of(new DeviceProgram(
                        Hook.CTA_ADMIT,
                        sound.program(Hook.CTA_ADMIT).orElseThrow().program(),
                        3)),
                sound.maps());
        try (TestPlane plane = TestPlane.open(tasks)) {
            PolicyTables policies = plane.runtime.policies();
            plane.runtime.start(TestPlane.LAUNCH);
            long epoch = policies.publish(wrong, PATIENCE);
            assertThat(policies.awaitSettled(PATIENCE)).isTrue();
            plane.feed(plane.runtime.compactRing(0), 0, 500);
            awaitTrue(() -> plane.ran() == 500 && policies.isEjected());
            awaitTrue(() -> policies.fault().isPresent());
            PolicyFault fault = policies.fault().orElseThrow();
            assertThat(fault.kind()).isEqualTo(FaultKind.OVERRUN);
            assertThat(fault.hook()).contains(Hook.CTA_ADMIT);
            assertThat(fault.epoch()).isEqualTo(epoch);
            assertThat(fault.block()).isLessThan(plane.runtime.params().workers());
            assertThat(fault.toString()).contains("policy slow").contains("overrun in cta_admit at pc=");
            long faults = policies.faults();
            assertThat(faults).isPositive();
            policies.publish(sound, PATIENCE);
            plane.feed(plane.runtime.compactRing(0), 500, 500);
            assertThat(plane.runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
            assertThat(plane.ran()).isEqualTo(1000);
            assertThat(policies.isEjected()).isFalse();
            assertThat(policies.fault()).isEmpty();
        }
    }

    @Test
    void policyThatLetsNothingStart_isEjected_andTasksRun() {
        DevicePolicy stalls = Policies.of("""
                policy stalls;
                hook cta_admit(ctx) {
                    if ctx.tenant < 64 { return SKIP; }
                    return START;
                }
                """);
        try (TestPlane plane = TestPlane.open(tasks)) {
            PolicyTables policies = plane.runtime.policies();
            plane.runtime.start(TestPlane.LAUNCH);
            policies.publish(stalls, PATIENCE);
            assertThat(policies.awaitSettled(PATIENCE)).isTrue();
            plane.feed(plane.runtime.compactRing(0), 0, 500);
            assertThat(plane.runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
            assertThat(plane.ran()).isEqualTo(500);
            PolicyFault fault = policies.fault().orElseThrow();
            assertThat(fault.kind()).isEqualTo(FaultKind.STALL);
            assertThat(fault.hook()).isEmpty();
            assertThat(fault.toString()).contains("policy stalls").contains("stall, tenant=0");
        }
    }
}

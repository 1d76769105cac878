package dev.gbpf.cuda.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.cuda.cpu.TestTasks;
import dev.gbpf.cuda.layout.TaskFlags;
import dev.gbpf.cuda.table.DevicePolicy;
import dev.gbpf.cuda.table.Policies;
import dev.gbpf.cuda.table.PolicyTables;
import dev.gbpf.host.device.SensorReading;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.map.SnapshotMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library's device policies under the kernel on the CPU build. */
class LibraryOnDeviceTest {
    private static final Duration PATIENCE = TestPlane.PATIENCE;

    private static Path tasks;

    @BeforeAll
    static void compile(@TempDir Path folder) throws IOException, InterruptedException {
        tasks = TestTasks.compile(folder);
    }

    private static void offer(TestPlane plane, int ring, String function, int a, long b) {
        assertThat(plane.runtime.compactRing(ring).offer(plane.head(function, TaskFlags.WARP), a, b))
                .isTrue();
    }

    private static TestPlane with(String policy) {
        TestPlane plane = TestPlane.open(tasks);
        plane.runtime.policies().publish(Policies.library(policy), PATIENCE);
        return plane;
    }

    private static void awaitShares(TestPlane plane, int first, int second) {
        RuntimePolicyTest.awaitTrue(() -> plane.share(0) == first && plane.share(1) == second);
    }

    private static void drain(TestPlane plane) {
        plane.letGo();
        assertThat(plane.runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
        assertThat(plane.runtime.policies().faults()).isZero();
    }

    @Test
    void deviceFair_givesSharesByWeight() {
        try (TestPlane plane = with("device_fair")) {
            plane.runtime.configure(0, TenantConfig.usual().withWeight(3));
            plane.runtime.configure(1, TenantConfig.usual().withWeight(70));
            plane.runtime.start(TestPlane.LAUNCH);
            awaitShares(plane, 3, 70);
            plane.runtime.configure(0, TenantConfig.usual().withWeight(4));
            awaitShares(plane, 4, 70);
            drain(plane);
        }
    }

    @Test
    void devicePriority_whileUrgentTasksWait_givesOthersTheLeastShare() {
        try (TestPlane plane = with("device_priority")) {
            plane.runtime.configure(0, TenantConfig.usual().withWeight(5));
            plane.runtime.configure(1, TenantConfig.usual().withWeight(6).withPriority(7));
            plane.runtime.start(TestPlane.LAUNCH);
            awaitShares(plane, 5000, 6000);
            int warps =
                    plane.runtime.params().workers() * plane.runtime.params().warps();
            for (int i = 0; i < warps; i++) {
                offer(plane, 0, "stuck", 0, 0);
            }
            for (int i = 0; i < 10; i++) {
                offer(plane, 0, "mark", 1, i);
                offer(plane, 1, "mark", 1, 100 + i);
            }
            awaitShares(plane, 1, 6000);
            plane.letGo();
            awaitShares(plane, 5000, 6000);
            drain(plane);
            assertThat(plane.ran()).isEqualTo(20);
        }
    }

    @Test
    void deviceEdf_givesSharesByTheTimeThatIsLeft() {
        try (TestPlane plane = with("device_edf")) {
            plane.runtime.start(TestPlane.LAUNCH);
            awaitShares(plane, 1_000_000, 1_000_000);
            // Both clocks are the system's monotonic one.
            offer(plane, 0, "sum_of_descriptor", 0, System.nanoTime() + 60_000_000_000L);
            awaitShares(plane, 1, 1_000_000);
            offer(plane, 0, "sum_of_descriptor", 0, System.nanoTime());
            offer(plane, 1, "sum_of_descriptor", 0, 0);
            awaitShares(plane, 1_000_000, 1);
            drain(plane);
        }
    }

    @Test
    void deviceAllowance_countsWhatIsUsed_andTakesTheSharesOfWhoIsSpent() {
        DevicePolicy policy = Policies.library("device_allowance");
        BpfMap used = shared(policy, "used");
        BpfMap spent = shared(policy, "spent");
        try (TestPlane plane = TestPlane.open(tasks)) {
            plane.runtime.policies().publish(policy.withShared(List.of(used, spent)), PATIENCE);
            plane.runtime.configure(0, TenantConfig.usual().withWeight(3));
            plane.runtime.configure(1, TenantConfig.usual().withWeight(4));
            plane.runtime.start(TestPlane.LAUNCH);
            awaitShares(plane, 3000, 4000);
            for (int i = 0; i < 100; i++) {
                offer(plane, 1, "mark", 1, i);
            }
            RuntimePolicyTest.awaitTrue(() -> number(used, 1) > 0);
            assertThat(number(used, 0)).isZero();
            spent.put(1, new byte[] {1, 0, 0, 0}, BpfMap.ANY);
            ((SnapshotMap) spent).publish();
            RuntimePolicyTest.awaitTrue(plane.runtime.policies()::refresh);
            awaitShares(plane, 3000, 1);
            drain(plane);
        } finally {
            used.close();
            spent.close();
        }
    }

    private static BpfMap shared(DevicePolicy policy, String name) {
        return MapFactory.create(policy.maps().stream()
                .filter(map -> map.name().equals(name))
                .findFirst()
                .orElseThrow());
    }

    private static long number(BpfMap map, int key) {
        return ByteBuffer.wrap(map.get(key).orElseThrow())
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
    }

    @Test
    void deviceStealing_leavesTheLastFewToTheirHome() {
        try (TestPlane plane = TestPlane.open(tasks, p -> p.vslices(1, 2))) {
            PolicyTables policies = plane.runtime.policies();
            policies.publish(Policies.library("device_stealing"), PATIENCE);
            byte[] second = ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(2)
                    .array();
            policies.array("home").orElseThrow().put(1, 0, second);
            plane.runtime.start(TestPlane.LAUNCH);
            // One after the other, so that nobody steals them, all warps of the home are taken.
            for (int warp = 0; warp < plane.runtime.params().warps(); warp++) {
                offer(plane, 1, "stuck", 0, 0);
                assertThat(plane.runtime.compactRing(1).awaitTaken(PATIENCE)).isTrue();
                LockSupport.parkNanos(2_000_000);
                RuntimePolicyTest.awaitTrue(
                        () -> plane.runtime.status().tenants().get(1).queued() == 0);
            }
            for (int i = 0; i < 3; i++) {
                offer(plane, 1, "mark", 1, i);
            }
            LockSupport.parkNanos(10_000_000);
            assertThat(plane.ran()).as("the last few wait for their home").isZero();
            for (int i = 3; i < 40; i++) {
                offer(plane, 1, "mark", 1, i);
            }
            RuntimePolicyTest.awaitTrue(() -> plane.ran() >= 30);
            LockSupport.parkNanos(5_000_000);
            assertThat(plane.ran()).isLessThanOrEqualTo(37);
            plane.letGo();
            assertThat(plane.runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
            assertThat(plane.ran()).isEqualTo(40);
            assertThat(policies.faults()).isZero();
        }
    }

    @Test
    void thermalCap_whenItIsHot_keepsWorkersIdle() {
        try (TestPlane plane = TestPlane.open(tasks)) {
            plane.runtime.policies().publish(Policies.library("thermal_cap"), PATIENCE);
            plane.runtime.sense(new SensorReading(90, 0, 0, 0, 0));
            int warps = plane.runtime.params().warps();
            for (int i = 0; i < 2 * warps; i++) {
                offer(plane, 0, "stuck", 0, 0);
            }
            plane.runtime.start(TestPlane.LAUNCH);
            RuntimePolicyTest.awaitTrue(
                    () -> plane.runtime.status().tenants().getFirst().queued() == warps);
            LockSupport.parkNanos(5_000_000);
            assertThat(plane.runtime.status().tenants().getFirst().queued()).isEqualTo(warps);
            plane.runtime.sense(new SensorReading(40, 0, 0, 0, 0));
            RuntimePolicyTest.awaitTrue(
                    () -> plane.runtime.status().tenants().getFirst().queued() == 0);
            plane.letGo();
            assertThat(plane.runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
        }
    }
}

package dev.gbpf.cuda.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.cuda.cpu.TestTasks;
import dev.gbpf.cuda.layout.Limits;
import dev.gbpf.cuda.layout.TaskFlags;
import dev.gbpf.cuda.plane.RuntimeStatus.TenantStatus;
import dev.gbpf.cuda.table.DevicePolicy;
import dev.gbpf.cuda.table.Policies;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.host.map.SnapshotMap;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies that the device makes, on the CPU build. */
class CopyTest {
    private static final Duration PATIENCE = TestPlane.PATIENCE;
    private static Path tasks;

    @BeforeAll
    static void compile(@TempDir Path folder) throws IOException, InterruptedException {
        tasks = TestTasks.compile(folder);
    }

    private static TestPlane open() {
        return TestPlane.open(tasks, params -> params.fullRing(0, 512));
    }

    private static void copy(FullTaskRing ring, Copy copy, long tag) {
        assertThat(ring.claim(1, PATIENCE)).isOne();
        ring.putCopy(0, copy, TaskFlags.NOTIFY, tag, 0);
        ring.publish(1);
    }

    private static byte[] read(DeviceBuffer buffer) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment all = arena.allocate(buffer.bytes());
            buffer.read(0, all);
            return all.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    @Test
    void copies_betweenBuffersOfAllKinds_areMade_andAnswered() {
        int bytes = 3 * Limits.COPY_PIECE + 77;
        byte[] content = new byte[bytes];
        new Random(1).nextBytes(content);
        try (TestPlane plane = open();
                Arena arena = Arena.ofConfined()) {
            DeviceRuntime runtime = plane.runtime;
            DeviceBuffer host = runtime.hostBuffer(bytes + 1L);
            DeviceBuffer device = runtime.buffer(bytes + 3L);
            DeviceBuffer back = runtime.hostBuffer(bytes);
            host.write(1, arena.allocateFrom(ValueLayout.JAVA_BYTE, content));
            runtime.start(TestPlane.LAUNCH);
            assertThatThrownBy(() -> runtime.hostBuffer(1)).hasMessage("the kernel runs already");
            FullTaskRing ring = runtime.fullRing(3);
            List<String> ended = new ArrayList<>();
            Completions.Reader reader = (tag, result, status, function) ->
                    ended.add(tag + " " + result + " " + status + " " + (function == Limits.FUNCTION_COPY));
            copy(ring, Copy.of(host, 1, device, 3, bytes), 5);
            RuntimePolicyTest.awaitTrue(() -> runtime.completions(0).poll(reader, 1) == 1);
            copy(ring, Copy.of(device, 3, back, 0, bytes), 6);
            RuntimePolicyTest.awaitTrue(() -> runtime.completions(0).poll(reader, 1) == 1);
            assertThat(ended).containsExactly("5 " + bytes + " 0 true", "6 " + bytes + " 0 true");
            assertThat(read(back)).isEqualTo(content);
            assertThat(runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
            TenantStatus status = runtime.status().tenants().getFirst();
            assertThat(status.copiedBytes()).isEqualTo(2L * bytes);
            assertThat(status.finished()).isEqualTo(2);
        }
    }

    @Test
    void copy_outsideItsBuffers_orOverItself_isRefused() {
        try (TestPlane plane = open()) {
            DeviceBuffer one = plane.runtime.buffer(100);
            DeviceBuffer two = plane.runtime.buffer(50);
            assertThatThrownBy(() -> Copy.of(one, 60, two, 0, 41)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> Copy.of(one, 0, two, 10, 41)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> Copy.of(one, 0, one, 10, 11))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith("the two parts overlap");
            assertThat(Copy.of(one, 0, one, 10, 10).toHost()).isFalse();
            assertThatThrownBy(() -> new Copy(0, 0, -1, false)).hasMessage("bytes=-1: must be at least 0");
        }
    }

    /** device_copy_budget: whoever has no budget is done at once; the other moves its budget in the time that passes, and a piece. */
    @Test
    void deviceCopyBudget_slowsItsTenantDown_andNobodyElse() {
        int bytes = 40_000;
        int copies = 30;
        DevicePolicy policy = Policies.library("device_copy_budget");
        BpfMap budget = MapFactory.create(policy.maps().stream()
                .filter(map -> map.name().equals("budget"))
                .findFirst()
                .orElseThrow());
        budget.put(
                0,
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(20)
                        .array(), // MB/s
                BpfMap.ANY);
        ((SnapshotMap) budget).publish();
        try (TestPlane plane = open()) {
            DeviceRuntime runtime = plane.runtime;
            DeviceBuffer from = runtime.buffer(bytes);
            DeviceBuffer to = runtime.buffer(2L * copies * bytes);
            runtime.policies().publish(policy.withShared(List.of(budget)), PATIENCE);
            runtime.start(TestPlane.LAUNCH);
            RuntimePolicyTest.awaitTrue(() -> runtime.policies().awaitSettled(Duration.ZERO));
            long begin = runtime.status().deviceNs();
            for (int i = 0; i < copies; i++) {
                copy(runtime.fullRing(3), Copy.of(from, 0, to, 2L * i * bytes, bytes), i);
                copy(runtime.fullRing(2), Copy.of(from, 0, to, (2L * i + 1) * bytes, bytes), i);
            }
            RuntimePolicyTest.awaitTrue(() -> runtime.status().tenants().get(1).finished() == copies);
            RuntimePolicyTest.awaitTrue(() -> {
                long moved = runtime.status().tenants().getFirst().copiedBytes();
                long passed = runtime.status().deviceNs() - begin;
                // Two ticks may lie between what is read and when it was moved.
                assertThat(moved).isLessThanOrEqualTo(passed * 20 / 1000 + 2 * 20_000 + 2L * Limits.COPY_PIECE);
                return runtime.status().tenants().getFirst().finished() == copies;
            });
            assertThat(runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
            assertThat(runtime.status().tenants()).allMatch(t -> t.copiedBytes() == (long) copies * bytes);
            assertThat(runtime.policies().faults()).isZero();
        } finally {
            budget.close();
        }
    }
}

package dev.gbpf.cuda.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.cuda.cpu.TaskLibrary;
import dev.gbpf.cuda.cpu.TestTasks;
import dev.gbpf.cuda.layout.CompactTaskLayout;
import dev.gbpf.cuda.layout.TaskFlags;
import dev.gbpf.cuda.plane.RuntimeStatus.SlowTask;
import dev.gbpf.host.device.SensorReading;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runtime on the CPU build: it starts, is fed, drains, stops, goes on and is closed, and loses nothing. */
class DeviceRuntimeTest {
    private static final Duration PATIENCE = TestPlane.PATIENCE;

    private static Path tasks;

    @BeforeAll
    static void compile(@TempDir Path folder) throws IOException, InterruptedException {
        tasks = TestTasks.compile(folder);
    }

    private static void awaitTrue(BooleanSupplier condition) {
        long limit = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(limit);
            LockSupport.parkNanos(200_000);
        }
    }

    @Test
    void tasks_ofTwoFeeders_runOnceEach() throws InterruptedException {
        try (TestPlane plane = TestPlane.open(tasks)) {
            DeviceRuntime runtime = plane.runtime;
            runtime.start(TestPlane.LAUNCH);
            assertThat(runtime.awaitRunning(PATIENCE)).isTrue();
            Thread other = Thread.ofPlatform().start(() -> plane.feed(runtime.compactRing(1), 5000, 5000));
            plane.feed(runtime.compactRing(0), 0, 5000);
            other.join();
            assertThat(runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
            assertThat(runtime.isRunning()).isFalse();
            assertThat(plane.ran()).isEqualTo(10_000);
            assertThat(plane.sum()).isEqualTo(10_000);
            assertThat(plane.twice()).isZero();
            RuntimeStatus status = runtime.status();
            assertThat(status.tenants())
                    .extracting(RuntimeStatus.TenantStatus::finished)
                    .containsExactly(5000L, 5000L);
            assertThat(status.misused()).isZero();
            assertThat(status.launches()).isEqualTo(1);
            assertThat(runtime.heartbeat()).isPositive();
        }
    }

    @Test
    void deadline_thatComes_isFollowedByTheNextLaunch() {
        try (TestPlane plane = TestPlane.open(tasks)) {
            plane.runtime.start(Duration.ofMillis(30));
            awaitTrue(() -> plane.runtime.launches() >= 2);
            plane.feed(plane.runtime.compactRing(0), 0, 2000);
            assertThat(plane.runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
            assertThat(plane.ran()).isEqualTo(2000);
            assertThat(plane.twice()).isZero();
        }
    }

    @Test
    void stop_underLoad_keepsWhatWaits() {
        try (TestPlane plane = TestPlane.open(tasks)) {
            plane.feed(plane.runtime.compactRing(0), 0, 500);
            plane.feed(plane.runtime.compactRing(1), 500, 500);
            plane.runtime
                    .compactRing(0)
                    .offer(
                            plane.head("tree", TaskFlags.LANE),
                            11,
                            plane.runtime.functions().number("tree"));
            for (int i = 0; i < 4; i++) {
                plane.runtime.start(TestPlane.LAUNCH);
                LockSupport.parkNanos(300_000L * i);
                assertThat(plane.runtime.stop(PATIENCE)).isEqualTo(LaunchState.LEFT);
            }
            plane.runtime.start(TestPlane.LAUNCH);
            assertThat(plane.runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
            assertThat(plane.ran()).isEqualTo(1000 + (1 << 12) - 1);
            assertThat(plane.runtime.stop(PATIENCE)).isEqualTo(LaunchState.DRAINED);
        }
    }

    @Test
    void fullRing_withoutAKernel_refusesAndSaysHowMany() {
        try (TestPlane plane = TestPlane.open(tasks)) {
            CompactTaskRing ring = plane.runtime.compactRing(0);
            long head = plane.head("mark", TaskFlags.WARP);
            assertThat(ring.claim(1000)).isEqualTo(512);
            for (int i = 0; i < 512; i++) {
                ring.put(i, head, 0, i);
            }
            ring.publish(300);
            ring.publish(212);
            assertThat(ring.claim(1)).isZero();
            assertThat(ring.offer(head, 0, 0)).isFalse();
            assertThat(ring.claim(1, Duration.ofMillis(1))).isZero();
            assertThat(ring.awaitTaken(Duration.ofMillis(1))).isFalse();
            plane.runtime.start(TestPlane.LAUNCH);
            assertThat(ring.claim(5, PATIENCE)).isPositive();
            assertThat(ring.awaitTaken(PATIENCE)).isTrue();
            assertThat(ring.taken()).isEqualTo(512);
        }
    }

    @Test
    void slots_thatWereNotClaimed_areNotWritten() {
        try (TestPlane plane = TestPlane.open(tasks)) {
            CompactTaskRing ring = plane.runtime.compactRing(0);
            assertThat(ring.claim(3)).isEqualTo(3);
            assertThatThrownBy(() -> ring.put(3, 0, 0, 0)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> ring.publish(4))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("count=4 claimed=3");
            assertThatThrownBy(() -> CompactTaskRing.head(65_536, 0)).hasMessage("function=65536: must be 0 to 65535");
            assertThatThrownBy(() -> CompactTaskRing.head(0, 3)).hasMessageStartingWith("flags=3");
            assertThatThrownBy(() -> CompactTaskRing.head(0, 64)).hasMessageStartingWith("flags=64");
        }
    }

    @Test
    void fullTasks_tellHowTheyEnded() {
        try (TestPlane plane = TestPlane.open(tasks)) {
            DeviceRuntime runtime = plane.runtime;
            FullTaskRing ring = runtime.fullRing(2);
            Completions completions = runtime.completions(1);
            int tasksOfEach = 100;
            runtime.start(TestPlane.LAUNCH);
            Map<Long, List<Long>> ends = new TreeMap<>();
            int sent = 0;
            int seen = 0;
            while (seen < 3 * tasksOfEach) {
                int got = ring.claim(Math.min(64, 3 * tasksOfEach - sent));
                for (int i = 0; i < got; i++, sent++) {
                    int function = sent % 3 == 2
                            ? 4000
                            : runtime.functions().number(sent % 3 == 0 ? "sum_of_descriptor" : "fails");
                    ring.put(i, function, TaskFlags.WARP | TaskFlags.NOTIFY, sent, 0, 1000);
                    for (int argument = 0; argument < 4; argument++) {
                        ring.argument(i, argument, sent * 1000L + argument);
                    }
                }
                ring.publish(got);
                seen += completions.poll(
                        (tag, result, status, function) ->
                                ends.put(tag, List.of(result, (long) status, (long) function)),
                        50);
            }
            assertThat(runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
            assertThat(ends).hasSize(3 * tasksOfEach);
            ends.forEach((tag, end) -> {
                long which = tag % 3;
                assertThat(TaskStatus.of(end.get(1).intValue()))
                        .isEqualTo(
                                which == 0 ? TaskStatus.DONE : which == 1 ? TaskStatus.FAILED : TaskStatus.NO_FUNCTION);
                assertThat(end.get(0)).isEqualTo(which == 0 ? 4 * tag * 1000 + 6 : which == 1 ? 7 : 0);
            });
            assertThat(completions.read()).isEqualTo(300);
            assertThat(runtime.status().tenants().get(1).failed()).isEqualTo(200);
            assertThat(runtime.status().misused()).isEqualTo(100);
        }
    }

    @Test
    void mailbox_answers_fromItsPollerAndFromAWorker() {
        try (TestPlane plane = TestPlane.open(tasks)) {
            plane.runtime.start(TestPlane.LAUNCH);
            Mailbox mailbox = plane.runtime.mailbox(0);
            long ns = PATIENCE.toNanos();
            for (int i = 0; i < 20; i++) {
                boolean urgent = i % 2 == 0;
                long head = plane.head("mark", TaskFlags.WARP | (urgent ? TaskFlags.URGENT : 0));
                assertThat(mailbox.call(head, 1, 5, (7L << 32) + i, ns)).isTrue();
                assertThat(mailbox.result()).isEqualTo((7L << 32) + i + 1);
                assertThat(mailbox.status()).isEqualTo(TaskStatus.DONE);
                assertThat(mailbox.worker() == plane.runtime.params().workers()).isEqualTo(urgent);
            }
            assertThat(mailbox.call(plane.head("fails", TaskFlags.WARP), 0, 0, 0, ns))
                    .isTrue();
            assertThat(mailbox.status()).isEqualTo(TaskStatus.FAILED);
            mailbox.post(plane.head("stuck", TaskFlags.WARP), 0, 0, 0);
            assertThat(mailbox.await(Duration.ofMillis(1))).isFalse();
            assertThatThrownBy(() -> mailbox.post(0, 0, 0, 0)).isInstanceOf(IllegalStateException.class);
            plane.letGo();
            assertThat(mailbox.await(PATIENCE)).isTrue();
            assertThat(mailbox.poll()).isFalse();
            assertThat(plane.sum()).isEqualTo(100);
        }
    }

    @Test
    void taskThatLoops_isNamed_andHoldsTheKernelBack() {
        try (TestPlane plane = TestPlane.open(tasks)) {
            plane.runtime.compactRing(1).offer(plane.head("stuck", TaskFlags.WARP), 0, 0);
            plane.runtime.start(TestPlane.LAUNCH);
            awaitTrue(() -> plane.runtime.status().slowest() != null);
            assertThatThrownBy(() -> plane.runtime.stop(Duration.ofMillis(5)))
                    .isInstanceOf(TaskStuckException.class)
                    .hasMessageStartingWith("the kernel did not leave in 5 ms: the task stuck of tenant 1, for ")
                    .satisfies(e -> assertThat(((TaskStuckException) e).task())
                            .extracting(SlowTask::function, SlowTask::tenant)
                            .containsExactly("stuck", 1));
            assertThatThrownBy(() -> plane.runtime.start(TestPlane.LAUNCH)).hasMessage("the kernel runs already");
            plane.letGo();
            assertThat(plane.runtime.stop(PATIENCE)).isEqualTo(LaunchState.LEFT);
        }
    }

    @Test
    void tenant_withoutAQuota_waitsUntilItHasOne() {
        try (TestPlane plane = TestPlane.open(tasks)) {
            DeviceRuntime runtime = plane.runtime;
            runtime.configure(0, new TenantConfig(5, 1, 0, 1));
            runtime.sense(new SensorReading(50, 1500, 1980, 300_000, 700_000));
            plane.feed(runtime.compactRing(0), 0, 100);
            plane.feed(runtime.compactRing(1), 100, 100);
            runtime.start(TestPlane.LAUNCH);
            awaitTrue(() -> plane.ran() == 100);
            assertThat(runtime.status().tenants().get(0).finished()).isZero();
            awaitTrue(() -> runtime.status().tenants().get(0).queued() == 100
                    && runtime.status().tenants().get(1).queued() == 0);
            assertThatThrownBy(() -> runtime.drain(Duration.ofMillis(5)))
                    .isInstanceOf(TaskStuckException.class)
                    .hasMessage("the kernel did not drain in 5 ms: tasks are left in rings: 100 of tenant 0;"
                            + " wait longer, or stop, which keeps them for the next launch");
            runtime.configure(0, TenantConfig.usual().withWeight(2).withPriority(3));
            assertThat(runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
            assertThat(plane.ran()).isEqualTo(200);
        }
    }

    @Test
    void preparedTasks_aroundTheEndOfTheRing_arrive() {
        try (TestPlane plane = TestPlane.open(tasks);
                Arena arena = Arena.ofConfined()) {
            var prepared = arena.allocate(CompactTaskLayout.LAYOUT, 700);
            long head = plane.head("mark", TaskFlags.LANE) | 3L << 32;
            for (int i = 0; i < 700; i++) {
                prepared.setAtIndex(ValueLayout.JAVA_LONG, 2L * i, head);
                prepared.setAtIndex(ValueLayout.JAVA_LONG, 2L * i + 1, i);
            }
            CompactTaskRing ring = plane.runtime.compactRing(0);
            plane.runtime.start(TestPlane.LAUNCH);
            assertThat(ring.offer(prepared, 0, 300)).isEqualTo(300);
            assertThat(ring.awaitTaken(PATIENCE)).isTrue();
            assertThat(ring.offer(prepared, 300, 400)).isEqualTo(400);
            assertThat(plane.runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
            assertThat(plane.ran()).isEqualTo(700);
            assertThat(plane.twice()).isZero();
            assertThat(plane.sum()).isEqualTo(2100);
        }
    }

    @Test
    void closedRuntime_isNotUsed() {
        TestPlane plane = TestPlane.open(tasks);
        DeviceRuntime runtime = plane.runtime;
        CompactTaskRing ring = runtime.compactRing(0);
        assertThat(ring.claim(1)).isEqualTo(1);
        assertThatThrownBy(() -> runtime.compactRing(2)).hasMessage("ring 2 carries full tasks");
        assertThatThrownBy(() -> runtime.fullRing(0)).hasMessage("ring 0 carries compact tasks");
        assertThatThrownBy(() -> runtime.fullRing(3)).hasMessage("there is no ring 3; the parameters say 3");
        assertThatThrownBy(() -> runtime.start(Duration.ofNanos(1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> runtime.awaitRunning(PATIENCE)).hasMessage("the kernel is not started");
        runtime.start(TestPlane.LAUNCH);
        runtime.close();
        runtime.close();
        assertThatThrownBy(() -> runtime.start(TestPlane.LAUNCH)).hasMessage("the runtime is closed");
        assertThatThrownBy(() -> ring.publish(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(runtime::status).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void functions_thatAreNotThere_areNamed() {
        assertThatThrownBy(() -> CpuBackend.open(List.of(TaskLibrary.open(tasks)), List.of("mark", "nothing")))
                .hasMessage("no library has a task function nothing; export it there with GBPF_EXPORT_TASK(nothing)");
        assertThatThrownBy(() -> new TaskFunctions(List.of("a", "a"))).hasMessage("function=a is named twice");
        assertThatThrownBy(() -> new TaskFunctions(List.of("a b"))).hasMessageStartingWith("function=a b: ");
        assertThatThrownBy(() -> new TaskFunctions(List.of("a", "b")).number("c"))
                .hasMessage("there is no task function c; there are [a, b]");
        assertThat(new TaskFunctions(List.of("a")).name(3)).isEqualTo("#3");
        assertThatThrownBy(() -> TaskLibrary.open(Path.of("/nowhere/lib.so")))
                .hasMessageStartingWith("the task library /nowhere/lib.so cannot be loaded: ");
    }

    @Test
    void messages_ofSlowTasks_sayWhere() {
        List<String> texts = new ArrayList<>();
        texts.add(new SlowTask("axpy", 3, 17, 5, 2_400_000_000L).toString());
        assertThat(texts).containsExactly("axpy of tenant 3, for 2400 ms in warp 5 of worker 17");
    }
}

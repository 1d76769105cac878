package dev.gbpf.cuda.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.cuda.build.NativeBuild;
import dev.gbpf.cuda.cpu.TaskLibrary;
import dev.gbpf.cuda.plane.CpuBackend;
import dev.gbpf.cuda.plane.DeviceRuntime;
import dev.gbpf.host.device.DevicePlane.StartResult;
import dev.gbpf.host.failsafe.FailsafeConfig;
import dev.gbpf.host.plane.PlaneConfig;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The CPU build as a device of the host plane. */
class TaskDeviceTest {
    private static final long LIMIT_NS = 30_000_000_000L;
    private static final List<Tenant> TENANTS = List.of(new Tenant(0, "a", 1, 0), new Tenant(1, "b", 1, 0));

    @BeforeEach
    void needsTheCpuBuild() {
        NativeBuild build = NativeBuild.current();
        Assumptions.assumeTrue(
                build.cpu().built(), () -> "skipped: " + build.cpu().detail());
    }

    private static DeviceRuntime runtime(Integer... ends) {
        CpuBackend backend =
                CpuBackend.open(List.of(TaskLibrary.ofBuild("bench_tasks")), List.of("bench_nop", "bench_spin"));
        DeviceRuntime runtime =
                DeviceRuntime.open(backend, TaskDevice.params(backend, ends).build());
        runtime.start(Duration.ofMinutes(1));
        return runtime;
    }

    private static Job job(long id, JobStream stream, JobKind kind, int width, long bytes) {
        return new Job(id, stream, new JobSpec(kind, width, 0, 20_000, bytes, bytes, 0, 0, 0, id), id);
    }

    @Test
    void jobsOfAStream_onTwoVslices_endInTheirOrder() {
        try (DeviceRuntime runtime = runtime(1, 2)) {
            TaskDevice device = new TaskDevice(runtime, "bench_spin", 100, 0);
            assertThat(device.vslices()).isEqualTo(2);
            assertThat(device.sms(1)).isEqualTo(1);
            JobStream[] streams = {new JobStream(0, TENANTS.get(0)), new JobStream(1, TENANTS.get(1))};
            int jobs = 30;
            for (int i = 0; i < jobs; i++) {
                JobKind kind = i % 5 == 0 ? JobKind.COPY_H2D : JobKind.KERNEL;
                assertThat(device.start(
                                job(i, streams[i % 2], kind, kind == JobKind.KERNEL ? 2 : 0, 0), i % 3 == 0 ? 0 : 1))
                        .isEqualTo(StartResult.STARTED);
            }
            assertThat(device.room(0)).isEqualTo(90);
            assertThat(device.room(1)).isEqualTo(80);
            Map<JobStream, List<Long>> ends = new HashMap<>();
            long start = System.nanoTime();
            for (int ended = 0; ended < jobs; ) {
                ended += device.poll((job, runNs, failed) -> {
                    assertThat(failed).isFalse();
                    assertThat(runNs).isGreaterThanOrEqualTo(20_000);
                    ends.computeIfAbsent(job.stream(), _ -> new ArrayList<>()).add(job.id());
                });
                assertThat(System.nanoTime() - start).isLessThan(LIMIT_NS);
                LockSupport.parkNanos(50_000);
            }
            ends.values().forEach(ids -> assertThat(ids).isSorted().hasSize(15));
            assertThat(device.room()).isEqualTo(200);
            assertThat(streams[0].deviceState()).isNull();
        }
    }

    @Test
    void jobs_withoutMemory_areNotStarted() {
        try (DeviceRuntime runtime = runtime(2)) {
            TaskDevice device = new TaskDevice(runtime, "bench_spin", 1, 100);
            JobStream stream = new JobStream(0, TENANTS.get(0));
            assertThat(device.start(job(1, stream, JobKind.KERNEL, 1, 60), 0)).isEqualTo(StartResult.STARTED);
            assertThat(device.start(job(2, stream, JobKind.KERNEL, 1, 60), 0)).isEqualTo(StartResult.NO_MEMORY);
            assertThat(device.room(0)).isZero();
            long start = System.nanoTime();
            while (device.poll((job, runNs, failed) -> {}) == 0) {
                assertThat(System.nanoTime() - start).isLessThan(LIMIT_NS);
            }
            assertThat(device.start(job(2, stream, JobKind.KERNEL, 1, 60), 0)).isEqualTo(StartResult.STARTED);
            assertThatThrownBy(() -> new TaskDevice(runtime, "nothing", 1, 0)).hasMessageContaining("nothing");
            assertThatThrownBy(() -> new TaskDevice(runtime, "bench_spin", 0, 0))
                    .hasMessageStartingWith("places=0");
        }
    }

    @Test
    void plane_overTheDevice_retiresEachJobOnce() {
        List<Long> retired = new ArrayList<>();
        PlaneListener listener = new PlaneListener() {
            @Override
            public void retired(Job job, long runNs, boolean failed, long nowNs) {
                retired.add(job.id());
            }
        };
        try (DeviceRuntime runtime = runtime(2)) {
            TaskDevice device = new TaskDevice(runtime, "bench_spin", 4, 0);
            try (PolicyPlane plane = new PolicyPlane(
                    new PlaneConfig(TENANTS, 1, FailsafeConfig.DEFAULTS), device, System::nanoTime, listener)) {
                JobStream[] streams = {new JobStream(0, TENANTS.get(0)), new JobStream(1, TENANTS.get(1))};
                for (int i = 0; i < 20; i++) {
                    plane.submit(job(i, streams[i % 2], JobKind.KERNEL, 1, 0));
                }
                long start = System.nanoTime();
                while (retired.size() < 20) {
                    plane.dispatch();
                    device.poll(plane);
                    assertThat(System.nanoTime() - start).isLessThan(LIMIT_NS);
                }
                assertThat(plane.queued()).isZero();
                assertThat(plane.running()).isZero();
            }
        }
        assertThat(retired).doesNotHaveDuplicates().hasSize(20);
    }
}

package dev.gbpf.host.sim;

import static dev.gbpf.host.sim.ManualDevice.kernel;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Kernels give up their place at boundaries, with their work kept. */
class KernelStopTest {
    private static final long BOUNDARY = DeviceModel.DEFAULT_BOUNDARY_NS;

    private final ManualDevice lab = new ManualDevice(ManualDevice.plain());

    @Test
    void kernel_toldToStop_runsToItsBoundary_andKeepsWhatIsDone() {
        Job job = lab.start(kernel(100, 1_000_000));
        lab.runTo(250_000);
        assertThat(lab.device.preempt(job)).isTrue();
        lab.runOut();
        assertThat(lab.clock.nowNs()).isEqualTo(3 * BOUNDARY);
        assertThat(lab.yields).containsExactly(new ManualDevice.Yield(job, 3 * BOUNDARY, 3 * BOUNDARY));
        assertThat(lab.device.inflight(0)).isZero();
        lab.device.start(job, 0);
        lab.runOut();
        assertThat(lab.end(job)).isEqualTo(new ManualDevice.End(1_000_000, 700_000, false));
    }

    @Test
    void kernel_overBeforeItsNextBoundary_isNotStopped() {
        Job job = lab.start(kernel(100, 1_000_000));
        lab.runTo(950_000);
        assertThat(lab.device.preempt(job)).isFalse();
        lab.runOut();
        assertThat(lab.endNs(job)).isEqualTo(1_000_000);
    }

    @Test
    void kernel_withLaterJobsOfItsStreamOnTheDevice_goesOn() {
        JobStream stream = lab.stream();
        Job first = lab.start(stream, kernel(100, 1_000_000), 0);
        lab.runTo(50_000);
        assertThat(lab.device.preempt(first)).isTrue();
        Job second = lab.start(stream, kernel(100, 1_000), 0);
        assertThat(lab.device.preempt(first)).isFalse();
        lab.runOut();
        assertThat(lab.yields).isEmpty();
        assertThat(lab.endNs(first)).isEqualTo(1_000_000);
        assertThat(lab.endNs(second)).isEqualTo(1_001_000);
    }

    @Test
    void kernel_thatYielded_keepsItsMemory() {
        Job job = lab.start(new JobSpec(JobKind.KERNEL, 100, 1_000_000, 1_000_000, 600, 600, 0, 0, 0, 0));
        lab.runTo(50_000);
        lab.device.preempt(job);
        lab.runOut();
        assertThat(lab.device.usedMemoryBytes()).isEqualTo(600);
        lab.device.start(job, 0);
        assertThat(lab.device.usedMemoryBytes()).isEqualTo(600);
        lab.runOut();
        assertThat(lab.device.usedMemoryBytes()).isZero();
    }

    @Test
    void kernel_inPieces_yieldsAfterEach() {
        Job job = lab.job(lab.stream(), kernel(100, 1_000_000));
        job.pieceNs(300_000);
        for (int i = 0; i < 4; i++) {
            lab.device.start(job, 0);
            lab.runOut();
        }
        assertThat(lab.yields).extracting(ManualDevice.Yield::atNs).containsExactly(300_000L, 600_000L, 900_000L);
        assertThat(lab.end(job)).isEqualTo(new ManualDevice.End(1_000_000, 100_000, false));
    }

    @Test
    void budget_usedUp_isReportedWhileTheKernelRuns() {
        Job job = lab.job(lab.stream(), kernel(100, 1_000_000));
        job.budgetNs(400_000);
        lab.device.start(job, 0);
        lab.runTo(400_000);
        assertThat(lab.budgetsUsed).containsExactly(job);
        lab.device.watch(job, 1_000_000);
        lab.runOut();
        assertThat(lab.budgetsUsed).as("it was over before").hasSize(1);
    }

    @Test
    void cap_slowsTheKernelsThatNeedMore_atOnce() {
        Job job = lab.start(kernel(100, 1_000_000));
        lab.runTo(500_000);
        lab.device.cap(0, 250);
        lab.runOut();
        assertThat(lab.end(job)).isEqualTo(new ManualDevice.End(2_500_000, 1_000_000, false));
    }

    /** Whenever kernels are told to stop, and however many share the SMs: what is done adds up to the work. */
    @Property(tries = 200)
    void stints_addUpToTheWork(
            @ForAll @Size(min = 1, max = 5) List<@LongRange(min = 1, max = 2_000_000) Long> works,
            @ForAll @IntRange(min = 1, max = 700_000) int everyNs) {
        ManualDevice device = new ManualDevice(ManualDevice.plain());
        List<Job> jobs = new ArrayList<>();
        works.forEach(work -> jobs.add(device.start(kernel(100, work))));
        long total = works.stream().mapToLong(w -> w).sum();
        long at = 0;
        while (device.ends.size() < jobs.size()) {
            at += everyNs;
            device.runTo(at);
            jobs.forEach(device.device::preempt);
            for (Job job : device.takeYielded()) {
                device.device.start(job, 0);
            }
        }
        long charged = device.yieldedNs
                + device.ends.values().stream()
                        .mapToLong(ManualDevice.End::runNs)
                        .sum();
        assertThat(charged).isBetween(total - 64 - at / 1000, total + 64 + at / 1000);
        assertThat(device.device.inflight(0)).isZero();
    }
}

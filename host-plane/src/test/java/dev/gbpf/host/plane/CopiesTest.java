package dev.gbpf.host.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.queue.CopyTerms;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.swap.Guards;
import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.swap.SwapRequest;
import dev.gbpf.host.swap.TrialReport;
import dev.gbpf.host.swap.TrialReport.HookAgreement;
import dev.gbpf.host.vm.ExecutableProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CopiesTest {
    private static final List<Tenant> TENANTS = List.of(new Tenant(0, "a", 1, 9), new Tenant(1, "b", 1, 0));
    private static final int PACE = 1;
    private static final int SPLIT = 2;

    private final ManualDevice device = new ManualDevice(8, 1L << 50);
    private final PlaneAudit audit = new PlaneAudit();
    private long now = 1_000;
    private long nextId;
    private final PolicyPlane plane =
            new PolicyPlane(new PlaneConfig(TENANTS, 1, 1_000_000_000), device, () -> now, audit);

    @AfterEach
    void close() {
        plane.close();
    }

    private Job copy(int tenant, JobKind kind, long bytes) {
        Job job = new Job(
                nextId++,
                new JobStream(nextId, TENANTS.get(tenant)),
                new JobSpec(kind, 0, 0, 0, bytes, 0, 0, 0, 0, 0),
                now);
        plane.submit(job);
        plane.dispatch();
        return job;
    }

    private void activate(ExecutableProgram program) {
        plane.activate(
                JavaPolicy.fifo("copies").on(Hook.ON_COPY_ENQUEUE, program).image(), ActivationReason.START);
    }

    private static long out(long context, String field, long value) {
        JavaPolicy.set(Hook.ON_COPY_ENQUEUE, context, field, value);
        return 0;
    }

    @Test
    void copy_withoutTheHook_movesInOnePiece() {
        plane.activate(JavaPolicy.fifo("fifo").image(), ActivationReason.START);
        assertThat(copy(0, JobKind.COPY_H2D, 1 << 30).copyTerms()).isEqualTo(CopyTerms.WHOLE);
    }

    @Test
    void kernel_isNoCopy() {
        activate((ctx, services) -> {
            throw new IllegalStateException("asked about a kernel");
        });
        plane.submit(new Job(
                1, new JobStream(1, TENANTS.get(0)), new JobSpec(JobKind.KERNEL, 1, 1, 1, 0, 0, 0, 0, 0, 0), now));
        plane.dispatch();
        assertThat(plane.activePolicy()).isEqualTo("copies");
    }

    @Test
    void depths_countWhatTheDeviceHoldsOfTheDirectionAndOfTheTenant() {
        List<String> seen = new ArrayList<>();
        activate((ctx, services) -> {
            seen.add(JavaPolicy.u32(Hook.ON_COPY_ENQUEUE, ctx, "depth") + "/"
                    + JavaPolicy.u32(Hook.ON_COPY_ENQUEUE, ctx, "tenant_depth") + "/"
                    + JavaPolicy.u64(Hook.ON_COPY_ENQUEUE, ctx, "bytes"));
            return 0;
        });
        copy(0, JobKind.COPY_H2D, 1);
        copy(1, JobKind.COPY_H2D, 2);
        copy(0, JobKind.COPY_D2H, 3);
        plane.finished(device.end(0), 1, false);
        copy(1, JobKind.COPY_H2D, 4);
        assertThat(seen).containsExactly("0/0/1", "1/0/2", "0/0/3", "1/1/4");
    }

    @Test
    void verdicts_becomeTermsOfTheCopy() {
        activate((ctx, services) -> {
            out(ctx, "chunk_bytes", 64 << 10);
            out(ctx, "not_before_ns", 5_000);
            out(ctx, "rate_mbps", 100);
            return JavaPolicy.u32(Hook.ON_COPY_ENQUEUE, ctx, "tenant") == 0 ? SPLIT : PACE;
        });
        assertThat(copy(0, JobKind.COPY_H2D, 1 << 30).copyTerms()).isEqualTo(new CopyTerms(64 << 10, 0, 0));
        assertThat(copy(1, JobKind.COPY_H2D, 1 << 30).copyTerms()).isEqualTo(new CopyTerms(64 << 10, 5_000, 655_360));
        assertThat(plane.statistics().splitCopies()).isOne();
        assertThat(plane.statistics().pacedCopies()).isOne();
    }

    @Test
    void copyPutOffForTooLong_isPutOffNoLongerThanTheLimit_andThePolicyIsTakenOut() {
        activate((ctx, services) -> {
            out(ctx, "not_before_ns", -1);
            return PACE;
        });
        Job job = copy(0, JobKind.COPY_H2D, 1 << 20);
        assertThat(job.copyTerms().notBeforeNs()).isEqualTo(now + 5_000_000_000L);
        plane.tick();
        now += 1_000_000;
        plane.tick();
        assertThat(plane.activePolicy()).isEqualTo("bypass");
        assertThat(plane.failsafe().exits().getLast().trip().text()).startsWith("hold: job 0 of a");
    }

    @Test
    void piecesTooFarApart_countAsPutOff() {
        activate((ctx, services) -> {
            out(ctx, "rate_mbps", 1);
            out(ctx, "chunk_bytes", 1L << 40);
            return PACE;
        });
        Job job = copy(0, JobKind.COPY_H2D, 1L << 40);
        assertThat(job.copyTerms().intervalNs()).isEqualTo(5_000_000_000L);
        plane.tick();
        now += 1_000_000;
        plane.tick();
        assertThat(plane.activePolicy()).isEqualTo("bypass");
    }

    @Test
    void failingProgram_isTakenOut_andTheCopyGoes() {
        activate((ctx, services) -> {
            throw new IllegalStateException("broken");
        });
        Job job = copy(0, JobKind.COPY_H2D, 10);
        assertThat(plane.activePolicy()).isEqualTo("bypass");
        assertThat(device.held).containsExactly(job);
        assertThat(job.copyTerms()).isEqualTo(CopyTerms.WHOLE);
    }

    @Test
    void failingProgram_ofADirectCopy_losesNothing() {
        plane.activate(
                JavaPolicy.fifo("direct")
                        .on(Hook.ON_SUBMIT, (ctx, services) -> 1)
                        .on(Hook.ON_COPY_ENQUEUE, (ctx, services) -> {
                            throw new IllegalStateException("broken");
                        })
                        .image(),
                ActivationReason.START);
        Job job = copy(0, JobKind.COPY_H2D, 10);
        assertThat(device.held).containsExactly(job);
        assertThat(plane.queued()).isZero();
        plane.finished(device.end(0), 1, false);
        assertThat(plane.running()).isZero();
    }

    @Test
    void shadow_isComparedAboutCopies() {
        activate((ctx, services) -> 0);
        plane.apply(new SwapCommand.Swap(new SwapRequest(
                JavaPolicy.fifo("shadow")
                        .on(Hook.ON_COPY_ENQUEUE, (ctx, services) -> SPLIT)
                        .image(),
                new SwapMode.Shadow(SwapMode.UNTIL_TOLD, SwapMode.AtEnd.DROP, new Guards(1_000, 4, List.of()), false),
                false)));
        Job job = copy(0, JobKind.COPY_H2D, 10);
        assertThat(job.copyTerms()).isEqualTo(CopyTerms.WHOLE);
        TrialReport report = Objects.requireNonNull(plane.monitor().status().trial());
        plane.tick();
        assertThat(Objects.requireNonNull(plane.monitor().status().trial()).agreement())
                .contains(new HookAgreement("on_copy_enqueue", 1, 0));
        assertThat(report.live()).isEqualTo("copies");
    }
}

package dev.gbpf.host.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.Guard;
import dev.gbpf.host.swap.Guards;
import dev.gbpf.host.swap.Sticky;
import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.swap.SwapMode.AtEnd;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.swap.SwapRequest;
import dev.gbpf.host.swap.SwapStatus.ReadyImage;
import dev.gbpf.host.swap.TrialReport;
import dev.gbpf.host.swap.TrialReport.HookAgreement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrialsTest {
    private static final List<Tenant> TENANTS = List.of(new Tenant(0, "a", 1, 9), new Tenant(1, "b", 1, 0));

    private final ManualDevice device = new ManualDevice(1, 100);
    private final PlaneAudit audit = new PlaneAudit();
    private long now = 1_000;
    private long nextId;
    private final PolicyPlane plane =
            new PolicyPlane(new PlaneConfig(TENANTS, 1, 1_000_000_000), device, () -> now, audit);

    @AfterEach
    void close() {
        plane.close();
    }

    private void submit(int jobs) {
        for (int i = 0; i < jobs; i++) {
            JobStream stream = new JobStream(nextId, TENANTS.get((int) nextId % 2));
            plane.submit(new Job(nextId++, stream, new JobSpec(JobKind.KERNEL, 8, 50, 60, 0, 0, 0, 0, 0, 0), now));
        }
        plane.dispatch();
    }

    private void end() {
        now += 60;
        plane.finished(device.end(0), 60, false);
        plane.dispatch();
    }

    private void endAll() {
        while (!device.held.isEmpty()) {
            end();
        }
    }

    private static SwapMode.Shadow shadow(Guard... guards) {
        return new SwapMode.Shadow(SwapMode.UNTIL_TOLD, AtEnd.DROP, new Guards(1_000, 4, List.of(guards)), false);
    }

    private static SwapMode.Canary canary(int share, Sticky sticky, Guard... guards) {
        return new SwapMode.Canary(
                share, sticky, SwapMode.UNTIL_TOLD, AtEnd.PROMOTE, new Guards(1_000, 4, List.of(guards)), false);
    }

    private SwapOutcome swap(JavaPolicy policy, SwapMode mode) {
        return plane.apply(new SwapCommand.Swap(new SwapRequest(policy.image(), mode, false)));
    }

    private TrialReport trial() {
        plane.tick();
        return Objects.requireNonNull(plane.monitor().status().trial());
    }

    private TrialReport lastTrial() {
        return Objects.requireNonNull(plane.monitor().status().lastTrial());
    }

    @Test
    void shadow_isComparedHookByHook_andDecidesNothing() {
        plane.activate(JavaPolicy.fifo("live").image(), ActivationReason.START);
        swap(JavaPolicy.newestFirst("newest").on(Hook.ON_ADMIT, (ctx, services) -> 2), shadow());
        submit(4);
        endAll();
        assertThat(audit.dispatchOrder).containsExactly(0L, 1L, 2L, 3L);
        TrialReport report = trial();
        // Only the last of four goes whoever decides.
        assertThat(report.agreement())
                .containsExactly(
                        new HookAgreement("on_submit", 4, 4),
                        new HookAgreement("on_admit", 4, 0),
                        new HookAgreement("on_dispatch", 4, 1));
        assertThat(report.differences())
                .startsWith(
                        new TrialReport.Difference(1_000, "on_dispatch", 0, "job 0", "job 3"),
                        new TrialReport.Difference(1_000, "on_admit", 0, "ADMIT", "REJECT"));
        assertThat(audit.rejected).isEmpty();
    }

    private static JavaPolicy yielding(String name, long verdict) {
        return JavaPolicy.fifo(name).on(Hook.ON_PREEMPT, (ctx, services) -> verdict);
    }

    /** Two jobs of which the second is more urgent, on a device that holds one. */
    private void submitUrgentBehindOther() {
        nextId = 1;
        submit(1);
        submit(1);
    }

    @Test
    void shadow_isAskedAboutKernelsThatMayYield_andChangesNothing() {
        plane.activate(yielding("live", 0).image(), ActivationReason.START);
        swap(yielding("shadow", 1), shadow());
        submitUrgentBehindOther();
        assertThat(device.asked).isEmpty();
        assertThat(trial().agreement()).contains(new HookAgreement("on_preempt", 1, 0));
    }

    @Test
    void job_thatYieldsWhileAShadowLooks_isTheOldestOfItsStreamForTheShadowToo() {
        plane.activate(yielding("live", 1).image(), ActivationReason.START);
        swap(yielding("shadow", 1), shadow());
        JobStream stream = new JobStream(7, TENANTS.get(1));
        JobSpec spec = new JobSpec(JobKind.KERNEL, 8, 50, 60, 0, 0, 0, 0, 0, 0);
        plane.submit(new Job(1, stream, spec, now));
        plane.dispatch();
        nextId = 2;
        submit(1);
        plane.submit(new Job(3, stream, spec, now));
        now += 20;
        plane.yielded(device.giveUp(), 20);
        plane.dispatch();
        endAll();
        // Job 3 stands before job 1 in the queue, but not in their stream.
        assertThat(audit.dispatchOrder).containsExactly(1L, 2L, 1L, 3L);
        TrialReport report = trial();
        assertThat(report.agreement())
                .allSatisfy(hook -> assertThat(hook.agreed()).as(hook.hook()).isEqualTo(hook.decisions()));
    }

    @Test
    void kernelOfTheCanary_isAskedOfTheCanary_andGoesOnThere() {
        plane.activate(yielding("live", 0).image(), ActivationReason.START);
        swap(yielding("canary", 1), canary(999, Sticky.JOB));
        submitUrgentBehindOther();
        assertThat(device.asked).isEqualTo(device.held);
        now += 20;
        plane.yielded(device.giveUp(), 20);
        plane.dispatch();
        endAll();
        assertThat(audit.dispatchOrder).containsExactly(1L, 2L, 1L);
    }

    @Test
    void kernelOfTheOtherSide_givesNoPlace_sinceTheSharesDecide() {
        plane.activate(yielding("live", 1).image(), ActivationReason.START);
        swap(yielding("canary", 1), canary(500, Sticky.TENANT));
        submitUrgentBehindOther();
        assertThat(device.asked).isEmpty();
    }

    @Test
    void shadow_promoted_takesTheWaitingJobsAsItHadPlacedThem() {
        plane.activate(JavaPolicy.fifo("live").image(), ActivationReason.START);
        submit(3);
        swap(JavaPolicy.newestFirst("newest"), shadow());
        submit(2);
        assertThat(plane.apply(new SwapCommand.Promote())).isInstanceOf(SwapOutcome.Activated.class);
        assertThat(audit.activations.getLast().reofferedJobs()).isZero();
        endAll();
        assertThat(audit.dispatchOrder).containsExactly(0L, 4L, 3L, 2L, 1L);
        assertThat(plane.activePolicy()).isEqualTo("newest");
        assertThat(lastTrial().outcome()).isEqualTo("promoted");
    }

    @Test
    void shadow_thatFails_goes_andTheLivePolicyNeverNotices() {
        plane.activate(JavaPolicy.fifo("live").image(), ActivationReason.START);
        swap(
                JavaPolicy.fifo("bad").on(Hook.ON_SUBMIT, (ctx, services) -> {
                    throw new IllegalStateException("boom");
                }),
                shadow());
        submit(3);
        endAll();
        now += 1_000;
        plane.tick();
        assertThat(lastTrial().outcome()).isEqualTo("rolled_back");
        assertThat(lastTrial().why()).contains("run-time error in on_submit").contains("boom");
        assertThat(audit.faults).isEmpty();
        assertThat(audit.dispatchOrder).containsExactly(0L, 1L, 2L);
    }

    @Test
    void canary_byTenant_decidesAboutItsTenant_only() {
        List<String> asked = new ArrayList<>();
        JavaPolicy live = JavaPolicy.fifo("live").on(Hook.ON_RETIRE, (ctx, services) -> {
            asked.add("live " + JavaPolicy.u32(Hook.ON_RETIRE, ctx, "tenant"));
            return 0;
        });
        JavaPolicy next = JavaPolicy.fifo("next").on(Hook.ON_RETIRE, (ctx, services) -> {
            asked.add("next " + JavaPolicy.u32(Hook.ON_RETIRE, ctx, "tenant"));
            return 0;
        });
        plane.activate(live.image(), ActivationReason.START);
        swap(next, canary(500, Sticky.TENANT));
        submit(6);
        endAll();
        int ofCanary = Sticky.chosenTenants(500, 2).nextSetBit(0);
        assertThat(asked).hasSize(6).containsOnly("next " + ofCanary, "live " + (1 - ofCanary));
        assertThat(trial().candidate().jobs()).isEqualTo(3);
        assertThat(Objects.requireNonNull(trial().control()).dispatched()).isEqualTo(3);
    }

    @Test
    void canary_thatRejectsTooMuch_isRolledBack_withFigures() {
        plane.activate(JavaPolicy.fifo("live").image(), ActivationReason.START);
        swap(
                JavaPolicy.fifo("harsh").on(Hook.ON_SUBMIT, (ctx, services) -> 2),
                canary(500, Sticky.JOB, new Guard.RejectionRate(100)));
        submit(40);
        now += 600;
        plane.tick();
        assertThat(lastTrial().outcome()).isEqualTo("rolled_back");
        assertThat(lastTrial().why()).matches("(\\d+) of \\1 jobs were rejected, 100.0 %; the guard allows 10.0 %");
        int rejected = audit.rejected.size();
        submit(40);
        endAll();
        assertThat(audit.rejected).hasSize(rejected);
        audit.assertNothingLost();
        assertThat(plane.activePolicy()).isEqualTo("live");
    }

    @Test
    void canary_thatLetsJobsWait_isRolledBack_beforeAnyOfThemHasGone() {
        plane.activate(JavaPolicy.fifo("live").image(), ActivationReason.START);
        swap(
                JavaPolicy.fifo("idle").on(Hook.ON_DISPATCH, (ctx, services) -> 0),
                canary(500, Sticky.JOB, new Guard.WaitP99(2_000)));
        submit(40);
        for (int i = 0; i < 60; i++) {
            end();
            if (device.held.isEmpty()) {
                break;
            }
        }
        now += 2_000;
        plane.tick();
        assertThat(lastTrial().why()).startsWith("P99 of the queue wait is ").endsWith("the guard allows 2 us");
        plane.dispatch();
        endAll();
        audit.assertNothingLost();
    }

    @Test
    void canary_promoted_keepsThePlacesOfJobsInQueuesThatBothHave() {
        plane.activate(JavaPolicy.fifo("p").image(), ActivationReason.START);
        swap(JavaPolicy.fifo("p"), canary(500, Sticky.JOB));
        submit(20);
        plane.apply(new SwapCommand.Promote());
        assertThat(audit.activations.getLast().reofferedJobs()).isZero();
        assertThat(audit.activations.getLast().reason()).isEqualTo("promotion of the canary");
        endAll();
        assertThat(audit.dispatchOrder.subList(2, 20)).isSorted();
        audit.assertNothingLost();
    }

    @Test
    void canary_getsItsShareOfTheRoom_whenBothHaveWork() {
        plane.activate(JavaPolicy.fifo("live").image(), ActivationReason.START);
        swap(JavaPolicy.fifo("next"), canary(250, Sticky.JOB));
        submit(4_000);
        for (int i = 0; i < 399; i++) {
            end();
        }
        TrialReport report = trial();
        assertThat(report.candidate().dispatched()).isBetween(99L, 101L);
        assertThat(report.candidate().jobs()).isBetween(900L, 1_100L);
    }

    @Test
    void trial_endsByItself_asItsModeSays() {
        plane.activate(JavaPolicy.fifo("live").image(), ActivationReason.START);
        swap(JavaPolicy.fifo("next"), new SwapMode.Canary(100, Sticky.JOB, 5_000, AtEnd.PROMOTE, Guards.NONE, false));
        now += 4_999;
        plane.tick();
        assertThat(plane.activePolicy()).isEqualTo("live");
        now += 1;
        plane.tick();
        assertThat(plane.activePolicy()).isEqualTo("next");
        swap(JavaPolicy.fifo("third"), new SwapMode.Shadow(5_000, AtEnd.DROP, Guards.NONE, false));
        now += 5_000;
        plane.tick();
        assertThat(plane.activePolicy()).isEqualTo("next");
        assertThat(lastTrial().outcome()).isEqualTo("dropped");
    }

    @Test
    void rollback_goesBackStepByStep_andFreesWhatItLeaves() {
        List<String> freed = new ArrayList<>();
        for (String name : List.of("first", "second", "third")) {
            JavaPolicy policy = JavaPolicy.fifo(name);
            policy.onLeft = () -> freed.add(name);
            plane.activate(policy.image(), ActivationReason.SWAP);
        }
        submit(3);
        assertThat(plane.monitor().status().ready())
                .extracting(ReadyImage::policy)
                .containsExactly("second", "first");
        plane.apply(new SwapCommand.Rollback("too slow"));
        assertThat(plane.activePolicy()).isEqualTo("second");
        assertThat(audit.activations.getLast().reason()).isEqualTo("rollback: too slow");
        plane.apply(new SwapCommand.Rollback(""));
        assertThat(plane.activePolicy()).isEqualTo("first");
        assertThat(freed).containsExactly("third", "second");
        assertThat(plane.apply(new SwapCommand.Rollback("")))
                .isEqualTo(new SwapOutcome.Refused("first", "there is no earlier policy that it could go back to"));
        endAll();
        audit.assertNothingLost();
        assertThat(plane.monitor().log().activations())
                .extracting(ActivationRecord::to)
                .containsExactly("first", "second", "third", "second", "first");
    }

    @Test
    void moreImagesThanAreKept_freesTheOldest() {
        List<Integer> freed = new ArrayList<>();
        for (int i = 0; i <= ReadyImages.CAPACITY + 2; i++) {
            int number = i;
            JavaPolicy policy = JavaPolicy.fifo("p" + i);
            policy.onLeft = () -> freed.add(number);
            plane.activate(policy.image(), ActivationReason.SWAP);
        }
        assertThat(freed).containsExactly(0, 1);
    }

    @Test
    void livePolicyThatFails_endsTheTrialToo_andBypassDecides() {
        plane.activate(
                JavaPolicy.fifo("live")
                        .on(Hook.ON_DISPATCH, (ctx, services) -> {
                            throw new IllegalStateException("boom");
                        })
                        .image(),
                ActivationReason.START);
        swap(JavaPolicy.fifo("next"), canary(500, Sticky.JOB));
        submit(20);
        endAll();
        assertThat(plane.activePolicy()).isEqualTo(ActivationRecord.BYPASS);
        assertThat(lastTrial().why()).isEqualTo("the live policy was taken out");
        audit.assertNothingLost();
    }

    @Test
    void guardOnInstructions_isJudgedBeforehand_byWhatIsProved() {
        plane.activate(JavaPolicy.fifo("live").image(), ActivationReason.START);
        assertThat(swap(JavaPolicy.fifo("next"), shadow(new Guard.Instructions(10))))
                .isInstanceOf(SwapOutcome.TrialStarted.class);
    }

    @Test
    void commandWithoutTrial_isRefused() {
        assertThat(plane.apply(new SwapCommand.Promote()))
                .isEqualTo(new SwapOutcome.Refused("bypass", "there is no trial"));
        assertThat(plane.apply(new SwapCommand.Drop("")))
                .isEqualTo(new SwapOutcome.Refused("bypass", "there is no trial"));
    }
}

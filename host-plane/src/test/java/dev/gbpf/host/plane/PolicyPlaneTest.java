package dev.gbpf.host.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Errno;
import dev.gbpf.abi.Hook;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.SwapOutcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PolicyPlaneTest {
    private static final List<Tenant> TENANTS = List.of(new Tenant(0, "a", 3, 9), new Tenant(1, "b", 1, 0));

    private final ManualDevice device = new ManualDevice(1, 100);
    private final PlaneAudit audit = new PlaneAudit();
    private long now = 1_000;
    private long nextStream;
    private final PolicyPlane plane = new PolicyPlane(new PlaneConfig(TENANTS, 1, 1_000_000), device, () -> now, audit);

    @AfterEach
    void close() {
        plane.close();
    }

    private Job job(long id, int tenant) {
        return job(id, new JobStream(nextStream++, TENANTS.get(tenant)), 0);
    }

    private Job job(long id, JobStream stream, long bytes) {
        return new Job(id, stream, new JobSpec(JobKind.KERNEL, 8, 50, 60, bytes, bytes, 500, 0, 0, 77), now);
    }

    private void submit(Job... jobs) {
        for (Job job : jobs) {
            plane.submit(job);
        }
        plane.dispatch();
    }

    private void end() {
        plane.finished(device.end(0), 60, false);
        plane.dispatch();
    }

    private void endAll() {
        while (!device.held.isEmpty()) {
            end();
        }
    }

    @Test
    void bypass_runsJobsInOrder() {
        submit(job(1, 0), job(2, 1), job(3, 0));
        endAll();
        assertThat(audit.dispatchOrder).containsExactly(1L, 2L, 3L);
        audit.assertNothingLost();
    }

    @Test
    void submit_showsTheJobToThePolicy() {
        List<Long> seen = new ArrayList<>();
        plane.activate(
                new JavaPolicy("p")
                        .on(Hook.ON_SUBMIT, (ctx, services) -> {
                            for (String field :
                                    List.of("now_ns", "job_id", "deadline_ns", "cost_ns", "tag", "queued")) {
                                seen.add(JavaPolicy.u64(Hook.ON_SUBMIT, ctx, field));
                            }
                            for (String field : List.of("tenant", "weight", "priority", "width", "flags")) {
                                seen.add((long) JavaPolicy.u32(Hook.ON_SUBMIT, ctx, field));
                            }
                            return 0;
                        })
                        .image(),
                ActivationReason.START);
        submit(job(42, 0));
        assertThat(seen).containsExactly(1_000L, 42L, 1_500L, 50L, 77L, 0L, 0L, 3L, 9L, 8L, 0L);
    }

    @Test
    void retire_showsTimesAndStatus() {
        List<Long> seen = new ArrayList<>();
        plane.activate(
                new JavaPolicy("p")
                        .on(Hook.ON_RETIRE, (ctx, services) -> {
                            seen.add(JavaPolicy.u64(Hook.ON_RETIRE, ctx, "dispatched_ns"));
                            seen.add(JavaPolicy.u64(Hook.ON_RETIRE, ctx, "run_ns"));
                            seen.add((long) JavaPolicy.u32(Hook.ON_RETIRE, ctx, "status"));
                            return 0;
                        })
                        .image(),
                ActivationReason.START);
        submit(job(1, 0));
        now = 2_000;
        plane.finished(device.end(0), 60, true);
        assertThat(seen).containsExactly(1_000L, 60L, Constants.STATUS_FAILED);
    }

    @Test
    void laterJobOfAStream_letsTheOlderOneGoFirst() {
        plane.activate(JavaPolicy.newestFirst("newest").image(), ActivationReason.START);
        JobStream stream = new JobStream(9, TENANTS.get(0));
        submit(job(1, 1));
        submit(job(2, stream, 0), job(3, stream, 0), job(4, stream, 0));
        endAll();
        assertThat(audit.dispatchOrder).containsExactly(1L, 2L, 3L, 4L);
        assertThat(plane.statistics().inherited()).isEqualTo(2);
    }

    @Test
    void reject_tellsTheReason_andTheJobNeverRuns() {
        plane.activate(
                new JavaPolicy("p")
                        .on(Hook.ON_SUBMIT, (ctx, services) -> {
                            JavaPolicy.set(Hook.ON_SUBMIT, ctx, "reason", 7);
                            return 2;
                        })
                        .image(),
                ActivationReason.START);
        submit(job(1, 0));
        assertThat(audit.rejected).containsExactly(1L);
        assertThat(plane.queued()).isZero();
    }

    @Test
    void jobLargerThanTheDevice_isRejectedByThePlane() {
        submit(job(1, new JobStream(0, TENANTS.get(0)), 101));
        assertThat(audit.rejected).containsExactly(1L);
    }

    @Test
    void jobWithoutMemory_keepsItsPlace_andOthersPass() {
        ManualDevice wide = new ManualDevice(4, 100);
        PlaneAudit seen = new PlaneAudit();
        try (PolicyPlane other = new PolicyPlane(new PlaneConfig(TENANTS, 1, 1_000), wide, () -> now, seen)) {
            JobStream stream = new JobStream(50, TENANTS.get(0));
            other.activate(JavaPolicy.fifo("p").image(), ActivationReason.START);
            other.submit(job(1, new JobStream(51, TENANTS.get(0)), 80));
            other.submit(job(2, stream, 40));
            other.submit(job(3, stream, 0));
            other.submit(job(4, new JobStream(52, TENANTS.get(0)), 10));
            other.submit(job(5, new JobStream(53, TENANTS.get(1)), 0));
            other.dispatch();
            // 2 lacks memory; 3 stands behind it in its stream; 4 would fit, but 2 comes before it; 5 needs none.
            assertThat(seen.dispatchOrder).containsExactly(1L, 5L);
            assertThat(other.queued()).isEqualTo(3);
            other.finished(wide.end(0), 60, false);
            other.dispatch();
            assertThat(seen.dispatchOrder).containsExactly(1L, 5L, 2L, 3L, 4L);
            assertThat(other.statistics().memoryWaits()).isEqualTo(1);
        }
    }

    @Test
    void jobDirectWithoutMemory_waitsInTheGlobalQueue() {
        ManualDevice wide = new ManualDevice(4, 100);
        PlaneAudit seen = new PlaneAudit();
        try (PolicyPlane other = new PolicyPlane(new PlaneConfig(TENANTS, 1, 1_000), wide, () -> now, seen)) {
            other.activate(
                    new JavaPolicy("p").on(Hook.ON_SUBMIT, (ctx, services) -> 1).image(), ActivationReason.START);
            other.submit(job(1, new JobStream(51, TENANTS.get(0)), 80));
            other.submit(job(2, new JobStream(52, TENANTS.get(0)), 40));
            assertThat(seen.dispatchOrder).containsExactly(1L);
            other.finished(wide.end(0), 60, false);
            other.dispatch();
            assertThat(seen.dispatchOrder).containsExactly(1L, 2L);
        }
    }

    @Test
    void defer_holdsTheQueueUntilItsTime() {
        plane.activate(
                JavaPolicy.fifo("p")
                        .on(Hook.ON_ADMIT, (ctx, services) -> {
                            JavaPolicy.set(Hook.ON_ADMIT, ctx, "defer_until_ns", 5_000);
                            return now < 5_000 ? 1 : 0;
                        })
                        .image(),
                ActivationReason.START);
        submit(job(1, 0));
        assertThat(device.held).isEmpty();
        assertThat(plane.wakeUpNs()).isEqualTo(5_000);
        now = 5_000;
        plane.dispatch();
        assertThat(audit.dispatchOrder).containsExactly(1L);
        assertThat(plane.wakeUpNs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void directly_skipsTheQueue_withItsStreamBeforeIt() {
        JobStream stream = new JobStream(9, TENANTS.get(0));
        plane.activate(
                JavaPolicy.fifo("p")
                        .on(Hook.ON_SUBMIT, (ctx, services) -> {
                            services.dsqInsert(1);
                            return JavaPolicy.u64(Hook.ON_SUBMIT, ctx, "job_id") == 4 ? 1 : 0;
                        })
                        .image(),
                ActivationReason.START);
        submit(job(1, 1), job(2, 1), job(3, stream, 0), job(4, stream, 0));
        assertThat(audit.dispatchOrder).containsExactly(3L, 4L);
        endAll();
        assertThat(audit.dispatchOrder).containsExactly(3L, 4L, 1L, 2L);
    }

    @Test
    void initThatRefuses_changesNothing() {
        plane.activate(JavaPolicy.fifo("good").image(), ActivationReason.START);
        submit(job(1, 0), job(2, 0));
        JavaPolicy bad = JavaPolicy.fifo("good").on(Hook.INIT, (ctx, services) -> {
            services.dsqCreate(1, 0);
            return 5;
        });
        SwapOutcome outcome = plane.activate(bad.image(), ActivationReason.SWAP);
        assertThat(outcome).isEqualTo(new SwapOutcome.Refused("good", "its init returned reason code 5"));
        endAll();
        assertThat(audit.dispatchOrder).containsExactly(1L, 2L);
        assertThat(audit.activations).hasSize(1);
    }

    @Test
    void newVersionOfAPolicy_takesQueuesOverWithTheirJobs() {
        plane.activate(JavaPolicy.perTenant("p", 1, 2).image(), ActivationReason.START);
        submit(job(1, 0), job(2, 1), job(3, 0));
        plane.activate(JavaPolicy.perTenant("p", 2, 2).image(), ActivationReason.SWAP);
        ActivationRecord swap = audit.activations.getLast();
        // Job 1 runs; queue 2 with job 2 is taken over; job 3 of queue 1 is offered again.
        assertThat(swap.queuedJobs()).isEqualTo(2);
        assertThat(swap.reofferedJobs()).isEqualTo(1);
        endAll();
        audit.assertNothingLost();
    }

    @Test
    void anotherPolicy_isOfferedEveryWaitingJob_inOrderOfArrival() {
        plane.activate(JavaPolicy.newestFirst("newest").image(), ActivationReason.START);
        submit(job(1, 0));
        submit(job(2, 0), job(3, 1), job(4, 0));
        plane.activate(JavaPolicy.fifo("fifo").image(), ActivationReason.SWAP);
        endAll();
        assertThat(audit.dispatchOrder).containsExactly(1L, 2L, 3L, 4L);
        assertThat(audit.activations.getLast().reofferedJobs()).isEqualTo(3);
    }

    @Test
    void exit_runsAfterTheSwap_once() {
        List<String> order = new ArrayList<>();
        JavaPolicy first = new JavaPolicy("first").on(Hook.EXIT, (ctx, services) -> {
            order.add("exit " + JavaPolicy.u32(Hook.EXIT, ctx, "kind"));
            return 0;
        });
        first.onLeft = () -> order.add("left");
        plane.activate(first.image(), ActivationReason.START);
        plane.activate(JavaPolicy.fifo("second").image(), ActivationReason.SWAP);
        assertThat(order).containsExactly("exit " + Constants.EXIT_SWAPPED);
    }

    @Test
    void failingProgram_isTakenOut_andItsJobsRunOn() {
        plane.activate(
                JavaPolicy.fifo("bad")
                        .on(Hook.ON_DISPATCH, (ctx, services) -> {
                            throw new IllegalStateException("boom");
                        })
                        .image(),
                ActivationReason.START);
        submit(job(1, 0), job(2, 1));
        endAll();
        assertThat(audit.dispatchOrder).containsExactly(1L, 2L);
        assertThat(plane.activePolicy()).isEqualTo(ActivationRecord.BYPASS);
        assertThat(audit.faults)
                .hasSize(1)
                .first()
                .asString()
                .contains("bad/on_dispatch")
                .contains("boom");
    }

    @Test
    void policyThatNeverDispatches_isTakenOut() {
        plane.activate(
                JavaPolicy.fifo("idle")
                        .on(Hook.ON_DISPATCH, (ctx, services) -> 0)
                        .image(),
                ActivationReason.START);
        submit(job(1, 0));
        for (int i = 0; i < 20; i++) {
            now += 100_000;
            plane.tick();
            plane.dispatch();
        }
        assertThat(audit.dispatchOrder).containsExactly(1L);
        assertThat(audit.activations.getLast().reason()).startsWith("stall");
    }

    @Test
    void busyDevice_isNotHeldAgainstThePolicy() {
        plane.activate(JavaPolicy.fifo("p").image(), ActivationReason.START);
        submit(job(1, 0), job(2, 0));
        for (int i = 0; i < 50; i++) {
            now += 100_000;
            plane.tick();
            plane.dispatch();
        }
        assertThat(plane.activePolicy()).isEqualTo("p");
    }

    @Test
    void helpers_answerErrorsAsValues() {
        List<Long> answers = new ArrayList<>();
        JavaPolicy policy = JavaPolicy.fifo("p").on(Hook.ON_SUBMIT, (ctx, services) -> {
            answers.add(services.dsqInsert(99));
            answers.add(services.dsqInsertVtime(1, 5));
            answers.add(services.dsqCreate(1, 1));
            answers.add(services.dsqCreate(0, 0));
            answers.add(services.dsqCreate(5, 9));
            answers.add(services.dsqCreate(1L << 31, 0));
            answers.add(services.dsqLen(-4));
            answers.add(services.dsqPeek(1, 1));
            answers.add(services.dsqMove(1, 1, 0));
            answers.add(services.dsqMove(1, 77, 0));
            answers.add(services.kick(1));
            answers.add(services.tenantInflight(2));
            answers.add(services.dsqMove(1, 0, 0));
            return 0;
        });
        plane.activate(policy.image(), ActivationReason.START);
        plane.submit(job(1, 0));
        assertThat(answers)
                .containsExactly(
                        Errno.ENOENT,
                        Errno.EINVAL,
                        Errno.EEXIST,
                        Errno.EINVAL,
                        Errno.EINVAL,
                        Errno.EINVAL,
                        Errno.ENOENT,
                        Constants.NONE,
                        Errno.EINVAL,
                        Errno.ENOENT,
                        Errno.EINVAL,
                        Errno.EINVAL,
                        0L);
        assertThat(plane.statistics().insertErrors()).isEqualTo(2);
    }

    @Test
    void jobThatEndsTwice_isIgnored_andCounted() {
        submit(job(1, 0));
        Job job = device.end(0);
        plane.finished(job, 60, false);
        plane.finished(job, 60, false);
        assertThat(audit.ended).containsExactly(1L);
        assertThat(plane.running()).isZero();
        assertThat(plane.statistics().duplicateEnds()).isEqualTo(1);
    }

    @Test
    void jobThatIsSubmittedTwice_isIgnored_andCounted() {
        Job job = job(1, 0);
        submit(job(2, 0), job, job);
        plane.finished(device.end(0), 60, false);
        plane.submit(job);
        plane.dispatch();
        endAll();
        assertThat(audit.dispatchOrder).containsExactly(2L, 1L);
        assertThat(plane.statistics().duplicateSubmissions()).isEqualTo(2);
        audit.assertNothingLost();
    }

    @Test
    void choiceThatNoLongerHolds_isIgnored_andCounted() {
        plane.activate(
                JavaPolicy.fifo("bad")
                        .on(Hook.ON_ADMIT, (ctx, services) -> {
                            throw new IllegalStateException("boom");
                        })
                        .image(),
                ActivationReason.START);
        submit(job(1, 0), job(2, 1));
        assertThat(plane.statistics().staleDispatches()).isEqualTo(1);
        endAll();
        assertThat(audit.dispatchOrder).containsExactly(1L, 2L);
    }

    @Test
    void log_keepsTheNewestEntries() {
        plane.activate(
                new JavaPolicy("p")
                        .on(Hook.ON_TICK, (ctx, services) -> services.log(3, now))
                        .image(),
                ActivationReason.START);
        for (int i = 0; i < PolicyLog.CAPACITY + 5; i++) {
            now++;
            plane.tick();
        }
        assertThat(plane.log().written()).isEqualTo(PolicyLog.CAPACITY + 5);
        assertThat(plane.log().entries()).hasSize(PolicyLog.CAPACITY);
        assertThat(plane.log().entries().getLast()).isEqualTo(new PolicyLog.Entry(now, 3, now));
    }
}

package dev.gbpf.host.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.workload.RequestRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RunRecorderTest {
    private static final long MS = 1_000_000;
    private static final List<TenantSummary> TENANTS = List.of(
            new TenantSummary(0, "a", 1, 0, 5 * MS, 25 * MS, 0, "one"),
            new TenantSummary(1, "b", 1, 0, 0, 0, 0, "two"));
    private static final DeviceSummary DEVICE =
            new DeviceSummary("d", 16, 0, List.of(new DeviceSummary.Vslice("all", 16, 1)));
    private static final List<JobStream> STREAMS =
            List.of(new JobStream(0, new Tenant(0, "a", 1, 0)), new JobStream(1, new Tenant(1, "b", 1, 0)));

    private static Job job(long id, int tenant, long submittedNs, long deadlineAfterNs) {
        JobSpec spec = new JobSpec(JobKind.KERNEL, 1, 0, 0, 0, 0, deadlineAfterNs, 0, 0, 0);
        return new Job(id, STREAMS.get(tenant), spec, submittedNs);
    }

    private static RunResult finish(RunRecorder recorder, long horizonNs, int waiting, int held) {
        return recorder.finish(
                new RunInfo("test", "p", 1, horizonNs, MS),
                List.of(),
                List.of(),
                new Ending("completed", "All is done.", horizonNs),
                waiting,
                held);
    }

    private static ActivationRecord activation(long atNs, String from, String to) {
        return new ActivationRecord(
                atNs, from, from, 0, to, to, "swap", 0, 0, List.of(), List.of(), List.of(), List.of());
    }

    private static void complete(RunRecorder recorder, Job job, long dispatchedNs, long endNs) {
        recorder.submitted(job, job.submittedNs());
        job.dispatched(dispatchedNs, 0);
        recorder.dispatched(job, dispatchedNs);
        FakeExecution execution = FakeExecution.of(job, dispatchedNs, endNs);
        recorder.started(execution, dispatchedNs);
        recorder.ended(execution, endNs);
        recorder.retired(job, endNs - dispatchedNs, false, endNs);
    }

    @Property(tries = 300)
    void distribution_anyDurations_agreesWithSorting(
            @ForAll @Size(min = 1, max = 400) List<@LongRange(min = 0, max = 3_600_000_000_000L) Long> durations) {
        DurationRecorder recorder = new DurationRecorder();
        durations.forEach(recorder::record);
        long[] sorted = durations.stream().mapToLong(Long::longValue).sorted().toArray();

        Distribution got = recorder.distribution();
        assertThat(got.count()).isEqualTo(sorted.length);
        assertThat(got.maxNs()).isEqualTo(sorted[sorted.length - 1]);
        assertThat(got.meanNs()).isEqualTo(Arrays.stream(sorted).sum() / sorted.length);
        assertClose(got.p50Ns(), sorted, 50_000);
        assertClose(got.p95Ns(), sorted, 95_000);
        assertClose(got.p99Ns(), sorted, 99_000);
        assertClose(got.p999Ns(), sorted, 99_900);

        List<Long> curve = recorder.curve();
        assertThat(curve).hasSameSizeAs(QuantileLadder.PARTS).isSorted();
        for (int i = 0; i < curve.size(); i++) {
            assertClose(curve.get(i), sorted, QuantileLadder.PARTS.get(i));
        }
    }

    private static void assertClose(long got, long[] sorted, int parts) {
        long exact = sorted[(int) Math.max(1, Math.ceilDiv(sorted.length * (long) parts, 100_000L)) - 1];
        assertThat(got).isCloseTo(exact, within(exact / 1_000 + 1));
    }

    @Property(tries = 200)
    void distribution_addedParts_equalsTheWhole(
            @ForAll @Size(max = 200) List<@LongRange(min = 0, max = 10_000_000_000L) Long> durations,
            @ForAll @IntRange(min = 0, max = 200) int cut) {
        DurationRecorder whole = new DurationRecorder();
        DurationRecorder left = new DurationRecorder();
        DurationRecorder right = new DurationRecorder();
        for (int i = 0; i < durations.size(); i++) {
            whole.record(durations.get(i));
            (i < cut ? left : right).record(durations.get(i));
        }
        left.add(right);
        assertThat(left.distribution()).isEqualTo(whole.distribution());
        assertThat(left.curve()).isEqualTo(whole.curve());
    }

    /** Jobs as the property makes them: submitted, waited, ran; all numbers in microseconds. */
    record Plan(int tenant, long submittedUs, long waitUs, long runUs) {}

    @Property(tries = 200)
    void phases_anyJobsAndSwaps_countEachJobOnceWhereItEnded(
            @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 1_000_000) Integer> numbers,
            @ForAll @Size(max = 4) List<@LongRange(min = 1, max = 9_999) Long> swapsUs) {
        long horizonUs = 10_000;
        List<Plan> plans = new ArrayList<>();
        for (int n : numbers) {
            plans.add(new Plan(n & 1, n % 9_973, n % 1_009, n % 757));
        }
        List<Long> swaps = swapsUs.stream().distinct().sorted().toList();
        RunResult result = drive(plans, swaps, horizonUs);

        assertThat(result.phases()).hasSize(swaps.size() + 1);
        for (Phase phase : result.phases()) {
            for (int tenant = 0; tenant < 2; tenant++) {
                int of = tenant;
                List<Plan> here = plans.stream()
                        .filter(p -> p.tenant() == of)
                        .filter(p -> endsIn(p, phase, horizonUs))
                        .toList();
                TenantPhase got = phase.tenants().get(tenant);
                assertThat(got.completed()).isEqualTo(here.size());
                assertThat(got.carried())
                        .isEqualTo(here.stream()
                                .filter(p -> p.submittedUs() * 1_000 < phase.fromNs())
                                .count());
                assertThat(got.deviceNs())
                        .isEqualTo(
                                here.stream().mapToLong(p -> p.runUs() * 1_000).sum());
                assertThat(got.latency().maxNs())
                        .isEqualTo(here.stream()
                                .mapToLong(p -> (p.waitUs() + p.runUs()) * 1_000)
                                .max()
                                .orElse(0));
                assertThat(got.queueWait().maxNs())
                        .isEqualTo(here.stream()
                                .mapToLong(p -> p.waitUs() * 1_000)
                                .max()
                                .orElse(0));
                assertThat(got.overSlo())
                        .isEqualTo(here.stream()
                                .filter(p -> of == 0 && (p.waitUs() + p.runUs()) * 1_000 > 5 * MS)
                                .count());
            }
        }
        for (int tenant = 0; tenant < 2; tenant++) {
            int of = tenant;
            assertThat(result.totals().get(tenant).completed())
                    .isEqualTo(result.phases().stream()
                            .mapToLong(p -> p.tenants().get(of).completed())
                            .sum());
            assertThat(sum(result.series().tenants().get(tenant).deviceNs()))
                    .isEqualTo(deviceNsBefore(plans, tenant, horizonUs));
        }
        assertThat(result.invariants().lost()).isZero();
        assertThat(result.invariants().duplicated()).isZero();
    }

    /** Whether a job ended in a phase; at a boundary the activation comes first, and the end of the run counts as inside. */
    private static boolean endsIn(Plan plan, Phase phase, long horizonUs) {
        long endNs = (plan.submittedUs() + plan.waitUs() + plan.runUs()) * 1_000;
        boolean last = phase.toNs() == horizonUs * 1_000;
        return endNs >= phase.fromNs() && (endNs < phase.toNs() || (last && endNs == phase.toNs()));
    }

    private static long deviceNsBefore(List<Plan> plans, int tenant, long horizonUs) {
        long sum = 0;
        for (Plan plan : plans) {
            long start = plan.submittedUs() + plan.waitUs();
            if (plan.tenant() == tenant && start < horizonUs) {
                sum += Math.min(plan.runUs(), horizonUs - start) * 1_000;
            }
        }
        return sum;
    }

    private record Event(long atNs, int order, Runnable action) {}

    private static RunResult drive(List<Plan> plans, List<Long> swapsUs, long horizonUs) {
        RunRecorder recorder = new RunRecorder(TENANTS, DEVICE, horizonUs * 1_000);
        List<Event> events = new ArrayList<>();
        events.add(new Event(0, 0, () -> recorder.activated(activation(0, ActivationRecord.BYPASS, "p0"))));
        for (int i = 0; i < swapsUs.size(); i++) {
            ActivationRecord swap = activation(swapsUs.get(i) * 1_000, "p" + i, "p" + (i + 1));
            events.add(new Event(swap.atNs(), 0, () -> recorder.activated(swap)));
        }
        for (int i = 0; i < plans.size(); i++) {
            Plan plan = plans.get(i);
            long submitted = plan.submittedUs() * 1_000;
            long dispatched = submitted + plan.waitUs() * 1_000;
            long end = dispatched + plan.runUs() * 1_000;
            Job job = job(i, plan.tenant(), submitted, 0);
            events.add(new Event(submitted, 1, () -> recorder.submitted(job, submitted)));
            events.add(new Event(dispatched, 2, () -> {
                job.dispatched(dispatched, 0);
                recorder.dispatched(job, dispatched);
                recorder.started(FakeExecution.of(job, dispatched, end), dispatched);
            }));
            events.add(new Event(end, 3, () -> {
                recorder.ended(FakeExecution.of(job, dispatched, end), end);
                recorder.retired(job, end - dispatched, false, end);
            }));
        }
        events.sort((a, b) ->
                a.atNs() != b.atNs() ? Long.compare(a.atNs(), b.atNs()) : Integer.compare(a.order(), b.order()));
        events.forEach(e -> e.action().run());
        return finish(recorder, horizonUs * 1_000, 0, 0);
    }

    @Test
    void waiting_jobsComeAndGo_meanAndGreatestPerBucket() {
        RunRecorder recorder = new RunRecorder(TENANTS, DEVICE, 400 * MS);
        Job first = job(0, 0, 0, 0);
        Job second = job(1, 0, MS / 2, 0);
        recorder.submitted(first, 0);
        recorder.submitted(second, MS / 2);
        first.dispatched(MS, 0);
        recorder.dispatched(first, MS);
        second.dispatched(2 * MS + MS / 4, 0);
        recorder.dispatched(second, 2 * MS + MS / 4);
        RunResult result = finish(recorder, 400 * MS, 0, 2);

        assertThat(result.series().bucketNs()).isEqualTo(MS);
        assertThat(result.series().tenants().get(0).waitingMean()).startsWith(1.5, 1.0, 0.25, 0.0);
        assertThat(result.series().tenants().get(0).waitingMax()).startsWith(2, 1, 1, 0);
        assertThat(result.backlog()).containsExactly(new RunResult.Backlog(0, 2), new RunResult.Backlog(0, 0));
    }

    @Test
    void deadlines_lateFailedAndRejected_areMisses() {
        RunRecorder recorder = new RunRecorder(TENANTS, DEVICE, 100 * MS);
        complete(recorder, job(0, 1, 0, 3 * MS), MS, 3 * MS);
        complete(recorder, job(1, 1, 0, 3 * MS), MS, 3 * MS + 1);
        complete(recorder, job(2, 1, 0, 0), MS, 90 * MS);
        Job refused = job(3, 1, 0, MS);
        recorder.submitted(refused, 0);
        recorder.rejected(refused, 9, 0);
        Job broken = job(4, 1, 0, 50 * MS);
        recorder.submitted(broken, 0);
        broken.dispatched(0, 0);
        recorder.dispatched(broken, 0);
        recorder.retired(broken, 5, true, 10);

        TenantPhase got = finish(recorder, 100 * MS, 0, 0).totals().get(1);
        assertThat(got.deadlineJobs()).isEqualTo(4);
        assertThat(got.deadlineMisses()).isEqualTo(3);
        assertThat(got.completed()).isEqualTo(3);
        assertThat(got.failed()).isEqualTo(1);
        assertThat(got.rejected()).isEqualTo(1);
        assertThat(got.throughputPerS()).isEqualTo(30.0);
    }

    @Test
    void activation_atTheStart_leavesNoEmptyPhase() {
        RunRecorder recorder = new RunRecorder(TENANTS, DEVICE, 10 * MS);
        recorder.activated(activation(0, ActivationRecord.BYPASS, "fifo"));
        recorder.activated(activation(10 * MS, "fifo", "other"));
        assertThat(finish(recorder, 10 * MS, 0, 0).phases())
                .singleElement()
                .satisfies(p -> assertThat(p.policy()).isEqualTo("fifo"))
                .satisfies(p -> assertThat(p.durationNs()).isEqualTo(10 * MS));
    }

    @Test
    void afterHorizon_endsAreFollowed_butNotMeasured() {
        RunRecorder recorder = new RunRecorder(TENANTS, DEVICE, 10 * MS);
        complete(recorder, job(0, 0, 0, 0), MS, 9 * MS);
        Job late = job(1, 1, 9 * MS, 0);
        recorder.submitted(late, 9 * MS);
        late.dispatched(11 * MS, 0);
        recorder.dispatched(late, 11 * MS);
        FakeExecution execution = FakeExecution.of(late, 11 * MS, 12 * MS);
        recorder.started(execution, 11 * MS);
        recorder.ended(execution, 12 * MS);
        recorder.retired(late, MS, false, 12 * MS);

        RunResult result = finish(recorder, 10 * MS, 0, 0);
        assertThat(result.totals().get(1).completed()).isZero();
        assertThat(result.backlog().get(1)).isEqualTo(new RunResult.Backlog(1, 0));
        assertThat(result.invariants()).isEqualTo(new Invariants(2, 2, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void invariants_aJobThatVanishedOrRanTwice_areFound() {
        RunRecorder recorder = new RunRecorder(TENANTS, DEVICE, 10 * MS);
        recorder.submitted(job(0, 0, 0, 0), 0);
        Job twice = job(70_000, 1, 0, 0);
        complete(recorder, twice, 0, MS);
        recorder.dispatched(twice, 2 * MS);
        Invariants got = finish(recorder, 10 * MS, 0, 0).invariants();
        assertThat(got.lost()).isEqualTo(1);
        assertThat(got.duplicated()).isEqualTo(1);
        assertThat(got.hold()).isFalse();
    }

    @Test
    void requests_firstTokenAndPace_areSummarised() {
        RunRecorder recorder = new RunRecorder(TENANTS, DEVICE, 1_000 * MS);
        Tenant tenant = STREAMS.get(0).tenant();
        recorder.ended(new RequestRecord(0, tenant, 9, 11, 0, 20 * MS, 120 * MS, RequestRecord.End.COMPLETED));
        recorder.ended(new RequestRecord(1, tenant, 9, 1, 0, 30 * MS, 30 * MS, RequestRecord.End.COMPLETED));
        recorder.ended(new RequestRecord(2, tenant, 9, 0, 0, -1, -1, RequestRecord.End.REJECTED));
        RequestSummary got = finish(recorder, 1_000 * MS, 0, 0).totals().get(0).requests();
        assertThat(got).isNotNull();
        assertThat(got.completed()).isEqualTo(2);
        assertThat(got.refused()).isEqualTo(1);
        assertThat(got.withinSlo()).isEqualTo(1);
        assertThat(got.firstToken().maxNs()).isEqualTo(30 * MS);
        assertThat(got.perToken()).isEqualTo(new Distribution(1, 10 * MS, 10 * MS, 10 * MS, 10 * MS, 10 * MS, 10 * MS));
        assertThat(got.endToEnd().maxNs()).isEqualTo(120 * MS);
    }

    @Test
    void windows_manyJobs_areBoundedAndCompleteAroundTheSwap() {
        RunRecorder recorder = new RunRecorder(TENANTS, DEVICE, 100_000 * MS);
        recorder.activated(activation(0, ActivationRecord.BYPASS, "one"));
        for (int i = 0; i < 5_000; i++) {
            if (i == 2_500) {
                recorder.activated(activation(2_500 * MS, "one", "two"));
            }
            complete(recorder, job(i, i & 1, i * MS, 0), i * MS, (i + 1) * MS);
        }
        List<SpanWindow> windows =
                finish(recorder, 100_000 * MS, 0, 0).timeline().windows();
        assertThat(windows).extracting(SpanWindow::title).containsExactly("start of one", "one to two");
        SpanWindow swap = windows.get(1);
        assertThat(swap.fromNs()).isEqualTo((2_500 - SpanRecorder.HALF + 1) * MS);
        assertThat(swap.toNs()).isEqualTo((2_500 + SpanRecorder.HALF) * MS);
        assertThat(swap.spans()).hasSize(2 * SpanRecorder.HALF);
    }

    @Test
    void batch_ofTwoTenants_isOneSpanPerTenantOnOneLane() {
        RunRecorder recorder = new RunRecorder(TENANTS, DEVICE, 100 * MS);
        recorder.activated(activation(0, ActivationRecord.BYPASS, "one"));
        FakeExecution alone = FakeExecution.of(job(9, 0, 0, 0), 0, 50 * MS);
        FakeExecution batch = new FakeExecution(
                1,
                JobKind.KERNEL,
                List.of(job(0, 1, 0, 0), job(1, 0, 0, 0), job(2, 1, 0, 0), job(3, 1, 0, 0)),
                8,
                2 * MS,
                6 * MS);
        recorder.started(alone, 0);
        recorder.started(batch, 2 * MS);
        recorder.ended(batch, 6 * MS);
        RunResult result = finish(recorder, 100 * MS, 0, 0);

        assertThat(result.timeline().lanes()).containsExactly("all #2");
        assertThat(result.timeline().windows().get(0).spans())
                .containsExactly(
                        new Span(0, 0, 2 * MS, 6 * MS, 1, 0, 250), new Span(0, 1, 2 * MS, 6 * MS, 3, 250, 1000));
        assertThat(sum(result.series().tenants().get(1).deviceNs())).isEqualTo(3 * MS);
        assertThat(sum(result.series().tenants().get(1).smNs())).isEqualTo(24 * MS);
    }

    @Test
    void smUse_kernelsWiderThanTheDevice_isSharedByWidth() {
        RunRecorder recorder = new RunRecorder(TENANTS, DEVICE, 400 * MS);
        FakeExecution wide = new FakeExecution(1, JobKind.KERNEL, List.of(job(0, 0, 0, 0)), 16, 0, 4 * MS);
        FakeExecution half = new FakeExecution(2, JobKind.KERNEL, List.of(job(1, 1, 0, 0)), 8, MS, 2 * MS);
        FakeExecution copy = new FakeExecution(
                3,
                JobKind.COPY_H2D,
                List.of(new Job(2, STREAMS.get(1), new JobSpec(JobKind.COPY_H2D, 0, 0, 0, 9, 0, 0, 0, 0, 0), 0)),
                0,
                MS,
                3 * MS);
        recorder.started(wide, 0);
        recorder.started(half, MS);
        recorder.started(copy, MS);
        recorder.ended(half, 2 * MS);
        recorder.ended(copy, 3 * MS);
        recorder.ended(wide, 4 * MS);
        RunResult result = finish(recorder, 400 * MS, 0, 0);

        List<Long> ofWide = result.series().tenants().get(0).smNs();
        assertThat(ofWide.subList(0, 5)).containsExactly(16 * MS, 10_666_667L, 16 * MS, 16 * MS, 0L);
        List<Long> ofHalf = result.series().tenants().get(1).smNs();
        assertThat(ofHalf.subList(0, 3)).containsExactly(0L, 5_333_333L, 0L);
        assertThat(result.timeline().lanes()).containsExactly("all #1", "all #2", "copy to device");
    }

    private static long sum(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void fakeRun_sameSeed_isEqual() {
        RunResult one = FakeRun.threeTenants(42, 2_000 * MS);
        assertThat(FakeRun.threeTenants(42, 2_000 * MS)).isEqualTo(one);
        assertThat(FakeRun.threeTenants(43, 2_000 * MS)).isNotEqualTo(one);
        assertThat(one.invariants().hold()).isTrue();
        assertThat(one.phases()).extracting(Phase::policy).containsExactly("fifo", "weighted_fair", "strict_priority");
    }
}

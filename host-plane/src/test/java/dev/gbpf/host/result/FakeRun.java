package dev.gbpf.host.result;

import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.TrialReport;
import dev.gbpf.host.swap.TrialReport.Difference;
import dev.gbpf.host.swap.TrialReport.HookAgreement;
import dev.gbpf.host.swap.TrialReport.SideSummary;
import dev.gbpf.host.workload.RequestRecord;
import dev.gbpf.host.workload.RequestRecord.End;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A small queueing model that drives a recorder as a plane would: Poisson arrivals, lanes that run one job each, and a rule
 * that is changed on the way. It stands in for real runs where a test is about reports and not about policies.
 */
public final class FakeRun {
    /** How the next job is chosen. */
    public enum Rule {
        FIFO,
        WEIGHTED,
        PRIORITY
    }

    /** Arrivals of a tenant. */
    public record Load(
            String name, int weight, int priority, double perSecond, long workNs, long deadlineNs, long sloNs) {}

    /** A change of the rule. */
    public record Change(long atNs, Rule rule) {}

    private record Running(Job job, int lane, long startNs, long endNs, long sequence) {}

    private final Random random;
    private final List<Load> loads;
    private final List<Change> changes;
    private final long horizonNs;
    private final RunRecorder recorder;
    private final List<TenantSummary> summaries = new ArrayList<>();
    private final List<JobStream> streams = new ArrayList<>();
    private final List<ArrayDeque<Job>> queues = new ArrayList<>();
    private final long[] nextArrivalNs;
    private final double[] virtualTime;
    private final @Nullable Job[] lanes;
    private final PriorityQueue<Running> running =
            new PriorityQueue<>(Comparator.comparingLong(Running::endNs).thenComparingLong(Running::sequence));
    private Rule rule = Rule.FIFO;
    private long nextId;
    private long sequence;
    private int queued;

    private FakeRun(long seed, long horizonNs, int lanes, List<Load> loads, List<Change> changes) {
        this.random = new Random(seed);
        this.loads = loads;
        this.changes = changes;
        this.horizonNs = horizonNs;
        this.lanes = new Job[lanes];
        this.nextArrivalNs = new long[loads.size()];
        this.virtualTime = new double[loads.size()];
        for (int i = 0; i < loads.size(); i++) {
            Load load = loads.get(i);
            summaries.add(new TenantSummary(
                    i,
                    load.name(),
                    load.weight(),
                    load.priority(),
                    load.sloNs(),
                    0,
                    0,
                    "poisson " + load.perSecond() + "/s, " + load.workNs() / 1000 + " us"));
            streams.add(new JobStream(i, new Tenant(i, load.name(), load.weight(), load.priority())));
            queues.add(new ArrayDeque<>());
            nextArrivalNs[i] = gap(load);
        }
        this.recorder = new RunRecorder(summaries, device(lanes), horizonNs);
    }

    /** Three tenants on four lanes, overloaded, with two changes of the rule: what most tests of reports want. */
    public static RunResult threeTenants(long seed, long horizonNs) {
        return run(
                seed,
                horizonNs,
                4,
                List.of(
                        new Load("chat", 8, 10, 420, 2_000_000, 12_000_000, 10_000_000),
                        new Load("search", 4, 5, 260, 3_500_000, 0, 25_000_000),
                        new Load("training", 1, 0, 95, 24_000_000, 0, 0)),
                List.of(
                        new Change(0, Rule.FIFO),
                        new Change(horizonNs * 2 / 5, Rule.WEIGHTED),
                        new Change(horizonNs * 7 / 10, Rule.PRIORITY)));
    }

    /** A run of any shape. */
    public static RunResult run(long seed, long horizonNs, int lanes, List<Load> loads, List<Change> changes) {
        return new FakeRun(seed, horizonNs, lanes, loads, changes).simulate(seed);
    }

    private static DeviceSummary device(int lanes) {
        return new DeviceSummary(
                "fake device", 32 * lanes, 80L << 30, List.of(new DeviceSummary.Vslice("all", 32 * lanes, 2 * lanes)));
    }

    private RunResult simulate(long seed) {
        int nextChange = 0;
        while (true) {
            long changeNs =
                    nextChange < changes.size() ? changes.get(nextChange).atNs() : Long.MAX_VALUE;
            long endNs = running.isEmpty() ? Long.MAX_VALUE : running.peek().endNs();
            int tenant = soonest();
            long now = Math.min(Math.min(changeNs, endNs), nextArrivalNs[tenant]);
            if (now > horizonNs) {
                break;
            }
            if (now == changeNs) {
                change(changes.get(nextChange), nextChange == 0);
                nextChange++;
            } else if (now == endNs) {
                end(running.remove());
            } else {
                arrive(tenant, now);
            }
            dispatch(now);
        }
        return finish(seed);
    }

    private void change(Change change, boolean first) {
        recorder.activated(new ActivationRecord(
                change.atNs(),
                first ? ActivationRecord.BYPASS : name(rule),
                "",
                0,
                name(change.rule()),
                "",
                first ? "start" : "swap",
                queued,
                queued,
                change.rule() == Rule.PRIORITY ? List.of("credits") : List.of(),
                change.rule() == Rule.WEIGHTED ? List.of("vtime_now", "tenant_vtime") : List.of(),
                List.of(),
                List.of()));
        rule = change.rule();
    }

    private static String name(Rule rule) {
        return switch (rule) {
            case FIFO -> "fifo";
            case WEIGHTED -> "weighted_fair";
            case PRIORITY -> "strict_priority";
        };
    }

    private void arrive(int tenant, long now) {
        Load load = loads.get(tenant);
        long work = (long) (load.workNs() * (0.5 + random.nextDouble()));
        JobSpec spec = new JobSpec(JobKind.KERNEL, 32, load.workNs(), work, 0, 0, load.deadlineNs(), 0, 500, 0);
        Job job = new Job(nextId++, streams.get(tenant), spec, now);
        recorder.submitted(job, now);
        if (random.nextInt(2_000) == 0) {
            recorder.rejected(job, 7, now);
        } else {
            queues.get(tenant).add(job);
            queued++;
        }
        nextArrivalNs[tenant] = now + gap(load);
    }

    private void end(Running done) {
        lanes[done.lane()] = null;
        Job job = done.job();
        long used = done.endNs() - done.startNs();
        recorder.ended(FakeExecution.of(job, done.startNs(), done.endNs()), done.endNs());
        recorder.retired(job, used, random.nextInt(5_000) == 0, done.endNs());
        if (job.tenant().name().startsWith("chat") && job.id() % 16 == 0) {
            long firstNs = job.submittedNs() + (done.endNs() - job.submittedNs()) / 4;
            recorder.ended(new RequestRecord(
                    job.id(), job.tenant(), 700, 12, job.submittedNs(), firstNs, done.endNs(), End.COMPLETED));
        }
    }

    private void dispatch(long now) {
        for (int lane = 0; lane < lanes.length && queued > 0; lane++) {
            if (lanes[lane] == null) {
                int tenant = choose();
                Job job = queues.get(tenant).remove();
                queued--;
                virtualTime[tenant] +=
                        (double) job.spec().workNs() / loads.get(tenant).weight();
                job.dispatched(now, 0);
                lanes[lane] = job;
                recorder.dispatched(job, now);
                recorder.started(FakeExecution.of(job, now, now + job.spec().workNs()), now);
                running.add(new Running(job, lane, now, now + job.spec().workNs(), sequence++));
            }
        }
    }

    private int choose() {
        int best = -1;
        for (int i = 0; i < queues.size(); i++) {
            if (!queues.get(i).isEmpty() && (best < 0 || better(i, best))) {
                best = i;
            }
        }
        return best;
    }

    private boolean better(int a, int b) {
        return switch (rule) {
            case FIFO ->
                queues.get(a).getFirst().id() < queues.get(b).getFirst().id();
            case WEIGHTED -> virtualTime[a] < virtualTime[b];
            case PRIORITY -> loads.get(a).priority() > loads.get(b).priority();
        };
    }

    private int soonest() {
        int best = 0;
        for (int i = 1; i < nextArrivalNs.length; i++) {
            if (nextArrivalNs[i] < nextArrivalNs[best]) {
                best = i;
            }
        }
        return best;
    }

    private long gap(Load load) {
        return 1 + (long) (-StrictMath.log(1 - random.nextDouble()) / load.perSecond() * 1e9);
    }

    private RunResult finish(long seed) {
        String label =
                String.join(" > ", changes.stream().map(c -> name(c.rule())).toList());
        if (changes.size() > 1) {
            recorder.trialEnded(shadow());
            recorder.trialEnded(canary());
        }
        return recorder.finish(
                new RunInfo("fake", label, seed, horizonNs, 1_000_000),
                List.of(
                        new SourceText("scenario", "fake.yaml", "name: fake\nseed: " + seed + "\n"),
                        new SourceText("policy", "weighted_fair.gbpf", "policy weighted_fair {\n    // <source>\n}\n")),
                changes.stream().map(c -> counters(name(c.rule()))).toList(),
                new Ending("time_limit", "the horizon came with jobs unfinished", horizonNs),
                queued,
                running.size());
    }

    private static TrialReport shadow() {
        return new TrialReport(
                "shadow",
                "weighted_fair",
                "0a1b",
                "fifo",
                1_000_000_000,
                2_000_000_000,
                0,
                "",
                "dropped",
                "its time was over",
                List.of(new HookAgreement("on_submit", 400, 400), new HookAgreement("on_dispatch", 1_234, 1_000)),
                List.of(new Difference(1_250_000_000, "on_dispatch", 17, "job 17", "<idle>")),
                new SideSummary("weighted_fair", 400, 0, 0, 2_000, 3, 0, 0, 0, 0, 0),
                null);
    }

    private static TrialReport canary() {
        return new TrialReport(
                "canary",
                "weighted_fair",
                "0a1b",
                "fifo",
                2_000_000_000,
                2_600_000_000L,
                250,
                "job",
                "rolled_back",
                "40 of 100 jobs were rejected, 40.0 %; the guard allows 10.0 %",
                List.of(),
                List.of(),
                new SideSummary("weighted_fair", 100, 60, 40, 500, 0, 0, 1_000_000, 900_000, 9_000_000, 10_000_000),
                new SideSummary("fifo", 300, 300, 0, 900, 0, 0, 2_000_000, 1_900_000, 8_000_000, 9_000_000));
    }

    private static PolicyCounters counters(String policy) {
        return new PolicyCounters(
                policy,
                List.of(new PolicyCounters.Count("on_submit", 1_234), new PolicyCounters.Count("on_dispatch", 5_678)),
                List.of(new PolicyCounters.Count("failed updates", 0), new PolicyCounters.Count("log entries", 3)));
    }
}

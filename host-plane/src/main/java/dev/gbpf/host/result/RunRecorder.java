package dev.gbpf.host.result;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.plane.MemoryEvent;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.result.RunResult.Backlog;
import dev.gbpf.host.sim.DeviceObserver;
import dev.gbpf.host.sim.Execution;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.TrialReport;
import dev.gbpf.host.workload.RequestObserver;
import dev.gbpf.host.workload.RequestRecord;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Builds the result of a run from what the plane and the device report. It takes constant time and two bits of memory per
 * job.
 *
 * <p>What happens after the measured time is in no phase, total or series; it is followed only to tell at the end that no
 * job was lost. Confined to the plane's thread.
 */
public final class RunRecorder implements PlaneListener, DeviceObserver, RequestObserver {
    /** Activations beyond this many are listed, and cut no further phase. */
    static final int MAX_PHASES = 64;

    static final int MAX_NOTES = 20;

    private static final int MAX_DEADLOCKED = 8;

    private final List<TenantSummary> tenants;
    private final DeviceSummary device;
    private final long horizonNs;
    private final long[] sloNs;
    private final int[] running;

    private final PhaseAccumulator whole;
    private final TimeSeriesRecorder series;
    private final MemoryRecorder memory;
    private final LaneAllocator lanes = new LaneAllocator();
    private final int[] jobsInBatch;
    private final SpanRecorder spans = new SpanRecorder();
    private final JobLedger ledger = new JobLedger();
    private final List<Phase> phases = new ArrayList<>();
    private final List<ActivationRecord> activations = new ArrayList<>();
    private final List<TrialReport> trials = new ArrayList<>();

    private PhaseAccumulator phase;
    private String policy = ActivationRecord.BYPASS;
    private String reason = "start";
    private long phaseFromNs;
    private boolean phaseEmpty = true;

    private long completed;
    private long failed;
    private long rejected;
    private long deadlocks;
    private List<Backlog> backlog = List.of();
    private boolean afterHorizon;
    private final List<String> notes = new ArrayList<>();

    /**
     * A recorder for one run.
     *
     * @param tenants by index
     * @param device what it runs on
     * @param horizonNs end of the measured time, ns from its start at 0, at least 1
     */
    public RunRecorder(List<TenantSummary> tenants, DeviceSummary device, long horizonNs) {
        if (horizonNs < 1) {
            throw new IllegalArgumentException("horizonNs=" + horizonNs + " is not positive");
        }
        this.tenants = List.copyOf(tenants);
        this.device = device;
        this.horizonNs = horizonNs;
        this.sloNs = tenants.stream().mapToLong(TenantSummary::sloNs).toArray();
        this.running = new int[tenants.size()];
        this.jobsInBatch = new int[tenants.size()];
        this.whole = new PhaseAccumulator(tenants.size());
        this.phase = new PhaseAccumulator(tenants.size());
        this.memory = new MemoryRecorder(tenants.size(), device.pools());
        this.series = new TimeSeriesRecorder(tenants.size(), device, horizonNs);
        spans.mark("start of " + policy, 0);
    }

    @Override
    public void submitted(Job job, long nowNs) {
        ledger.submit(job.id());
        int tenant = job.tenant().index();
        if (measured(nowNs)) {
            phaseEmpty = false;
            phase.tenant(tenant).submitted();
        }
        series.waiting(tenant, 1, nowNs);
    }

    @Override
    public void dispatched(Job job, long nowNs) {
        ledger.dispatch(job.id());
        measured(nowNs);
        int tenant = job.tenant().index();
        running[tenant]++;
        series.waiting(tenant, -1, nowNs);
    }

    @Override
    public void yielded(Job job, long runNs, long nowNs) {
        ledger.giveUpPlace(job.id());
        measured(nowNs);
        int tenant = job.tenant().index();
        running[tenant]--;
        series.waiting(tenant, 1, nowNs);
    }

    @Override
    public void memory(MemoryEvent event, Allocation allocation, long nowNs) {
        if (measured(nowNs)) {
            phaseEmpty = false;
            memory.happened(event, allocation, nowNs);
        }
    }

    @Override
    public void memoryUsed(int tenant, long bytes, long nowNs) {
        if (measured(nowNs)) {
            memory.tenant(tenant, bytes, nowNs);
        }
    }

    @Override
    public void pool(int pool, long usedBytes, long nowNs) {
        if (measured(nowNs)) {
            memory.pool(pool, usedBytes, nowNs);
        }
    }

    @Override
    public void retired(Job job, long runNs, boolean jobFailed, long nowNs) {
        ledger.retire(job.id());
        if (jobFailed) {
            failed++;
        } else {
            completed++;
        }
        int tenant = job.tenant().index();
        if (measured(nowNs)) {
            phaseEmpty = false;
            phase.tenant(tenant).retired(job, runNs, jobFailed, nowNs, sloNs[tenant], phaseFromNs);
        }
        running[tenant]--;
    }

    @Override
    public void rejected(Job job, long rejection, long nowNs) {
        ledger.reject(job.id());
        rejected++;
        int tenant = job.tenant().index();
        if (measured(nowNs)) {
            phaseEmpty = false;
            phase.tenant(tenant).rejected(job);
        }
        series.waiting(tenant, -1, nowNs);
    }

    @Override
    public void started(Execution execution, long nowNs) {
        lanes.started(execution);
        series.smUse().started(execution, nowNs);
    }

    @Override
    public void ended(Execution execution, long nowNs) {
        series.smUse().ended(execution, nowNs);
        int lane = lanes.ended(execution);
        boolean drawn = lane != LaneAllocator.NOT_DRAWN && nowNs <= horizonNs;
        if (execution.size() > 1) {
            endedBatch(execution, nowNs, lane, drawn);
            return;
        }
        int tenant = execution.job(0).tenant().index();
        series.used(tenant, execution.startNs(), nowNs, execution.runNs(0));
        if (drawn) {
            spans.ended(lane, tenant, execution.startNs(), nowNs, 1, 0, 1000);
        }
    }

    private void endedBatch(Execution batch, long nowNs, int lane, boolean drawn) {
        long startNs = batch.startNs();
        int size = batch.size();
        for (int i = 0; i < size; i++) {
            int tenant = batch.job(i).tenant().index();
            series.used(tenant, startNs, nowNs, batch.runNs(i));
            jobsInBatch[tenant]++;
        }
        int below = 0;
        for (int tenant = 0; below < size; tenant++) {
            int jobs = jobsInBatch[tenant];
            if (jobs > 0) {
                jobsInBatch[tenant] = 0;
                int above = below + jobs;
                if (drawn) {
                    spans.ended(lane, tenant, startNs, nowNs, jobs, below * 1000 / size, above * 1000 / size);
                }
                below = above;
            }
        }
    }

    @Override
    public void ended(RequestRecord request) {
        long nowNs = Math.max(request.lastTokenNs(), request.firstTokenNs());
        int tenant = request.tenant().index();
        if (measured(nowNs)) {
            phase.tenant(tenant).requestEnded(request, nowNs, tenants.get(tenant));
        }
    }

    @Override
    public void activated(ActivationRecord activation) {
        activations.add(activation);
        long nowNs = activation.atNs();
        if (!measured(nowNs) || phases.size() >= MAX_PHASES - 1) {
            return;
        }
        closePhase(nowNs);
        policy = activation.to();
        reason = activation.reason();
        spans.mark(nowNs == 0 ? "start of " + policy : activation.from() + " to " + policy, nowNs);
    }

    @Override
    public void trialEnded(TrialReport trial) {
        trials.add(trial);
    }

    @Override
    public void deadlocked(List<Job> waiting, long nowNs) {
        if (deadlocks++ == 0) {
            note(
                    nowNs,
                    "collective operations are deadlocked: "
                            + waiting.stream()
                                    .map(Job::collective)
                                    .filter(Objects::nonNull)
                                    .map(part -> "rank " + part.rank() + " of " + part.operation())
                                    .limit(MAX_DEADLOCKED)
                                    .collect(Collectors.joining(", "))
                            + (waiting.size() > MAX_DEADLOCKED ? " and others" : "")
                            + " hold all places and wait for ranks that find none");
        }
    }

    @Override
    public void faulted(String faultedPolicy, Hook hook, String what, long nowNs) {
        note(nowNs, faultedPolicy + " failed in " + hook.symbol() + ": " + what);
    }

    /** Something that whoever reads the result must know; after {@value #MAX_NOTES} of them, further ones are dropped. */
    public void note(long nowNs, String what) {
        if (notes.size() < MAX_NOTES) {
            notes.add("at " + BigDecimal.valueOf(nowNs, 9).stripTrailingZeros().toPlainString() + " s " + what);
        }
    }

    /** Whether {@code nowNs} is in the measured time; at the first event after it, takes down what is unfinished. */
    private boolean measured(long nowNs) {
        if (!afterHorizon && nowNs > horizonNs) {
            afterHorizon = true;
            backlog = unfinished();
        }
        return !afterHorizon;
    }

    private List<Backlog> unfinished() {
        List<Backlog> list = new ArrayList<>(running.length);
        for (int tenant = 0; tenant < running.length; tenant++) {
            list.add(new Backlog(series.waiting(tenant), running[tenant]));
        }
        return List.copyOf(list);
    }

    private void closePhase(long nowNs) {
        if (nowNs == phaseFromNs && phaseEmpty) {
            return;
        }
        phases.add(new Phase(phases.size(), policy, reason, phaseFromNs, nowNs, phase.summaries(nowNs - phaseFromNs)));
        memory.closePhase(nowNs - phaseFromNs, nowNs);
        whole.add(phase);
        phase = new PhaseAccumulator(tenants.size());
        phaseFromNs = nowNs;
        phaseEmpty = true;
    }

    /**
     * The result. The recorder must not be used afterwards.
     *
     * @param run which run it was
     * @param sources texts that the run was made from
     * @param counters what each activation did, in the order of the activations
     * @param ending how it ended
     * @param waiting jobs that the plane says wait in its queues now
     * @param held jobs that the device says it holds now
     */
    public RunResult finish(
            RunInfo run,
            List<SourceText> sources,
            List<PolicyCounters> counters,
            Ending ending,
            long waiting,
            long held) {
        if (!afterHorizon) {
            backlog = unfinished();
        }
        closePhase(horizonNs);
        long lost = ledger.submitted() - ledger.ended() - waiting - held;
        return new RunResult(
                run,
                device,
                tenants,
                phases,
                whole.summaries(horizonNs),
                memory.finish(),
                backlog,
                activations,
                trials,
                counters,
                QuantileLadder.PARTS,
                series.finish(),
                spans.finish(horizonNs, device.vslices()),
                sources,
                ending,
                notes,
                new Invariants(
                        ledger.submitted(), completed, failed, rejected, waiting, held, lost, ledger.duplicated()));
    }
}

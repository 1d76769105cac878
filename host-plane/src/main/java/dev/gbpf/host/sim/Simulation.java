package dev.gbpf.host.sim;

import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.device.DevicePlane.CompletionListener;
import dev.gbpf.host.device.ThermalReading;
import dev.gbpf.host.plane.JobScheduler;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.sim.SimulationResult.Outcome;
import dev.gbpf.host.workload.JobEnd;
import dev.gbpf.host.workload.Workload;
import dev.gbpf.host.workload.WorkloadContext;
import java.util.List;
import java.util.Locale;

/**
 * Workloads, a plane and a simulated device in virtual time. It moves the clock from event to event and calls the plane as
 * {@link JobScheduler} says, on the caller's thread. The result depends on the parameters alone: not on the machine, its clock
 * or its load. It runs once.
 */
public final class Simulation {
    /*
     * One instant: the device reports what is over; the owners of these jobs hear of it and submit what follows; timers and
     * scheduled actions fire in their order; the tick, when one is due; dispatch. Rejections can bring new submissions, so
     * this goes round until nothing is left for the instant, and a few times more while the plane asks to be called now; a
     * plane that always asks is called again at the next event. Then the device settles, and time moves on.
     */
    private static final int MAX_ROUNDS = 100_000;

    /** How often dispatch is repeated within an instant because the plane asks for it and for nothing else. */
    private static final int MAX_REPEATS = 8;

    private static final int MAX_TIMERS = 100_000_000;

    private final VirtualClock clock = new VirtualClock();
    private final EventQueue events = new EventQueue();
    private final SimulationOptions options;
    private final SimulationProgress progress;
    private final List<Workload> workloads;
    private final SimulatedDevice device;
    private final JobScheduler scheduler;
    private final JobLedger ledger;

    private long pendingActions;
    private long nextTickNs;
    private long instants;
    private long lastProgressNs;
    private long progressMark;
    private boolean began;

    Simulation(SimulationBuilder builder, SchedulerFactory factory) {
        this.options = builder.options;
        this.progress = builder.progress;
        this.workloads = List.copyOf(builder.workloads);
        this.ledger = new JobLedger(clock, events, options.checks());
        this.device = new SimulatedDevice(builder.model, clock, new Completions(), builder.observer, builder.faults);
        this.scheduler = factory.create(device, clock, new Rejections());
        this.nextTickNs = options.tickNs() == 0 ? Long.MAX_VALUE : options.tickNs();
        ledger.connect(scheduler, device);
        for (Workload workload : workloads) {
            ledger.reserve(workload.residentBytes());
        }
    }

    /** The parts of a simulation of this device. */
    public static SimulationBuilder of(DeviceModel model) {
        return new SimulationBuilder(model);
    }

    public VirtualClock clock() {
        return clock;
    }

    public SimulatedDevice device() {
        return device;
    }

    public JobScheduler scheduler() {
        return scheduler;
    }

    /**
     * Does something at a time, such as swapping the policy: before the arrivals of that time, after the ends of jobs. What is
     * scheduled after the last job is over is not done.
     *
     * @param timeNs not before now, ns
     */
    public void at(long timeNs, Runnable action) {
        ledger.schedule(
                timeNs,
                (nowNs, payload) -> {
                    pendingActions--;
                    action.run();
                },
                0);
        pendingActions++;
    }

    /** How work comes in from outside: between two steps only, and what comes in is served by the next step. */
    public WorkloadContext work() {
        return ledger;
    }

    /**
     * Runs to the end.
     *
     * @throws IllegalStateException when it has begun already, or an invariant does not hold
     */
    public SimulationResult run() {
        if (!begin()) {
            return endlessInstant();
        }
        while (true) {
            if (ledger.live() == 0 && !ledger.awaitsMemory() && events.size() == pendingActions) {
                return result(Outcome.COMPLETED, completed());
            }
            long eventNs = Math.min(device.nextEventNs(), events.nextNs());
            long nextNs = nextNs();
            if (eventNs == Long.MAX_VALUE
                    && (nextNs == Long.MAX_VALUE || nextNs - lastProgressNs > options.stallNs())) {
                return result(Outcome.STALLED, stalled(nextNs));
            }
            if (nextNs > options.horizonNs()) {
                clock.advanceTo(options.horizonNs());
                return result(Outcome.TIME_LIMIT, "the horizon came with " + ledger.live() + " jobs unfinished");
            }
            if (!step(nextNs)) {
                return endlessInstant();
            }
        }
    }

    /**
     * Begins for a caller that takes the steps itself, in place of {@link #run}: the workloads start, and what is due at time 0
     * happens. The horizon and the limit for stalls do not count then.
     *
     * @return false when the instant does not come to an end
     * @throws IllegalStateException when it has begun already
     */
    public boolean begin() {
        if (began) {
            throw new IllegalStateException("a simulation runs once");
        }
        began = true;
        for (Workload workload : workloads) {
            workload.start(ledger);
        }
        return instant();
    }

    /** When something happens next by itself, ns; {@link Long#MAX_VALUE} when nothing will. */
    public long nextNs() {
        return Math.min(Math.min(device.nextEventNs(), events.nextNs()), planeNs());
    }

    /**
     * Moves the clock, and does everything of that instant.
     *
     * @param timeNs not before now and not after {@link #nextNs}
     * @return false when the instant does not come to an end: jobs are rejected and submitted again without one
     */
    public boolean step(long timeNs) {
        clock.advanceTo(timeNs);
        return instant();
    }

    /** When the plane must be called although nothing happens, ns. */
    private long planeNs() {
        long wakeUpNs = scheduler.wakeUpNs();
        // A time that has come already was served, as often as an instant allows.
        return wakeUpNs > clock.nowNs() ? Math.min(nextTickNs, wakeUpNs) : nextTickNs;
    }

    /** Everything that happens now; false when it does not come to an end. */
    private boolean instant() {
        long nowNs = clock.nowNs();
        instants++;
        device.advance();
        ThermalReading reading = device.takeReading();
        if (reading != null) {
            scheduler.thermal(reading);
        }
        ledger.tellOwners();
        int rounds = 0;
        int timers = 0;
        int repeats = 0;
        do {
            while (events.nextNs() <= nowNs) {
                events.fireFirst(nowNs);
                ledger.tellOwners();
                if (++timers > MAX_TIMERS) {
                    return false;
                }
            }
            if (nowNs >= nextTickNs) {
                nextTickNs += options.tickNs();
                scheduler.tick();
            }
            scheduler.dispatch();
            if (++rounds > MAX_ROUNDS) {
                return false;
            }
        } while (ledger.tellOwners()
                || events.nextNs() <= nowNs
                || (scheduler.wakeUpNs() <= nowNs && repeats++ < MAX_REPEATS));
        device.settle();
        afterInstant(nowNs);
        return true;
    }

    private void afterInstant(long nowNs) {
        long mark = ledger.submitted() + ledger.over() + device.startedJobs() + ledger.memoryAnswers();
        if (mark != progressMark) {
            progressMark = mark;
            lastProgressNs = nowNs;
        }
        if (options.checks()) {
            device.check();
            ledger.check(scheduler, device);
        }
        if (options.progressEvery() > 0 && instants % options.progressEvery() == 0) {
            progress.at(nowNs, ledger.over());
        }
    }

    private String completed() {
        String late =
                pendingActions == 0 ? "" : "; " + pendingActions + " scheduled actions came after it and were left out";
        return "all " + ledger.submitted() + " jobs are over" + late;
    }

    private String stalled(long nextNs) {
        String since = nextNs == Long.MAX_VALUE
                ? "nothing can happen any more"
                : "only ticks and wake-ups happen since " + seconds(lastProgressNs);
        return since + "; " + ledger.live() + " jobs are unfinished, " + scheduler.queued()
                + " of them in queues; device " + "memory in use " + device.usedMemoryBytes() + " of "
                + device.memoryBytes() + " bytes";
    }

    private SimulationResult endlessInstant() {
        return result(
                Outcome.STALLED,
                "time stands still at " + seconds(clock.nowNs()) + ": jobs are rejected and submitted again, or timers "
                        + "set, at this instant without end");
    }

    private static String seconds(long ns) {
        return String.format(Locale.ROOT, "%.6f s", ns / 1e9);
    }

    private SimulationResult result(Outcome outcome, String explanation) {
        return new SimulationResult(
                outcome, explanation, clock.nowNs(), ledger.submitted(), ledger.retired(), ledger.rejected(), instants);
    }

    /** Ends of jobs, from the device to the plane and then to the ledger. */
    private final class Completions implements CompletionListener {
        @Override
        public void finished(Job job, long runNs, boolean failed) {
            scheduler.finished(job, runNs, failed);
            ledger.ended(job, failed ? JobEnd.FAILED : JobEnd.RETIRED);
        }

        @Override
        public void yielded(Job job, long runNs) {
            scheduler.yielded(job, runNs);
        }

        @Override
        public void budgetUsed(Job job) {
            scheduler.budgetUsed(job);
        }

        @Override
        public void deadlocked(List<Job> waiting) {
            scheduler.deadlocked(waiting);
        }

        @Override
        public void moved(Allocation allocation) {
            scheduler.moved(allocation);
        }
    }

    /** Rejections, from the plane to the ledger. */
    private final class Rejections implements PlaneListener {
        @Override
        public void rejected(Job job, long reason, long nowNs) {
            ledger.ended(job, JobEnd.REJECTED);
        }
    }
}

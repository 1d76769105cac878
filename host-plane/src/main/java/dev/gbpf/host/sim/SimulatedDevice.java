package dev.gbpf.host.sim;

import dev.gbpf.host.device.DeviceMemory;
import dev.gbpf.host.device.DevicePlane;
import dev.gbpf.host.device.ThermalReading;
import dev.gbpf.host.queue.CollectiveRank;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A device that exists in virtual time only. Whoever moves the clock calls {@link #advance} at each time that
 * {@link #nextEventNs} names, and {@link #settle} after everything of an instant, starts included; {@link Simulation} does.
 * {@code docs/simulator.md} says what it takes its time for. Confined to one thread.
 */
public final class SimulatedDevice implements DevicePlane {
    /*
     * A started job passes these places: launches (kernels that are not batched; the latency is one for all, so a FIFO is
     * in order of time), its stream's turn, and then the SMs, its batch queue or a copy engine. Within an instant nothing
     * progresses, so rates and batches are settled once, after all ends and starts.
     *
     * Ends are collected before anything that follows from them begins, and the plane hears of them last, when the device's
     * own state is whole: it may start jobs from there.
     */
    private final DeviceModel model;
    private final VirtualClock clock;
    private final CompletionListener listener;
    private final DeviceObserver observer;
    private final FaultPlan faults;

    private final SharedSms[] shared;
    private final int[] inflight;
    private final BatchQueue[][] batches;
    private final CopyEngine h2d;
    private final CopyEngine d2h;
    private final SimulatedMemory memory;
    private final ArrayDeque<StartedJob> launches = new ArrayDeque<>();
    private final List<DeviceExecution> ended = new ArrayList<>();
    private final KernelWatch watch = new KernelWatch();
    private final CollectiveRuns collectives;
    private final @Nullable ThermalState thermal;
    private @Nullable ThermalReading reading;

    private long executions;
    private long startedJobs;
    private long endedJobs;
    private boolean smsChanged;
    private boolean batchesChanged;

    /**
     * A device, idle.
     *
     * @param model what it is made of
     * @param clock virtual time
     * @param listener told about the end of each job
     * @param observer told about what runs
     * @param faults which jobs fail
     */
    public SimulatedDevice(
            DeviceModel model,
            VirtualClock clock,
            CompletionListener listener,
            DeviceObserver observer,
            FaultPlan faults) {
        this.model = model;
        this.clock = clock;
        this.listener = listener;
        this.observer = observer;
        this.faults = faults;
        int vslices = model.vslices().size();
        this.shared = new SharedSms[vslices];
        this.inflight = new int[vslices];
        this.batches = new BatchQueue[vslices][];
        for (int v = 0; v < vslices; v++) {
            shared[v] = new SharedSms(model.vslices().get(v).sms());
            batches[v] = model.batchClasses().stream().map(BatchQueue::new).toArray(BatchQueue[]::new);
        }
        this.collectives = new CollectiveRuns(shared);
        this.h2d = new CopyEngine(model.copyH2d());
        this.d2h = new CopyEngine(model.copyD2h());
        this.memory = new SimulatedMemory(model, clock, observer, h2d, d2h);
        this.thermal = model.thermal() == null ? null : new ThermalState(model.thermal(), model.sms());
    }

    /** What it is made of. */
    public DeviceModel model() {
        return model;
    }

    @Override
    public int vslices() {
        return shared.length;
    }

    @Override
    public int sms(int vslice) {
        return model.vslices().get(vslice).sms();
    }

    @Override
    public int room(int vslice) {
        return Math.max(0, model.vslices().get(vslice).inflightLimit() - inflight[vslice]);
    }

    @Override
    public int places(int vslice) {
        return model.vslices().get(vslice).inflightLimit();
    }

    @Override
    public long memoryBytes() {
        return model.memoryBytes() - model.memory().givenBytes();
    }

    @Override
    public DeviceMemory memory() {
        return memory;
    }

    /** The same, with what only the simulation knows. */
    SimulatedMemory simulatedMemory() {
        return memory;
    }

    /** Device memory that is taken, bytes. */
    public long usedMemoryBytes() {
        return memory.usedBytes();
    }

    /** Jobs that a vSlice has: running, or waiting on the device. */
    public int inflight(int vslice) {
        return inflight[vslice];
    }

    /** Jobs started so far. */
    public long startedJobs() {
        return startedJobs;
    }

    /** Jobs that ended or gave up their place so far. */
    public long endedJobs() {
        return endedJobs;
    }

    /**
     * Takes memory for good, outside any job.
     *
     * @throws IllegalArgumentException when there is not as much
     */
    public void reserve(long bytes) {
        if (!memory.takeForJob(bytes)) {
            throw new IllegalArgumentException("device " + model.name() + ": cannot reserve bytes=" + bytes
                    + ", memoryBytes=" + model.memoryBytes() + ", used=" + memory.usedBytes());
        }
    }

    /** Gives back memory that a job took and that no job will give back. */
    public void release(long bytes) {
        memory.releaseFromJob(bytes);
    }

    @Override
    public StartResult start(Job job, int vslice) {
        Objects.checkIndex(vslice, shared.length);
        JobSpec spec = job.spec();
        validate(job, spec);
        long nowNs = clock.nowNs();
        boolean kernel = spec.kind() == JobKind.KERNEL;
        if (kernel && spec.bytes() != 0 && !job.yielded() && !memory.takeForJob(spec.bytes())) {
            return StartResult.NO_MEMORY;
        }
        inflight[vslice]++;
        startedJobs++;
        boolean launched = !kernel || spec.batchClass() > 0 || model.launchLatencyNs() == 0;
        DeviceStream stream = DeviceStream.of(job.stream());
        DeviceExecution before = stream.running;
        if (before != null && before.stopsAtNs() != 0) {
            moveEnd(before, 0, nowNs); // the order of its stream needs it to go on
        }
        StartedJob started = new StartedJob(job, vslice, stream, nowNs + model.launchLatencyNs());
        started.launched = launched;
        stream.enter(started);
        if (!launched) {
            launches.add(started);
        } else if (started.first) {
            begin(started, nowNs);
        }
        return StartResult.STARTED;
    }

    private void validate(Job job, JobSpec spec) {
        if (spec.workNs() > DeviceModel.MAX_TIME_NS) {
            throw new IllegalArgumentException(
                    job + ": workNs=" + spec.workNs() + " is not in 0.." + DeviceModel.MAX_TIME_NS);
        }
        int classes = spec.kind() == JobKind.KERNEL ? model.batchClasses().size() : 0;
        if (spec.batchClass() < 0 || spec.batchClass() > classes) {
            throw new IllegalArgumentException(
                    job + ": batchClass=" + spec.batchClass() + " is not in 0.." + classes + " of a " + spec.kind());
        }
    }

    /** The job has passed its launch and has its stream's turn. */
    private void begin(StartedJob started, long nowNs) {
        Job job = started.job;
        if (job.spec().kind() != JobKind.KERNEL) {
            CopyEngine engine = engine(job.spec().kind());
            engine.add(started, nowNs);
            beginCopy(engine, nowNs);
        } else if (job.spec().batchClass() > 0) {
            batches[started.vslice][job.spec().batchClass() - 1].add(job);
            batchesChanged = true;
        } else {
            DeviceExecution kernel = DeviceExecution.single(++executions, job, started.vslice, nowNs);
            CollectiveRank part = job.collective();
            if (part == null) {
                shared[started.vslice].add(
                        kernel, (double) Math.max(1, job.spec().workNs() - job.doneNs()), nowNs);
            } else {
                collectives.begin(kernel, part, nowNs);
            }
            smsChanged = true;
            started.stream.running = kernel;
            if (part == null && !started.stream.hasFollowers()) {
                long piece = started.stopsSoon ? model.boundaryNs() : job.pieceNs();
                if (piece != 0 && piece < kernel.work) {
                    moveEnd(kernel, piece, nowNs);
                }
            }
            if (job.budgetNs() != 0) {
                watch.add(kernel, nowNs, job.budgetNs());
            }
            observer.started(kernel, nowNs);
        }
    }

    // ---- what can be stopped

    @Override
    public void running(int vslice, Consumer<Job> to) {
        shared[vslice].forEach(kernel -> {
            if (kernel.batchClass() == 0
                    && kernel.stopsAtNs() == 0
                    && kernel.job(0).collective() == null) {
                to.accept(kernel.job(0));
            }
        });
        for (StartedJob launch : launches) {
            if (launch.vslice == vslice && launch.first && !launch.stopsSoon && launch.job.collective() == null) {
                to.accept(launch.job);
            }
        }
    }

    @Override
    public void watch(Job job, long ns) {
        DeviceExecution kernel = DeviceStream.of(job.stream()).running;
        if (kernel != null && kernel.job(0) == job) {
            watch.add(kernel, clock.nowNs(), ns);
        }
    }

    @Override
    public boolean preempt(Job job) {
        DeviceStream stream = DeviceStream.of(job.stream());
        DeviceExecution kernel = stream.running;
        if (stream.hasFollowers() || job.collective() != null) {
            return false;
        }
        if (kernel == null || kernel.job(0) != job) {
            return stopSoon(job);
        }
        long nowNs = clock.nowNs();
        long done = job.doneNs() + (long) shared[kernel.vslice()].done(kernel, nowNs);
        long stop = (done / model.boundaryNs() + 1) * model.boundaryNs() - job.doneNs();
        if (stop >= kernel.endsAtNs()) {
            return kernel.stopsAtNs() != 0;
        }
        moveEnd(kernel, stop, nowNs);
        return true;
    }

    /** A job whose launch has not passed runs to the first boundary. */
    private boolean stopSoon(Job job) {
        for (StartedJob launch : launches) {
            if (launch.job == job && launch.first) {
                launch.stopsSoon = model.boundaryNs() < job.spec().workNs() - job.doneNs();
                return launch.stopsSoon;
            }
        }
        return false;
    }

    /** A kernel that runs gives up its place after so much of its work, ns; 0 when it runs to its end. */
    private void moveEnd(DeviceExecution kernel, long stopsAtNs, long nowNs) {
        double before = kernel.endsAtNs();
        kernel.stopsAt(stopsAtNs);
        shared[kernel.vslice()].moveEnd(kernel, kernel.endsAtNs() - before, nowNs);
        smsChanged = true;
    }

    @Override
    public void cap(int vslice, int thousandths) {
        shared[vslice].cap(thousandths);
        smsChanged = true;
    }

    /** What moved of power, clock and temperature since the last call; null when nothing did, or the device stays cool. */
    @Nullable
    ThermalReading takeReading() {
        ThermalReading taken = reading;
        reading = null;
        return taken;
    }

    private CopyEngine engine(JobKind direction) {
        return direction == JobKind.COPY_H2D ? h2d : d2h;
    }

    @Override
    public long bytesToCopy(JobKind direction) {
        return engine(direction).bytes();
    }

    @Override
    public long copyBandwidth(JobKind direction) {
        return engine(direction).spec().bytesPerSecond();
    }

    private void beginCopy(CopyEngine engine, long nowNs) {
        DeviceExecution copy = engine.beginNext(executions + 1, nowNs);
        if (copy != null) {
            executions++;
            observer.started(copy, nowNs);
        }
    }

    /** When something happens next by itself, ns; {@link Long#MAX_VALUE} when nothing will. Valid after {@link #settle}. */
    public long nextEventNs() {
        long next = Math.min(h2d.nextEventNs(), d2h.nextEventNs());
        for (SharedSms sms : shared) {
            next = Math.min(next, sms.nextEndNs());
        }
        next = Math.min(Math.min(next, watch.nextNs()), collectives.nextNs());
        next = Math.min(next, memory.nextNs());
        if (thermal != null) {
            next = Math.min(next, thermal.nextLookNs());
        }
        StartedJob launch = launches.peek();
        return launch == null ? next : Math.min(next, launch.readyNs);
    }

    /** Does what is due at the clock's time, and tells the listener of the jobs that are over. */
    public void advance() {
        long nowNs = clock.nowNs();
        collectEnded(nowNs);
        smsChanged |= collectives.expire(nowNs);
        for (int i = 0; i < ended.size(); i++) {
            leave(ended.get(i), nowNs);
        }
        memory.advance(nowNs);
        beginCopy(h2d, nowNs);
        beginCopy(d2h, nowNs);
        passLaunches(nowNs);
        for (int i = 0; i < ended.size(); i++) {
            report(ended.get(i));
        }
        ended.clear();
        memory.tellMoved(listener::moved);
        watch.tell(nowNs, listener::budgetUsed);
        if (thermal != null && thermal.nextLookNs() <= nowNs) {
            reading = thermal.look(nowNs);
            smsChanged = true;
        }
    }

    private void collectEnded(long nowNs) {
        for (SharedSms sms : shared) {
            for (DeviceExecution e = sms.removeEnded(nowNs); e != null; e = sms.removeEnded(nowNs)) {
                smsChanged = true;
                ended.add(e);
            }
        }
        collectEnded(h2d, nowNs);
        collectEnded(d2h, nowNs);
    }

    private void collectEnded(CopyEngine engine, long nowNs) {
        DeviceExecution copy = engine.removeEnded(nowNs);
        if (copy != null && copy.isPiece()) {
            observer.ended(copy, nowNs);
        } else if (copy != null) {
            ended.add(copy);
        }
    }

    /** Frees what an execution held, and lets the next jobs of its streams have their turn. */
    private void leave(DeviceExecution execution, long nowNs) {
        observer.ended(execution, nowNs);
        if (execution.batchClass() > 0) {
            batches[execution.vslice()][execution.batchClass() - 1].ended();
            batchesChanged = true;
        }
        for (int i = 0; i < execution.size(); i++) {
            Job job = execution.job(i);
            if (execution.stopsAtNs() != 0) {
                job.done(execution.stopsAtNs());
            } else if (job.spec().releaseBytes() != 0) {
                release(job.spec().releaseBytes());
            }
            inflight[execution.vslice()]--;
            endedJobs++;
            DeviceStream stream = DeviceStream.of(job.stream());
            stream.running = null;
            StartedJob next = stream.advance(job);
            if (next != null && next.launched) {
                begin(next, nowNs);
            }
        }
    }

    private void passLaunches(long nowNs) {
        for (StartedJob l = launches.peek(); l != null && l.readyNs <= nowNs; l = launches.peek()) {
            launches.remove();
            l.launched = true;
            if (l.first) {
                begin(l, nowNs);
            }
        }
    }

    private void report(DeviceExecution execution) {
        for (int i = 0; i < execution.size(); i++) {
            Job job = execution.job(i);
            if (execution.stopsAtNs() != 0) {
                listener.yielded(job, execution.chargedNs(i));
            } else {
                listener.finished(job, execution.chargedNs(i), execution.failed() || faults.fails(job));
            }
        }
    }

    /** Ends an instant: forms batches and sets the rates at which kernels progress from now on. */
    public void settle() {
        long nowNs = clock.nowNs();
        if (batchesChanged) {
            batchesChanged = false;
            formBatches(nowNs);
        }
        if (!smsChanged) {
            return;
        }
        smsChanged = false;
        tellDeadlock();
        double demand = 0;
        for (SharedSms sms : shared) {
            demand += sms.bandwidthDemand();
        }
        double slowdown = slowdown(demand, model.contentionThousandths()) * (thermal == null ? 1 : thermal.rate());
        int busy = 0;
        for (SharedSms sms : shared) {
            sms.settle(slowdown, nowNs);
            busy += sms.busy();
        }
        if (thermal != null) {
            thermal.use(busy, nowNs);
        }
    }

    private void tellDeadlock() {
        List<Job> waiting = collectives.deadlock(startedJobs - endedJobs, room() == 0);
        if (!waiting.isEmpty()) {
            listener.deadlocked(waiting);
        }
    }

    /** Rate of all kernels when together they ask for {@code demand} thousandths of the memory bandwidth. */
    static double slowdown(double demand, int contentionThousandths) {
        if (demand <= 1000) {
            return 1;
        }
        return 1000 / (1000 + (demand - 1000) * contentionThousandths / 1000);
    }

    private void formBatches(long nowNs) {
        for (int v = 0; v < batches.length; v++) {
            for (int c = 0; c < batches[v].length; c++) {
                BatchQueue queue = batches[v][c];
                if (queue.ready()) {
                    Job[] members = queue.form();
                    BatchClass batchClass = queue.batchClass();
                    DeviceExecution batch = DeviceExecution.batch(++executions, members, v, c + 1, batchClass, nowNs);
                    shared[v].add(batch, workOf(members, batchClass), nowNs);
                    smsChanged = true;
                    observer.started(batch, nowNs);
                }
            }
        }
    }

    private static double workOf(Job[] members, BatchClass batchClass) {
        double work = batchClass.baseNs();
        for (Job member : members) {
            work += member.spec().workNs();
        }
        return work;
    }

    /**
     * Checks everything that can be counted from scratch.
     *
     * @throws IllegalStateException when something does not add up
     */
    public void check() {
        memory.check(model.memoryBytes());
        long sum = 0;
        for (int v = 0; v < shared.length; v++) {
            shared[v].check("vslice " + model.vslices().get(v).name());
            if (inflight[v] < 0 || shared[v].running() > inflight[v]) {
                throw new IllegalStateException(
                        "vslice " + v + ": inflight=" + inflight[v] + ", running=" + shared[v].running());
            }
            sum += inflight[v];
        }
        collectives.check();
        h2d.check("copy engine to the device");
        d2h.check("copy engine from the device");
        if (sum != startedJobs - endedJobs) {
            throw new IllegalStateException(
                    "jobs on the device: inflight=" + sum + ", started=" + startedJobs + ", ended=" + endedJobs);
        }
    }
}

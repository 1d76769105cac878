package dev.gbpf.host.interpose;

import dev.gbpf.abi.Constants;
import dev.gbpf.host.device.DevicePlane;
import dev.gbpf.host.device.LeverSettings;
import dev.gbpf.host.device.TenantLevers;
import dev.gbpf.host.interpose.ClientStream.State;
import dev.gbpf.host.live.LiveDevice;
import dev.gbpf.host.live.RecordingProgress;
import dev.gbpf.host.plane.JobScheduler;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Roster;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.workload.WorkloadContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The GPU as the processes that are attached use it: one vSlice. A job is a burst of a stream, from when the stream has work until
 * it has none, or has done {@value Terms#BURST} ns of it; {@code docs/interposer-verdicts.md} says what each verdict does to
 * launches. All methods belong to the plane's thread.
 */
public final class InterposedDevice implements DevicePlane, LiveDevice, TenantLevers {
    private static final int MOST_ORPHANS = 1_024;

    private final Gpu gpu;
    private final Roster roster;
    private final LongSupplier clock;
    private final int cores;
    private final List<Client> clients = new ArrayList<>();
    /** Streams whose process is gone while their job waits in the plane. */
    private final List<ClientStream> orphans = new ArrayList<>();

    private final long[] usedNs = new long[Constants.MAX_TENANTS];
    private final int[] busyStreams = new int[Constants.MAX_TENANTS];
    private @Nullable JobScheduler scheduler;
    private final LeverSettings operators = new LeverSettings();
    private final Totals totals = new Totals();
    private LeverSettings settings = new LeverSettings();
    private boolean bypass = true;
    private long appliedVersion;
    private boolean changed;
    /** Whether the policy gave a burst a budget. */
    private boolean budgets;

    private @Nullable StreamRecorder recorder;

    private long originNs;
    private long nowNs;
    private long nextTickNs;
    private long streams;
    private long jobs;
    private int running;
    private int busy;
    private long rejections;

    /**
     * A device without processes.
     *
     * @param roster the tenants of the plane
     * @param clock {@code CLOCK_MONOTONIC}, ns
     * @param cores of the machine
     */
    InterposedDevice(Gpu gpu, Roster roster, LongSupplier clock, int cores) {
        this.gpu = gpu;
        this.roster = roster;
        this.clock = clock;
        this.cores = cores;
        this.originNs = clock.getAsLong();
    }

    /** Who decides for it. */
    void connect(JobScheduler plane) {
        this.scheduler = plane;
    }

    private JobScheduler plane() {
        if (scheduler == null) {
            throw new IllegalStateException("no plane is connected");
        }
        return scheduler;
    }

    // ---- processes

    /** Whether there is room for another process: so many jobs of earlier ones do not wait any more. */
    boolean hasRoomForClients() {
        return orphans.size() < MOST_ORPHANS;
    }

    /** A process is attached from here on. */
    void add(Client client) {
        clients.add(client);
        if (recorder != null) {
            recorder.add(client);
        }
        client.beat(clock.getAsLong());
        order(client);
    }

    private void order(Client client) {
        client.order(settings, operators, bypass, budgets, roster.tenants().get(client.tenant()));
    }

    /** A process is gone; its segment is not looked at any more. Nothing when it was gone before. */
    Optional<Client> remove(long number) {
        for (int i = 0; i < clients.size(); i++) {
            Client client = clients.get(i);
            if (client.number == number) {
                clients.remove(i);
                if (recorder != null) {
                    recorder.remove(client);
                    client.record(false);
                }
                for (ClientStream stream : client.streams) {
                    if (stream != null) {
                        leave(client, stream);
                    }
                }
                client.order(
                        new LeverSettings(),
                        new LeverSettings(),
                        true,
                        false,
                        roster.tenants().get(client.tenant()));
                totals.left(client);
                return Optional.of(client);
            }
        }
        return Optional.empty();
    }

    List<Client> clients() {
        return clients;
    }

    Totals totals() {
        return totals;
    }

    /** What operators have set; tell {@link #retarget} of changes. */
    LeverSettings operators() {
        return operators;
    }

    /** A tenant has other terms. */
    void retarget(Tenant tenant) {
        for (Client client : clients) {
            if (client.tenant() == tenant.index()) {
                for (ClientStream stream : client.streams) {
                    if (stream != null) {
                        stream.stream.tenant(tenant);
                    }
                }
            }
        }
        changed = true;
    }

    private void leave(Client client, ClientStream stream) {
        if (stream.isBusy()) {
            busy(client.tenant(), -1);
        }
        stream.leave();
        switch (stream.state()) {
            case RUNNING, YIELDING -> finish(stream);
            case QUEUED -> orphans.add(stream);
            case IDLE, PASSING -> {}
        }
    }

    // ---- recordings

    /** Begins to record; false when it records. */
    boolean beginRecording(String policy) {
        if (recorder != null) {
            return false;
        }
        StreamRecorder next = new StreamRecorder(policy, clock.getAsLong());
        clients.forEach(next::add);
        recorder = next;
        changed = true;
        return true;
    }

    /** How far the recording has come, if there is one. */
    Optional<RecordingProgress> recording() {
        return Optional.ofNullable(recorder).map(StreamRecorder::progress);
    }

    /** Ends the recording, if there is one. */
    Optional<Supplier<byte[]>> endRecording() {
        StreamRecorder last = recorder;
        if (last == null) {
            return Optional.empty();
        }
        for (Client client : clients) {
            last.read(client);
            client.record(false);
        }
        recorder = null;
        changed = true;
        return Optional.of(last.end(gpu, roster.tenants(), clock.getAsLong()));
    }

    // ---- rounds

    @Override
    public WorkloadContext work() {
        throw new IllegalStateException("work comes from the processes that are attached, and from nowhere else");
    }

    /** Time of the present round, ns from the beginning. */
    long nowNs() {
        return nowNs;
    }

    @Override
    public void begin() {
        SystemCalls.wakeOnTime();
        originNs = clock.getAsLong();
        nextTickNs = Terms.TICK;
    }

    @Override
    public long nextNs() {
        long wait = clients.isEmpty() ? Terms.TICK : busy == 0 ? Terms.IDLE : spins() ? Terms.SPIN : Terms.BUSY;
        return Math.min(nowNs + wait, nextDueNs());
    }

    /** When the next round is due although nothing happens in any process, ns. */
    long nextDueNs() {
        long wakeUp = plane().wakeUpNs();
        return wakeUp > nowNs ? Math.min(nextTickNs, wakeUp) : nextTickNs;
    }

    private boolean spins() {
        return cores >= Terms.CORES_TO_SPIN && !bypass;
    }

    @Override
    public void pause(long ns) {
        if (busy > 0 && spins()) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(this, ns);
        }
    }

    @Override
    public void step(long timeNs) {
        long monotonic = clock.getAsLong();
        nowNs = Math.max(nowNs, Math.max(timeNs, monotonic - originNs));
        for (int i = 0; i < clients.size(); i++) {
            Client client = clients.get(i);
            client.beat(monotonic);
            if (recorder != null) {
                recorder.read(client);
            }
            read(client);
        }
        if (nowNs >= nextTickNs) {
            nextTickNs = Math.max(nextTickNs + Terms.TICK, nowNs);
            plane().tick();
            countTurns();
        }
        plane().dispatch();
        endOrphans();
        apply();
    }

    private void read(Client client) {
        for (int i = 0; i < SegmentLayout.STREAMS; i++) {
            int owner = ClientStream.owner(client.segment, i);
            ClientStream stream = client.streams[i];
            if (stream == null) {
                if (owner != 0) {
                    Tenant tenant = roster.tenants().get(client.tenant());
                    stream = new ClientStream(
                            client.segment, i, owner, new JobStream(streams++, tenant), client.standingNs());
                    client.streams[i] = stream;
                    read(client, stream);
                }
                continue;
            }
            if (stream.owner() != owner) {
                pass(client, stream, owner);
            }
            if (owner == 0) {
                advance(stream);
            } else {
                read(client, stream);
            }
        }
    }

    private void pass(Client client, ClientStream stream, int owner) {
        if (stream.isBusy()) {
            busy(client.tenant(), -1);
        }
        stream.passTo(owner);
        switch (stream.state()) {
            case RUNNING, YIELDING -> finish(stream);
            case PASSING -> stream.passed();
            case IDLE, QUEUED -> {}
        }
    }

    private void read(Client client, ClientStream stream) {
        long overBefore = stream.overNs();
        long launchesBefore = stream.over();
        boolean busyBefore = stream.isBusy();
        if (!stream.read(nowNs)) {
            return; // the next round sees who has the place
        }
        if (recorder != null && stream.over() != launchesBefore) {
            recorder.over(client, stream.place(), stream.over(), clock.getAsLong());
        }
        long sum = usedNs[client.tenant()] + stream.overNs() - overBefore;
        usedNs[client.tenant()] = sum < 0 ? Long.MAX_VALUE : sum;
        if (stream.isBusy()) {
            client.busy(stream.gpu(), nowNs);
        }
        if (stream.isBusy() != busyBefore) {
            busy(client.tenant(), busyBefore ? -1 : 1);
        }
        advance(stream);
    }

    /** Whether processes take turns with each other that are so short that turning is all they would do. */
    private void countTurns() {
        for (int i = 0; i < clients.size(); i++) {
            boolean crowded = false;
            for (int j = 0; j < clients.size() && !crowded; j++) {
                crowded = i != j && clients.get(i).takesShortTurnsWith(clients.get(j), nowNs);
            }
            changed |= clients.get(i).crowd(crowded);
        }
    }

    private void busy(int tenant, int by) {
        busyStreams[tenant] += by;
        busy += by;
    }

    /** Carries a stream's job on, as far as it has come. */
    private void advance(ClientStream stream) {
        switch (stream.state()) {
            case IDLE -> {}
            case QUEUED -> stream.followDeferral(nowNs);
            case RUNNING -> {
                if (!stream.isBusy() || stream.isLong()) {
                    finish(stream);
                } else if (stream.hasUsedBudget()) {
                    askAboutMore(stream);
                }
            }
            case YIELDING -> {
                if (!stream.isBusy()) {
                    finish(stream);
                } else if (stream.hasDrained()) {
                    running--;
                    Job job = job(stream);
                    plane().yielded(job, stream.givenBack());
                }
            }
            case PASSING -> {
                if (!stream.isBusy()) {
                    stream.passed();
                }
            }
        }
        if (stream.state() == State.IDLE && stream.hasWork()) {
            submit(stream);
        }
    }

    private void submit(ClientStream stream) {
        JobSpec spec = new JobSpec(JobKind.KERNEL, gpu.sms(), stream.burstNs(), 0, 0, 0, 0, 0, 0, 0);
        Job job = new Job(++jobs, stream.stream, spec, nowNs, null);
        stream.submitted(job);
        plane().submit(job);
    }

    private static Job job(ClientStream stream) {
        Job job = stream.job();
        if (job == null) {
            throw new IllegalStateException("a stream is " + stream.state() + " and has no job");
        }
        return job;
    }

    private void finish(ClientStream stream) {
        running--;
        Job job = job(stream);
        plane().finished(job, stream.ended(), false);
    }

    private void askAboutMore(ClientStream stream) {
        Job job = job(stream);
        plane().budgetUsed(job);
        if (stream.state() == State.RUNNING && stream.hasUsedBudget()) {
            stream.continues(0);
        }
    }

    /** Jobs of streams that are gone are over as soon as the plane has handed them over. */
    private void endOrphans() {
        for (int i = orphans.size() - 1; i >= 0; i--) {
            ClientStream stream = orphans.get(i);
            switch (stream.state()) {
                case QUEUED -> {}
                case RUNNING, YIELDING -> {
                    orphans.remove(i);
                    finish(stream);
                }
                case IDLE, PASSING -> orphans.remove(i);
            }
        }
    }

    /** Tells the processes what has changed. */
    private void apply() {
        boolean all = changed || settings.version() != appliedVersion;
        changed = false;
        appliedVersion = settings.version();
        for (int i = 0; i < clients.size(); i++) {
            Client client = clients.get(i);
            if (all) {
                order(client);
            }
            for (ClientStream stream : client.streams) {
                if (stream != null) {
                    stream.grant(client.gateNs());
                }
            }
        }
    }

    /** A job was rejected: its launches pass. */
    void rejected(Job job) {
        rejections++;
        of(job).rejected();
    }

    /** Bursts that policies rejected, and that passed nevertheless. */
    long rejections() {
        return rejections;
    }

    private static ClientStream of(Job job) {
        if (job.stream().deviceState() instanceof ClientStream stream) {
            return stream;
        }
        throw new IllegalStateException(job + " is of another device");
    }

    // ---- what the plane sees

    @Override
    public int vslices() {
        return 1;
    }

    @Override
    public int sms(int vslice) {
        return gpu.sms();
    }

    @Override
    public int room(int vslice) {
        return Math.max(0, gpu.places() - running);
    }

    @Override
    public int places(int vslice) {
        return gpu.places();
    }

    @Override
    public long memoryBytes() {
        return gpu.memoryBytes();
    }

    Gpu gpu() {
        return gpu;
    }

    int runningJobs() {
        return running;
    }

    @Override
    public StartResult start(Job job, int vslice) {
        of(job).started(job.budgetNs());
        running++;
        if (job.budgetNs() != 0 && !budgets) {
            budgets = true;
            changed = true;
        }
        return StartResult.STARTED;
    }

    @Override
    public void running(int vslice, Consumer<Job> to) {
        for (Client client : clients) {
            for (ClientStream stream : client.streams) {
                if (stream != null && stream.state() == State.RUNNING) {
                    to.accept(job(stream));
                }
            }
        }
    }

    @Override
    public boolean preempt(Job job) {
        ClientStream stream = of(job);
        if (stream.state() != State.RUNNING || stream.isGone() || !stream.isBusy()) {
            return false;
        }
        stream.yields();
        return true;
    }

    @Override
    public void watch(Job job, long ns) {
        ClientStream stream = of(job);
        if (stream.state() == State.RUNNING) {
            stream.continues(ns);
        }
    }

    @Override
    public TenantLevers levers() {
        return this;
    }

    @Override
    public void hold(LeverSettings next, boolean none) {
        settings = next;
        bypass = none;
        budgets = false;
        changed = true;
    }

    @Override
    public long usedNs(int tenant) {
        return usedNs[tenant];
    }

    @Override
    public boolean isBusy(int tenant) {
        return busyStreams[tenant] > 0;
    }
}

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
    private final Gpu gpu;
    private final Roster roster;
    private final LongSupplier clock;
    private final int cores;
    private final List<Client> clients = new ArrayList<>();
    private final Bursts bursts;
    private final Recordings recordings;

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
    /** Whether launches of some process may have to wait for what is seen of others. */
    private boolean limits;
    /** Whether a call was held when processes were looked at last. */
    private boolean holds;

    private long originNs;
    private long nowNs;
    private long nextTickNs;
    private long streams;
    private int busy;

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
        this.bursts = new Bursts(gpu.sms(), this::plane);
        this.recordings = new Recordings(gpu, clock);
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
        return bursts.hasRoom();
    }

    /** A process is attached from here on. */
    void add(Client client) {
        clients.add(client);
        recordings.add(client);
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
                recordings.remove(client);
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
        bursts.leave(stream);
    }

    // ---- recordings

    /** Begins to record; false when it records. */
    boolean beginRecording(String policy) {
        boolean begun = recordings.begin(policy, clients);
        changed |= begun;
        return begun;
    }

    /** How far the recording has come, if there is one. */
    Optional<RecordingProgress> recording() {
        return recordings.progress();
    }

    /** Ends the recording, if there is one. */
    Optional<Supplier<byte[]>> endRecording() {
        Optional<Supplier<byte[]>> ended = recordings.end(clients, roster.tenants());
        changed |= ended.isPresent();
        return ended;
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
        long wait = clients.isEmpty()
                ? Terms.TICK
                : busy == 0 || !launchesWait() ? Terms.IDLE : spins() ? Terms.SPIN : Terms.BUSY;
        return Math.min(nowNs + wait, nextDueNs());
    }

    /** When the next round is due although nothing happens in any process, ns. */
    long nextDueNs() {
        long wakeUp = plane().wakeUpNs();
        return wakeUp > nowNs ? Math.min(nextTickNs, wakeUp) : nextTickNs;
    }

    /** Whether launches may have to wait for what is seen. */
    private boolean launchesWait() {
        return !bypass && (limits || holds);
    }

    private boolean spins() {
        return cores >= Terms.CORES_TO_SPIN && launchesWait();
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
        holds = false;
        for (int i = 0; i < clients.size(); i++) {
            Client client = clients.get(i);
            client.beat(monotonic);
            recordings.read(client);
            read(client);
        }
        if (nowNs >= nextTickNs) {
            nextTickNs = Math.max(nextTickNs + Terms.TICK, nowNs);
            plane().tick();
            countTurns();
        }
        plane().dispatch();
        bursts.endOrphans();
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
                bursts.advance(stream, nowNs);
            } else {
                read(client, stream);
            }
        }
    }

    private void pass(Client client, ClientStream stream, int owner) {
        if (stream.isBusy()) {
            busy(client.tenant(), -1);
        }
        bursts.pass(stream, owner);
    }

    private void read(Client client, ClientStream stream) {
        long overBefore = stream.overNs();
        long launchesBefore = stream.over();
        boolean busyBefore = stream.isBusy();
        if (!stream.read(nowNs)) {
            return; // the next round sees who has the place
        }
        if (stream.over() != launchesBefore) {
            recordings.over(client, stream);
        }
        long sum = usedNs[client.tenant()] + stream.overNs() - overBefore;
        usedNs[client.tenant()] = sum < 0 ? Long.MAX_VALUE : sum;
        holds |= stream.isHeld();
        if (stream.isBusy()) {
            client.busy(stream.gpu(), nowNs);
        }
        changed |= stream.isCollective() && client.runsCollectives();
        if (stream.isBusy() != busyBefore) {
            busy(client.tenant(), busyBefore ? -1 : 1);
        }
        bursts.advance(stream, nowNs);
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

    /** Tells the processes what has changed. */
    private void apply() {
        boolean all = changed || settings.version() != appliedVersion;
        changed = false;
        appliedVersion = settings.version();
        limits = false;
        for (int i = 0; i < clients.size(); i++) {
            Client client = clients.get(i);
            if (all) {
                order(client);
            }
            limits |= client.isLimited();
            for (ClientStream stream : client.streams) {
                if (stream != null) {
                    stream.grant(client.gateNs());
                }
            }
        }
    }

    /** The jobs that the streams' bursts are. */
    Bursts bursts() {
        return bursts;
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
        return Math.max(0, gpu.places() - bursts.running());
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

    @Override
    public StartResult start(Job job, int vslice) {
        bursts.started(job);
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
                    to.accept(Bursts.job(stream));
                }
            }
        }
    }

    @Override
    public boolean preempt(Job job) {
        return bursts.preempt(job);
    }

    @Override
    public void watch(Job job, long ns) {
        bursts.watch(job, ns);
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

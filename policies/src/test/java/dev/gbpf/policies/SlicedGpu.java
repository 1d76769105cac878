package dev.gbpf.policies;

import dev.gbpf.host.device.DevicePlane;
import dev.gbpf.host.device.LeverSettings;
import dev.gbpf.host.device.LeverSettings.Lever;
import dev.gbpf.host.device.TenantLevers;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.plane.PlaneConfig;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.ActivationReason;
import java.util.ArrayList;
import java.util.List;

/**
 * A GPU that runs one tenant's process at a time and turns to the next when its timeslice is over or it has no work, in virtual time: what
 * levers of policies for unmodified applications act on. Each tenant has a process with one stream, whose work waits in order.
 */
final class SlicedGpu implements DevicePlane, TenantLevers, AutoCloseable {
    static final long STEP = 10_000;
    static final long TICK = 1_000_000;
    /** To turn from one process to another: what an H200 takes. */
    static final long SWITCH = 190_000;

    private static final long DRIVERS_SLICE_US = 2_000;

    private final List<Tenant> tenants;
    private final JobStream[] streams;
    private final List<List<Work>> queues = new ArrayList<>();
    private final long[] used;
    private final MapRegistry maps = new MapRegistry();
    private final PolicyPlane plane;
    private final PolicyImage image;
    private LeverSettings settings = new LeverSettings();
    private long nowNs;
    private int current;
    private long sliceEndsNs;
    private long switchingUntilNs;
    private long jobs;

    /** A burst: its job, what is left of it, and when it came. */
    private static final class Work {
        final Job job;
        final long cameNs;
        final Ended ended;
        long leftNs;
        long doneNs;

        Work(Job job, long ns, long cameNs, Ended ended) {
            this.job = job;
            this.leftNs = ns;
            this.cameNs = cameNs;
            this.ended = ended;
        }
    }

    /** Told when a burst is over. */
    @FunctionalInterface
    interface Ended {
        void after(long ns);
    }

    SlicedGpu(String policy, List<Tenant> tenants) {
        this.tenants = tenants;
        this.used = new long[64];
        this.streams = new JobStream[tenants.size()];
        for (int i = 0; i < streams.length; i++) {
            streams[i] = new JobStream(i, tenants.get(i));
            queues.add(new ArrayList<>());
        }
        this.plane =
                new PolicyPlane(new PlaneConfig(tenants, 1, 500_000_000L), this, () -> nowNs, new PlaneListener() {});
        if (!(new ImageLoader(maps).load(Library.policy(policy).object()) instanceof LoadResult.Loaded loaded)) {
            throw new AssertionError(policy + " is rejected");
        }
        this.image = loaded.image();
        plane.activate(loaded.image(), ActivationReason.SWAP);
    }

    /** A map of the policy. */
    BpfMap map(String name) {
        return image.maps().stream()
                .filter(map -> map.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    long nowNs() {
        return nowNs;
    }

    /** What the policy that decides has set. */
    long lever(Lever lever, int tenant) {
        return settings.get(lever, tenant);
    }

    /** A burst of work comes. */
    void submit(int tenant, long ns, Ended ended) {
        JobSpec spec = new JobSpec(JobKind.KERNEL, 1, ns, ns, 0, 0, 0, 0, 0, 0);
        Job job = new Job(++jobs, streams[tenant], spec, nowNs, null);
        queues.get(tenant).add(new Work(job, ns, nowNs, ended));
        plane.submit(job);
        plane.dispatch();
    }

    /** A tenant always has work. */
    void keepBusy(int tenant) {
        submit(tenant, 10_000_000, _ -> keepBusy(tenant));
    }

    /** Time passes by a step. */
    void step() {
        if (nowNs >= switchingUntilNs) {
            if (!runs(current) || nowNs >= sliceEndsNs) {
                turn();
            }
            if (nowNs >= switchingUntilNs && runs(current)) {
                work(current);
            }
        }
        nowNs += STEP;
        if (nowNs % TICK == 0) {
            plane.tick();
            plane.dispatch();
        }
    }

    void runUntil(long timeNs) {
        while (nowNs < timeNs) {
            step();
        }
    }

    /** Whether a tenant has work that its gate lets pass, or that was launched before and has not come to a stop point or its end. */
    private boolean runs(int tenant) {
        List<Work> queue = queues.get(tenant);
        if (queue.isEmpty() || settings.get(Lever.GATE_NS, tenant, LeverSettings.OPEN) != 0) {
            return !queue.isEmpty();
        }
        long every = settings.get(Lever.STOP_EVERY_NS, tenant, 0);
        return every == 0 ? queue.getFirst().doneNs > 0 : used[tenant] % every != 0;
    }

    private void turn() {
        for (int i = 1; i <= tenants.size(); i++) {
            int next = (current + i) % tenants.size();
            if (runs(next)) {
                if (next != current) {
                    switchingUntilNs = nowNs + SWITCH;
                    current = next;
                }
                long us = settings.get(Lever.TIMESLICE_US, next, 0);
                sliceEndsNs =
                        Math.max(nowNs, switchingUntilNs) + Math.max(STEP, 1_000 * (us == 0 ? DRIVERS_SLICE_US : us));
                return;
            }
        }
    }

    private void work(int tenant) {
        Work work = queues.get(tenant).getFirst();
        work.leftNs -= STEP;
        work.doneNs += STEP;
        used[tenant] += STEP;
        if (work.leftNs <= 0) {
            queues.get(tenant).removeFirst();
            plane.finished(work.job, work.doneNs, false);
            work.ended.after(nowNs + STEP - work.cameNs);
        }
    }

    @Override
    public int vslices() {
        return 1;
    }

    @Override
    public int sms(int vslice) {
        return 132;
    }

    @Override
    public int room(int vslice) {
        return 64;
    }

    @Override
    public long memoryBytes() {
        return 1L << 37;
    }

    @Override
    public StartResult start(Job job, int vslice) {
        return StartResult.STARTED;
    }

    @Override
    public TenantLevers levers() {
        return this;
    }

    @Override
    public void hold(LeverSettings next, boolean bypass) {
        settings = next;
    }

    @Override
    public long usedNs(int tenant) {
        return used[tenant];
    }

    @Override
    public boolean isBusy(int tenant) {
        return tenant < queues.size() && !queues.get(tenant).isEmpty();
    }

    @Override
    public void close() {
        plane.close();
        maps.close();
    }
}

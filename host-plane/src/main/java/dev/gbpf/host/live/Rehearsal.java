package dev.gbpf.host.live;

import dev.gbpf.host.device.DevicePlane;
import dev.gbpf.host.engine.Engine;
import dev.gbpf.host.engine.ProgramLinker;
import dev.gbpf.host.failsafe.FailsafeConfig;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.image.PolicyImage.MapUse;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.plane.PlaneConfig;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.swap.SwapRequest;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.VerificationResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Has a policy decide about made-up jobs on a plane of its own, swapped in again and again, before it decides about real ones. What it
 * says there does not matter: by then its programs are compiled, for the JVM and by it, and the way of a swap as well, which would
 * otherwise run cold in the decisions that come with the swap and first after it. Compiled code is kept by what a policy does, so the
 * real image goes on with it.
 */
public final class Rehearsal {
    /** Swaps; with the jobs of each, more runs of every program than the first compiler of the JVM waits for. */
    static final int ROUNDS = 150;

    private static final int JOBS = 16;
    private static final int ROOM = 8;
    private static final int STREAMS = 4;

    /** Real time after which it has to do as it is, ns. */
    private static final long PATIENCE_NS = 100_000_000L;

    /** Policies whose maps take more are not rehearsed, bytes. */
    private static final long MAX_MAP_BYTES = 16L << 20;

    /** Of an entry beside key and value, at most, bytes. */
    private static final long ENTRY_OVERHEAD = 64;

    private final List<Tenant> tenants;
    private final List<JobStream> streams = new ArrayList<>();
    private final Deque<Job> held = new ArrayDeque<>();
    private long nowNs;
    private long jobs;

    private Rehearsal(List<Tenant> tenants) {
        this.tenants = tenants;
        for (int i = 0; i < STREAMS * tenants.size(); i++) {
            streams.add(new JobStream(i, tenants.get(i % tenants.size())));
        }
    }

    /** A device that takes jobs until it is told that they have ended. */
    private final class Stage implements DevicePlane {
        @Override
        public int vslices() {
            return 1;
        }

        @Override
        public int sms(int vslice) {
            return 1;
        }

        @Override
        public int room(int vslice) {
            return Math.max(0, ROOM - held.size());
        }

        @Override
        public long memoryBytes() {
            return Long.MAX_VALUE;
        }

        @Override
        public StartResult start(Job job, int vslice) {
            held.add(job);
            return StartResult.STARTED;
        }
    }

    /**
     * Rehearses a policy.
     *
     * @param accepted what the verifier said of this very object
     * @param tenants those of the plane that it is for
     * @return how often it was swapped in: 0 when its maps are too large or its {@code init} refuses
     */
    public static int of(PolicyObject policy, VerificationResult.Accepted accepted, List<Tenant> tenants) {
        return mapBytes(policy) > MAX_MAP_BYTES ? 0 : new Rehearsal(tenants).run(policy, accepted);
    }

    private static long mapBytes(PolicyObject policy) {
        long bytes = 0;
        for (MapDefinition map : policy.maps()) {
            bytes += map.maxEntries() * (map.keySize() + map.valueSize() + ENTRY_OVERHEAD);
        }
        return bytes;
    }

    private int run(PolicyObject policy, VerificationResult.Accepted accepted) {
        long beganNs = System.nanoTime();
        PlaneConfig config = new PlaneConfig(tenants, 1, FailsafeConfig.DEFAULTS);
        try (MapRegistry maps = new MapRegistry();
                PolicyPlane plane = new PolicyPlane(config, new Stage(), () -> nowNs, new PlaneListener() {})) {
            ImageLoader loader = new ImageLoader(maps, new ProgramLinker(Engine.JIT));
            int rounds = 0;
            while (rounds < ROUNDS && System.nanoTime() - beganNs < PATIENCE_NS) {
                PolicyImage image = loader.image(policy, accepted, MapUse.SHARED);
                SwapOutcome outcome =
                        plane.apply(new SwapCommand.Swap(new SwapRequest(image, new SwapMode.Immediate(), true)));
                if (!(outcome instanceof SwapOutcome.Activated)) {
                    image.discard();
                    return rounds;
                }
                rounds++;
                work(plane);
            }
            return rounds;
        }
    }

    private void work(PolicyPlane plane) {
        for (int i = 0; i < JOBS; i++) {
            JobStream stream = streams.get((int) (jobs % streams.size()));
            JobSpec spec = new JobSpec(JobKind.KERNEL, 1 + i, 1_000L * i, 1_000L, 0, 0, 0, 0, 0, i);
            plane.submit(new Job(jobs++, stream, spec, nowNs));
            nowNs += 1_000L;
            plane.dispatch();
            // Some wait from round to round, so that the next swap has jobs to offer again.
            if (held.size() > ROOM / 2) {
                plane.finished(held.remove(), 1_000L, false);
            }
        }
        plane.tick();
    }
}

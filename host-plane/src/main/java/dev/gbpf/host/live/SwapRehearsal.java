package dev.gbpf.host.live;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.device.DevicePlane;
import dev.gbpf.host.engine.CodeCache;
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
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.swap.SwapRequest;
import dev.gbpf.host.thread.Reclaimer;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;

/**
 * Swaps made-up policies on a plane of its own, for which nobody waits. A plane swaps so rarely that the JVM runs its first hundreds of
 * swaps in the bytecode interpreter, in two to three times the time: docs/bench/swap.md has the figures.
 */
public final class SwapRehearsal {
    /** After so many, more of them bring little. */
    public static final int SWAPS = 20_000;

    private static final int ROOM = 8;
    private static final int JOBS = 12;
    private static final JobSpec SPEC = new JobSpec(JobKind.KERNEL, 1, 100, 100, 0, 0, 0, 0, 0, 0);

    private static final String POLICY = """
            policy NAME;
            map used: hash<u32, u64>[MAX_TENANTS];
            hook init(ctx) { dsq_create(1, DSQ_VTIME); }
            hook on_submit(ctx) { dsq_insert_vtime(1, used[ctx.tenant] else 0); return ENQUEUE; }
            hook on_dispatch(ctx) { return 1; }
            hook on_admit(ctx) { return ADMIT; }
            hook on_retire(ctx) { if let time = used[ctx.tenant] { time += ctx.run_ns; } else { used[ctx.tenant] = 1; } }
            """;

    private final Deque<Job> held = new ArrayDeque<>();
    private final List<Tenant> tenants = List.of(new Tenant(0, "a", 1, 0), new Tenant(1, "b", 2, 1));
    private final List<JobStream> streams =
            List.of(new JobStream(0, tenants.getFirst()), new JobStream(1, tenants.getLast()));
    private long jobs;

    private SwapRehearsal() {}

    /** A verified policy. */
    private record Verified(PolicyObject object, VerificationResult.Accepted accepted) {
        static Verified of(String name) {
            if (PolicyCompiler.compile(new SourceFile(name + ".gbpf", POLICY.replace("NAME", name)))
                            instanceof CompileResult.Compiled compiled
                    && new Verifier().verify(compiled.object()) instanceof VerificationResult.Accepted accepted) {
                return new Verified(compiled.object(), accepted);
            }
            throw new IllegalStateException(name + " is no policy");
        }
    }

    /** Takes jobs while it has room. */
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
            return ROOM - held.size();
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
     * Swaps to and fro, on the calling thread, with jobs that come and go.
     *
     * @param swaps how often
     */
    public static void run(int swaps) {
        new SwapRehearsal().swap(swaps, Verified.of("rehearsed_a"), Verified.of("rehearsed_b"));
    }

    private void swap(int swaps, Verified even, Verified odd) {
        try (MapRegistry maps = new MapRegistry();
                Reclaimer reclaimer = new Reclaimer();
                PolicyPlane plane = new PolicyPlane(
                        new PlaneConfig(tenants, 1, FailsafeConfig.DEFAULTS, reclaimer),
                        new Stage(),
                        System::nanoTime,
                        new PlaneListener() {})) {
            // The figures of the process's own cache are those of real policies.
            CodeCache cache = new CodeCache(CodeCache.DEFAULT_BYTES);
            ImageLoader loader =
                    new ImageLoader(maps, new ProgramLinker(Engine.AUTO, cache, ForkJoinPool.commonPool()));
            while (jobs < JOBS) {
                submit(plane);
            }
            for (int i = 0; i < swaps; i++) {
                Verified next = i % 2 == 0 ? even : odd;
                PolicyImage image = loader.image(next.object(), next.accepted(), MapUse.SHARED);
                CompletableFuture<SwapOutcome> outcome =
                        plane.request(new SwapCommand.Swap(SwapRequest.immediate(image)));
                step(plane);
                if (!(outcome.getNow(null) instanceof SwapOutcome.Activated)) {
                    throw new IllegalStateException("rehearsed swap " + i + ": " + outcome);
                }
            }
        }
    }

    private void submit(PolicyPlane plane) {
        plane.submit(new Job(jobs, streams.get((int) (jobs % 2)), SPEC, System.nanoTime()));
        jobs++;
    }

    /** A job ends, another comes in, the device gets what it has room for. */
    private void step(PolicyPlane plane) {
        Job over = held.poll();
        if (over != null) {
            plane.finished(over, 100, false);
        }
        submit(plane);
        plane.dispatch();
        plane.tick();
    }
}

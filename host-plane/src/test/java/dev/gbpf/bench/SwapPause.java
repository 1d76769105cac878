package dev.gbpf.bench;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.device.DevicePlane;
import dev.gbpf.host.engine.Engine;
import dev.gbpf.host.engine.ProgramLinker;
import dev.gbpf.host.failsafe.FailsafeConfig;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.image.PolicyImage.MapUse;
import dev.gbpf.host.live.Rehearsal;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.plane.PlaneConfig;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.swap.SwapRequest;
import dev.gbpf.host.thread.Polling;
import dev.gbpf.host.thread.Reclaimer;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Swaps policies under load and times every step of the plane: submissions with on_submit, rounds of dispatching with
 * on_dispatch and on_admit, ends with on_retire. The operator loads on another thread. Prints the steps that carried out a swap,
 * the first after them, all others, and an empty timed interval of the same run.
 *
 * <p>Checks that no job is lost, and that no decision mixes two versions: each version inserts with its own number and serves
 * its own queue only.
 */
public final class SwapPause {
    private static final int ROOM = 8;
    private static final int TENANTS = 4;
    private static final int COLD = 20;
    private static final int WARM_UP = Integer.getInteger("gbpf.swap.warmup", 1_000);
    private static final JobSpec SPEC = new JobSpec(JobKind.KERNEL, 1, 100, 100, 0, 0, 0, 0, 0, 0);

    private final int swaps;
    private final int waiting;
    private final Samples overlapping;
    private final Samples firstAfter;
    private final Samples visible;
    private final Samples cold = new Samples(COLD);
    private final Samples ordinary = new Samples(1 << 22);
    private final Samples empty = new Samples(1 << 20);
    private final Deque<Job> held = new ArrayDeque<>();
    private volatile long requestedNs;
    private boolean swapped;
    private long ended;
    private long wrong;
    private boolean sameQueue;
    private boolean rehearsed;
    private int version;

    private SwapPause(int swaps, int waiting) {
        this.swaps = swaps;
        this.waiting = waiting;
        this.overlapping = new Samples(swaps);
        this.firstAfter = new Samples(swaps);
        this.visible = new Samples(swaps);
    }

    /** Durations, ns; those beyond the capacity replace older ones. */
    private static final class Samples {
        private final long[] values;
        private int count;

        Samples(int capacity) {
            this.values = new long[capacity];
        }

        void add(long ns) {
            values[count++ % values.length] = ns;
        }

        String line(String name) {
            long[] sorted = Arrays.copyOf(values, Math.min(count, values.length));
            Arrays.sort(sorted);
            return String.format(
                    Locale.ROOT,
                    "%-22s %9d %9d %9d %9d %9d %9d",
                    name,
                    count,
                    at(sorted, 0.5),
                    at(sorted, 0.99),
                    at(sorted, 0.999),
                    at(sorted, 0.9999),
                    at(sorted, 1));
        }

        private static long at(long[] sorted, double part) {
            return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * part))];
        }
    }

    private final class Device implements DevicePlane {
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

    private final class Watch implements PlaneListener {
        @Override
        public void activated(ActivationRecord activation) {
            visible.add(System.nanoTime() - requestedNs);
            version++;
            swapped = true;
        }

        @Override
        public void queued(Job job, int dsq, long nowNs) {
            wrong += version == 0 || sameQueue || dsq == 1 + version % 2 ? 0 : 1;
        }

        @Override
        public void retired(Job job, long runNs, boolean failed, long nowNs) {
            ended++;
        }
    }

    /** A version: its number says which queue it has. */
    private static PolicyObject compile(String name, int version, int constant) {
        String source = """
                policy %s;
                const QUEUE = %d;
                map used: hash<u32, u64>[MAX_TENANTS];
                hook init(ctx) { dsq_create(QUEUE, DSQ_VTIME); }
                hook on_submit(ctx) {
                    dsq_insert_vtime(QUEUE, used[ctx.tenant] else %d);
                    return ENQUEUE;
                }
                hook on_dispatch(ctx) { return QUEUE; }
                hook on_admit(ctx) { return ADMIT; }
                hook on_retire(ctx) {
                    if let time = used[ctx.tenant] { time += ctx.run_ns; } else { used[ctx.tenant] = %d; }
                }
                """.formatted(name, 1 + version % 2, constant, constant);
        return switch (PolicyCompiler.compile(new SourceFile(name + ".gbpf", source))) {
            case CompileResult.Compiled compiled -> compiled.object();
            case CompileResult.Failed failed -> throw new IllegalStateException(failed.toString());
        };
    }

    private void run(String title, Engine engine, IntFunction<PolicyObject> versions) throws Exception {
        List<Tenant> tenants = IntStream.range(0, TENANTS)
                .mapToObj(i -> new Tenant(i, "t" + i, 1, 0))
                .toList();
        long submitted;
        long emptyChoices;
        long lost;
        try (MapRegistry maps = new MapRegistry();
                Reclaimer reclaimer = new Reclaimer();
                PolicyPlane plane = new PolicyPlane(
                        new PlaneConfig(tenants, 1, FailsafeConfig.DEFAULTS, reclaimer),
                        new Device(),
                        System::nanoTime,
                        new Watch());
                var operator = Executors.newSingleThreadExecutor()) {
            ImageLoader loader = new ImageLoader(maps, new ProgramLinker(engine));
            var swapping = operator.submit(() -> {
                for (int i = 1; i <= swaps + WARM_UP; i++) {
                    PolicyObject policy = versions.apply(i);
                    var accepted = (VerificationResult.Accepted) new Verifier().verify(policy);
                    if (rehearsed) {
                        Rehearsal.of(policy, accepted, tenants);
                    }
                    PolicyImage image = loader.image(policy, accepted, MapUse.SHARED);
                    if (i > WARM_UP) {
                        Thread.sleep(0, 500_000);
                    }
                    requestedNs = System.nanoTime();
                    Polling.await(plane.request(new SwapCommand.Swap(SwapRequest.immediate(image))), Long.MAX_VALUE);
                }
                return null;
            });
            submitted = load(plane, tenants, swapping::isDone);
            swapping.get();
            emptyChoices = plane.statistics().emptyChoices();
            lost = submitted - ended - held.size() - plane.queued();
        }
        System.out.println(title + ", jobs waiting: " + waiting);
        System.out.printf("%-22s %9s %9s %9s %9s %9s %9s%n", "ns", "n", "P50", "P99", "P99.9", "P99.99", "max");
        System.out.println(overlapping.line("steps with a swap"));
        System.out.println(cold.line("the first " + COLD + " of them"));
        System.out.println(firstAfter.line("first step after it"));
        System.out.println(ordinary.line("all other steps"));
        System.out.println(empty.line("empty interval"));
        System.out.println(visible.line("request to visible"));
        System.out.println("jobs " + submitted + ", lost " + lost + ", placed by another version " + wrong
                + ", choices of a queue of another version " + emptyChoices);
    }

    private long load(PolicyPlane plane, List<Tenant> tenants, BooleanSupplier done) {
        JobStream[] streams = new JobStream[TENANTS * 16];
        Arrays.setAll(streams, i -> new JobStream(i, tenants.get(i % TENANTS)));
        long id = 0;
        while (id < ROOM + waiting) {
            plane.submit(new Job(id, streams[(int) (id % streams.length)], SPEC, System.nanoTime()));
            id++;
        }
        plane.dispatch();
        boolean after = false;
        for (long step = 0; !done.getAsBoolean(); step++) {
            Job job = step % 3 == 0 ? new Job(id, streams[(int) (id++ % streams.length)], SPEC, step) : null;
            Job over = step % 3 == 1 ? held.poll() : null;
            swapped = false;
            long from = System.nanoTime();
            if (job != null) {
                plane.submit(job);
            } else if (over != null) {
                plane.finished(over, 100, false);
            } else {
                plane.dispatch();
            }
            long to = System.nanoTime();
            empty.add(System.nanoTime() - to);
            // The first swaps warm the JVM up, for all alike.
            if (swapped && version <= COLD) {
                cold.add(to - from);
            }
            if (version > WARM_UP) {
                (swapped ? overlapping : after ? firstAfter : ordinary).add(to - from);
            } else {
                visible.count = 0;
            }
            after = swapped;
        }
        return id;
    }

    /**
     * Runs it.
     *
     * @param args how many swaps, and how many jobs wait
     */
    public static void main(String[] args) throws Exception {
        int swaps = args.length > 0 ? Integer.parseInt(args[0]) : 2_000;
        int waiting = args.length > 1 ? Integer.parseInt(args[1]) : 4;
        PolicyObject[] two = {compile("even", 0, 1), compile("odd", 1, 1)};
        new SwapPause(swaps, waiting).run("two policies in turn, compiled before", Engine.JIT, i -> two[i % 2]);
        PolicyObject[] same = {compile("p", 0, 1), compile("p", 2, 2)};
        SwapPause versions = new SwapPause(swaps, waiting);
        versions.sameQueue = true;
        versions.run("two versions of a policy in turn, compiled before", Engine.JIT, i -> same[i % 2]);
        new SwapPause(swaps, waiting)
                .run("a policy that never ran before each time, compiled", Engine.JIT, i -> compile("q" + i, i, i));
        new SwapPause(swaps, waiting)
                .run("a policy that never ran before each time, auto", Engine.AUTO, i -> compile("r" + i, i, i));
        SwapPause asTheDaemon = new SwapPause(swaps, waiting);
        asTheDaemon.rehearsed = true;
        asTheDaemon.run(
                "a policy that was rehearsed before each time, auto, as the daemon loads it",
                Engine.AUTO,
                i -> compile("s" + i, i, i));
    }
}

package dev.gbpf.bench;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.device.DevicePlane;
import dev.gbpf.host.engine.Engine;
import dev.gbpf.host.engine.ProgramLinker;
import dev.gbpf.host.failsafe.FailsafeConfig;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.image.PolicyImage.MapUse;
import dev.gbpf.host.live.SwapRehearsal;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.observe.Decision;
import dev.gbpf.host.observe.DecisionRing;
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
import dev.gbpf.host.swap.SwapStatus;
import dev.gbpf.host.thread.Polling;
import dev.gbpf.host.thread.Reclaimer;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Swaps policies under load. One thread decides without a pause: submissions with on_submit, rounds of dispatching with on_dispatch
 * and on_admit, ends with on_retire. An operator's thread verifies, loads and swaps meanwhile. Each call into the plane is a step,
 * and timed as a whole: what whoever asks for a decision waits. Prints the steps that carried out a swap, the first after them, all
 * others, and an empty timed interval of the same run; and the programs' own time in the first two.
 *
 * <p>A step that stands still for whatever reason is likelier than others to find a request when it goes on. So a command that
 * changes nothing is asked for between two swaps: the steps that refuse it show what a request meets without a swap.
 *
 * <p>Checks that no job is lost, and that no decision mixes two versions: each version inserts with its own number and serves
 * its own queue only.
 */
public final class SwapPause {
    private static final int ROOM = 8;
    private static final int TENANTS = 4;
    private static final int COLD = 20;
    private static final int WARM_UP = Integer.getInteger("gbpf.swap.warmup", 1_000);
    private static final int REHEARSED = Integer.getInteger("gbpf.swap.rehearsed", 0);
    private static final int CORE = Integer.getInteger("gbpf.swap.core", -1);
    private static final Duration PAUSE = Duration.ofNanos(Long.getLong("gbpf.swap.pause", 500_000));
    private static final JobSpec SPEC = new JobSpec(JobKind.KERNEL, 1, 100, 100, 0, 0, 0, 0, 0, 0);

    private final int swaps;
    private final int waiting;
    private final SwapTimes times;
    private final Deque<Job> held = new ArrayDeque<>();
    private final List<Tenant> tenants = IntStream.range(0, TENANTS)
            .mapToObj(i -> new Tenant(i, "t" + i, 1, 0))
            .toList();
    private volatile long requestedNs;
    private boolean swapped;
    private long ended;
    private long wrong;
    private boolean sameQueue;
    private int version;

    private SwapPause(int swaps, int waiting) {
        this.swaps = swaps;
        this.waiting = waiting;
        this.times = new SwapTimes(swaps, COLD);
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
            times.visible(System.nanoTime() - requestedNs, version >= WARM_UP);
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
                var decider = Executors.newSingleThreadExecutor();
                var operator = Executors.newSingleThreadExecutor()) {
            plane.observation().time(System::nanoTime, 1);
            ImageLoader loader = new ImageLoader(maps, new ProgramLinker(engine));
            Future<?> swapping = operator.submit(() -> operate(plane, loader, versions));
            submitted = decider.submit(() -> load(plane, swapping::isDone)).get();
            swapping.get();
            emptyChoices = plane.statistics().emptyChoices();
            lost = submitted - ended - held.size() - plane.queued();
        }
        System.out.println(title + ", jobs waiting: " + waiting);
        times.print();
        System.out.println("jobs " + submitted + ", lost " + lost + ", placed by another version " + wrong
                + ", choices of a queue of another version " + emptyChoices);
    }

    private Void operate(PolicyPlane plane, ImageLoader loader, IntFunction<PolicyObject> versions) throws Exception {
        for (int i = 1; i <= swaps + WARM_UP; i++) {
            PolicyObject policy = versions.apply(i);
            var accepted = (VerificationResult.Accepted) new Verifier().verify(policy);
            PolicyImage image = loader.image(policy, accepted, MapUse.SHARED);
            if (i > WARM_UP) {
                Thread.sleep(PAUSE);
            }
            requestedNs = System.nanoTime();
            Polling.await(plane.request(new SwapCommand.Swap(SwapRequest.immediate(image))), Long.MAX_VALUE);
            if (i > WARM_UP) {
                Thread.sleep(PAUSE);
                Polling.await(plane.request(new SwapCommand.Drop("no trial runs")), Long.MAX_VALUE);
            }
        }
        return null;
    }

    private long load(PolicyPlane plane, BooleanSupplier done) {
        LinuxThread os = new LinuxThread();
        if (CORE >= 0) {
            os.pin(CORE);
        }
        JobStream[] streams = new JobStream[TENANTS * 16];
        Arrays.setAll(streams, i -> new JobStream(i, tenants.get(i % TENANTS)));
        DecisionRing decisions = plane.observation().flightRecorder();
        long id = 0;
        while (id < ROOM + waiting) {
            plane.submit(new Job(id, streams[(int) (id % streams.length)], SPEC, System.nanoTime()));
            id++;
        }
        plane.dispatch();
        boolean after = false;
        long switches = 0;
        SwapStatus shown = plane.monitor().status();
        for (long step = 0; !done.getAsBoolean(); step++) {
            Job job = step % 3 == 0 ? new Job(id, streams[(int) (id++ % streams.length)], SPEC, step) : null;
            Job over = step % 3 == 1 ? held.poll() : null;
            swapped = false;
            long decided = decisions.written();
            long from = System.nanoTime();
            if (job != null) {
                plane.submit(job);
            } else if (over != null) {
                plane.finished(over, 100, false);
            } else {
                plane.dispatch();
            }
            long to = System.nanoTime();
            times.empty(System.nanoTime() - to);
            boolean counts = version > WARM_UP;
            SwapStatus shows = plane.monitor().status();
            boolean asked = shows.atNs() != shown.atNs();
            shown = shows;
            if (swapped || after) {
                if (swapped && version <= COLD) {
                    times.cold(to - from);
                }
                if (counts) {
                    times.step(swapped, to - from);
                    for (Decision decision : decisions.since(decided)) {
                        times.program(swapped, decision.durationNs());
                    }
                } else {
                    switches = os.involuntarySwitches();
                }
            } else if (counts && asked) {
                times.refusal(to - from);
            } else if (counts) {
                times.ordinary(to - from);
            }
            after = swapped;
        }
        times.switches(os.involuntarySwitches() - switches);
        return id;
    }

    /**
     * Runs it.
     *
     * @param args what to swap ({@code versions}, {@code policies}, {@code new-jit}, {@code new-auto}, {@code
     *     rehearsed-auto}), how many swaps, and how
     *     many jobs wait
     */
    public static void main(String[] args) throws Exception {
        String what = args.length > 0 ? args[0] : "versions";
        SwapRehearsal.run(REHEARSED);
        SwapPause pause = new SwapPause(
                args.length > 1 ? Integer.parseInt(args[1]) : 1_000, args.length > 2 ? Integer.parseInt(args[2]) : 4);
        switch (what) {
            case "versions" -> {
                PolicyObject[] two = {compile("p", 0, 1), compile("p", 2, 2)};
                pause.sameQueue = true;
                pause.run("two versions of a policy in turn, compiled before", Engine.JIT, i -> two[i % 2]);
            }
            case "policies" -> {
                PolicyObject[] two = {compile("even", 0, 1), compile("odd", 1, 1)};
                pause.run("two policies in turn, compiled before", Engine.JIT, i -> two[i % 2]);
            }
            case "new-jit" ->
                pause.run(
                        "a policy that never ran before each time, compiled", Engine.JIT, i -> compile("q" + i, i, i));
            case "new-auto" ->
                pause.run("a policy that never ran before each time, auto", Engine.AUTO, i -> compile("r" + i, i, i));
            case "rehearsed-auto" -> {
                PolicyObject[] two = {compile("even", 0, 1), compile("odd", 1, 1)};
                pause.run(
                        "a policy that never ran before each time, auto, after swaps of others",
                        Engine.AUTO,
                        i -> i <= WARM_UP ? two[i % 2] : compile("r" + i, i, i));
            }
            default -> throw new IllegalArgumentException("swap what? " + what);
        }
    }
}

package dev.gbpf.cuda.bench;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.cuda.build.NativeBuild;
import dev.gbpf.cuda.cpu.TaskLibrary;
import dev.gbpf.cuda.driver.CudaDriver;
import dev.gbpf.cuda.driver.LinkInput;
import dev.gbpf.cuda.plane.Backend;
import dev.gbpf.cuda.plane.CompactTaskRing;
import dev.gbpf.cuda.plane.CpuBackend;
import dev.gbpf.cuda.plane.DeviceBuffer;
import dev.gbpf.cuda.plane.DeviceRuntime;
import dev.gbpf.cuda.plane.GpuBackend;
import dev.gbpf.cuda.plane.LaunchState;
import dev.gbpf.cuda.plane.PlaneParams;
import dev.gbpf.cuda.plane.PromotionStatus;
import dev.gbpf.cuda.table.DevicePolicy;
import dev.gbpf.cuda.table.Tier;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** A runtime with the functions of {@code bench_tasks.cu}, and what they counted. */
final class BenchPlane implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LAUNCH = Duration.ofSeconds(100);
    private static final String TASKS = "bench_tasks";
    private static final List<String> FUNCTIONS = List.of(
            "bench_nop",
            "bench_count_lane",
            "bench_count_warp",
            "bench_count_block",
            "bench_storm",
            "bench_join",
            "bench_signal",
            "bench_echo",
            "bench_hop_here",
            "bench_hop_elsewhere",
            "bench_hop_elsewhere_pure",
            "bench_mark",
            "bench_relay",
            "bench_churn",
            "bench_spin");
    private static final int BATCH = 512;
    private static final long LOOK_NS = 100_000;
    private static final int GOLDEN = 0x9e3779b1;
    private static final int MIXED_SHIFT = 5;
    private static final int OWN_SHIFT = 48;
    private static final int LINKS_SHIFT = 16;

    /** Fields of {@code struct bench_counts}. */
    private static final int RAN = 0;

    private static final int SUM = 1;
    private static final int BEGAN_NS = 2;
    private static final int ENDED_NS = 3;
    private static final int STOP = 4;
    private static final int WORDS = 5;

    private final DeviceRuntime runtime;
    private final DeviceBuffer words;

    /**
     * What the functions counted.
     *
     * @param ran tasks
     * @param sum of {@link #mix} of their payloads
     * @param chainNs what the links of a chain that are measured took
     */
    record Counts(long ran, long sum, long chainNs) {}

    private BenchPlane(DeviceRuntime runtime) {
        this.runtime = runtime;
        this.words = runtime.variable("bench_words", WORDS * Long.BYTES);
        clear();
    }

    /** Opens a device with parameters of its usual size, and a policy that decides there. */
    static BenchPlane open(BenchTarget target, DevicePolicy policy, UnaryOperator<PlaneParams.Builder> change) {
        Backend backend = switch (target) {
            case BenchTarget.Cpu() -> CpuBackend.open(List.of(TaskLibrary.ofBuild(TASKS)), FUNCTIONS);
            case BenchTarget.Gpu(CudaDriver driver, int ordinal) ->
                GpuBackend.open(driver, ordinal, List.of(code()), FUNCTIONS);
        };
        DeviceRuntime runtime = DeviceRuntime.open(
                backend, change.apply(PlaneParams.builder(backend)).build());
        try {
            BenchPlane plane = new BenchPlane(runtime);
            runtime.promoteAfter(0); // measured as it is, until it is asked for
            if (!policy.programs().isEmpty()) {
                runtime.policies().publish(policy, PATIENCE);
            }
            return plane;
        } catch (RuntimeException | Error e) {
            runtime.close();
            throw e;
        }
    }

    /** The functions for the driver's linker. */
    static LinkInput code() {
        return new LinkInput(
                LinkInput.Kind.FAT_BINARY, TASKS, NativeBuild.current().linkableFatBinary(TASKS));
    }

    DeviceRuntime runtime() {
        return runtime;
    }

    long head(String function, int flags) {
        return CompactTaskRing.head(runtime.functions().number("bench_" + function), flags);
    }

    /** What spawning functions get as their argument b: their own number, and where the next task goes. */
    long self(String function, int where) {
        return (long) runtime.functions().number("bench_" + function) << Integer.SIZE | where;
    }

    /** What the links of a chain get as their argument b: their own number, how many are measured, and what comes before and after these. */
    long chain(String function, int links) {
        return (long) runtime.functions().number("bench_" + function) << OWN_SHIFT
                | (long) links << LINKS_SHIFT
                | runtime.functions().number("bench_mark");
    }

    void start() {
        runtime.start(LAUNCH);
    }

    void awaitRunning() {
        if (!runtime.awaitRunning(PATIENCE)) {
            throw new IllegalStateException("the kernel did not begin within " + PATIENCE.toSeconds() + " s");
        }
    }

    boolean drains() {
        return runtime.drain(PATIENCE) == LaunchState.DRAINED;
    }

    /** Whether a policy can become machine code here. */
    boolean promotes(DevicePolicy policy) {
        return !policy.programs().isEmpty() && runtime.canPromote();
    }

    /** Publishes a policy, and waits until it is machine code. */
    PromotionStatus promote(DevicePolicy policy) {
        runtime.policies().publish(policy, PATIENCE);
        runtime.promoteAfter(1);
        long limit = System.nanoTime() + PATIENCE.toNanos();
        PromotionStatus status = runtime.promotion();
        while (status.tier() == Tier.INTERPRETED || status.pause().total().isZero()) {
            if (status.refused() != null || System.nanoTime() > limit) {
                throw new IllegalStateException(
                        "policy " + policy.name() + " does not become machine code: " + status.refused());
            }
            LockSupport.parkNanos(LOOK_NS);
            status = runtime.promotion();
        }
        runtime.promoteAfter(0);
        return status;
    }

    /** Forgets what was counted. */
    void clear() {
        try (Arena arena = Arena.ofConfined()) {
            words.write(0, arena.allocate(JAVA_LONG, WORDS));
        }
    }

    /** Lets chains of {@code bench_relay} end. */
    void endRelays() {
        try (Arena arena = Arena.ofConfined()) {
            words.write((long) STOP * Long.BYTES, arena.allocateFrom(JAVA_LONG, 1));
        }
    }

    Counts counts() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment now = arena.allocate(JAVA_LONG, WORDS);
            words.read(0, now);
            return new Counts(
                    now.getAtIndex(JAVA_LONG, RAN),
                    now.getAtIndex(JAVA_LONG, SUM),
                    now.getAtIndex(JAVA_LONG, ENDED_NS) - now.getAtIndex(JAVA_LONG, BEGAN_NS));
        }
    }

    /** What {@code mix} of {@code bench_tasks.cu} makes of a payload. */
    static long mix(long payload) {
        int mixed = (int) payload * GOLDEN;
        return Integer.toUnsignedLong(mixed >>> MIXED_SHIFT);
    }

    /** The sum of {@link #mix} over 0 to {@code n - 1}. */
    static long sumOfMix(long n) {
        long sum = 0;
        for (long i = 0; i < n; i++) {
            sum += mix(i);
        }
        return sum;
    }

    /** Publishes tasks with payloads from {@code first} on as fast as there is room, in batches. */
    static void feed(CompactTaskRing ring, long head, int a, long first, long count) {
        for (long done = 0; done < count; ) {
            int got = ring.claim((int) Math.min(BATCH, count - done), PATIENCE);
            if (got == 0) {
                throw new IllegalStateException("the device took no task within " + PATIENCE.toSeconds() + " s");
            }
            for (int i = 0; i < got; i++) {
                ring.put(i, head, a, first + done + i);
            }
            ring.publish(got);
            done += got;
        }
    }

    @Override
    public void close() {
        runtime.close();
    }
}

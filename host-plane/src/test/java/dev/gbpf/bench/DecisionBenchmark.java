package dev.gbpf.bench;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.engine.CodeCache;
import dev.gbpf.host.engine.Engine;
import dev.gbpf.host.engine.ProgramLinker;
import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.memory.NativeMemory;
import dev.gbpf.host.vm.ExecutableProgram;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a decision of {@code weighted_fair} costs in each engine, and when the policy is written in Java by hand. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-XX:+UseParallelGC"})
public class DecisionBenchmark {
    private static final long QUEUE = 1;
    private static final long SCALE = 1024;
    private static final int TENANTS = 64;

    /** What decides: an engine's word, or {@code java}. */
    @Param({"java", "jit", "auto", "interpreter"})
    public String by = "java";

    private final Arena arena = Arena.ofConfined();
    private final MapRegistry maps = new MapRegistry();
    private final PlaneServices plane = new InstantServices();
    private final long context = arena.allocate(256, 64).address();
    private ExecutableProgram dispatch = (_, _) -> 0;
    private ExecutableProgram submit = (_, _) -> 0;
    private ExecutableProgram retire = (_, _) -> 0;

    /** Makes the policy ready. */
    @Setup(Level.Trial)
    public void load() {
        NativeMemory.putInt(context + Hook.ON_SUBMIT.context().offsetOf("tenant"), 3);
        NativeMemory.putInt(context + Hook.ON_SUBMIT.context().offsetOf("weight"), 5);
        NativeMemory.putLong(context + Hook.ON_SUBMIT.context().offsetOf("cost_ns"), 70_000);
        if (by.equals("java")) {
            HandWritten policy = new HandWritten();
            dispatch = policy::onDispatch;
            submit = policy::onSubmit;
            retire = policy::onRetire;
            return;
        }
        Engine engine = Engine.byWord(by).orElseThrow();
        ProgramLinker linker = new ProgramLinker(engine, new CodeCache(CodeCache.DEFAULT_BYTES), Runnable::run);
        SourceFile source = new SourceFile("weighted_fair.gbpf", text());
        if (!(PolicyCompiler.compile(source) instanceof CompileResult.Compiled compiled)
                || !(new ImageLoader(maps, linker).load(compiled.object()) instanceof LoadResult.Loaded loaded)) {
            throw new IllegalStateException("weighted_fair does not load");
        }
        PolicyImage image = loaded.image();
        dispatch = Objects.requireNonNull(image.program(Hook.ON_DISPATCH));
        submit = Objects.requireNonNull(image.program(Hook.ON_SUBMIT));
        retire = Objects.requireNonNull(image.program(Hook.ON_RETIRE));
    }

    private static String text() {
        Path file = Path.of(System.getProperty("gbpf.root", ".."), "policies/weighted_fair/weighted_fair.gbpf");
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("no policy at " + file.toAbsolutePath(), e);
        }
    }

    /** Frees the maps. */
    @TearDown(Level.Trial)
    public void free() {
        maps.close();
        arena.close();
    }

    /** The next queue. */
    @Benchmark
    public long onDispatch() {
        return dispatch.run(context, plane);
    }

    /** Where a job goes. */
    @Benchmark
    public long onSubmit() {
        return submit.run(context, plane);
    }

    /** A job and its end. */
    @Benchmark
    public long onRetire() {
        return retire.run(context, plane);
    }

    /** The policy as an engineer would write it in Java. */
    private static final class HandWritten {
        private static final long NOTHING = Constants.NONE;
        private static final long TENANT = Hook.ON_SUBMIT.context().offsetOf("tenant");
        private static final long WEIGHT = Hook.ON_SUBMIT.context().offsetOf("weight");
        private static final long COST = Hook.ON_SUBMIT.context().offsetOf("cost_ns");
        private static final long RUN = Hook.ON_RETIRE.context().offsetOf("run_ns");

        private final long[] finish = new long[TENANTS];
        private long clock;

        long onDispatch(long context, PlaneServices plane) {
            long start = plane.dsqPeek(QUEUE, Constants.JOB_VTIME);
            if (start == NOTHING) {
                return 0;
            }
            if (Long.compareUnsigned(start, clock) > 0) {
                clock = start;
            }
            return QUEUE;
        }

        long onSubmit(long context, PlaneServices plane) {
            int tenant = NativeMemory.getInt(context + TENANT);
            long start = tenant >= 0 && tenant < finish.length ? finish[tenant] : 0;
            if (Long.compareUnsigned(start, clock) < 0) {
                start = clock;
            }
            long cost = NativeMemory.getLong(context + COST);
            if (cost == 0) {
                cost = 100_000;
            }
            if (tenant >= 0 && tenant < finish.length) {
                finish[tenant] =
                        start + Long.divideUnsigned(cost * SCALE, NativeMemory.getInt(context + WEIGHT) & 0xFFFF_FFFFL);
            }
            plane.dsqInsertVtime(QUEUE, start);
            return 0;
        }

        long onRetire(long context, PlaneServices plane) {
            long charged = NativeMemory.getLong(context + COST);
            if (charged == 0) {
                charged = 100_000;
            }
            int tenant = NativeMemory.getInt(context + TENANT);
            if (tenant >= 0 && tenant < finish.length) {
                long weight = NativeMemory.getInt(context + WEIGHT) & 0xFFFF_FFFFL;
                finish[tenant] += Long.divideUnsigned(NativeMemory.getLong(context + RUN) * SCALE, weight);
                finish[tenant] -= Long.divideUnsigned(charged * SCALE, weight);
            }
            return 0;
        }
    }
}

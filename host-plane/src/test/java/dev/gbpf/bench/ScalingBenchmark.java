package dev.gbpf.bench;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.engine.CodeCache;
import dev.gbpf.host.engine.Engine;
import dev.gbpf.host.engine.ProgramLinker;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.map.Epochs;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.memory.NativeMemory;
import dev.gbpf.host.vm.ExecutableProgram;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import java.lang.foreign.Arena;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
import org.openjdk.jmh.infra.ThreadParams;

/** Decisions of one image on several threads at once: {@code -t 1}, {@code -t 2}, {@code -t 8}. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-XX:+UseParallelGC"})
public class ScalingBenchmark {
    private static final int THREADS = 8;

    private static final String POLICIES = """
            policy scaling;
            map weights: array<u64>[MAX_TENANTS];
            map submitted: percpu_array<u64>[MAX_TENANTS];
            map last: array<u64>[1];

            // Reads what all share, and writes what is the thread's own.
            hook on_submit(ctx) {
                submitted[ctx.tenant] += 1 + (weights[ctx.tenant] else 0);
                return ENQUEUE;
            }

            // Reads only.
            hook on_admit(ctx) {
                if (weights[ctx.tenant] else 0) > ctx.cost_ns {
                    return REJECT;
                }
                return ADMIT;
            }

            // Writes what all share: what a policy may do, and pays for.
            hook on_retire(ctx) {
                last[0] = ctx.run_ns;
            }
            """;

    /** The image that all threads run. */
    @State(Scope.Benchmark)
    public static class Shared {
        /** The engine's word. */
        @Param({"jit", "interpreter"})
        public String engine = "jit";

        private final MapRegistry maps = new MapRegistry(new Epochs(THREADS));
        private @Nullable PolicyImage image;

        /** Loads the policy. */
        @Setup(Level.Trial)
        public void load() {
            ProgramLinker linker = new ProgramLinker(
                    Engine.byWord(engine).orElseThrow(), new CodeCache(CodeCache.DEFAULT_BYTES), Runnable::run);
            if (!(PolicyCompiler.compile(new SourceFile("scaling.gbpf", POLICIES))
                            instanceof CompileResult.Compiled compiled)
                    || !(new ImageLoader(maps, linker).load(compiled.object()) instanceof LoadResult.Loaded loaded)) {
                throw new IllegalStateException("the policy does not load");
            }
            image = loaded.image();
        }

        /** Frees the maps. */
        @TearDown(Level.Trial)
        public void free() {
            maps.close();
        }
    }

    /** What is a thread's own. */
    @State(Scope.Thread)
    public static class Own {
        private final Arena arena = Arena.ofShared();
        private final long context = arena.allocate(512, 128).address();
        private final InstantServices plane = new InstantServices();
        private ExecutableProgram submit = (_, _) -> 0;
        private ExecutableProgram admit = (_, _) -> 0;
        private ExecutableProgram retire = (_, _) -> 0;

        /** Takes the programs of this thread. */
        @Setup(Level.Trial)
        public void take(Shared shared, ThreadParams thread) {
            int cpu = thread.getThreadIndex();
            PolicyImage image = Objects.requireNonNull(shared.image);
            NativeMemory.putInt(context + Hook.ON_SUBMIT.context().offsetOf("tenant"), 3);
            submit = Objects.requireNonNull(image.program(Hook.ON_SUBMIT, cpu));
            admit = Objects.requireNonNull(image.program(Hook.ON_ADMIT, cpu));
            retire = Objects.requireNonNull(image.program(Hook.ON_RETIRE, cpu));
        }

        /** Frees the context. */
        @TearDown(Level.Trial)
        public void free() {
            arena.close();
        }
    }

    /** Counts in a per-CPU array. */
    @Benchmark
    public long ownWrites(Shared shared, Own own) {
        return own.submit.run(own.context, own.plane);
    }

    /** Only reads. */
    @Benchmark
    public long reads(Shared shared, Own own) {
        return own.admit.run(own.context, own.plane);
    }

    /** All threads write one number. */
    @Benchmark
    public long sharedWrites(Shared shared, Own own) {
        return own.retire.run(own.context, own.plane);
    }
}

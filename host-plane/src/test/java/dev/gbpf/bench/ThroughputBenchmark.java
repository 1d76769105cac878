package dev.gbpf.bench;

import dev.gbpf.bench.BenchPrograms.BenchProgram;
import dev.gbpf.host.jit.CodeTooLargeException;
import dev.gbpf.host.jit.CompiledProgram;
import dev.gbpf.host.jit.HelperLinking;
import dev.gbpf.host.jit.JitCompiler;
import dev.gbpf.host.vm.InterpretedProgram;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import java.lang.foreign.Arena;
import java.util.List;
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

/** The programs of the engine benchmarks with 90,000 trips of their loops, which Linux's verifier allows, too. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-XX:+UseParallelGC"})
public class ThroughputBenchmark {
    private static final int TRIPS = 90_000;
    /** Trips of the outer loop of {@code memsum}, whose inner one makes 512. */
    private static final int OUTER_TRIPS = 175;

    private static final int LONG_LOOP = 20_000;

    /** Which of them. */
    @Param({"alu64", "alu32", "memsum", "branchy", "localcall", "divmod"})
    public String program = "alu64";

    private final Arena arena = Arena.ofConfined();
    private final InstantServices plane = new InstantServices();
    private @Nullable CompiledProgram compiled;
    private @Nullable InterpretedProgram interpreted;
    private long memory;
    private long bytes;

    /** Makes the program ready. */
    @Setup(Level.Trial)
    public void prepare() throws CodeTooLargeException {
        BenchProgram chosen = BenchPrograms.all().stream()
                .filter(p -> p.name().equals(program))
                .findFirst()
                .orElseThrow();
        Program shorter = new Program(chosen.program().instructions().stream()
                .map(i -> shorter(i, program.equals("memsum") ? OUTER_TRIPS : TRIPS))
                .toList());
        bytes = chosen.memory();
        memory = bytes == 0 ? 0 : arena.allocate(bytes, 8).address();
        compiled = JitCompiler.compile(List.of(shorter), List.of(), HelperLinking.DIRECT)
                .link(List.of(), arena)
                .getFirst();
        interpreted = new InterpretedProgram(shorter, List.of(), arena);
    }

    private static Instruction shorter(Instruction instruction, int trips) {
        return instruction instanceof Instruction.CondJump jump
                        && jump.right() instanceof Immediate(int limit)
                        && limit >= LONG_LOOP
                ? new Instruction.CondJump(jump.op(), jump.is64(), jump.left(), new Immediate(trips), jump.offset())
                : instruction;
    }

    /** Frees the memory. */
    @TearDown(Level.Trial)
    public void free() {
        arena.close();
    }

    /** One run, compiled. */
    @Benchmark
    public long jit() {
        return Objects.requireNonNull(compiled).run(memory, bytes, plane);
    }

    /** One run in the interpreter. */
    @Benchmark
    public long interpreter() {
        return Objects.requireNonNull(interpreted).run(memory, bytes, plane);
    }
}

package dev.gbpf.bench;

import dev.gbpf.host.jit.CodeTooLargeException;
import dev.gbpf.host.jit.HelperLinking;
import dev.gbpf.host.jit.JitCompiler;
import dev.gbpf.host.vm.InterpretedProgram;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long it takes until a program that was never seen has run once, in a process that has compiled others. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-XX:+UseParallelGC"})
public class CompileBenchmark {
    private static final int WORKING = 6;
    private static final int STACK_WORDS = 8;

    /** Instructions of a program. */
    @Param({"100", "1000"})
    public int size = 1000;

    private final InstantServices plane = new InstantServices();
    private Program program = new Program(List.of(new Instruction.Exit()));

    /** Makes a program of arithmetic, stack accesses, forward jumps and helper calls. */
    @Setup
    public void write() {
        Random random = new Random(1);
        List<Instruction> out = new ArrayList<>();
        for (int i = 0; i < WORKING; i++) {
            out.add(new Instruction.Mov(true, 0, Register.of(i), new Immediate(random.nextInt())));
        }
        for (int i = 1; i <= STACK_WORDS; i++) {
            out.add(new Instruction.Store(Width.DW, Register.R10, (short) (-8 * i), new Immediate(i)));
        }
        while (out.size() < size - 1) {
            out.add(step(random, size - 1 - out.size()));
        }
        out.add(new Instruction.Exit());
        program = new Program(out);
    }

    private static Instruction step(Random random, int left) {
        Register a = Register.of(random.nextInt(WORKING));
        Register b = Register.of(random.nextInt(WORKING));
        short word = (short) (-8 * (1 + random.nextInt(STACK_WORDS)));
        AluOp[] ops = {AluOp.ADD, AluOp.SUB, AluOp.MUL, AluOp.XOR, AluOp.AND, AluOp.RSH};
        return switch (random.nextInt(10)) {
            case 0, 1 -> new Instruction.Load(Width.DW, false, a, Register.R10, word);
            case 2 -> new Instruction.Store(Width.W, Register.R10, word, a);
            case 3 ->
                new Instruction.CondJump(
                        JumpOp.GT, true, a, new Immediate(random.nextInt()), (short) random.nextInt(Math.min(left, 9)));
            case 4 -> new Instruction.CallHelper(random.nextInt(8) == 0 ? 5 : 7);
            default -> new Instruction.Alu(ops[random.nextInt(ops.length)], random.nextInt(4) > 0, a, b);
        };
    }

    /** Class file, class, link, first run. */
    @Benchmark
    public long compileAndRun() throws CodeTooLargeException {
        try (Arena arena = Arena.ofConfined()) {
            return JitCompiler.compile(List.of(program), List.of(), HelperLinking.DIRECT)
                    .link(List.of(), arena)
                    .getFirst()
                    .run(0, plane);
        }
    }

    /** The same in the interpreter, for comparison. */
    @Benchmark
    public long predecodeAndRun() {
        try (Arena arena = Arena.ofConfined()) {
            return new InterpretedProgram(program, List.of(), arena).run(0, plane);
        }
    }
}

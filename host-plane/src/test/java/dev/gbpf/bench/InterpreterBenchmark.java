package dev.gbpf.bench;

import dev.gbpf.bench.BenchPrograms.BenchProgram;
import dev.gbpf.host.vm.InterpretedProgram;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Throughput of the interpreter, in million instructions per second, on whole programs of many million instructions.
 *
 * <p>It measures the CPU time of its thread, not the wall clock, so that other processes on the machine disturb it less, and
 * runs the programs in turn, so that each is compiled with the profile of all. Arguments: measured rounds (default 11).
 */
public final class InterpreterBenchmark {
    private static final int WARM_UP = 5;

    private InterpreterBenchmark() {}

    /** Measures and prints a table. */
    public static void main(String[] arguments) {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 11;
        print(System.out, measure(rounds));
    }

    private record Measured(String name, double min, double median, double max) {}

    private static List<Measured> measure(int rounds) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        List<BenchProgram> programs = BenchPrograms.all();
        double[][] rates = new double[programs.size()][rounds];
        InstantServices plane = new InstantServices();
        try (Arena arena = Arena.ofConfined()) {
            long memory = arena.allocate(1 << 16, 64).address();
            List<InterpretedProgram> interpreted = new ArrayList<>();
            programs.forEach(p -> interpreted.add(new InterpretedProgram(p.program(), List.of(), arena)));
            warmUpWithEveryOperation(arena, plane);
            for (int round = -WARM_UP; round < rounds; round++) {
                for (int i = 0; i < programs.size(); i++) {
                    BenchProgram program = programs.get(i);
                    long start = threads.getCurrentThreadCpuTime();
                    interpreted.get(i).run(program.memory() == 0 ? 0 : memory, program.memory(), plane);
                    long ns = threads.getCurrentThreadCpuTime() - start;
                    if (round >= 0) {
                        rates[i][round] = program.instructions() * 1e3 / ns;
                    }
                }
            }
        }
        List<Measured> measured = new ArrayList<>();
        for (int i = 0; i < rates.length; i++) {
            Arrays.sort(rates[i]);
            measured.add(new Measured(programs.get(i).name(), rates[i][0], rates[i][rounds / 2], rates[i][rounds - 1]));
        }
        return measured;
    }

    /** Shows the compiler that all kinds of operations occur, as in a process that runs many policies. */
    private static void warmUpWithEveryOperation(Arena arena, InstantServices plane) {
        List<Instruction> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            all.add(new Instruction.Mov(true, 0, Register.of(i), new Immediate(i + 1)));
        }
        for (var op : AluOp.values()) {
            for (boolean is64 : new boolean[] {true, false}) {
                all.add(new Instruction.Alu(op, is64, Register.R2, Register.R3));
                all.add(new Instruction.Alu(op, is64, Register.R4, new Immediate(3)));
            }
        }
        for (var op : JumpOp.values()) {
            for (boolean is64 : new boolean[] {true, false}) {
                all.add(new Instruction.CondJump(op, is64, Register.R2, Register.R3, (short) 0));
                all.add(new Instruction.CondJump(op, is64, Register.R4, new Immediate(3), (short) 0));
            }
        }
        for (var width : Width.values()) {
            all.add(new Instruction.Store(width, Register.R10, (short) -8, Register.R2));
            all.add(new Instruction.Store(width, Register.R10, (short) -16, new Immediate(7)));
            all.add(new Instruction.Load(width, false, Register.R5, Register.R10, (short) -8));
        }
        all.add(new Instruction.CallHelper(5));
        all.add(new Instruction.CallLocal(1));
        all.add(new Instruction.Exit());
        all.add(new Instruction.Exit());
        InterpretedProgram program = new InterpretedProgram(new Program(all), List.of(), arena);
        for (int i = 0; i < 100_000; i++) {
            program.run(0, plane);
        }
    }

    private static void print(PrintStream out, List<Measured> measured) {
        out.printf(
                Locale.ROOT,
                "%-12s %10s %10s %10s   M instructions/s of CPU time%n",
                "program",
                "median",
                "min",
                "max");
        for (Measured m : measured) {
            out.printf(Locale.ROOT, "%-12s %10.0f %10.0f %10.0f%n", m.name(), m.median(), m.min(), m.max());
        }
    }
}

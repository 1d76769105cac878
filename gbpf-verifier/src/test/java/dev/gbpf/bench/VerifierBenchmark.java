package dev.gbpf.bench;

import dev.gbpf.bench.GeneratedPrograms.Shape;
import dev.gbpf.isa.Program;
import dev.gbpf.verifier.Fixture;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.VerifierOptions;
import dev.gbpf.verifier.analysis.AnalysisResult;
import dev.gbpf.verifier.platform.ProgramType;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How fast the verifier is, by shape and size of programs, in processor time. Run by
 * {@code main}; arguments: the greatest size, 100000 by default, seconds of warm-up, 5 by default, and
 * one shape instead of all.
 */
public final class VerifierBenchmark {
    private static final int ROUNDS = 9;

    private VerifierBenchmark() {}

    /** Prints a line per shape and size: medians and spread of {@value #ROUNDS} rounds, and the analysis steps per instruction. */
    public static void main(String[] arguments) {
        int greatest = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        int warmUp = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        for (Shape shape : shapes(arguments)) {
            warmUp(shape, warmUp);
        }
        System.out.printf(
                "%-9s %9s %12s %12s %12s %10s %8s%n",
                "shape", "size", "min ms", "median ms", "max ms", "kinsn/s", "steps");
        for (Shape shape : shapes(arguments)) {
            for (int size = 100; size <= greatest; size *= 10) {
                measure(shape, size);
            }
        }
    }

    private static List<Shape> shapes(String[] arguments) {
        return arguments.length > 2
                ? List.of(Shape.valueOf(arguments[2].toUpperCase(Locale.ROOT)))
                : List.of(Shape.values());
    }

    private static void warmUp(Shape shape, int seconds) {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        for (long seed = 0; System.nanoTime() < end; seed++) {
            verify(GeneratedPrograms.generate(shape, 1000, seed));
        }
    }

    private static void measure(Shape shape, int size) {
        Program program = GeneratedPrograms.generate(shape, size, 42);
        int repeats = Math.max(1, 20_000 / size);
        double[] millis = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long start = cpuNanos();
            for (int i = 0; i < repeats; i++) {
                verify(program);
            }
            millis[round] = (cpuNanos() - start) / 1e6 / repeats;
        }
        Arrays.sort(millis);
        double median = millis[ROUNDS / 2];
        System.out.printf(
                Locale.ROOT,
                "%-9s %9d %12.3f %12.3f %12.3f %10.0f %8.1f%n",
                shape.name().toLowerCase(Locale.ROOT),
                program.size(),
                millis[0],
                median,
                millis[ROUNDS - 1],
                program.size() / median,
                (double) verify(program).steps() / program.size());
    }

    /** Processor time of this thread: a machine that is busy with other work then matters less. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static AnalysisResult verify(Program program) {
        ProgramType type = new ProgramType(
                "bench",
                null,
                Fixture.TYPE.context(),
                Fixture.TYPE.verdict(),
                ProgramType.NO_BUDGET,
                Fixture.TYPE.helpers());
        AnalysisResult result = new Verifier(VerifierOptions.DEFAULT.withStepLimit(Long.MAX_VALUE))
                .analyse(program, type, Fixture.MAPS);
        if (!result.isAccepted()) {
            throw new IllegalStateException(
                    "not accepted: " + result.violations().getFirst());
        }
        return result;
    }
}

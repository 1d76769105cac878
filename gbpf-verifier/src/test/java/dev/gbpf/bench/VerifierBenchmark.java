package dev.gbpf.bench;

import dev.gbpf.verifier.analysis.AnalysisResult;
import dev.gbpf.verifier.analysis.AnalysisStates;
import dev.gbpf.verifier.analysis.EbpfState;
import dev.gbpf.verifier.cfg.BasicBlock;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How fast the verifier is and how much memory it takes, by family and size of programs, in processor time. Run by {@code main};
 * arguments: the greatest size, 100000 by default, seconds of warm-up for each family, 5 by default, half of which each size has
 * once more, and one family instead of all.
 *
 * <p>With {@code -Dbench.out=FOLDER} each family's series is kept there, in a file of its name; {@code plot FILE} as only arguments
 * draws all that are there. With {@code -Dbench.linux=kernel_oracle.py} the verifier of Linux is asked about the straight and branchy
 * programs too, where bpf(2) is allowed.
 */
public final class VerifierBenchmark {
    private static final int ROUNDS = 9;

    private VerifierBenchmark() {}

    /** Prints a line per family and size: medians and spread of {@value #ROUNDS} rounds, instructions interpreted, and bytes. */
    public static void main(String[] arguments) throws IOException {
        String out = System.getProperty("bench.out");
        if (arguments.length == 2 && arguments[0].equals("plot")) {
            ScalePlot.draw(Path.of(out == null ? "." : out), Path.of(arguments[1]));
            return;
        }
        int greatest = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        int warmUp = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        for (String family : arguments.length > 2 ? List.of(arguments[2]) : Subject.FAMILIES) {
            if (family.equals(Subject.CLANG) && !ClangPrograms.isAvailable()) {
                System.out.println("clang: skipped, clang-19 is not installed");
                continue;
            }
            warmUp(family, warmUp);
            try (PrintStream series = out == null ? null : seriesOf(Path.of(out), family)) {
                System.out.printf(
                        "%-9s %9s %11s %11s %11s %8s %8s %9s %9s %6s%n",
                        "family",
                        "size",
                        "min ms",
                        "median ms",
                        "max ms",
                        "kinsn/s",
                        "visits",
                        "allocated",
                        "retained",
                        "places");
                for (int size = 100; size <= greatest; size *= 10) {
                    Row row = measure(family, size, warmUp);
                    System.out.println(row.text());
                    if (series != null) {
                        series.println(row.tabbed());
                    }
                }
            }
        }
    }

    private static PrintStream seriesOf(Path folder, String family) throws IOException {
        return new PrintStream(
                Files.newOutputStream(folder.resolve(family + ScalePlot.SUFFIX)), true, StandardCharsets.UTF_8);
    }

    /** Programs of another size have other profiles, for which the JIT compiler starts afresh. */
    private static void warmUp(Subject subject, int seconds) {
        long end = System.nanoTime() + seconds * 1_000_000_000L / 2;
        while (System.nanoTime() < end) {
            subject.verify();
        }
    }

    private static void warmUp(String family, int seconds) {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        Subject compiled = family.equals(Subject.CLANG) ? Subject.of(family, 1000, 0) : null;
        for (long seed = 0; System.nanoTime() < end; seed++) {
            Subject subject = compiled == null ? Subject.of(family, 1000, seed) : compiled;
            subject.verify();
        }
    }

    /**
     * One measurement.
     *
     * @param least processor time of a verification, ms
     * @param median the same in the middle of the rounds
     * @param greatest the same at worst
     * @param visits how often an instruction was interpreted
     * @param allocated bytes for each instruction
     * @param retained bytes for each instruction that the states hold at the end, when all of them are there
     * @param places registers and stack slots with a value, on average before a block
     */
    private record Row(
            String family,
            int size,
            double least,
            double median,
            double greatest,
            double visits,
            double allocated,
            double retained,
            double places) {
        String text() {
            return String.format(
                    Locale.ROOT,
                    "%-9s %9d %11.3f %11.3f %11.3f %8.0f %8.2f %9.0f %9.0f %6.1f",
                    family,
                    size,
                    least,
                    median,
                    greatest,
                    size / median,
                    visits,
                    allocated,
                    retained,
                    places);
        }

        String tabbed() {
            return String.format(Locale.ROOT, "%d\t%.1f\t%.0f\t%.0f", size, median * 1e6 / size, allocated, retained);
        }
    }

    private static Row measure(String family, int size, int warmUp) throws IOException {
        Subject subject = Subject.of(family, size, 42);
        warmUp(subject, warmUp);
        int length = subject.program().size();
        int repeats = Math.max(1, 20_000 / size);
        int rounds = size >= 1_000_000 ? 3 : ROUNDS;
        double[] millis = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            long start = cpuNanos();
            for (int i = 0; i < repeats; i++) {
                subject.verify();
            }
            millis[round] = (cpuNanos() - start) / 1e6 / repeats;
        }
        Arrays.sort(millis);
        long usedBefore = usedBytes();
        long allocatedStart = allocatedBytes();
        AnalysisResult result = subject.verify();
        double allocated = allocatedBytes() - allocatedStart;
        double retained = usedBytes() - usedBefore;
        AnalysisStates states = result.states();
        if (states == null) {
            throw new IllegalStateException("an accepted program has no states");
        }
        LinuxBaseline.print(family, subject);
        return new Row(
                family,
                length,
                millis[0],
                millis[rounds / 2],
                millis[rounds - 1],
                (double) states.interpreted() / length,
                allocated / length,
                retained / length,
                placesBeforeBlocks(states));
    }

    private static double placesBeforeBlocks(AnalysisStates states) {
        long places = 0;
        long count = 0;
        for (BasicBlock block : states.graph().blocks()) {
            for (EbpfState before : states.before(block.id())) {
                places += before.places().size();
                count++;
            }
        }
        return (double) places / count;
    }

    /** Processor time of this thread: a machine that is busy with other work then matters less. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long allocatedBytes() {
        return ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean bean
                ? bean.getCurrentThreadAllocatedBytes()
                : 0;
    }

    /** Bytes of the heap that are in use once everything that can go is gone. */
    private static long usedBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}

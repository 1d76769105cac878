package dev.gbpf.bench;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * The programs of {@link HelperBenchmark} measured in CPU time of the thread, for machines that are busy with other things.
 * Arguments: measured rounds (default 11).
 */
public final class HelperCost {
    private static final int WARM_UP = 5;
    /** CPU time of one round of one program, ns. */
    private static final long ROUND_NS = 100_000_000L;

    private HelperCost() {}

    /**
     * A program and what it costs.
     *
     * @param name for the table
     * @param program runs it once
     * @param operations what one run counts for
     * @param ns cost of an operation in each round
     */
    private record Measured(String name, LongSupplier program, int operations, List<Double> ns) {
        Measured(String name, LongSupplier program, int operations) {
            this(name, program, operations, new ArrayList<>());
        }
    }

    /** Measures and prints a table. */
    public static void main(String[] arguments) {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 11;
        HelperBenchmark benchmark = new HelperBenchmark();
        benchmark.fill();
        List<Measured> all = List.of(
                new Measured("emptyProgram", benchmark::emptyProgram, 1),
                new Measured("loopAlone", benchmark::loopAlone, HelperBenchmark.CALLS),
                new Measured("ktimeGetNs", benchmark::ktimeGetNs, HelperBenchmark.CALLS),
                new Measured("arrayLookup", benchmark::arrayLookup, HelperBenchmark.CALLS),
                new Measured("hashLookupKey4", benchmark::hashLookupKey4, HelperBenchmark.CALLS),
                new Measured("hashLookupKey8", benchmark::hashLookupKey8, HelperBenchmark.CALLS),
                new Measured("hashLookupKey20", benchmark::hashLookupKey20, HelperBenchmark.CALLS),
                new Measured("hashUpdateKey8", benchmark::hashUpdateKey8, HelperBenchmark.CALLS));
        for (int round = -WARM_UP; round < rounds; round++) {
            for (Measured measured : all) {
                double ns = nsPerRun(measured.program()) / measured.operations();
                if (round >= 0) {
                    measured.ns().add(ns);
                }
            }
        }
        System.out.printf(Locale.ROOT, "%-16s %8s %8s %8s   ns of CPU time%n", "program", "median", "min", "max");
        all.forEach(measured -> print(System.out, measured.name(), measured.ns()));
        benchmark.free();
    }

    private static double nsPerRun(LongSupplier program) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        long runs = 0;
        long results = 0;
        long spent;
        do {
            for (int i = 0; i < 100; i++) {
                results += program.getAsLong();
            }
            runs += 100;
            spent = threads.getCurrentThreadCpuTime() - start;
        } while (spent < ROUND_NS);
        if (results == Long.MIN_VALUE) {
            throw new IllegalStateException("the results are used, so that no run is optimised away");
        }
        return (double) spent / runs;
    }

    private static void print(PrintStream out, String name, List<Double> ns) {
        List<Double> sorted = ns.stream().sorted().toList();
        out.printf(
                Locale.ROOT,
                "%-16s %8.2f %8.2f %8.2f%n",
                name,
                sorted.get(sorted.size() / 2),
                sorted.getFirst(),
                sorted.getLast());
    }
}

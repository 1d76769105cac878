package dev.gbpf.bench;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
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

    /** Measures and prints a table. */
    public static void main(String[] arguments) {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 11;
        HelperBenchmark benchmark = new HelperBenchmark();
        benchmark.fill();
        Map<String, LongSupplier> programs = new LinkedHashMap<>();
        programs.put("loopAlone", benchmark::loopAlone);
        programs.put("ktimeGetNs", benchmark::ktimeGetNs);
        programs.put("arrayLookup", benchmark::arrayLookup);
        programs.put("hashLookupKey4", benchmark::hashLookupKey4);
        programs.put("hashLookupKey8", benchmark::hashLookupKey8);
        programs.put("hashLookupKey20", benchmark::hashLookupKey20);
        programs.put("hashUpdateKey8", benchmark::hashUpdateKey8);
        double[] emptyRun = new double[rounds];
        Map<String, double[]> costs = new LinkedHashMap<>();
        programs.keySet().forEach(name -> costs.put(name, new double[rounds]));
        for (int round = -WARM_UP; round < rounds; round++) {
            int at = round;
            double perRun = nsPerCall(benchmark::emptyProgram);
            if (at >= 0) {
                emptyRun[at] = perRun;
            }
            programs.forEach((name, program) -> {
                double ns = nsPerCall(program) / HelperBenchmark.CALLS;
                if (at >= 0) {
                    costs.get(name)[at] = ns;
                }
            });
        }
        System.out.printf(Locale.ROOT, "%-16s %8s %8s %8s   ns of CPU time%n", "program", "median", "min", "max");
        print(System.out, "emptyProgram", emptyRun);
        costs.forEach((name, ns) -> print(System.out, name, ns));
        benchmark.free();
    }

    private static double nsPerCall(LongSupplier program) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        long calls = 0;
        long spent;
        do {
            for (int i = 0; i < 100; i++) {
                program.getAsLong();
            }
            calls += 100;
            spent = threads.getCurrentThreadCpuTime() - start;
        } while (spent < ROUND_NS);
        return (double) spent / calls;
    }

    private static void print(PrintStream out, String name, double[] ns) {
        Arrays.sort(ns);
        out.printf(Locale.ROOT, "%-16s %8.2f %8.2f %8.2f%n", name, ns[ns.length / 2], ns[0], ns[ns.length - 1]);
    }
}

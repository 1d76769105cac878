package dev.gbpf.bench;

import dev.gbpf.abi.Hook;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/**
 * How long single decisions take, beside an interval with nothing in it, timed in turn in the same loop: the distribution that an
 * average hides. Prints a table; times are ns. Arguments: samples for each row (default 20,000,000), engines (default
 * {@code java jit interpreter}).
 */
public final class DecisionLatency {
    private static final long HIGHEST_NS = 1_000_000_000;
    private static final int WARM_UP = 2_000_000;
    private static final double[] PERCENTILES = {50, 99, 99.9, 99.99};

    private DecisionLatency() {}

    private record Row(String name, Histogram empty, Histogram decision, long allocated) {}

    /** Runs the benchmark. */
    public static void main(String[] arguments) {
        int samples = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000_000;
        List<String> engines = arguments.length > 1
                ? List.of(arguments).subList(1, arguments.length)
                : List.of("java", "jit", "interpreter");
        List<Row> rows = new ArrayList<>();
        for (String engine : engines) {
            DecisionBenchmark benchmark = new DecisionBenchmark();
            benchmark.by = engine;
            benchmark.load();
            rows.add(measure(engine + " " + Hook.ON_DISPATCH.symbol(), benchmark::onDispatch, samples));
            rows.add(measure(engine + " " + Hook.ON_SUBMIT.symbol(), benchmark::onSubmit, samples));
            rows.add(measure(engine + " " + Hook.ON_RETIRE.symbol(), benchmark::onRetire, samples));
            benchmark.free();
        }
        print(rows);
    }

    private static Row measure(String name, LongSupplier decision, int samples) {
        Histogram empty = new Histogram(HIGHEST_NS, 3);
        Histogram decisions = new Histogram(HIGHEST_NS, 3);
        sample(decision, WARM_UP, empty, decisions);
        empty.reset();
        decisions.reset();
        long before = allocated();
        long sum = sample(decision, samples, empty, decisions);
        long allocated = allocated() - before;
        if (sum == Long.MIN_VALUE) {
            throw new AssertionError("the sum of verdicts is used");
        }
        return new Row(name, empty, decisions, allocated);
    }

    private static long sample(LongSupplier decision, int samples, Histogram empty, Histogram decisions) {
        long sum = 0;
        for (int i = 0; i < samples; i++) {
            long start = System.nanoTime();
            long nothing = System.nanoTime();
            sum += decision.getAsLong();
            long end = System.nanoTime();
            empty.recordValue(Math.min(nothing - start, HIGHEST_NS));
            decisions.recordValue(Math.min(end - nothing, HIGHEST_NS));
        }
        return sum;
    }

    /** Bytes that this thread has allocated. */
    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    private static void print(List<Row> rows) {
        System.out.println(
                "| | P50 | P99 | P99.9 | P99.99 | empty P50 | P99 | P99.9 | P99.99 | P50 less empty | P99.9 less empty"
                        + " | bytes allocated |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
        for (Row row : rows) {
            StringBuilder line = new StringBuilder("| ").append(row.name());
            for (Histogram histogram : List.of(row.decision(), row.empty())) {
                for (double percentile : PERCENTILES) {
                    line.append(" | ").append(histogram.getValueAtPercentile(percentile));
                }
            }
            for (double percentile : new double[] {50, 99.9}) {
                line.append(String.format(
                        Locale.ROOT,
                        " | %d",
                        row.decision().getValueAtPercentile(percentile)
                                - row.empty().getValueAtPercentile(percentile)));
            }
            System.out.println(line.append(" | ").append(row.allocated()).append(" |"));
        }
    }
}

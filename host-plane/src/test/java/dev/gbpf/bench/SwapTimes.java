package dev.gbpf.bench;

import java.util.Arrays;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** What {@link SwapPause} measured, ns. Confined to the thread that decides until it is printed. */
final class SwapTimes {
    private static final long HIGHEST_NS = 10_000_000_000L;
    private static final int PROGRAMS_PER_SWAP = 64;

    private final Samples swaps;
    private final Samples refusals;
    private final Samples firstAfter;
    private final Samples visible;
    private final Samples cold;
    private final Samples programs;
    private final Samples programsAfter;
    /** Two digits take up little room: a real plane's caches are not full of samples either. */
    private final Histogram ordinary = new Histogram(HIGHEST_NS, 2);

    private final Histogram empty = new Histogram(HIGHEST_NS, 2);
    private long switches;

    SwapTimes(int swaps, int cold) {
        this.swaps = new Samples(swaps);
        this.refusals = new Samples(swaps);
        this.firstAfter = new Samples(swaps);
        this.visible = new Samples(swaps);
        this.cold = new Samples(cold);
        this.programs = new Samples(swaps * PROGRAMS_PER_SWAP);
        this.programsAfter = new Samples(swaps * PROGRAMS_PER_SWAP);
    }

    /** Exact durations; those beyond the capacity replace older ones. */
    private static final class Samples {
        private final long[] values;
        private int count;

        Samples(int capacity) {
            this.values = new long[capacity];
        }

        void add(long ns) {
            values[count++ % values.length] = ns;
        }

        String line(String name) {
            long[] sorted = Arrays.copyOf(values, Math.min(count, values.length));
            Arrays.sort(sorted);
            return SwapTimes.line(
                    name, count, at(sorted, 0.5), at(sorted, 0.9), at(sorted, 0.99), at(sorted, 0.999), at(sorted, 1));
        }

        private static long at(long[] sorted, double part) {
            return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1L, (long) (sorted.length * part))];
        }
    }

    private static String line(String name, long count, long p50, long p90, long p99, long p999, long max) {
        return String.format(Locale.ROOT, "%-34s %9d %9d %9d %9d %9d %9d", name, count, p50, p90, p99, p999, max);
    }

    private static String line(String name, Histogram histogram) {
        return line(
                name,
                histogram.getTotalCount(),
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(90),
                histogram.getValueAtPercentile(99),
                histogram.getValueAtPercentile(99.9),
                histogram.getMaxValue());
    }

    /** A step that carried out a swap, or the first after it. */
    void step(boolean swapped, long ns) {
        (swapped ? swaps : firstAfter).add(ns);
    }

    /** A run of a program within such a step. */
    void program(boolean swapped, long ns) {
        (swapped ? programs : programsAfter).add(ns);
    }

    /** A step that carried out a command which changes nothing. */
    void refusal(long ns) {
        refusals.add(ns);
    }

    void cold(long ns) {
        cold.add(ns);
    }

    void ordinary(long ns) {
        ordinary.recordValue(Math.min(ns, HIGHEST_NS));
    }

    void empty(long ns) {
        empty.recordValue(Math.min(ns, HIGHEST_NS));
    }

    void visible(long ns, boolean counts) {
        if (counts) {
            visible.add(ns);
        }
    }

    void switches(long involuntary) {
        switches = involuntary;
    }

    void print() {
        System.out.printf("%-34s %9s %9s %9s %9s %9s %9s%n", "ns", "n", "P50", "P90", "P99", "P99.9", "max");
        System.out.println(swaps.line("steps with a swap"));
        System.out.println(refusals.line("steps with a refused command"));
        System.out.println(firstAfter.line("first step after it"));
        System.out.println(programs.line("programs in steps with a swap"));
        System.out.println(programsAfter.line("programs in the first step after"));
        System.out.println(line("all other steps", ordinary));
        System.out.println(line("empty interval", empty));
        System.out.println(visible.line("request to visible"));
        System.out.println(cold.line("the very first swaps"));
        System.out.println("times that another thread took the core: " + switches);
    }
}

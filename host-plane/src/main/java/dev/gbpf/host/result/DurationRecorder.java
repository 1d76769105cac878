package dev.gbpf.host.result;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.HistogramIterationValue;
import org.HdrHistogram.IntCountsHistogram;

/** Counts durations, ns, in constant time and memory. */
final class DurationRecorder {
    private static final int SIGNIFICANT_DIGITS = 3;
    private static final int P50 = QuantileLadder.indexOf(50_000);
    private static final int P95 = QuantileLadder.indexOf(95_000);
    private static final int P99 = QuantileLadder.indexOf(99_000);
    private static final int P999 = QuantileLadder.indexOf(99_900);

    private final IntCountsHistogram counts = new IntCountsHistogram(SIGNIFICANT_DIGITS);
    private long count;
    private long sumNs;
    private long minNs = Long.MAX_VALUE;
    private long maxNs;

    void record(long ns) {
        counts.recordValue(ns);
        count++;
        sumNs += ns;
        minNs = Math.min(minNs, ns);
        maxNs = Math.max(maxNs, ns);
    }

    long count() {
        return count;
    }

    void add(DurationRecorder other) {
        counts.add(other.counts);
        count += other.count;
        sumNs += other.sumNs;
        minNs = Math.min(minNs, other.minNs);
        maxNs = Math.max(maxNs, other.maxNs);
    }

    Distribution distribution() {
        if (count == 0) {
            return Distribution.EMPTY;
        }
        List<Long> curve = curve();
        return new Distribution(
                count, sumNs / count, curve.get(P50), curve.get(P95), curve.get(P99), curve.get(P999), maxNs);
    }

    /** The values at the quantiles of {@link QuantileLadder#PARTS}; empty when nothing was recorded. */
    List<Long> curve() {
        if (count == 0) {
            return List.of();
        }
        List<Integer> parts = QuantileLadder.PARTS;
        List<Long> values = new ArrayList<>(parts.size());
        values.add(minNs);
        for (HistogramIterationValue step : counts.recordedValues()) {
            long reached = step.getTotalCountToThisValue();
            long value = Math.clamp(counts.highestEquivalentValue(step.getValueIteratedTo()), minNs, maxNs);
            while (values.size() < parts.size() && QuantileLadder.rank(parts.get(values.size()), count) <= reached) {
                values.add(value);
            }
        }
        values.set(parts.size() - 1, maxNs);
        return values;
    }
}

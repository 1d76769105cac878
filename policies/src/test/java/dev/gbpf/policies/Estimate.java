package dev.gbpf.policies;

import dev.gbpf.host.replay.Latencies;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A figure of several windows, and the interval of 95 % in which it is: the bootstrap's, over windows.
 *
 * @param low 2.5 % are below
 * @param high 2.5 % are above
 */
record Estimate(double value, double low, double high) {
    private static final int DRAWS = 1_000;
    private static final double NS_PER_MS = 1e6;

    /** The median of a quantile of each window, ms: what disturbs a few windows moves it little. */
    static Estimate ofWindows(List<Latencies> windows, ToDoubleFunction<Latencies> quantileNs) {
        return median(windows.stream()
                .mapToDouble(quantileNs)
                .map(ns -> ns / NS_PER_MS)
                .toArray());
    }

    /** A quantile of all windows together, ms: for what a window has few of. */
    static Estimate ofAll(List<Latencies> windows, ToDoubleFunction<Latencies> quantileNs) {
        return bootstrap(
                windows.size(),
                drawn -> quantileNs.applyAsDouble(Latencies.of(
                                IntStream.of(drawn).mapToObj(windows::get).toList()))
                        / NS_PER_MS);
    }

    /** The median of figures of windows. */
    static Estimate median(double[] values) {
        return bootstrap(values.length, drawn -> {
            double[] sorted =
                    IntStream.of(drawn).mapToDouble(i -> values[i]).sorted().toArray();
            int half = sorted.length / 2;
            return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
        });
    }

    private static Estimate bootstrap(int windows, ToDoubleFunction<int[]> figure) {
        Random random = new Random(1);
        double[] drawn = IntStream.range(0, DRAWS)
                .mapToDouble(_ ->
                        figure.applyAsDouble(random.ints(windows, 0, windows).toArray()))
                .sorted()
                .toArray();
        return new Estimate(
                figure.applyAsDouble(IntStream.range(0, windows).toArray()),
                drawn[DRAWS / 40],
                drawn[DRAWS - 1 - DRAWS / 40]);
    }
}

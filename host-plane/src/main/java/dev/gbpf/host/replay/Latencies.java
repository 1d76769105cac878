package dev.gbpf.host.replay;

import java.util.List;

/**
 * How long requests took. A request of a stream lasts from the first launch after its application has waited for all of the stream until it has
 * waited for all again. Quantiles of none are 0.
 *
 * @param eachNs in the order of their ends
 */
public record Latencies(List<Long> eachNs) {
    private static final int HALF = 50;
    private static final int MOST = 99;
    private static final int ALL = 100;

    public Latencies {
        eachNs = List.copyOf(eachNs);
    }

    /** Of several windows. */
    public static Latencies of(List<Latencies> windows) {
        return new Latencies(windows.stream().flatMap(w -> w.eachNs.stream()).toList());
    }

    /** How many. */
    public int count() {
        return eachNs.size();
    }

    /** The median. */
    public long p50Ns() {
        return atPercent(HALF);
    }

    /** What one in a hundred exceeds. */
    public long p99Ns() {
        return atPercent(MOST);
    }

    /** The longest. */
    public long mostNs() {
        return atPercent(ALL);
    }

    private long atPercent(int percent) {
        List<Long> sorted = eachNs.stream().sorted().toList();
        return sorted.isEmpty()
                ? 0
                : sorted.get(Math.min(sorted.size() - 1, (int) ((long) sorted.size() * percent / ALL)));
    }
}

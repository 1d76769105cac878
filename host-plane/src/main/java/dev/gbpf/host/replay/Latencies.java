package dev.gbpf.host.replay;

import java.util.List;

/**
 * How long requests took, ns. A request of a stream lasts from the first launch after its application has waited for all of the stream until it has
 * waited for all again.
 *
 * @param count of them; the others are 0 when there is none
 */
public record Latencies(long count, long p50Ns, long p99Ns, long mostNs) {
    private static final int HALF = 50;
    private static final int MOST = 99;

    /** Of these. */
    static Latencies of(List<Long> ns) {
        if (ns.isEmpty()) {
            return new Latencies(0, 0, 0, 0);
        }
        List<Long> sorted = ns.stream().sorted().toList();
        return new Latencies(sorted.size(), at(sorted, HALF), at(sorted, MOST), sorted.getLast());
    }

    private static long at(List<Long> sorted, int percent) {
        return sorted.get(Math.min(sorted.size() - 1, (int) ((long) sorted.size() * percent / 100)));
    }
}

package dev.gbpf.host.result;

/**
 * Summary of a set of durations. Percentiles are exact to three significant digits and never above the maximum; count, mean
 * and maximum are exact.
 *
 * @param count how many there were; when it is 0, all else is 0
 * @param meanNs mean, ns, rounded down
 * @param p50Ns the least value that at least half of them do not exceed, ns; likewise the other percentiles
 * @param p95Ns 95th percentile, ns
 * @param p99Ns 99th percentile, ns
 * @param p999Ns 99.9th percentile, ns
 * @param maxNs the greatest, ns
 */
public record Distribution(long count, long meanNs, long p50Ns, long p95Ns, long p99Ns, long p999Ns, long maxNs) {
    /** The summary of nothing. */
    public static final Distribution EMPTY = new Distribution(0, 0, 0, 0, 0, 0, 0);
}

package dev.gbpf.host.failsafe;

/** How many of a number of things were bad, over the last window. */
final class ShareWindow {
    /*
     * Two halves, as in TrialMeter: the newer one, which is being filled, and the older. What is counted reaches back between
     * half a window and a whole one.
     */
    private final long halfNs;
    private long newerFromNs;
    private long newerBad;
    private long newerAll;
    private long olderBad;
    private long olderAll;

    ShareWindow(long windowNs) {
        this.halfNs = Math.max(1, windowNs / 2);
    }

    /** So many more, of which some were bad. */
    void add(long nowNs, long bad, long all) {
        if (nowNs - newerFromNs >= halfNs) {
            boolean adjacent = nowNs - newerFromNs < 2 * halfNs;
            olderBad = adjacent ? newerBad : 0;
            olderAll = adjacent ? newerAll : 0;
            newerBad = 0;
            newerAll = 0;
            newerFromNs = nowNs;
        }
        newerBad += bad;
        newerAll += all;
    }

    void clear(long nowNs) {
        newerFromNs = nowNs;
        newerBad = 0;
        newerAll = 0;
        olderBad = 0;
        olderAll = 0;
    }

    long bad() {
        return newerBad + olderBad;
    }

    long all() {
        return newerAll + olderAll;
    }

    /** Whether there were {@code least} bad ones, and they were {@code thousandths} of all. */
    boolean exceeds(long least, int thousandths) {
        return bad() >= least && bad() * 1_000.0 >= (double) thousandths * all();
    }
}

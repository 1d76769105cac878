package dev.gbpf.host.workload;

import dev.gbpf.abi.Constants;
import dev.gbpf.host.check.Checks;
import dev.gbpf.host.queue.Tenant;
import org.jspecify.annotations.Nullable;

/**
 * A communicator at work: in each step every rank computes, and then all of them reduce what they have computed.
 *
 * @param tenant whose jobs they are; its name is part of the seed of its random numbers
 * @param seed the scenario's
 * @param ranks 1 to {@link Constants#MAX_RANKS}, each with a stream of its own
 * @param compute how long a rank computes in a step; null when it does not
 * @param computeWidth SMs that a computing kernel can use
 * @param width SMs that a rank's part of the collective operation holds, while it waits too
 * @param bytes that each rank has to send
 * @param bytesPerSecond what ranks exchange, at least 1
 * @param timeoutNs how long a rank waits on the device for the others until it fails, ns, at least 1
 * @param startNs when it begins, ns
 * @param endNs from when on it begins no more steps, ns, not before the start
 * @param maxSteps how many steps at most, at least 1
 */
public record CollectiveParameters(
        Tenant tenant,
        long seed,
        int ranks,
        @Nullable ServiceTime compute,
        int computeWidth,
        int width,
        long bytes,
        long bytesPerSecond,
        long timeoutNs,
        long startNs,
        long endNs,
        long maxSteps) {
    /** What each collective operation costs besides the transfer, ns. */
    public static final long LATENCY_NS = 20_000;

    private static final double NS_OF_A_SECOND = 1e9;

    public CollectiveParameters {
        String owner = "communicator of " + tenant.name();
        Checks.inRange(owner, "ranks", ranks, 1, Constants.MAX_RANKS);
        Checks.inRange(owner, "computeWidth", computeWidth, 1, 65_535);
        Checks.inRange(owner, "width", width, 1, 65_535);
        Checks.inRange(owner, "bytes", bytes, 0, 1L << 50);
        Checks.inRange(owner, "bytesPerSecond", bytesPerSecond, 1, 1L << 50);
        Checks.timeNs(owner, "timeoutNs", timeoutNs, 1);
        Checks.timeNs(owner, "startNs", startNs, 0);
        Checks.timeNs(owner, "endNs", endNs, startNs);
        Checks.inRange(owner, "maxSteps", maxSteps, 1, Long.MAX_VALUE);
    }

    /**
     * How long a collective operation takes when all ranks run alone, ns: a ring moves 2 (n - 1) / n of the bytes through each
     * rank.
     */
    public long transferNs() {
        double moved = 2.0 * (ranks - 1) / ranks * bytes;
        return Math.min(Checks.MAX_TIME_NS, LATENCY_NS + (long) Math.ceil(moved / bytesPerSecond * NS_OF_A_SECOND));
    }

    /** Jobs of a step. */
    public int jobs() {
        return compute == null ? ranks : 2 * ranks;
    }
}

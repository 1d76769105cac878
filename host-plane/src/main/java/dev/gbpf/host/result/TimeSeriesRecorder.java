package dev.gbpf.host.result;

import dev.gbpf.host.result.TimeSeries.TenantSeries;
import java.util.ArrayList;
import java.util.List;

/**
 * Sums waiting jobs and device time per tenant into buckets. The work per event is constant, except that a stretch without
 * events, or a long job, costs one step per bucket that it spans.
 */
final class TimeSeriesRecorder {
    /** Enough for one bucket per two pixels of a wide chart. */
    private static final int MAX_BUCKETS = 400;

    private final long horizonNs;
    private final long bucketNs;
    private final int buckets;
    private final long[][] deviceNs;
    private final SmUseRecorder smUse;
    private final double[][] waitingNs;
    private final int[][] waitingMax;
    private final int[] waiting;
    private final long[] advancedToNs;
    private final int[] bucketOf;
    /** Where the last call of {@link #used} began: the next one mostly begins there too. */
    private int usedBucket;

    TimeSeriesRecorder(int tenants, DeviceSummary device, long horizonNs) {
        this.horizonNs = horizonNs;
        this.bucketNs = Math.max(1, Math.ceilDiv(horizonNs, (long) MAX_BUCKETS));
        this.buckets = (int) Math.ceilDiv(horizonNs, bucketNs);
        this.deviceNs = new long[tenants][buckets];
        this.smUse = new SmUseRecorder(tenants, device, horizonNs, bucketNs);
        this.waitingNs = new double[tenants][buckets];
        this.waitingMax = new int[tenants][buckets];
        this.waiting = new int[tenants];
        this.advancedToNs = new long[tenants];
        this.bucketOf = new int[tenants];
    }

    /** The number of waiting jobs of a tenant changes. */
    void waiting(int tenant, int change, long nowNs) {
        advance(tenant, nowNs);
        int depth = waiting[tenant] + change;
        waiting[tenant] = depth;
        int[] most = waitingMax[tenant];
        int bucket = bucketOf[tenant];
        if (nowNs < horizonNs && most[bucket] < depth) {
            most[bucket] = depth;
        }
    }

    int waiting(int tenant) {
        return waiting[tenant];
    }

    /** Counts the waiting jobs up to now, and leaves the tenant's bucket at that of now. */
    private void advance(int tenant, long nowNs) {
        long to = Math.min(nowNs, horizonNs);
        long from = advancedToNs[tenant];
        int depth = waiting[tenant];
        int bucket = bucketOf[tenant];
        while (from < to) {
            long until = Math.min(to, (bucket + 1) * bucketNs);
            waitingNs[tenant][bucket] += (double) depth * (until - from);
            waitingMax[tenant][bucket] = Math.max(waitingMax[tenant][bucket], depth);
            from = until;
            if (until == (bucket + 1) * bucketNs && bucket + 1 < buckets) {
                bucket++;
            }
        }
        bucketOf[tenant] = bucket;
        advancedToNs[tenant] = from;
    }

    /** Who has which SMs. */
    SmUseRecorder smUse() {
        return smUse;
    }

    /** A job used {@code usedNs} of device time somewhere between two times. */
    void used(int tenant, long fromNs, long toNs, long usedNs) {
        if (fromNs >= horizonNs) {
            return;
        }
        int bucket = usedBucket;
        if (fromNs < bucket * bucketNs || fromNs >= (bucket + 1) * bucketNs) {
            bucket = (int) (fromNs / bucketNs);
            usedBucket = bucket;
        }
        if ((bucket + 1) * bucketNs >= toNs) {
            deviceNs[tenant][bucket] += usedNs;
            return;
        }
        // Differences of a running total, so that the parts add up to the whole.
        double rate = (double) usedNs / (toNs - fromNs);
        long given = 0;
        while (bucket < buckets) {
            long until = Math.min(toNs, (bucket + 1) * bucketNs);
            long total = until == toNs ? usedNs : (long) (rate * (until - fromNs));
            deviceNs[tenant][bucket] += total - given;
            given = total;
            if (until == toNs) {
                break;
            }
            bucket++;
        }
    }

    TimeSeries finish() {
        List<TenantSeries> tenants = new ArrayList<>(waiting.length);
        for (int tenant = 0; tenant < waiting.length; tenant++) {
            advance(tenant, horizonNs);
            List<Long> device = new ArrayList<>(buckets);
            List<Double> mean = new ArrayList<>(buckets);
            List<Integer> max = new ArrayList<>(buckets);
            for (int bucket = 0; bucket < buckets; bucket++) {
                long length = Math.min(bucketNs, horizonNs - bucket * bucketNs);
                device.add(deviceNs[tenant][bucket]);
                mean.add(Decimals.round3(waitingNs[tenant][bucket] / length));
                max.add(waitingMax[tenant][bucket]);
            }
            tenants.add(new TenantSeries(device, smUse.finish(tenant), mean, max));
        }
        return new TimeSeries(bucketNs, tenants);
    }
}

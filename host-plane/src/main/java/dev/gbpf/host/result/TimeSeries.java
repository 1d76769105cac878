package dev.gbpf.host.result;

import java.util.List;

/**
 * The whole measured time in buckets of equal length.
 *
 * @param bucketNs length of a bucket, ns
 * @param tenants one entry per tenant, by index
 */
public record TimeSeries(long bucketNs, List<TenantSeries> tenants) {
    public TimeSeries {
        tenants = List.copyOf(tenants);
    }

    /**
     * One tenant's series; each list has one value per bucket.
     *
     * @param deviceNs device time that its jobs used, ns, spread evenly over the time in which each ran
     * @param smNs SMs that its kernels used times the time that they used them, SM ns; copies use none
     * @param waitingMean jobs that had been submitted and not yet handed to the device, mean over the bucket
     * @param waitingMax the same, greatest value in the bucket
     */
    public record TenantSeries(
            List<Long> deviceNs, List<Long> smNs, List<Double> waitingMean, List<Integer> waitingMax) {
        public TenantSeries {
            deviceNs = List.copyOf(deviceNs);
            smNs = List.copyOf(smNs);
            waitingMean = List.copyOf(waitingMean);
            waitingMax = List.copyOf(waitingMax);
        }
    }
}

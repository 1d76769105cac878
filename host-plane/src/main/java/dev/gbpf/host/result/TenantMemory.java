package dev.gbpf.host.result;

/**
 * What became of a tenant's allocations during a phase.
 *
 * @param tenant index of the tenant
 * @param requests how often it asked for memory
 * @param granted how many requests were granted, on the device or in host memory
 * @param denied how many were refused
 * @param evictions allocations that were moved to host memory
 * @param compressions allocations that were compressed in place
 * @param returns allocations that were copied back
 * @param meanBytes device memory that it had, mean over the phase, bytes
 * @param peakBytes the most that it had, bytes
 * @param requestWait from a request to its grant
 * @param useWait from when an allocation was to be used until it was on the device
 */
public record TenantMemory(
        int tenant,
        long requests,
        long granted,
        long denied,
        long evictions,
        long compressions,
        long returns,
        long meanBytes,
        long peakBytes,
        Distribution requestWait,
        Distribution useWait) {}

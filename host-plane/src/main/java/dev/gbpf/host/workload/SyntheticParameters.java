package dev.gbpf.host.workload;

import dev.gbpf.host.check.Checks;
import dev.gbpf.host.queue.Tenant;

/**
 * A synthetic tenant.
 *
 * @param tenant whose jobs they are; its name is part of the seed of its random numbers
 * @param seed the scenario's
 * @param arrivals when requests come
 * @param service how long a kernel takes
 * @param shape what a request consists of
 * @param streams streams that open-loop requests go to in turn, at least 1; each client of a closed loop has its own
 * @param startNs when the tenant begins, ns
 * @param endNs from when on it sends no more, ns, not before the start
 * @param maxRequests how many requests at most, at least 1
 */
public record SyntheticParameters(
        Tenant tenant,
        long seed,
        ArrivalProcess arrivals,
        ServiceTime service,
        RequestShape shape,
        int streams,
        long startNs,
        long endNs,
        long maxRequests) {
    public SyntheticParameters {
        String owner = "synthetic tenant " + tenant.name();
        Checks.inRange(owner, "streams", streams, 1, 1_000_000);
        Checks.timeNs(owner, "startNs", startNs, 0);
        Checks.timeNs(owner, "endNs", endNs, startNs);
        Checks.inRange(owner, "maxRequests", maxRequests, 1, Long.MAX_VALUE);
    }
}

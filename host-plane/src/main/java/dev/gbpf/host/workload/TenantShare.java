package dev.gbpf.host.workload;

import dev.gbpf.host.check.Checks;
import dev.gbpf.host.queue.Tenant;

/**
 * A tenant's part of the requests, and what it was promised.
 *
 * @param tenant who
 * @param requestWeight how many of the requests are its, relative to the others; 0 for none but long ones
 * @param ttftSloNs time to the first token, ns from arrival; the prefill's deadline; 0 for none
 * @param tpotSloNs time of each further token, ns from the token before; the decode jobs' deadline; 0 for none
 */
public record TenantShare(Tenant tenant, int requestWeight, long ttftSloNs, long tpotSloNs) {
    public TenantShare {
        String owner = "share of tenant " + tenant.name();
        Checks.inRange(owner, "requestWeight", requestWeight, 0, 1_000_000);
        Checks.timeNs(owner, "ttftSloNs", ttftSloNs, 0);
        Checks.timeNs(owner, "tpotSloNs", tpotSloNs, 0);
    }
}

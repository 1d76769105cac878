package dev.gbpf.host.result;

import java.util.List;

/**
 * The time between two changes of the policy.
 *
 * @param index from 0
 * @param policy the policy that decided
 * @param reason why it began: the reason of its activation
 * @param fromNs when it began, ns
 * @param toNs when it ended, ns
 * @param tenants one entry per tenant, by index
 */
public record Phase(int index, String policy, String reason, long fromNs, long toNs, List<TenantPhase> tenants) {
    public Phase {
        tenants = List.copyOf(tenants);
    }

    /** How long it lasted, ns. */
    public long durationNs() {
        return toNs - fromNs;
    }
}

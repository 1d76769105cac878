package dev.gbpf.host.result;

import java.util.List;

/**
 * Device memory during a phase.
 *
 * @param tenants one entry per tenant, by index
 * @param pools one entry per pool, by number
 */
public record MemoryPhase(List<TenantMemory> tenants, List<PoolMemory> pools) {
    public MemoryPhase {
        tenants = List.copyOf(tenants);
        pools = List.copyOf(pools);
    }
}

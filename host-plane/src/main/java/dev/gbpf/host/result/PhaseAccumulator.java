package dev.gbpf.host.result;

import java.util.ArrayList;
import java.util.List;

/** Counts what all tenants get during one phase. */
final class PhaseAccumulator {
    private final List<TenantAccumulator> tenants;

    PhaseAccumulator(int tenants) {
        List<TenantAccumulator> list = new ArrayList<>(tenants);
        for (int i = 0; i < tenants; i++) {
            list.add(new TenantAccumulator());
        }
        this.tenants = list;
    }

    TenantAccumulator tenant(int index) {
        return tenants.get(index);
    }

    void add(PhaseAccumulator other) {
        for (int i = 0; i < tenants.size(); i++) {
            tenants.get(i).add(other.tenants.get(i));
        }
    }

    List<TenantPhase> summaries(long durationNs) {
        long allDeviceNs = 0;
        for (TenantAccumulator tenant : tenants) {
            allDeviceNs += tenant.deviceNs();
        }
        List<TenantPhase> summaries = new ArrayList<>(tenants.size());
        for (int i = 0; i < tenants.size(); i++) {
            summaries.add(tenants.get(i).summary(i, durationNs, allDeviceNs));
        }
        return summaries;
    }
}

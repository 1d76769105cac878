package dev.gbpf.host.replay;

import dev.gbpf.host.queue.Tenant;
import java.util.Comparator;
import java.util.List;

/**
 * What a replay showed.
 *
 * @param policy that decided
 * @param durationNs how long it went on, virtual time
 * @param applications by tenant
 */
public record ReplayResult(String policy, long durationNs, List<ApplicationReplay> applications) {
    public ReplayResult {
        applications = List.copyOf(applications);
    }

    static ReplayResult of(String policy, long durationNs, List<Tenant> tenants, List<ApplicationReplay> applications) {
        List<String> names = tenants.stream().map(Tenant::name).toList();
        return new ReplayResult(
                policy,
                durationNs,
                applications.stream()
                        .sorted(Comparator.comparingInt(a -> names.indexOf(a.tenant())))
                        .toList());
    }
}

package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.plane.MemoryEvent;
import dev.gbpf.host.queue.Tenant;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** pool_quota: nobody is above its hard limit, nor gets above its soft limit while somebody below its own waits for room. */
class PoolQuotaLawTest {
    @Property(tries = 60)
    void limits_areKept_andNobodyWaitsForEver(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Tenant> tenants = MemoryBench.tenants(random, 4);
        Library.policy("pool_quota")
                .memorySimulation(MemoryBench.device(), tenants)
                .run(MemoryBench.clients(random, tenants, 5), (event, allocation, live, now) -> {
                    hardLimitsHold(tenants, live);
                    if (event == MemoryEvent.PLACED && isAboveSoft(allocation.tenant(), live)) {
                        nobodyIsPassed(allocation, tenants, live);
                    }
                });
    }

    private static void hardLimitsHold(List<Tenant> tenants, Collection<Allocation> live) {
        for (Tenant tenant : tenants) {
            long hard = tenant.memory().hardBytes();
            if (hard > 0) {
                assertThat(MemoryBench.used(live, tenant.index()))
                        .as("memory of %s", tenant.name())
                        .isLessThanOrEqualTo(hard);
            }
        }
    }

    private static boolean isAboveSoft(Tenant tenant, Collection<Allocation> live) {
        long soft = tenant.memory().softBytes();
        return soft > 0 && MemoryBench.used(live, tenant.index()) > soft;
    }

    private static void nobodyIsPassed(Allocation placed, List<Tenant> tenants, Collection<Allocation> live) {
        for (Tenant other : tenants) {
            if (other.index() != placed.tenant().index()
                    && MemoryBench.used(live, other.index()) < other.memory().softBytes()) {
                assertThat(live)
                        .as("%s gets above its soft limit", placed)
                        .noneMatch(a -> a.tenant().index() == other.index() && a.waits() && !a.postponed());
            }
        }
    }
}

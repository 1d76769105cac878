package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.allocation.Place;
import dev.gbpf.host.plane.MemoryEvent;
import dev.gbpf.host.plane.PlaneStatistics;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.workload.MemoryParameters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** oversubscribe: what gives way is the coldest of the tenant that is furthest above its soft limit, never what is pinned or in use. */
class OversubscribeLawTest {
    @Property(tries = 60)
    void victim_isTheColdestOfWhoeverIsFurthestAbove_andNobodyIsRefused(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Tenant> tenants = MemoryBench.tenants(random, 4);
        List<MemoryParameters> clients = new ArrayList<>(MemoryBench.clients(random, tenants, 6));
        MemoryParameters pinned = clients.removeFirst();
        clients.addFirst(pinnedOnce(pinned));
        PlaneStatistics counted = Library.policy("oversubscribe")
                .memorySimulation(MemoryBench.device(), tenants)
                .run(clients, (event, allocation, live, now) -> {
                    if (event == MemoryEvent.EVICTED) {
                        isRightVictim(allocation, live);
                    }
                });
        assertThat(counted.memory(MemoryEvent.DENIED)).isZero();
        assertThat(counted.memory(MemoryEvent.POSTPONED)).isZero();
        assertThat(counted.memory(MemoryEvent.READY)).isEqualTo(counted.memory(MemoryEvent.USED));
        assertThat(counted.memory(MemoryEvent.RETURNED)).isLessThanOrEqualTo(counted.memory(MemoryEvent.EVICTED));
    }

    /** One client whose allocation may not leave: with more, there may be no room for anybody else, for ever. */
    private static MemoryParameters pinnedOnce(MemoryParameters p) {
        return new MemoryParameters(
                p.tenant(),
                p.seed(),
                1,
                p.leastBytes(),
                p.mostBytes(),
                p.access(),
                p.random(),
                true,
                p.compressedTo(),
                p.uses(),
                p.meanThinkNs(),
                p.service(),
                p.width(),
                p.startNs(),
                p.endNs());
    }

    private static void isRightVictim(Allocation victim, Collection<Allocation> live) {
        assertThat(victim.spec().pinned()).as("pinned %s", victim).isFalse();
        assertThat(victim.users()).as("users of %s", victim).isZero();
        long above = above(victim.tenant(), live, victim);
        for (Allocation other : live) {
            if (MemoryBench.isMovable(other, victim.pool())) {
                assertThat(above(other.tenant(), live, victim))
                        .as("%s stays, %s leaves", other, victim)
                        .isLessThanOrEqualTo(above);
                if (other.tenant().index() == victim.tenant().index()) {
                    assertThat(other.lastUseNs()).as("%s stays", other).isGreaterThanOrEqualTo(victim.lastUseNs());
                }
            }
        }
    }

    /** How far a tenant was above its soft limit before the victim went, bytes. */
    private static long above(Tenant tenant, Collection<Allocation> live, Allocation victim) {
        long stays = live.stream()
                .filter(a -> a.tenant().index() == tenant.index())
                .filter(a -> a == victim || a.place() != Place.LEAVING)
                .mapToLong(Allocation::footprint)
                .sum();
        return Math.max(0, stays - tenant.memory().softBytes());
    }
}

package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.allocation.Access;
import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.plane.MemoryEvent;
import dev.gbpf.host.plane.PlaneStatistics;
import dev.gbpf.host.queue.Tenant;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** compress_cold: only what is cold and shrinks is compressed, and nothing is moved while such a thing is left. */
class CompressColdLawTest {
    private static final long COLD_AFTER_NS = 100_000_000;

    @Property(tries = 60)
    void compression_isForWhatIsColdAndShrinks_andComesBeforeMoves(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Tenant> tenants = MemoryBench.tenants(random, 4);
        PlaneStatistics counted = Library.policy("compress_cold")
                .memorySimulation(MemoryBench.device(), tenants)
                // The plane asks about four allocations of a tenant: with no more, the law is about all of them.
                .run(MemoryBench.clients(random, tenants, 4), (event, allocation, live, now) -> {
                    switch (event) {
                        case PLACED ->
                            assertThat(allocation.compressed())
                                    .as("%s is compressed at once", allocation)
                                    .isEqualTo(allocation.spec().access() == Access.COLD
                                            && allocation.spec().compressedTo() <= 750);
                        case COMPRESSED -> {
                            assertThat(isWorth(allocation))
                                    .as("%s shrinks", allocation)
                                    .isTrue();
                            assertThat(now - allocation.lastUseNs()).isGreaterThanOrEqualTo(COLD_AFTER_NS);
                            assertThat(allocation.users()).isZero();
                        }
                        case EVICTED -> nothingBetterIsLeft(allocation, live, now);
                        default -> {}
                    }
                });
        assertThat(counted.memory(MemoryEvent.DENIED)).isZero();
        assertThat(counted.memory(MemoryEvent.READY)).isEqualTo(counted.memory(MemoryEvent.USED));
    }

    private static boolean isWorth(Allocation a) {
        long saves = a.compressed() ? 0 : a.footprint() - a.spec().footprint(a.pages(), true);
        return saves > 0 && saves >= a.footprint() / 4;
    }

    private static void nothingBetterIsLeft(Allocation victim, Collection<Allocation> live, long now) {
        for (Allocation other : live) {
            if (MemoryBench.isMovable(other, victim.pool())) {
                assertThat(isWorth(other) && now - other.lastUseNs() >= COLD_AFTER_NS)
                        .as("%s could be compressed, and %s leaves", other, victim)
                        .isFalse();
                assertThat(other.lastUseNs()).as("%s stays", other).isGreaterThanOrEqualTo(victim.lastUseNs());
            }
        }
    }
}

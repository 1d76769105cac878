package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.law.PolicySimulation;
import dev.gbpf.host.law.RandomArrivals;
import dev.gbpf.host.queue.Job;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** round_robin: tenants with waiting jobs take turns. */
class RoundRobinLawTest {
    /** A tenant that waits is served before any other tenant has been served twice since it began to wait. */
    @Property(tries = 40)
    void waitingTenant_isServedBeforeAnybodyElseTwice(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 6) int tenants,
            @ForAll @IntRange(min = 1, max = 4) int inflight) {
        PolicySimulation bench =
                Library.policy("round_robin").simulation(inflight, PolicySimulation.weighted(1, 1, 1, 1, 1, 1));
        // For each waiting tenant: how often each other tenant was served since it began to wait or was served last.
        Map<Integer, Map<Integer, Integer>> served = new HashMap<>();
        bench.run(RandomArrivals.mixed(seed, 400, tenants, 1_000_000, 0), (went, waiting, now) -> {
            int turn = went.tenant().index();
            served.remove(turn);
            List<Integer> waitingTenants =
                    waiting.stream().map(job -> job.tenant().index()).distinct().toList();
            served.keySet().retainAll(waitingTenants);
            for (int tenant : waitingTenants) {
                if (tenant != turn) {
                    int times =
                            served.computeIfAbsent(tenant, t -> new HashMap<>()).merge(turn, 1, Integer::sum);
                    assertThat(times)
                            .as("tenant %d waits while %d is served", tenant, turn)
                            .isLessThanOrEqualTo(1);
                }
            }
        });
    }

    @Property(tries = 20)
    void jobsOfOneTenant_goInOrderOfArrival(@ForAll long seed) {
        PolicySimulation bench = Library.policy("round_robin").simulation(2, PolicySimulation.weighted(1, 1, 1));
        bench.run(RandomArrivals.mixed(seed, 300, 3, 1_000_000, 0), (went, waiting, now) -> {
            List<Job> own = new ArrayList<>(waiting);
            own.removeIf(job -> !job.tenant().equals(went.tenant()));
            assertThat(went).isSameAs(own.getFirst());
        });
    }
}

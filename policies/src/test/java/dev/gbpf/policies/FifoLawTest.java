package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.law.PolicySimulation;
import dev.gbpf.host.law.RandomArrivals;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** fifo: jobs go in order of arrival. */
class FifoLawTest {
    @Property(tries = 40)
    void dispatch_isTheOldestWaitingJob(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 5) int tenants,
            @ForAll @IntRange(min = 1, max = 8) int inflight) {
        PolicySimulation bench =
                Library.policy("fifo").simulation(inflight, PolicySimulation.weighted(new int[] {1, 2, 3, 4, 5}));
        bench.run(
                RandomArrivals.mixed(seed, 400, tenants, 1_000_000, 0),
                (went, waiting, now) ->
                        assertThat(went).isSameAs(waiting.iterator().next()));
    }
}

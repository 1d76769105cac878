package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.law.DispatchLaw;
import dev.gbpf.host.law.PolicySimulation;
import dev.gbpf.host.law.RandomArrivals;
import dev.gbpf.host.law.RunLaws;
import dev.gbpf.host.law.SimulatedRun;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/**
 * weighted_fair: over any window of 1,000 times the longest job, while all tenants are backlogged, each tenant's share of
 * device time is within 2 percentage points of its weight's fraction.
 */
class WeightedFairLawTest {
    private static final long LONGEST_NS = 100_000;
    private static final long WINDOW_NS = 1_000 * LONGEST_NS;
    private static final double TOLERANCE = 0.02;

    @Property(tries = 12)
    void shareOverAnyWindow_isTheWeight(
            @ForAll long seed,
            @ForAll @Size(min = 2, max = 6) List<@IntRange(min = 1, max = 8) Integer> weights,
            @ForAll @IntRange(min = 1, max = 4) int inflight) {
        assertSharesFollowWeights(seed, weights, inflight);
    }

    @Test
    void shareOverAnyWindow_isTheWeight_forVeryUnequalWeights() {
        assertSharesFollowWeights(7, List.of(100, 1, 10), 2);
    }

    private static void assertSharesFollowWeights(long seed, List<Integer> weights, int inflight) {
        SimulatedRun run = Library.policy("weighted_fair")
                .simulation(
                        inflight,
                        PolicySimulation.weighted(
                                weights.stream().mapToInt(Integer::intValue).toArray()))
                .run(
                        RandomArrivals.backlog(seed, weights, 3 * WINDOW_NS, LONGEST_NS / 20, LONGEST_NS),
                        DispatchLaw.NONE);
        assertThat(RunLaws.shareWithin(run, WINDOW_NS, TOLERANCE))
                .as("windows looked at")
                .isGreaterThan(1_000);
    }
}

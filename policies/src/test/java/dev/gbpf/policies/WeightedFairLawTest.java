package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.policies.PolicyBench.Ended;
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
        PolicyBench bench = new PolicyBench(
                "weighted_fair",
                inflight,
                PolicyBench.weighted(
                        weights.stream().mapToInt(Integer::intValue).toArray()));
        long[] backloggedUntil = {0};
        List<Ended> ended = bench.run(
                ArrivalArbitraries.backlog(seed, weights, 3 * WINDOW_NS, LONGEST_NS / 20, LONGEST_NS),
                (went, waiting, now) -> {
                    if (waiting.stream()
                                    .mapToInt(job -> job.tenant().index())
                                    .distinct()
                                    .count()
                            == weights.size()) {
                        backloggedUntil[0] = now;
                    }
                });
        double sum = weights.stream().mapToInt(Integer::intValue).sum();
        double[] served = new double[weights.size()];
        double total = 0;
        int windows = 0;
        int first = 0;
        for (int last = 0; last < ended.size() && ended.get(last).endNs() <= backloggedUntil[0]; last++) {
            served[tenant(ended.get(last))] += ended.get(last).runNs();
            total += ended.get(last).runNs();
            while (ended.get(last).endNs() - ended.get(first).endNs() > WINDOW_NS) {
                served[tenant(ended.get(first))] -= ended.get(first).runNs();
                total -= ended.get(first).runNs();
                first++;
            }
            if (first > 0) {
                windows++;
                for (int t = 0; t < served.length; t++) {
                    assertThat(served[t] / total)
                            .as("share of tenant %d of weights %s in the window up to %d", t, weights, last)
                            .isBetween(weights.get(t) / sum - TOLERANCE, weights.get(t) / sum + TOLERANCE);
                }
            }
        }
        assertThat(windows).as("windows looked at").isGreaterThan(1_000);
    }

    private static int tenant(Ended ended) {
        return ended.job().tenant().index();
    }
}

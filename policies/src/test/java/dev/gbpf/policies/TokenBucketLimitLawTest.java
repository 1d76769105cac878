package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.law.Arrival;
import dev.gbpf.host.law.PolicySimulation;
import dev.gbpf.host.law.RandomArrivals;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * token_bucket_limit: between any two decisions for a tenant, what it was given in device time is at most its rate times the
 * time between, and a burst.
 */
class TokenBucketLimitLawTest {
    private static final long RATE_PERCENT = 10;
    private static final long BURST_NS = 50_000_000;
    /** What settling a job may leave, as costs are rounded. */
    private static final long ROUNDING_NS = 10_000;

    /** A job that went. */
    private record Given(long atNs, long chargeNs) {}

    @Property(tries = 20)
    void betweenAnyTwoDecisions_noTenantGetsMoreThanItsRateAndABurst(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int inflight) {
        Map<Integer, List<Given>> given = new HashMap<>();
        PolicySimulation bench =
                Library.policy("token_bucket_limit").simulation(inflight, PolicySimulation.weighted(1, 2, 5));
        bench.run(RandomArrivals.mixed(seed, 300, 3, 10_000_000, 0), (went, waiting, now) -> {
            long charge = went.spec().workNs() * 100 / (went.tenant().weight() * RATE_PERCENT);
            given.computeIfAbsent(went.tenant().index(), t -> new ArrayList<>()).add(new Given(now, charge));
        });
        given.values().forEach(TokenBucketLimitLawTest::assertLimited);
    }

    private static void assertLimited(List<Given> jobs) {
        for (int first = 0; first < jobs.size(); first++) {
            long charged = 0;
            for (int last = first + 1; last < jobs.size(); last++) {
                charged += jobs.get(last - 1).chargeNs();
                assertThat(charged)
                        .as("jobs %d to %d", first, last - 1)
                        .isLessThanOrEqualTo(
                                jobs.get(last).atNs() - jobs.get(first).atNs() + BURST_NS + ROUNDING_NS);
            }
        }
    }

    /** One tenant sends far more than it may; the other stays within its rate, and waits for at most two jobs. */
    @Property(tries = 10)
    void tenantWithinItsRate_doesNotNoticeAFlood(@ForAll long seed) {
        Random random = new Random(seed);
        long longest = 1_000_000;
        List<Arrival> arrivals = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            arrivals.add(new Arrival(random.nextLong(100 * longest), 0, 1 + random.nextLong(longest), 0));
        }
        for (long now = 0; now < 1_000 * longest; now += 10 * longest) {
            arrivals.add(new Arrival(now, 1, 1 + random.nextLong(longest), 0));
        }
        arrivals.sort(Comparator.comparingLong(Arrival::atNs));
        Library.policy("token_bucket_limit")
                .simulation(1, PolicySimulation.weighted(1, 5))
                .run(arrivals, (went, waiting, now) -> {
                    if (went.tenant().index() == 1) {
                        assertThat(now - went.submittedNs()).isLessThanOrEqualTo(2 * longest);
                    }
                });
    }
}

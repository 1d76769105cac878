package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.law.Arrival;
import dev.gbpf.host.law.DispatchLaw;
import dev.gbpf.host.law.PolicySimulation;
import dev.gbpf.host.law.RandomArrivals;
import dev.gbpf.host.law.SimulatedRun.Ended;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.Tenant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** priority_sla: past its guard first, oldest first; then the greatest priority; then the earliest deadline. */
class PrioritySlaLawTest {
    private static final long GUARD_NS = 5_000_000_000L;
    private static final List<Tenant> TENANTS = List.of(
            new Tenant(0, "batch", 1, 0),
            new Tenant(1, "standard", 1, 5),
            new Tenant(2, "standard too", 1, 5),
            new Tenant(3, "urgent", 1, 9));

    /** Jobs of up to two seconds, so that some of them wait past the guard. */
    @Property(tries = 40)
    void everyDecision_followsTheRule(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int inflight) {
        long[] starved = {0};
        PolicySimulation bench = Library.policy("priority_sla").simulation(inflight, TENANTS);
        bench.run(RandomArrivals.mixed(seed, 300, 4, 2_000_000_000L, 3_000_000_000L), (went, waiting, now) -> {
            List<Job> late = waiting.stream()
                    .filter(job -> now - job.submittedNs() > GUARD_NS)
                    .toList();
            if (!late.isEmpty()) {
                starved[0]++;
                long oldest = late.stream().mapToLong(Job::submittedNs).min().orElseThrow();
                assertThat(went.submittedNs()).as("oldest past its guard").isEqualTo(oldest);
            } else {
                assertMostUrgent(went, waiting);
            }
        });
        assertThat(starved[0]).as("decisions in which a job was past its guard").isPositive();
    }

    private static void assertMostUrgent(Job went, Set<Job> waiting) {
        int greatest =
                waiting.stream().mapToInt(job -> job.tenant().priority()).max().orElseThrow();
        assertThat(went.tenant().priority()).isEqualTo(greatest);
        for (Tenant tenant : TENANTS) {
            waiting.stream()
                    .filter(job -> job.tenant().equals(tenant))
                    .findFirst()
                    .ifPresent(head -> {
                        if (tenant.equals(went.tenant())) {
                            assertThat(went).as("order within a tenant").isSameAs(head);
                        } else if (tenant.priority() == greatest) {
                            assertThat(due(went))
                                    .as("earliest deadline of equals")
                                    .isLessThanOrEqualTo(due(head));
                        }
                    });
        }
    }

    private static long due(Job job) {
        return job.deadlineNs() == 0 ? Long.MAX_VALUE : job.deadlineNs();
    }

    /** The urgent tenant needs a third of the device; batch offers twice what it can do. No urgent deadline is missed. */
    @Property(tries = 10)
    void urgentDeadlines_areMet_whileTheUrgentLoadFits(@ForAll long seed) {
        Random random = new Random(seed);
        List<Arrival> arrivals = new ArrayList<>();
        long longest = 1_000_000;
        long deadline = 5 * longest;
        long end = 2_000 * longest;
        for (long now = 0; now < end; now += 3 * longest) {
            arrivals.add(new Arrival(now + random.nextLong(longest), 3, 1 + random.nextLong(longest), deadline));
        }
        for (long now = 0; now < end; now += longest / 2) {
            arrivals.add(new Arrival(now, 0, longest / 2 + random.nextLong(longest / 2), 0));
        }
        arrivals.sort(Comparator.comparingLong(Arrival::atNs));
        List<Ended> ended = Library.policy("priority_sla")
                .simulation(1, TENANTS)
                .run(arrivals, DispatchLaw.NONE)
                .ended();
        assertThat(ended)
                .filteredOn(e -> e.job().tenant().index() == 3)
                .hasSizeGreaterThan(600)
                .allSatisfy(
                        e -> assertThat(e.endNs()).isLessThanOrEqualTo(e.job().deadlineNs()));
    }
}

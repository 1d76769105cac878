package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.law.PolicySimulation;
import dev.gbpf.host.law.RandomArrivals;
import dev.gbpf.host.law.SimulatedRun;
import dev.gbpf.host.law.SimulatedRun.Ended;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.sim.DeviceModel;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** preempt_priority: the greatest priority, then the oldest; and it does not wait for less urgent kernels. */
class PreemptPriorityLawTest {
    private static final List<Tenant> TENANTS =
            List.of(new Tenant(0, "batch", 1, 0), new Tenant(1, "standard", 1, 5), new Tenant(2, "urgent", 1, 9));
    private static final long LONGEST_NS = 20_000_000;

    @Property(tries = 40)
    void everyDecision_followsTheRule_andWorkIsKept(@ForAll long seed) {
        long[] again = {0};
        PolicySimulation bench = Library.policy("preempt_priority").simulation(1, TENANTS);
        SimulatedRun run = bench.run(RandomArrivals.mixed(seed, 300, 3, LONGEST_NS, 0), (went, waiting, now) -> {
            again[0] += went.yielded() ? 1 : 0;
            Comparator<Job> rule = Comparator.<Job>comparingInt(
                            job -> -job.tenant().priority())
                    .thenComparingLong(Job::submittedNs);
            assertThat(waiting.stream().min(rule).orElseThrow())
                    .usingComparator(rule)
                    .isEqualTo(went);
        });
        assertThat(again[0])
                .as("jobs that went on after they gave up their place")
                .isPositive();
        for (Ended ended : run.ended()) {
            long work = ended.job().spec().workNs();
            assertThat(ended.runNs()).as("device time of %s", ended.job()).isBetween(work - 64, work + 64);
        }
    }

    /** Alone in its class, an urgent job is over after a boundary, a launch and its own work. */
    @Property(tries = 40)
    void mostUrgent_waitsForNoLesserKernel(@ForAll long seed) {
        SimulatedRun run = Library.policy("preempt_priority")
                .simulation(1, TENANTS)
                .run(RandomArrivals.mixed(seed, 200, 3, LONGEST_NS, 0), (went, waiting, now) -> {});
        long launch = DeviceModel.h200().launchLatencyNs();
        long free = 0;
        for (Ended ended : run.ended().stream()
                .filter(e -> e.job().tenant().index() == 2)
                .sorted(Comparator.comparingLong(e -> e.job().arrival()))
                .toList()) {
            Job job = ended.job();
            long begin = Math.max(free, job.submittedNs());
            // A launch that has not passed yet cannot be stopped before it has: two launches, and a boundary.
            assertThat(ended.endNs() - begin)
                    .as("from its turn to the end of %s", job)
                    .isLessThanOrEqualTo(2 * launch
                            + DeviceModel.DEFAULT_BOUNDARY_NS
                            + job.spec().workNs()
                            + 1_000);
            free = ended.endNs();
        }
    }
}

package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.law.Arrival;
import dev.gbpf.host.law.DispatchLaw;
import dev.gbpf.host.law.PolicySimulation;
import dev.gbpf.host.law.RandomArrivals;
import dev.gbpf.host.law.SimulatedRun.Ended;
import dev.gbpf.host.queue.Job;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** edf: of the jobs that can still be in time the one that is due first; late ones when there are no others. */
class EdfLawTest {
    private static final long PATIENCE_NS = 1_000_000_000L;
    /** What the device needs to start a job, at most. */
    private static final long LAUNCH_NS = 20_000;

    /** A millisecond of work on average, and deadlines in 4 ms: some are missed, most are met. */
    @Property(tries = 40)
    void everyDecision_isTheEarliestDue_timelyBeforeLate(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int inflight) {
        long[] late = {0};
        PolicySimulation bench = Library.policy("edf").simulation(inflight, PolicySimulation.weighted(1, 1, 1));
        bench.run(RandomArrivals.mixed(seed, 400, 3, 2_000_000, 4_000_000), (went, waiting, now) -> {
            boolean anyTimely = waiting.stream().anyMatch(job -> isTimely(job, now));
            late[0] += anyTimely ? 0 : 1;
            assertThat(isTimely(went, now)).isEqualTo(anyTimely);
            long first = waiting.stream()
                    .filter(job -> isTimely(job, now) == anyTimely)
                    .mapToLong(EdfLawTest::due)
                    .min()
                    .orElseThrow();
            assertThat(due(went)).as("due first").isEqualTo(first);
        });
    }

    /**
     * For jobs that are all there from the start, the order of deadlines misses none that some order could meet (Jackson,
     * 1955). The first one goes before the others have come, so each has the time of the longest to spare.
     */
    @Property(tries = 20)
    void feasibleDeadlines_areAllMet(@ForAll long seed) {
        Random random = new Random(seed);
        long longest = 1_000_000;
        List<Arrival> arrivals = new ArrayList<>();
        long end = longest;
        for (int i = 0; i < 200; i++) {
            long work = 1 + random.nextLong(longest);
            end += work + LAUNCH_NS;
            arrivals.add(new Arrival(0, random.nextInt(3), work, end + random.nextLong(longest)));
        }
        Collections.shuffle(arrivals, random);
        List<Ended> ended = Library.policy("edf")
                .simulation(1, PolicySimulation.weighted(1, 1, 1))
                .run(arrivals, DispatchLaw.NONE)
                .ended();
        assertThat(ended)
                .hasSize(200)
                .allSatisfy(
                        e -> assertThat(e.endNs()).isLessThanOrEqualTo(e.job().deadlineNs()));
    }

    private static boolean isTimely(Job job, long now) {
        return job.deadlineNs() == 0 || job.deadlineNs() >= now;
    }

    private static long due(Job job) {
        return job.deadlineNs() == 0 ? job.submittedNs() + PATIENCE_NS : job.deadlineNs();
    }
}

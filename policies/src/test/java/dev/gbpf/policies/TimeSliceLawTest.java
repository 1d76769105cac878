package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.law.PolicySimulation;
import dev.gbpf.host.law.RandomArrivals;
import dev.gbpf.host.law.SimulatedRun;
import dev.gbpf.host.law.SimulatedRun.Ended;
import dev.gbpf.host.law.SimulatedRun.Started;
import dev.gbpf.host.sim.DeviceModel;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** time_slice: while others wait, nobody runs for longer than a slice and a boundary. */
class TimeSliceLawTest {
    private static final long SLICE_NS = 1_000_000;

    @Property(tries = 40)
    void nobody_runsLongerThanASlice_whileOthersWait(@ForAll long seed) {
        PolicySimulation bench = Library.policy("time_slice").simulation(1, PolicySimulation.weighted(1, 1));
        SimulatedRun run = bench.run(RandomArrivals.mixed(seed, 200, 2, 5_000_000, 0), (went, waiting, now) -> {});
        long most = 2 * SLICE_NS
                + DeviceModel.DEFAULT_BOUNDARY_NS
                + 2 * DeviceModel.h200().launchLatencyNs();
        long again = 0;
        for (int i = 1; i < run.started().size(); i++) {
            Started before = run.started().get(i - 1);
            Started next = run.started().get(i);
            again += next.job().yielded() ? 1 : 0;
            // The one that went before may have been alone for the first of its slices.
            long waited = next.atNs() - Math.max(before.atNs(), next.job().submittedNs());
            assertThat(waited).as("%s behind %s", next.job(), before.job()).isLessThanOrEqualTo(most);
        }
        assertThat(again).as("jobs that gave up their place").isPositive();
        for (Ended ended : run.ended()) {
            long work = ended.job().spec().workNs();
            assertThat(ended.runNs()).as("device time of %s", ended.job()).isBetween(work - 64, work + 64);
        }
    }
}

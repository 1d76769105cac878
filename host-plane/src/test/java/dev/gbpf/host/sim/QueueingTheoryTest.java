package dev.gbpf.host.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.sim.SimulationResult.Outcome;
import dev.gbpf.host.workload.ArrivalProcess;
import dev.gbpf.host.workload.RequestShape;
import dev.gbpf.host.workload.ServiceTime;
import dev.gbpf.host.workload.SyntheticParameters;
import dev.gbpf.host.workload.SyntheticWorkload;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Simulated queues against their closed forms. */
class QueueingTheoryTest {
    private static final long JOBS = 200_000;
    private static final long SERVICE_NS = 1000;

    /** Sums of the times from submission to start and to end. */
    private static final class Delays implements DeviceObserver {
        private long waits;
        private long sojourns;
        private long runs;

        @Override
        public void started(Execution execution, long nowNs) {
            waits += nowNs - execution.job(0).submittedNs();
        }

        @Override
        public void ended(Execution execution, long nowNs) {
            Job job = execution.job(0);
            sojourns += nowNs - job.submittedNs();
            runs += execution.runNs(0);
        }
    }

    private static Delays run(double load, ServiceTime service, int inflightLimit) {
        Delays delays = new Delays();
        DeviceModel model = ManualDevice.plain().withVslices(List.of(new VsliceSpec("all", 100, inflightLimit)));
        SimulationResult result = Simulation.of(model)
                .workload(new SyntheticWorkload(new SyntheticParameters(
                        new Tenant(0, "queue", 1, 0),
                        42,
                        new ArrivalProcess.Poisson(load * 1e9 / SERVICE_NS),
                        service,
                        RequestShape.kernel(100),
                        1_000,
                        0,
                        1_000_000_000_000L,
                        JOBS)))
                .observer(delays)
                .options(SimulationOptions.defaults().withTickNs(0))
                .build(FifoScheduler::new)
                .run();
        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(result.retired()).isEqualTo(JOBS);
        return delays;
    }

    @Test
    void oneAtATime_waitsLikeMD1() {
        double load = 0.7;
        Delays delays = run(load, new ServiceTime.Fixed(SERVICE_NS), 1);
        // Pollaczek and Khinchine.
        double wait = load * SERVICE_NS / (2 * (1 - load));
        assertThat((double) delays.waits / JOBS).isCloseTo(wait, Percentage.withPercentage(3));
        assertThat(delays.runs).isEqualTo(JOBS * SERVICE_NS);
    }

    @Test
    void oneAtATime_waitsLikeMM1() {
        double load = 0.6;
        Delays delays = run(load, new ServiceTime.Exponential(SERVICE_NS), 1);
        double wait = load * SERVICE_NS / (1 - load);
        assertThat((double) delays.waits / JOBS).isCloseTo(wait, Percentage.withPercentage(4));
    }

    @Test
    void allAtOnce_isProcessorSharing_whoseMeanDependsOnTheMeanAlone() {
        double load = 0.7;
        double sojourn = SERVICE_NS / (1 - load);
        Delays fixed = run(load, new ServiceTime.Fixed(SERVICE_NS), 100_000);
        assertThat((double) fixed.sojourns / JOBS).isCloseTo(sojourn, Percentage.withPercentage(3));
        assertThat((double) fixed.runs / JOBS).isCloseTo(SERVICE_NS, within(1.0));
        Delays random = run(load, new ServiceTime.Exponential(SERVICE_NS), 100_000);
        assertThat((double) random.sojourns / JOBS).isCloseTo(sojourn, Percentage.withPercentage(4));
    }
}

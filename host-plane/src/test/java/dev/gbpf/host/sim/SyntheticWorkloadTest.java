package dev.gbpf.host.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.sim.RunRecorder.Run;
import dev.gbpf.host.sim.SimulationResult.Outcome;
import dev.gbpf.host.workload.ArrivalProcess;
import dev.gbpf.host.workload.RequestShape;
import dev.gbpf.host.workload.RequestShape.Estimate;
import dev.gbpf.host.workload.ServiceTime;
import dev.gbpf.host.workload.SyntheticParameters;
import dev.gbpf.host.workload.SyntheticWorkload;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class SyntheticWorkloadTest {
    private static final long END_NS = 1_000_000;

    private final RunRecorder recorder = new RunRecorder();

    private static SyntheticParameters tenant(
            int index, ArrivalProcess arrivals, ServiceTime service, RequestShape shape, int streams) {
        return new SyntheticParameters(
                new Tenant(index, "tenant-" + index, 1, 0),
                11,
                arrivals,
                service,
                shape,
                streams,
                0,
                END_NS,
                Long.MAX_VALUE);
    }

    private SimulationResult run(Predicate<Job> rejects, SyntheticParameters... tenants) {
        SimulationBuilder builder = Simulation.of(ManualDevice.plain())
                .observer(recorder)
                .options(SimulationOptions.defaults().withTickNs(0).withChecks(true));
        for (SyntheticParameters tenant : tenants) {
            builder.workload(new SyntheticWorkload(tenant));
        }
        return builder.build((device, clock, listener) -> new FifoScheduler(device, clock, listener, rejects))
                .run();
    }

    private List<Run> runsOf(int tenant) {
        return recorder.runs().stream()
                .filter(r -> r.jobs().get(0).tenant().index() == tenant)
                .toList();
    }

    @Test
    void request_isItsCopiesAndKernels_inOrder() {
        RequestShape shape = new RequestShape(2, 30, 30, 200, 50, 100, 40, 9_000, Estimate.EXACT);
        run(job -> false, tenant(0, new ArrivalProcess.Periodic(END_NS, 5), new ServiceTime.Fixed(1_000), shape, 1));
        assertThat(recorder.runs())
                .extracting(Run::kind)
                .containsExactly(JobKind.COPY_H2D, JobKind.KERNEL, JobKind.KERNEL, JobKind.COPY_D2H);
        assertThat(recorder.runs()).extracting(Run::startNs).containsExactly(5L, 105L, 1105L, 2105L);
        assertThat(recorder.runs()).allMatch(r -> r.jobs().get(0).deadlineNs() == 9_005);
        assertThat(recorder.mostMemory()).isEqualTo(100);
        assertThat(recorder.memory()).isZero();
    }

    @Test
    void estimates_areExactMeanOrMissing() {
        for (Estimate estimate : Estimate.values()) {
            RequestShape shape = new RequestShape(1, 1, 9, 0, 0, 0, 0, 0, estimate);
            int index = estimate.ordinal();
            run(
                    job -> false,
                    tenant(index, new ArrivalProcess.Poisson(1e5), new ServiceTime.Uniform(10, 90), shape, 4));
            assertThat(runsOf(index)).isNotEmpty().allSatisfy(r -> {
                long expected = switch (estimate) {
                    case EXACT -> r.jobs().get(0).spec().workNs();
                    case MEAN -> 50;
                    case UNKNOWN -> 0;
                };
                assertThat(r.jobs().get(0).spec().costNs()).isEqualTo(expected);
                assertThat(r.width()).isBetween(1, 9);
            });
        }
    }

    @Test
    void closedLoop_hasOneRequestOfEachClient_andGoesOnWhenItIsOver() {
        int clients = 5;
        SimulationResult result = run(
                job -> false,
                tenant(
                        0,
                        new ArrivalProcess.ClosedLoop(clients, 500),
                        new ServiceTime.Exponential(300),
                        RequestShape.kernel(100),
                        1));
        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        List<Run> runs = recorder.runs();
        assertThat(runs.stream().map(r -> r.jobs().get(0).stream().id()).distinct())
                .hasSize(clients);
        for (Run run : runs) {
            long atOnce = runs.stream()
                    .filter(r -> r.jobs().get(0).submittedNs() <= run.startNs() && run.startNs() < r.endNs())
                    .count();
            assertThat(atOnce).isBetween(1L, (long) clients);
        }
        // 5 clients of a cycle of at least 800 ns for 1 ms, on one device: no more than the device can do.
        assertThat(runs.size()).isBetween(2_000, 5 * (int) END_NS / 800);
    }

    @Test
    void closedLoop_waitsForAllJobsOfARequest() {
        RequestShape shape = new RequestShape(3, 10, 10, 0, 0, 0, 0, 0, Estimate.EXACT);
        run(job -> false, tenant(0, new ArrivalProcess.ClosedLoop(1, 0), new ServiceTime.Fixed(100), shape, 1));
        List<Run> runs = recorder.runs();
        assertThat(runs).hasSizeGreaterThan(3_000);
        for (int i = 0; i < runs.size(); i++) {
            long submittedNs = runs.get(i).jobs().get(0).submittedNs();
            assertThat(submittedNs).isEqualTo(i / 3 * 300L);
        }
    }

    @Test
    void closedLoop_rejectedWithoutThinking_doesNotStopTime() {
        LaterEnd end = new LaterEnd(20_000_000);
        SimulationResult result = run(
                job -> true,
                end.of(tenant(
                        0, new ArrivalProcess.ClosedLoop(2, 0), new ServiceTime.Fixed(1), RequestShape.kernel(1), 1)));
        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        // One request a millisecond from each client.
        assertThat(result.rejected()).isEqualTo(40);
    }

    /** Sets another end. */
    private record LaterEnd(long endNs) {
        SyntheticParameters of(SyntheticParameters p) {
            return new SyntheticParameters(
                    p.tenant(),
                    p.seed(),
                    p.arrivals(),
                    p.service(),
                    p.shape(),
                    p.streams(),
                    p.startNs(),
                    endNs,
                    p.maxRequests());
        }
    }

    @Test
    void anotherTenant_changesNothingOfTheFirstOnesRequests() {
        SyntheticParameters first = tenant(
                0, new ArrivalProcess.Poisson(1e5), new ServiceTime.Lognormal(3_000, 1), RequestShape.kernel(40), 3);
        run(job -> false, first);
        List<List<Long>> alone = described();
        SyntheticWorkloadTest other = new SyntheticWorkloadTest();
        other.run(
                job -> false,
                tenant(1, new ArrivalProcess.Poisson(2e5), new ServiceTime.Fixed(2_000), RequestShape.kernel(90), 2),
                first);
        assertThat(other.described()).isEqualTo(alone);
    }

    private List<List<Long>> described() {
        return runsOf(0).stream()
                .map(r -> List.of(
                        r.jobs().get(0).submittedNs(), r.jobs().get(0).spec().workNs()))
                .sorted((a, b) -> a.get(0).equals(b.get(0))
                        ? a.get(1).compareTo(b.get(1))
                        : a.get(0).compareTo(b.get(0)))
                .toList();
    }

    @Test
    void kernelLargerThanTheMemory_isRefusedAtTheStart() {
        RequestShape shape = new RequestShape(1, 1, 1, 0, 1001, 0, 0, 0, Estimate.EXACT);
        SyntheticParameters p = tenant(0, new ArrivalProcess.Periodic(100, 0), new ServiceTime.Fixed(1), shape, 1);
        assertThatThrownBy(() -> run(job -> false, p)).hasMessageContaining("memoryBytes=1001");
    }
}

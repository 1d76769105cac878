package dev.gbpf.host.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.plane.PlaneConfig;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.sim.SimulationResult.Outcome;
import dev.gbpf.host.workload.LlmCostModel;
import dev.gbpf.host.workload.LlmParameters;
import dev.gbpf.host.workload.LlmTraceReader;
import dev.gbpf.host.workload.LlmWorkload;
import dev.gbpf.host.workload.RequestRecord;
import dev.gbpf.host.workload.RequestRecord.End;
import dev.gbpf.host.workload.TenantAssignment;
import dev.gbpf.host.workload.TenantShare;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The hooks engine, in bypass, as the plane of a simulation. */
class PolicyPlaneSimulationTest {
    private static PlaneConfig config(int tenants) {
        List<Tenant> all = new ArrayList<>();
        for (int i = 0; i < tenants; i++) {
            all.add(new Tenant(i, "tenant-" + i, 1, 0));
        }
        return new PlaneConfig(all, 1, PlaneConfig.DEFAULT_STALL_LIMIT_NS);
    }

    @Property(tries = 200)
    void bypass_losesNoJob(@ForAll long seed) {
        RandomScenario scenario = new RandomScenario(seed);
        RunRecorder recorder = new RunRecorder();
        SimulationResult result = Simulation.of(scenario.model())
                .workload(scenario)
                .observer(recorder)
                .options(SimulationOptions.defaults()
                        .withChecks(true)
                        .withTickNs(97)
                        .withStallNs(1_000_000))
                .build((device, clock, listener) -> new PolicyPlane(config(8), device, clock, listener))
                .run();
        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(result.retired()).isEqualTo(scenario.jobs());
        assertThat(recorder.memory()).isZero();
    }

    @Test
    void bypass_servesTheSampleConversation() {
        LlmCostModel cost = LlmCostModel.h200Dense13b();
        TenantShare share = new TenantShare(config(1).tenants().get(0), 1, 0, 0);
        LlmParameters parameters = LlmParameters.defaults(cost, TenantAssignment.byWeight(List.of(share)), 1);
        DeviceModel model = DeviceModel.h200()
                .withVslices(List.of(new VsliceSpec("all", 132, 96)))
                .withBatchClasses(List.of(BatchClass.decode(cost, 64, 132)));
        List<RequestRecord> records = new ArrayList<>();
        SimulationResult result = Simulation.of(model)
                .workload(new LlmWorkload(parameters, LlmTraceReader.sample(), records::add))
                .build((device, clock, listener) -> new PolicyPlane(config(1), device, clock, listener))
                .run();
        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(records).hasSize(671).allMatch(r -> r.end() == End.COMPLETED);
        assertThat(result.retired()).isEqualTo(140_836);
    }
}

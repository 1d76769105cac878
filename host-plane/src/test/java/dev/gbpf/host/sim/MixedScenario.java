package dev.gbpf.host.sim;

import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.workload.ArrivalProcess;
import dev.gbpf.host.workload.LlmCostModel;
import dev.gbpf.host.workload.LlmParameters;
import dev.gbpf.host.workload.LlmTraceReader;
import dev.gbpf.host.workload.LlmWorkload;
import dev.gbpf.host.workload.RequestShape;
import dev.gbpf.host.workload.RequestShape.Estimate;
import dev.gbpf.host.workload.ServiceTime;
import dev.gbpf.host.workload.SyntheticParameters;
import dev.gbpf.host.workload.SyntheticWorkload;
import dev.gbpf.host.workload.TenantAssignment;
import dev.gbpf.host.workload.TenantShare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Something of everything, to be compared with itself under other circumstances. */
final class MixedScenario {
    private MixedScenario() {}

    /** Runs in a process of its own: writes the hash to the file that is named. */
    public static void main(String[] args) throws IOException {
        Files.writeString(Path.of(args[0]), hash());
    }

    /** A hash of everything that the device reported. */
    static String hash() {
        LlmCostModel cost = LlmCostModel.h200Dense8b();
        DeviceModel model = DeviceModel.h200()
                .withVslices(List.of(new VsliceSpec("large", 100, 60), new VsliceSpec("small", 32, 20)))
                .withBatchClasses(List.of(BatchClass.decode(cost, 32, 100)));
        TenantShare chat = new TenantShare(new Tenant(0, "chat", 4, 10), 2, 1_000_000_000, 50_000_000);
        TenantShare documents = new TenantShare(new Tenant(1, "documents", 1, 0), 1, 0, 0);
        LlmParameters llm = LlmParameters.defaults(
                        cost, new TenantAssignment(List.of(chat, documents), 3000, documents), 5)
                .withMaxRequests(40);
        RunRecorder recorder = new RunRecorder();
        SimulationResult result = Simulation.of(model)
                .workload(new LlmWorkload(llm, LlmTraceReader.sample(), request -> {}))
                .workload(tenant(
                        2, new ArrivalProcess.Poisson(400), new ServiceTime.BoundedPareto(10_000, 50_000_000, 1.2)))
                .workload(tenant(
                        3,
                        new ArrivalProcess.OnOff(2_000, 10, 50_000_000, 400_000_000),
                        new ServiceTime.Lognormal(200_000, 1.5)))
                .workload(
                        tenant(4, new ArrivalProcess.ClosedLoop(3, 5_000_000), new ServiceTime.Exponential(1_000_000)))
                .workload(tenant(5, new ArrivalProcess.Periodic(10_000_000, 1), new ServiceTime.Uniform(1, 5_000_000)))
                .observer(recorder)
                .faults(FaultPlan.everyNth(997))
                .options(SimulationOptions.defaults().withHorizonNs(10_000_000_000L))
                .build(FifoScheduler::new)
                .run();
        return Long.toHexString(recorder.hash()) + " " + result.submitted() + " " + result.retired();
    }

    private static SyntheticWorkload tenant(int index, ArrivalProcess arrivals, ServiceTime service) {
        RequestShape shape = new RequestShape(2, 8, 132, 600, 1 << 20, 1 << 16, 1 << 10, 20_000_000, Estimate.MEAN);
        return new SyntheticWorkload(new SyntheticParameters(
                new Tenant(index, "tenant-" + index, index, 0),
                99,
                arrivals,
                service,
                shape,
                4,
                0,
                8_000_000_000L,
                Long.MAX_VALUE));
    }
}

package dev.gbpf.host.sim;

import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.workload.ArrivalProcess;
import dev.gbpf.host.workload.LlmCostModel;
import dev.gbpf.host.workload.LlmParameters;
import dev.gbpf.host.workload.LlmTraceGenerator;
import dev.gbpf.host.workload.LlmTraceParameters;
import dev.gbpf.host.workload.LlmTraceReader;
import dev.gbpf.host.workload.LlmWorkload;
import dev.gbpf.host.workload.RequestShape;
import dev.gbpf.host.workload.ServiceTime;
import dev.gbpf.host.workload.SyntheticParameters;
import dev.gbpf.host.workload.SyntheticWorkload;
import dev.gbpf.host.workload.TenantAssignment;
import dev.gbpf.host.workload.TenantShare;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Simulated jobs a second of wall time; {@code docs/bench/simulator.md} says how to run it. No test. */
final class SimulatorBenchmark {
    private static final int RUNS = 9;

    private SimulatorBenchmark() {}

    /**
     * Runs it.
     *
     * @param args the file to write the result to, and possibly a trace to run besides
     */
    public static void main(String[] args) throws IOException {
        try (PrintStream out = new PrintStream(args[0], StandardCharsets.UTF_8)) {
            measureAll(out, args);
        }
    }

    private static void measureAll(PrintStream out, String[] args) {
        measure(out, "kernels, 1 tenant, 1 M jobs", () -> kernels(1, 1_000_000));
        measure(out, "kernels, 8 tenants, 1 M jobs", () -> kernels(8, 125_000));
        measure(out, "closed loop, 64 clients, 1 M jobs", SimulatorBenchmark::closedLoop);
        measure(out, "LLM, generated, 10 min", () -> generated(600));
        if (args.length > 1) {
            measure(
                    out,
                    "LLM, " + Path.of(args[1]).getFileName(),
                    () -> llm(new LlmWorkload(parameters(), LlmTraceReader.open(Path.of(args[1])), request -> {})));
        }
    }

    private static void measure(PrintStream out, String name, Supplier<Simulation> setup) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double[] wall = new double[RUNS];
        double[] cpu = new double[RUNS];
        String what = "";
        for (int i = 0; i < RUNS; i++) {
            Simulation simulation = setup.get();
            long wallBegin = System.nanoTime();
            long cpuBegin = threads.getCurrentThreadCpuTime();
            SimulationResult r = simulation.run();
            cpu[i] = (double) (threads.getCurrentThreadCpuTime() - cpuBegin) / (double) r.submitted();
            wall[i] = (double) (System.nanoTime() - wallBegin) / (double) r.submitted();
            what = r.outcome() + ", " + r.submitted() + " jobs, " + r.instants() + " instants, virtual "
                    + r.endNs() / 1_000_000 + " ms";
        }
        out.printf("%s: %s%n  wall %s%n  cpu  %s%n", name, what, spread(wall), spread(cpu));
    }

    /** First run, and median, least and most of all of them, ns a job. */
    private static String spread(double[] perJob) {
        double first = perJob[0];
        Arrays.sort(perJob);
        return String.format(
                Locale.ROOT,
                "median %.0f ns/job, least %.0f, most %.0f, first %.0f; %.2f M jobs/s",
                perJob[RUNS / 2],
                perJob[0],
                perJob[RUNS - 1],
                first,
                1e3 / perJob[RUNS / 2]);
    }

    private static Simulation build(SimulationBuilder builder) {
        return builder.build(FifoScheduler::new);
    }

    private static Simulation kernels(int tenants, long jobsEach) {
        SimulationBuilder builder = Simulation.of(DeviceModel.h200());
        for (int t = 0; t < tenants; t++) {
            builder.workload(new SyntheticWorkload(new SyntheticParameters(
                    new Tenant(t, "tenant-" + t, 1, 0),
                    7,
                    new ArrivalProcess.Poisson(80_000.0 / tenants),
                    new ServiceTime.Exponential(20_000),
                    new RequestShape(1, 33, 66, 300, 0, 0, 0, 0, RequestShape.Estimate.EXACT),
                    16,
                    0,
                    1_000_000_000_000_000L,
                    jobsEach)));
        }
        return build(builder);
    }

    private static Simulation closedLoop() {
        return build(Simulation.of(DeviceModel.h200())
                .workload(new SyntheticWorkload(new SyntheticParameters(
                        new Tenant(0, "clients", 1, 0),
                        7,
                        new ArrivalProcess.ClosedLoop(64, 0),
                        new ServiceTime.Lognormal(20_000, 1.0),
                        RequestShape.kernel(132),
                        1,
                        0,
                        1_000_000_000_000_000L,
                        1_000_000))));
    }

    static LlmParameters parameters() {
        TenantShare share = new TenantShare(new Tenant(0, "chat", 1, 0), 1, 1_000_000_000L, 100_000_000L);
        return LlmParameters.defaults(LlmCostModel.h200Dense13b(), TenantAssignment.byWeight(List.of(share)), 1);
    }

    private static Simulation generated(long seconds) {
        return llm(new LlmWorkload(
                parameters(),
                new LlmTraceGenerator(LlmTraceParameters.conversation(1, seconds * 1_000_000_000L)),
                request -> {}));
    }

    static Simulation llm(LlmWorkload workload) {
        DeviceModel model = DeviceModel.h200()
                .withBatchClasses(List.of(BatchClass.decode(LlmCostModel.h200Dense13b(), 128, 132)))
                .withVslices(List.of(new VsliceSpec("all", 132, 160)));
        return build(Simulation.of(model).workload(workload));
    }
}

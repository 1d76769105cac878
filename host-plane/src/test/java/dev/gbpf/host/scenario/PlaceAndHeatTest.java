package dev.gbpf.host.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.engine.Engine;
import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.host.result.PolicyCounters.Count;
import dev.gbpf.host.result.RunResult;
import dev.gbpf.host.result.TenantPhase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run shows of kernels that give up their place, and of a device that gets warm. */
class PlaceAndHeatTest {
    private static final Path POLICIES =
            Path.of(System.getProperty("gbpf.root", "..")).resolve("policies");

    private static final String LONG_KERNELS = """
            name: long kernels
            seed: 7
            duration: 2s
            device: {inflight: 1}
            tenants:
              - {name: chat, priority: 10}
              - {name: training}
            workload:
              - tenant: chat
                arrivals: 100/s
                service: 500us
                kernels: 3
                memory: 1GiB
              - tenant: training
                arrivals: {closed_loop: {clients: 4}}
                service: 20ms
                memory: 10GiB
            """;

    private static final String WARM = """
            name: warm
            seed: 7
            duration: 8s
            device:
              thermal: {time_constant: 500ms, limit: 75}
              vslices:
                - {name: serving, sms: 44, inflight: 2}
                - {name: training, sms: 88, inflight: 2}
            tenants:
              - {name: chat, priority: 10}
              - {name: training}
            workload:
              - tenant: chat
                arrivals: 300/s
                service: 2ms
                width: 44
              - tenant: training
                arrivals: {closed_loop: {clients: 8}}
                service: 10ms
                width: 88
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void policies_lieBesideTheScenario() throws IOException {
        for (String name : List.of("priority_sla", "preempt_priority", "time_slice", "thermal_guard", "fifo")) {
            Files.copy(POLICIES.resolve(name).resolve(name + ".gbpf"), folder.resolve(name + ".gbpf"));
        }
    }

    private RunResult run(String text) {
        Scenario scenario = new ScenarioReader(List.of()).parse(new SourceFile("test.yaml", text), folder);
        RunResult result = new ScenarioRunner(PolicyLibrary.ofClassPath(), Engine.AUTO)
                .run(scenario, RunProgress.NONE)
                .getFirst();
        assertThat(result.invariants().hold()).isTrue();
        assertThat(result.notes()).isEmpty();
        return result;
    }

    private static TenantPhase tenant(RunResult result, int index) {
        return result.totals().get(index);
    }

    private static long yields(RunResult result, int phase) {
        return result.counters().get(phase).events().stream()
                .filter(c -> c.name().equals("kernels that gave up their place"))
                .mapToLong(Count::count)
                .sum();
    }

    @Test
    void urgentWork_behindLongKernels_waitsForABoundaryOnly() {
        RunResult without = run(LONG_KERNELS + "policy: priority_sla.gbpf\n");
        RunResult with = run(LONG_KERNELS + "policy: preempt_priority.gbpf\n");
        assertThat(yields(without, 0)).isZero();
        assertThat(yields(with, 0)).isPositive();
        assertThat(tenant(without, 0).latency().p50Ns()).isGreaterThan(10_000_000);
        assertThat(tenant(with, 0).latency().p99Ns()).isLessThan(10_000_000);
        // What training loses is what chat takes, and launches: its work is kept.
        assertThat(tenant(with, 1).deviceNs()).isGreaterThan(tenant(without, 1).deviceNs() * 8 / 10);
    }

    @Test
    void slices_betweenShortAndLongJobs_letShortOnesPass_andSwapsLoseNothing() {
        RunResult result = run(LONG_KERNELS + """
                policy: fifo.gbpf
                swaps:
                  - {at: 500ms, to: time_slice.gbpf}
                  - {at: 1s, to: preempt_priority.gbpf}
                  - {at: 1500ms, to: fifo.gbpf}
                """);
        assertThat(yields(result, 1)).isPositive();
        assertThat(yields(result, 2)).isPositive();
        long first = result.phases().get(0).tenants().getFirst().latency().p50Ns();
        assertThat(result.phases().get(1).tenants().getFirst().latency().p50Ns())
                .isLessThan(first / 2);
        assertThat(result.activations()).hasSize(4);
    }

    @Test
    void clock_ofAGuardedDevice_staysUpForUrgentWork() {
        RunResult hot = run(WARM + "policy: priority_sla.gbpf\n");
        RunResult guarded = run(WARM + "policy: thermal_guard.gbpf\n");
        RunResult cool = run(WARM.replace("limit: 75", "limit: 150") + "policy: thermal_guard.gbpf\n");
        assertThat(decisions(guarded)).isPositive();
        assertThat(tenant(hot, 0).latency().p99Ns())
                .isGreaterThan(tenant(guarded, 0).latency().p99Ns() * 3 / 2);
        assertThat(tenant(guarded, 0).latency().p99Ns())
                .isLessThan(tenant(cool, 0).latency().p99Ns() * 11 / 10);
        assertThat(tenant(guarded, 1).deviceNs()).isPositive();
    }

    private static long decisions(RunResult result) {
        return result.counters().getFirst().decisions().stream()
                .filter(c -> c.name().equals("on_thermal"))
                .mapToLong(Count::count)
                .sum();
    }
}

package dev.gbpf.cuda.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.cuda.build.NativeBuild;
import dev.gbpf.cuda.driver.FakeLibraries;
import dev.gbpf.host.cli.GbpfMain;
import dev.gbpf.host.device.DeviceBenchmark;
import dev.gbpf.host.device.DeviceBenchmark.BenchmarkException;
import dev.gbpf.host.device.DeviceBenchmark.Measurement;
import dev.gbpf.host.device.DeviceBenchmark.Report;
import dev.gbpf.host.device.DeviceBenchmark.Request;
import dev.gbpf.host.device.DeviceBenchmark.Soak;
import dev.gbpf.host.device.DeviceProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gbpf bench device} on the CPU build: all that it measures is right. */
class RuntimeBenchmarkTest {
    @BeforeAll
    static void needsTheCpuBuild() {
        NativeBuild build = NativeBuild.current();
        Assumptions.assumeTrue(
                build.cpu().built(), () -> "skipped: " + build.cpu().detail());
    }

    private static DeviceBenchmark benchmark() {
        return DeviceProvider.all().stream()
                .flatMap(provider -> provider.benchmark().stream())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyMeasurement_onTheCpu_isRight() {
        List<String> progress = new ArrayList<>();
        Report report = benchmark().run(new Request("cpu", true, null, null), progress::add);
        assertThat(report.wrong()).isEmpty();
        assertThat(report.device()).isEqualTo("cpu");
        assertThat(report.measurements())
                .extracting(Measurement::name)
                .containsExactly(
                        "echo_bare_flag",
                        "host_fed_lane_tasks_1_thread",
                        "host_fed_lane_tasks_1_thread_to_the_end_of_the_drain",
                        "host_fed_warp_tasks_1_thread",
                        "host_fed_warp_tasks_1_thread_to_the_end_of_the_drain",
                        "host_fed_lane_tasks_4_threads",
                        "host_fed_lane_tasks_4_threads_to_the_end_of_the_drain",
                        "host_fed_warp_tasks_4_threads",
                        "host_fed_warp_tasks_4_threads_to_the_end_of_the_drain",
                        "round_trip_polling_warp",
                        "round_trip_polling_warp_ordered",
                        "round_trip_another_worker",
                        "round_trip_another_worker_ordered",
                        "chain_on_one_worker",
                        "chain_across_workers",
                        "chain_across_workers_pure",
                        "swap_full_load_beside",
                        "swap_throughput_of_100_ms_around",
                        "swap_visible",
                        "swap_settled",
                        "device_fed_own_queues",
                        "device_fed_one_shared_queue");
        assertThat(report.measurements())
                .allSatisfy(measurement -> assertThat(measurement.quantile(1)).isPositive());
        assertThat(progress).hasSizeGreaterThan(10);
    }

    @Test
    void command_writesATableAndEachSample(@TempDir Path folder) throws IOException, InterruptedException {
        FakeLibraries libraries = new FakeLibraries(folder);
        String policy = Path.of(System.getProperty("gbpf.root", ".."), "policies/device_fair/device_fair.gbpf")
                .toString();
        Path raw = folder.resolve("raw.csv");
        FakeLibraries.Result result = libraries.java(
                Map.of(),
                GbpfMain.class.getName(),
                "bench",
                "device",
                "--device",
                "cpu",
                "--brief",
                "--policy",
                policy,
                "--raw",
                raw.toString());
        assertThat(result.output())
                .contains("measuring baselines\n", "cpu, policy device_fair\n")
                .containsPattern("device_fed_own_queues +[0-9.]+ +[0-9.]+ +[0-9.]+  M tasks/s +1\n")
                .contains("every task ran once\n");
        assertThat(result.code()).isZero();
        assertThat(Files.readAllLines(raw))
                .startsWith("measurement,unit,value")
                .anyMatch(line -> line.startsWith("chain_on_one_worker,ns one way,"));
    }

    @Test
    void soak_ofASecond_losesNothing() {
        Report report =
                benchmark().run(new Request("cpu", false, null, new Soak(Duration.ofMillis(1500), 7)), next -> {});
        assertThat(report.wrong()).isEmpty();
        assertThat(report.measurements())
                .extracting(Measurement::name)
                .contains("tasks", "launches", "swaps", "until_the_next_heartbeat");
        assertThat(report.measurements().getFirst().quantile(0)).isGreaterThan(100);
    }

    @Test
    void devices_thatAreNotThere_areExplained() {
        assertThat(benchmark().devices()).containsExactly("cpu", "gpu");
        assertThatThrownBy(() -> benchmark().run(new Request("gpu:x", true, null, null), next -> {}))
                .isInstanceOf(BenchmarkException.class)
                .hasMessage("--device=gpu:x is not known");
        assertThat(new Measurement("m", DeviceBenchmark.Kind.LATENCY, "us", List.of(3.0, 1.0, 2.0)).quantile(0.5))
                .isEqualTo(2.0);
    }
}

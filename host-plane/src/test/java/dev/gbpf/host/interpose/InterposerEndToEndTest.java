package dev.gbpf.host.interpose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.live.ApplicationStatus;
import dev.gbpf.host.live.JobRecorder;
import dev.gbpf.host.recording.EventKind;
import dev.gbpf.host.recording.RecordedApplication;
import dev.gbpf.host.recording.RecordedTenant;
import dev.gbpf.host.recording.Recording;
import dev.gbpf.host.recording.RecordingFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The library in real processes, on a driver that needs no device, under the plane. */
@Timeout(180)
class InterposerEndToEndTest {
    private static final Path ROOT = Path.of(System.getProperty("gbpf.root", ".."));
    private static final Path TESTS = ROOT.resolve("host-plane/src/test/c");
    private static final Path SOURCES = ROOT.resolve("host-plane/src/main/c/gbpf_cuda");

    /** Kept from run to run: what is up to date is not built again. */
    private static final Path BUILT = Path.of("target", "interposer-end-to-end").toAbsolutePath();

    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();

    @BeforeAll
    static void build() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "skipped: gcc is not installed");
        Files.createDirectories(BUILT);
        run(
                "bash",
                ROOT.resolve("host-plane/src/main/scripts/build-interposer.sh").toString(),
                "" + BUILT,
                BUILT + "/work");
        run(
                "bash",
                "-c",
                """
                set -e
                cd "$1"; flags="-std=gnu11 -D_GNU_SOURCE -O1 -pthread -fPIC -I $2 -I $1"
                [ -z "$(find "$1" "$2" -newer "$3/application" 2>&1)" ] && exit 0
                gcc $flags -shared -o "$3/libcuda.so.1" -Wl,-soname,libcuda.so.1 fake_[cdgmsu]*.c -ldl &
                gcc $flags -shared -o "$3/libfake_rm.so" -Wl,-soname,libfake_rm.so fake_rm.c
                wait
                gcc $flags -Wall -Wextra -Werror -o "$3/application" application.c -Wl,--no-as-needed \\
                    -L "$3" -lfake_rm -l:libcuda.so.1 -Wl,-rpath,"$3"
                """,
                "build",
                TESTS.toAbsolutePath().toString(),
                SOURCES.toAbsolutePath().toString(),
                BUILT.toString());
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("build", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        } finally {
            Files.delete(output);
        }
    }

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    private Process start(Lab lab, String tenant, String kind, long ns, int burst, int pauseUs, double seconds)
            throws IOException {
        return start(lab, Map.of(), tenant, kind, ns, burst, pauseUs, seconds);
    }

    private Process start(
            Lab lab,
            Map<String, String> variables,
            String tenant,
            String kind,
            long ns,
            int burst,
            int pauseUs,
            double seconds)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(BUILT + "/application", "" + ns, "" + burst, "" + pauseUs, "" + seconds);
        builder.environment().put("LD_PRELOAD", BUILT + "/libgbpf_cuda.so");
        builder.environment().put("GBPF_ATTACH", lab.path.toString());
        builder.environment().put("GBPF_TENANT", tenant);
        builder.environment().put("GBPF_CLASS", kind);
        builder.environment().putAll(variables);
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve(tenant + ".log").toFile())
                .start();
        processes.add(process);
        return process;
    }

    private String said(String tenant) throws IOException {
        return Files.readString(folder.resolve(tenant + ".log"));
    }

    private static @Nullable ApplicationStatus of(Lab lab, String tenant) {
        return lab.status().applications().stream()
                .filter(a -> a.tenant().name().equals(tenant))
                .findFirst()
                .orElse(null);
    }

    @Test
    void applications_underAPolicy_haveItsTimeslices_andAreAccountedFor() throws Exception {
        try (Lab lab = new Lab(folder)) {
            lab.policy("first", """
                    hook on_submit(ctx) {
                        if ctx.priority > 0 { timeslice_set(ctx.tenant, 1000000); } else { timeslice_set(ctx.tenant, 1); }
                        return ENQUEUE;
                    }
                    """);
            Process chat = start(lab, "chat", "latency", 300_000, 1, 1_000, 2);
            Process training = start(lab, "training", "best-effort", 1_000_000, 8, 0, 2);
            FakeClient.await("the timeslices", () -> {
                ApplicationStatus a = of(lab, "chat");
                ApplicationStatus b = of(lab, "training");
                return a != null && b != null && a.timesliceUs() == 1_000_000 && b.timesliceUs() == 1;
            });
            assertThat(chat.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(training.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(chat.exitValue()).as(said("chat")).isZero();
            assertThat(training.exitValue()).as(said("training")).isZero();
            FakeClient.await("both to have left", () -> lab.live.clients() == 0);
            assertThat(lab.usedNs(0)).isPositive();
            assertThat(lab.usedNs(1)).isPositive();
            FakeClient.await("their jobs' end", () -> lab.jobs() == 0);
        }
    }

    @Test
    void closedGate_holdsOneApplication_andPassesAfterTheLimit() throws Exception {
        try (Lab lab = new Lab(folder)) {
            lab.policy("closed", "hook init(ctx) { gate_set(1, 0); }");
            Process training = start(lab, "training", "best-effort", 100_000, 1, 0, 1.5);
            FakeClient.await("a call that was held too long", () -> {
                ApplicationStatus a = of(lab, "training");
                return a != null && a.failOpen() > 0;
            });
            lab.policy("open", "hook on_tick(ctx) {}");
            long before = Objects.requireNonNull(of(lab, "training")).launches();
            FakeClient.await("launches", () -> {
                ApplicationStatus a = of(lab, "training");
                return a == null || a.launches() > before + 100;
            });
            assertThat(training.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(training.exitValue()).as(said("training")).isZero();
        }
    }

    @Test
    void partition_ofAProcess_isInEffectFromItsStart_andAPolicysFromTheNextStreamOn() throws Exception {
        try (Lab lab = new Lab(folder)) {
            lab.policy("none", "hook on_tick(ctx) {}");
            Process training = start(lab, Map.of("GBPF_SMS", "0-63"), "training", "best-effort", 100_000, 1, 0, 60);
            FakeClient.await("its own partition", () -> isPartitioned(lab, "0-63", "works"));
            lab.policy("other", "hook init(ctx) { sm_partition_set(1, 64, 68); }");
            FakeClient.await("the policy's, which came too late", () -> isPartitioned(lab, "64-131", "no-effect"));
            training.destroyForcibly();
        }
    }

    private static boolean isPartitioned(Lab lab, String sms, String state) {
        ApplicationStatus training = of(lab, "training");
        return training != null
                && training.launches() > 0
                && training.sms().equals(sms)
                && state.equals(training.levers().get("partition"));
    }

    @Test
    void planeThatStandsStill_holdsNobody_andADaemonThatComesBackFindsThem() throws Exception {
        Process training;
        try (Lab lab = new Lab(folder)) {
            lab.policy("closed", "hook init(ctx) { gate_set(1, 0); }");
            training = start(lab, "training", "best-effort", 100_000, 1, 0, 6);
            FakeClient.await("it to be held", () -> {
                ApplicationStatus a = of(lab, "training");
                return a != null && a.held() > 0;
            });
            long[] launches = new long[2];
            lab.ask(_ -> {
                // As if the daemon were stopped: after the lease the library lets everything pass.
                Client client = lab.live.device().clients().getFirst();
                LockSupport.parkNanos(100_000_000);
                launches[0] = client.report.figure(Report.Figure.LAUNCHES);
                for (int i = 0; i < 100 && launches[1] < launches[0] + 200; i++) {
                    LockSupport.parkNanos(20_000_000);
                    launches[1] = client.report.figure(Report.Figure.LAUNCHES);
                }
                return launches;
            });
            assertThat(launches[1]).isGreaterThan(launches[0] + 199);
        }
        assertThat(training.isAlive()).isTrue();
        try (Lab next = new Lab(folder)) {
            FakeClient.await("it to attach again", () -> next.live.clients() == 1);
            next.policy("slices", "hook init(ctx) { timeslice_set(1, 77); }");
            FakeClient.await("the new daemon's timeslice", () -> {
                ApplicationStatus a = of(next, "training");
                return a != null && a.timesliceUs() == 77;
            });
            training.destroyForcibly();
            FakeClient.await("it to be gone", () -> next.live.clients() == 0);
        }
    }

    @Test
    void recording_holdsWhatApplicationsLaunched_andWhenItWasOver() throws Exception {
        try (Lab lab = new Lab(folder)) {
            JobRecorder recorder = lab.live.recorder().orElseThrow();
            assertThat(recorder.begin().get()).isTrue();
            assertThat(recorder.begin().get()).isFalse();
            Process chat = start(lab, "chat", "latency", 300_000, 4, 1_000, 1);
            Process training = start(lab, "training", "best-effort", 1_000_000, 8, 0, 1);
            assertThat(chat.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(training.waitFor(60, TimeUnit.SECONDS)).isTrue();
            FakeClient.await("both to have left", () -> lab.live.clients() == 0);
            assertThat(recorder.progress().get().orElseThrow().applications()).isEqualTo(2);
            Recording recording =
                    RecordingFile.read(recorder.end().get().orElseThrow().get());
            assertThat(recorder.progress().get()).isEmpty();
            assertThat(recorder.end().get()).isEmpty();
            assertThat(recording.complete()).isTrue();
            assertThat(recording.policy()).isEqualTo("bypass");
            assertThat(recording.tenants().getFirst()).isEqualTo(new RecordedTenant("chat", 3, 10));
            for (RecordedApplication application : recording.applications()) {
                String tenant = recording.tenants().get(application.tenant()).name();
                assertThat(application.command()).isEqualTo("application");
                assertThat(application.latency()).isEqualTo(tenant.equals("chat"));
                long kernels = count(application, EventKind.KERNEL);
                // Those before it was attached were not recorded, nor those that were overwritten on a busy machine.
                assertThat(kernels).isPositive();
                assertThat(said(tenant)).startsWith("launches ");
                long launches = Long.parseLong(said(tenant).split(" ", 3)[1]);
                assertThat(kernels).isLessThanOrEqualTo(launches);
                assertThat(kernels + application.lost()).isGreaterThan(launches / 2);
                assertThat(application.functions()).hasSize(1);
                assertThat(count(application, EventKind.OVER)).as(tenant).isPositive();
                assertThat(application.functions().getFirst().threads()).isEqualTo(32);
            }
            RecordedApplication waiting = recording.applications().stream()
                    .filter(RecordedApplication::latency)
                    .findFirst()
                    .orElseThrow();
            // Four launches between two waits; what came before it was attached is not counted.
            assertThat(waiting.events().stream()
                            .filter(e -> e.kind() == EventKind.WAIT)
                            .map(e -> e.number() % 4)
                            .distinct())
                    .hasSize(1);
            // Estimates are of what was measured, four kernels of 0.3 ms between two waits.
            assertThat(waiting.functions().getFirst().estimateNs()).isGreaterThan(200_000);
        }
    }

    private static long count(RecordedApplication application, EventKind kind) {
        return application.events().stream().filter(e -> e.kind() == kind).count();
    }
}

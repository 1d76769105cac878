package dev.gbpf.host.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.scenario.Scenario;
import dev.gbpf.host.scenario.ScenarioReader;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.workload.JobEnd;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LivePlaneTest {
    private static final double SPEED = 100;

    private static Scenario scenario(String workload) {
        return new ScenarioReader(List.of()).parse(new SourceFile("live.yaml", """
                                name: live
                                duration: 20ms
                                device: {preset: h200, inflight: 2}
                                tenants: [{name: a, weight: 2}, {name: b}]
                                workload: [%s]
                                policy: bypass
                                """.formatted(workload)), Path.of(""));
    }

    private static Scenario working() {
        return scenario("{tenant: a, arrivals: 2000/s, service: {exponential: 300us}}, {tenant: b, arrivals:"
                + " {closed_loop: {clients: 4}}, service: 500us}");
    }

    private static LiveScenario started(Scenario scenario, PlaneListener listener) {
        LiveScenario live = new LiveScenario(scenario, SPEED, listener, System::nanoTime);
        live.plane().start();
        return live;
    }

    private static JobSpec job(long workNs) {
        return new JobSpec(JobKind.KERNEL, 1, 0, workNs, 0, 0, 0, 0, 0, 0);
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private static PolicyImage image(MapRegistry maps, String name, String more) {
        CompileResult result = PolicyCompiler.compile(new SourceFile("p.gbpf", "policy " + name + ";\n" + more + """
                hook init(ctx) { dsq_create(1, DSQ_FIFO); }
                hook on_submit(ctx) { dsq_insert(1); return ENQUEUE; }
                hook on_dispatch(ctx) { return 1; }
                """));
        return ((LoadResult.Loaded) new ImageLoader(maps).load(((CompileResult.Compiled) result).object())).image();
    }

    @Test
    void jobs_fromOtherThreads_runToTheirEnd() throws Exception {
        try (LiveScenario live = started(working(), new PlaneListener() {})) {
            List<CompletableFuture<JobEnd>> ends = new ArrayList<>();
            for (int stream = 0; stream < 3; stream++) {
                LiveStream open = live.plane().openStream(live.tenants().get(stream % 2));
                for (int i = 0; i < 20; i++) {
                    ends.add(open.submit(job(10_000)));
                }
            }
            for (CompletableFuture<JobEnd> end : ends) {
                assertThat(get(end)).isEqualTo(JobEnd.RETIRED);
            }
        }
    }

    @Test
    void job_thatTheDeviceCannotRun_failsAlone() throws Exception {
        try (LiveScenario live = started(working(), new PlaneListener() {})) {
            LiveStream stream = live.plane().openStream(live.tenants().getFirst());
            assertThat(get(stream.submit(new JobSpec(JobKind.KERNEL, 1, 0, 1, Long.MAX_VALUE, 0, 0, 0, 0, 0))))
                    .isEqualTo(JobEnd.REJECTED);
            assertThat(get(stream.submit(job(1)))).isEqualTo(JobEnd.RETIRED);
        }
    }

    @Test
    void work_repeats_andNoJobIsLost() throws Exception {
        try (LiveScenario live = started(working(), new PlaneListener() {})) {
            LiveStatus status = get(live.status());
            while (status.atNs() < 70_000_000) {
                Thread.sleep(2);
                status = get(live.status());
            }
            // Three rounds of 20 ms, of 40 jobs of the open loop each.
            assertThat(status.tenants().getFirst().submitted()).isGreaterThan(60);
            assertThat(status.tenants()).allSatisfy(t -> {
                assertThat(t.queued()).isNotNegative();
                assertThat(t.running()).isNotNegative();
            });
            assertThat(status.tenants().stream()
                            .mapToLong(LiveStatus.TenantStatus::queued)
                            .sum())
                    .isEqualTo(status.queued());
            assertThat(status.tenants().stream()
                            .mapToLong(LiveStatus.TenantStatus::running)
                            .sum())
                    .isEqualTo(status.running());
        }
    }

    @Test
    void swap_underLoad_losesNothing_andExitRunsAtTheEnd() throws Exception {
        ConcurrentLinkedQueue<ActivationRecord> activations = new ConcurrentLinkedQueue<>();
        MapRegistry maps = new MapRegistry();
        PolicyImage last = image(maps, "second", "map gone: array<u64>[1];\nhook exit(ctx) { gone[0] = 7; }\n");
        try (LiveScenario live = started(working(), new PlaneListener() {
            @Override
            public void activated(ActivationRecord activation) {
                activations.add(activation);
            }
        })) {
            PolicyImage first = image(maps, "first", "");
            SwapOutcome outcome = get(live.plane().ask(plane -> plane.activate(first, ActivationReason.START)));
            assertThat(outcome).isInstanceOf(SwapOutcome.Activated.class);
            LiveStream stream = live.plane().openStream(live.tenants().getLast());
            List<CompletableFuture<JobEnd>> ends = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                ends.add(stream.submit(job(20_000)));
            }
            get(live.plane().ask(plane -> plane.activate(last, ActivationReason.SWAP)));
            for (CompletableFuture<JobEnd> end : ends) {
                assertThat(get(end)).isEqualTo(JobEnd.RETIRED);
            }
            assertThat(get(live.status()).policy()).isEqualTo("second");
        }
        assertThat(activations).extracting(ActivationRecord::to).containsExactly("first", "second");
        assertThat(maps.maps("second").getFirst().get(0).orElseThrow()[0]).isEqualTo((byte) 7);
        maps.close();
    }

    @Test
    void request_thatFails_leavesThePlaneRunning() throws Exception {
        try (LiveScenario live = started(working(), new PlaneListener() {})) {
            CompletableFuture<Object> failed = live.plane().ask(_ -> {
                throw new IllegalStateException("asked for");
            });
            assertThatThrownBy(() -> get(failed))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("asked for");
            assertThat(get(live.status()).policy()).isEqualTo("bypass");
        }
    }

    @Test
    void plane_thatFails_saysSo_andRefusesWhatComesLater() throws Exception {
        LiveScenario live = started(working(), new PlaneListener() {
            @Override
            public void retired(Job job, long runNs, boolean failed, long nowNs) {
                throw new IllegalStateException("listener broke");
            }
        });
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        live.plane().whenEnded(ended::complete);
        assertThat(get(ended)).hasMessage("listener broke");
        assertThatThrownBy(() -> get(live.plane().ask(_ -> 1))).hasMessageContaining("the plane has stopped");
        live.close();
    }

    @Test
    void close_beforeStart_andTwice_isHarmless() {
        LiveScenario live = new LiveScenario(working(), SPEED, new PlaneListener() {}, System::nanoTime);
        live.close();
        live.close();
        assertThatThrownBy(() -> live.plane().start()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void plane_thatCannotKeepUp_leavesTimeOut() throws Exception {
        // At a thousand times real time there is more work than a thread can do.
        Scenario busy = scenario("{tenant: a, arrivals: {closed_loop: {clients: 1000}}, service: 1us}");
        try (LiveScenario live = new LiveScenario(busy, 1000, new PlaneListener() {}, System::nanoTime)) {
            live.plane().start();
            while (get(live.status()).skippedNs() == 0) {
                Thread.sleep(5);
            }
            assertThat(get(live.status()).running()).isPositive();
        }
    }
}

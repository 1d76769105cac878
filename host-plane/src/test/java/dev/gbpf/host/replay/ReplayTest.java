package dev.gbpf.host.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.recording.EventKind;
import dev.gbpf.host.recording.Recording;
import dev.gbpf.host.replay.Replay.RefusedException;
import dev.gbpf.host.sim.ContextSpec;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.PolicyObject;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private static final long MS = 1_000_000;
    private static final long END = 400 * MS;
    private static final ContextSpec SPEC = ContextSpec.h200();

    /** Requests of one graph of 0.6 ms each 6 to 8 ms. */
    private static Script service() {
        Script script = Script.service();
        for (int i = 0; script.nowNs() < END; i++) {
            script.graph(600_000).await().pause((6 + i % 3) * MS);
        }
        return script;
    }

    /** Kernels of 50 us without a pause, 40 ahead of what is done. */
    private static Script training() {
        Script script = Script.training();
        for (int i = 0; script.nowNs() < END; i++) {
            script.kernel(50_000).pause(i % 20 == 19 ? 920_000 : 0);
            if (i % 20 == 19) {
                script.await(40);
            }
        }
        return script;
    }

    private static PolicyObject policy(String text) {
        return ((CompileResult.Compiled) PolicyCompiler.compile(new SourceFile("p.gbpf", "policy p;\n" + text)))
                .object();
    }

    /** What latency_first does. */
    private static PolicyObject latencyFirst() {
        return policy("""
                hook init(ctx) {
                    for t in 0..ctx.tenants max 64 {
                        if tenant_priority(t) > 0 { timeslice_set(t, 1000000); } else { timeslice_set(t, 1); }
                    }
                }
                """);
    }

    private static ReplayResult run(@Nullable PolicyObject policy, Recording... recordings) throws RefusedException {
        return new Replay(List.of(recordings), SPEC, 1).run(policy);
    }

    @Test
    void recordingAlone_isAsItWas() throws RefusedException {
        ReplayResult result = run(null, Script.recording(END, service(), training()));
        assertThat(result.policy()).isEqualTo("bypass");
        ApplicationReplay alone =
                run(null, Script.recording(END, service())).applications().getFirst();
        assertThat(alone.requests().count()).isCloseTo(alone.recorded().count(), within(1));
        assertThat(alone.requests().p99Ns()).isCloseTo(alone.recorded().p99Ns(), within(10_000L));
        ApplicationReplay busy =
                run(null, Script.recording(END, training())).applications().getFirst();
        assertThat(busy.waitsPerSecond()).isCloseTo(busy.recordedWaitsPerSecond(), within(30.0));
        assertThat(busy.share()).isBetween(0.9, 1.0);
        assertThat(busy.held()).isZero();
    }

    /** What is estimated at 40 us takes 50, and the device is always behind. */
    private static Script slowTraining() {
        Script script = Script.training();
        for (int i = 0; script.nowNs() < END; i++) {
            script.kernel(40_000, 50_000);
            if (i % 20 == 19) {
                script.await(200);
            }
        }
        return script;
    }

    @Test
    void workThatTookLongerThanItsEstimates_takesAsLongAgain() throws RefusedException {
        ApplicationReplay alone =
                run(null, Script.recording(END, slowTraining())).applications().getFirst();
        // It is behind from the beginning: in the recording, and in the replay anew.
        double ahead = 200 / 20 * 1e9 / END;
        assertThat(alone.waitsPerSecond()).isCloseTo(alone.recordedWaitsPerSecond(), within(ahead));
        assertThat(alone.share()).isBetween(0.99, 1.0);
    }

    @Test
    void workThatWasRecordedBesideOthers_takesItsEstimates() throws RefusedException {
        Recording both = Script.recording(END, service(), slowTraining());
        ApplicationReplay training = run(null, both).applications().getLast();
        assertThat(training.waitsPerSecond()).isGreaterThan(training.recordedWaitsPerSecond() * 1.1);
    }

    @Test
    void besideAnother_requestsWaitForATimeslice_andForASwitchUnderShortOnes() throws RefusedException {
        Recording service = Script.recording(END, service());
        Recording training = Script.recording(END, training());
        Latencies alone = run(null, service).applications().getFirst().requests();
        Latencies slicing =
                run(null, service, training).applications().getFirst().requests();
        Latencies first =
                run(latencyFirst(), service, training).applications().getFirst().requests();
        assertThat(first.p50Ns() - alone.p50Ns()).isCloseTo(SPEC.switchNs(), within(20_000L));
        assertThat(slicing.p99Ns() - alone.p99Ns()).isBetween(SPEC.timesliceNs(), SPEC.timesliceNs() + 300_000);
        assertThat(slicing.p50Ns()).isBetween(alone.p50Ns() + 600_000, slicing.p99Ns());
    }

    @Test
    void requestsAfterAPause_areToldFromThoseThatFollowAtOnce() throws RefusedException {
        Script script = Script.service();
        while (script.nowNs() < END - 20 * MS) {
            script.pause(9 * MS)
                    .graph(600_000)
                    .await()
                    .graph(300_000)
                    .await()
                    .graph(300_000)
                    .await();
        }
        ApplicationReplay alone =
                run(null, Script.recording(END, script)).applications().getFirst();
        // Nobody knows what was before the first.
        assertThat(alone.requests().count()).isEqualTo(3 * (alone.arrivals().count() + 1));
        assertThat(alone.recordedArrivals().count()).isEqualTo(alone.arrivals().count());
        assertThat(alone.arrivals().p50Ns()).isBetween(600_000L, 620_000L);
        assertThat(alone.recordedArrivals().p50Ns()).isCloseTo(alone.arrivals().p50Ns(), within(10_000L));
        assertThat(alone.requests().p50Ns()).isBetween(300_000L, 320_000L);
        ApplicationReplay busy =
                run(null, Script.recording(END, training())).applications().getFirst();
        assertThat(busy.arrivals().count()).isZero();
    }

    /** Ten kernels of 50 us at a time, for which it waits: how fast the device is cannot be told. */
    private static Script steps() {
        Script script = Script.training();
        while (script.nowNs() < END) {
            for (int i = 0; i < 10; i++) {
                script.kernel(50_000);
            }
            script.await();
        }
        return script;
    }

    @Test
    void severalRecordings_areAsOneOfAll() throws RefusedException {
        ReplayResult apart = run(null, Script.recording(END, service()), Script.recording(END, steps()));
        ReplayResult together = run(null, Script.recording(END, service(), steps()));
        assertThat(apart).isEqualTo(together);
        assertThat(apart.applications()).extracting(ApplicationReplay::tenant).containsExactly("service", "training");
    }

    @Test
    void sameRecordingAndPolicy_giveTheSame() throws RefusedException {
        Recording both = Script.recording(END, service(), training());
        PolicyObject gated = policy("hook init(ctx) { gate_set(1, 500us); }");
        assertThat(run(gated, both)).isEqualTo(run(gated, both));
    }

    @Test
    void gate_boundsWhatIsInFlight_andNothingIsForgotten() throws RefusedException {
        Recording training = Script.recording(END, training());
        ApplicationReplay open = run(null, training).applications().getFirst();
        ApplicationReplay gated = run(policy("hook init(ctx) { gate_set(1, 500us); }"), training)
                .applications()
                .getFirst();
        assertThat(gated.held()).isPositive();
        // Credit comes back with reports, which are relayed each millisecond.
        assertThat(gated.launchesPerSecond()).isBetween(0.3 * open.launchesPerSecond(), open.launchesPerSecond());
        ApplicationReplay closed = run(policy("hook init(ctx) { gate_set(1, 0); }"), training)
                .applications()
                .getFirst();
        // One call each 250 ms.
        assertThat(closed.launchesPerSecond()).isLessThan(10);
        assertThat(closed.heldNs()).isGreaterThanOrEqualTo(250 * MS);
    }

    @Test
    void policyThatRejectsAll_holdsNobody() throws RefusedException {
        Recording both = Script.recording(END, service(), training());
        ReplayResult rejected = run(policy("hook on_submit(ctx) { return REJECT; }"), both);
        assertThat(rejected.applications().getLast().launchesPerSecond()).isGreaterThan(10_000);
    }

    @Test
    void copies_andStreamsThatNobodyWaitsFor_areReplayed() throws RefusedException {
        Script script = Script.service();
        for (int i = 0; i < 20; i++) {
            script.copy(EventKind.COPY_TO_DEVICE, 5_500_000)
                    .kernel(100_000)
                    .copy(EventKind.COPY_FROM_DEVICE, 55_000)
                    .await()
                    .pause(5 * MS);
        }
        ApplicationReplay a =
                run(null, Script.recording(END, script)).applications().getFirst();
        // 100 us to the device at 55 GB/s, the kernel, 1 us back, what engines and launches take besides.
        assertThat(a.requests().p50Ns()).isBetween(205_000L, 235_000L);
        assertThat(a.requests().count()).isEqualTo(20);
        Script endless = Script.training().kernel(1_000).kernel(1_000);
        assertThat(run(null, Script.recording(END, endless))
                        .applications()
                        .getFirst()
                        .launchesPerSecond())
                .isEqualTo(5);
    }

    @Test
    void recordingWithoutEvents_isEmpty() throws RefusedException {
        assertThat(run(null, Script.recording(END, Script.training()))
                        .applications()
                        .getFirst()
                        .launchesPerSecond())
                .isZero();
        assertThat(run(null, Script.recording(0)).applications()).isEmpty();
    }

    @Test
    void tooManyApplications_areRefused() {
        Script[] many = new Script[257];
        Arrays.setAll(many, _ -> Script.training());
        assertThatThrownBy(() -> run(null, Script.recording(END, many)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("applications=257 is more than 256");
    }

    @Test
    void initThatRefuses_isSaid() {
        assertThatThrownBy(() -> run(policy("hook init(ctx) { return 1; }"), Script.recording(END, training())))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("p: ");
    }
}

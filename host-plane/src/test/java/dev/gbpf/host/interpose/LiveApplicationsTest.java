package dev.gbpf.host.interpose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.live.ApplicationStatus;
import dev.gbpf.host.live.TenantChange;
import dev.gbpf.host.observe.Metric;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.thread.Joining;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LiveApplicationsTest {
    private static final long MS = 1_000_000;

    private static final String FIFO = """
            hook init(ctx) { dsq_create(1, DSQ_FIFO); }
            hook on_submit(ctx) { dsq_insert(1); return ENQUEUE; }
            hook on_dispatch(ctx) { return 1; }
            """;

    /** Bursts run for 1 ms, and then give up their place. */
    private static final String SLICED = """
            hook init(ctx) { dsq_create(1, DSQ_FIFO); }
            hook on_submit(ctx) { dsq_insert(1); return ENQUEUE; }
            hook on_dispatch(ctx) { ctx.budget_ns = 1ms; return 1; }
            hook on_preempt(ctx) { return YIELD; }
            """;

    @TempDir
    Path folder;

    @Test
    void bypass_letsEverythingPass_andThePlaneSeesIt() throws Exception {
        try (Lab lab = new Lab(folder);
                FakeProcess process = lab.attach(ApplicationClass.BEST_EFFORT, "training")) {
            process.open(0, 1);
            assertThat(process.order("mode")).isEqualTo(SegmentLayout.MODE_BYPASS);
            assertThat(process.orderLong("lease_ns")).isEqualTo(Terms.LEASE);
            for (int i = 0; i < 100; i++) {
                assertThat(process.launch(0, MS)).isTrue();
            }
            process.synchronize(0);
            FakeProcess.await("the time to be known", () -> lab.usedNs(1) == 100 * MS);
            assertThat(process.order("track_every")).isZero();
        }
    }

    @Test
    void heartbeat_goesOn() throws Exception {
        try (Lab lab = new Lab(folder);
                FakeProcess process = lab.attach(ApplicationClass.BEST_EFFORT, "training")) {
            long first = process.orderLong("heartbeat_ns");
            assertThat(Math.abs(first - SystemCalls.monotonicNs())).isLessThan(5_000 * MS);
            FakeProcess.await("a beat", () -> process.orderLong("heartbeat_ns") > first);
        }
    }

    @Test
    void stream_underAPolicy_isGrantedWhatItNeeds_andItsTimeIsAccounted() throws Exception {
        try (Lab lab = new Lab(folder);
                FakeProcess process = lab.attach(ApplicationClass.BEST_EFFORT, "training")) {
            lab.policy("fifo", FIFO);
            FakeProcess.await("orders", () -> process.order("mode") == SegmentLayout.MODE_POLICY);
            process.open(3, 1);
            for (int i = 0; i < 50; i++) {
                process.launchSoon(3, MS);
            }
            process.synchronize(3);
            FakeProcess.await("the burst's end", () -> lab.jobs() == 0);
            assertThat(lab.usedNs(1)).isEqualTo(50 * MS);
            assertThat(lab.retiredNs.stream().mapToLong(Long::longValue).sum()).isEqualTo(50 * MS);
        }
    }

    @Test
    void latencyProcess_isNotHeldBeforeThePlaneHasSeenIt() throws Exception {
        try (Lab lab = new Lab(folder);
                FakeProcess process = lab.attach(ApplicationClass.LATENCY, "chat")) {
            lab.policy("fifo", FIFO);
            process.open(0, 7);
            FakeProcess.await("a grant", () -> process.streamInt(0, "taken") == 7);
            assertThat(process.streamLong(0, "granted_ns")).isEqualTo(SegmentLayout.UNLIMITED);
        }
    }

    @Test
    void budget_boundsWhatIsUnderWay_andYieldsTakeTurns() throws Exception {
        try (Lab lab = new Lab(folder, 1);
                FakeProcess a = lab.attach(ApplicationClass.BEST_EFFORT, "training");
                FakeProcess b = lab.attach(ApplicationClass.BEST_EFFORT, "other")) {
            lab.policy("sliced", SLICED);
            FakeProcess.await("orders", () -> b.order("mode") == SegmentLayout.MODE_POLICY);
            a.open(0, 1);
            b.open(0, 1);
            long launchedA = 0;
            long launchedB = 0;
            while (launchedA < 30 * MS || launchedB < 30 * MS) {
                if (a.launch(0, MS / 4)) {
                    launchedA += MS / 4;
                } else {
                    a.synchronize(0);
                }
                if (b.launch(0, MS / 4)) {
                    launchedB += MS / 4;
                } else {
                    b.synchronize(0);
                }
                assertThat(a.streamLong(0, "launched_ns") - lab.live.device().usedNs(1))
                        .isLessThanOrEqualTo(30 * MS);
            }
            a.synchronize(0);
            b.synchronize(0);
            assertThat(lab.count(plane -> plane.statistics().yields())).isPositive();
            assertThat(Math.abs(launchedA - launchedB)).isLessThan(20 * MS);
        }
    }

    @Test
    void rejectedBurst_passes_andIsCounted() throws Exception {
        try (Lab lab = new Lab(folder);
                FakeProcess process = lab.attach(ApplicationClass.BEST_EFFORT, "training")) {
            lab.policy("none", "hook on_submit(ctx) { return REJECT; }");
            process.open(0, 1);
            // Else the first launch is held for want of a grant, and between the hold's end and the launch there is no
            // burst.
            FakeProcess.await("a grant", () -> process.streamInt(0, "taken") == 1);
            for (int i = 0; i < 20; i++) {
                process.launchSoon(0, 10_000 * MS); // so much that nobody takes it for over
            }
            assertThat(lab.count(_ -> lab.live.device().bursts().rejections())).isEqualTo(1);
            process.synchronize(0);
            FakeProcess.await("the burst's end", () -> !lab.isBusy(1));
        }
    }

    @Test
    void levers_holdWhileThePolicyDecides_andAreTakenBackWhenItLeaves() throws Exception {
        try (Lab lab = new Lab(folder);
                FakeProcess chat = lab.attach(ApplicationClass.LATENCY, "chat");
                FakeProcess training = lab.attach(ApplicationClass.BEST_EFFORT, "training")) {
            lab.policy("levers", """
                    hook init(ctx) {
                        timeslice_set(0, 1000000);
                        timeslice_set(1, 1);
                        quota_set(1, 10737418240);
                        copy_rate_set(1, 1000000000);
                        stream_priority_set(0, -5);
                        gate_set(1, 0);
                        stop_points_set(1, 500us);
                        sm_partition_set(1, 96, 36);
                    }
                    """);
            FakeProcess.await("its levers", () -> training.order("timeslice_us") == 1);
            assertThat(chat.order("timeslice_us")).isEqualTo(1_000_000);
            assertThat(chat.order("stream_priority")).isEqualTo(-5);
            assertThat(training.orderLong("quota_bytes")).isEqualTo(10_737_418_240L);
            assertThat(training.orderLong("copy_bytes_per_second")).isEqualTo(1_000_000_000);
            assertThat(training.orderLong("stop_every_ns")).isEqualTo(500_000);
            assertThat(training.order("partition")).isEqualTo(96 << 16 | 36);
            assertThat(chat.order("partition")).isZero();
            assertThat(training.order("stopped")).isEqualTo(1);
            assertThat(chat.order("stopped")).isZero();
            training.open(0, 1);
            FakeProcess.await("a grant", () -> training.streamInt(0, "taken") == 1);
            assertThat(training.launch(0, 1000)).as("the gate is closed").isFalse();
            try (FakeProcess late = lab.attach(ApplicationClass.BEST_EFFORT, "training")) {
                assertThat(late.order("timeslice_us")).isEqualTo(1);
            }

            lab.policy("fifo", FIFO);
            training.launchSoon(0, 1000);
            assertThat(training.order("timeslice_us")).isZero();
            assertThat(chat.order("stream_priority")).isZero();
            assertThat(training.orderLong("quota_bytes")).isZero();
            assertThat(training.orderLong("copy_bytes_per_second")).isZero();
            assertThat(training.orderLong("stop_every_ns")).isZero();
            assertThat(training.order("stopped")).isZero();
            assertThat(training.order("partition")).isZero();

            long epoch = training.orderLong("hold_epoch");
            lab.bypass();
            FakeProcess.await("bypass", () -> training.order("mode") == SegmentLayout.MODE_BYPASS);
            assertThat(training.orderLong("hold_epoch")).isGreaterThan(epoch);
        }
    }

    @Test
    void levers_ofAPolicyWhoseInitRefuses_haveNoEffect() throws Exception {
        try (Lab lab = new Lab(folder);
                FakeProcess training = lab.attach(ApplicationClass.BEST_EFFORT, "training")) {
            lab.policy("first", "hook init(ctx) { timeslice_set(1, 500); }");
            FakeProcess.await("its lever", () -> training.order("timeslice_us") == 500);
            int sequence = training.order("sequence");
            lab.policy("second", "hook init(ctx) { timeslice_set(1, 7); return 1; }");
            lab.count(plane -> plane.queued());
            assertThat(training.order("timeslice_us")).isEqualTo(500);
            assertThat(training.order("sequence")).isEqualTo(sequence);
        }
    }

    @Test
    void gate_givesWhatMayBeInFlight() throws Exception {
        try (Lab lab = new Lab(folder);
                FakeProcess training = lab.attach(ApplicationClass.BEST_EFFORT, "training")) {
            lab.policy("gate", "hook init(ctx) { gate_set(1, 3000000000000); }");
            FakeProcess.await("orders", () -> training.order("mode") == SegmentLayout.MODE_POLICY);
            training.open(0, 1);
            for (int i = 0; i < 3; i++) {
                training.launchSoon(0, 1_000_000 * MS);
            }
            assertThat(training.launch(0, 1_000_000 * MS)).isFalse();
            Thread.sleep(5);
            assertThat(training.launch(0, 1_000_000 * MS))
                    .as("nothing is over yet")
                    .isFalse();
            training.synchronize(0);
            training.launchSoon(0, 1_000_000 * MS);
        }
    }

    @Test
    void processThatDies_givesEverythingBack() throws Exception {
        try (Lab lab = new Lab(folder, 1);
                FakeProcess other = lab.attach(ApplicationClass.BEST_EFFORT, "other")) {
            lab.policy("fifo", FIFO);
            FakeProcess dies = lab.attach(ApplicationClass.BEST_EFFORT, "training");
            dies.open(0, 1);
            dies.launchSoon(0, 10_000 * MS); // so much that nobody takes it for over
            FakeProcess.await("it to run", () -> lab.count(plane -> plane.running()) == 1);
            other.open(0, 1);
            FakeProcess.await("a grant", () -> other.streamInt(0, "taken") == 1);
            other.launchSoon(0, MS);
            FakeProcess.await("the other to wait", () -> lab.count(plane -> plane.queued()) == 1);
            dies.close();
            for (int i = 0; i < 20; i++) {
                other.launchSoon(0, MS);
            }
            assertThat(lab.isBusy(1)).isFalse();
            other.synchronize(0);
            FakeProcess.await("the end", () -> lab.jobs() == 0);
        }
    }

    @Test
    void streamThatGivesUpItsPlace_makesRoomForTheNextOwner() throws Exception {
        try (Lab lab = new Lab(folder);
                FakeProcess process = lab.attach(ApplicationClass.BEST_EFFORT, "training")) {
            lab.policy("fifo", FIFO);
            FakeProcess.await("orders", () -> process.order("mode") == SegmentLayout.MODE_POLICY);
            for (int owner = 1; owner <= 20; owner++) {
                process.open(0, owner);
                for (int i = 0; i < 5; i++) {
                    process.launchSoon(0, MS);
                }
                if (owner % 2 == 0) {
                    process.synchronize(0);
                }
                process.free(0);
            }
            FakeProcess.await("the end", () -> lab.jobs() == 0);
        }
    }

    @Test
    void operatorsSettings_holdWhereThePolicySaysNothing() throws Exception {
        try (Lab lab = new Lab(folder);
                FakeProcess training = lab.attach(ApplicationClass.BEST_EFFORT, "training")) {
            TenantChange change = new TenantChange(
                    OptionalInt.of(7),
                    OptionalInt.empty(),
                    OptionalLong.of(500),
                    OptionalLong.of(1 << 30),
                    OptionalLong.empty());
            Tenant changed = lab.live
                    .change("training", change)
                    .get(20, TimeUnit.SECONDS)
                    .orElseThrow();
            assertThat(changed.weight()).isEqualTo(7);
            FakeProcess.await("the timeslice", () -> training.order("timeslice_us") == 500);
            assertThat(training.orderLong("quota_bytes")).isEqualTo(1 << 30);
            lab.policy("own", "hook init(ctx) { timeslice_set(1, tenant_weight(1) as u64); }");
            FakeProcess.await("the policy's", () -> training.order("timeslice_us") == 7);
            assertThat(training.orderLong("quota_bytes")).isEqualTo(1 << 30);
            lab.policy("none", FIFO);
            FakeProcess.await("the operator's", () -> training.order("timeslice_us") == 500);
        }
    }

    @Test
    void status_saysWhatProcessesReport_andCountersOutliveThem() throws Exception {
        try (Lab lab = new Lab(folder)) {
            try (FakeProcess training = lab.attach(ApplicationClass.BEST_EFFORT, "training")) {
                training.kernels(0, 40);
                training.kernels(63, 1);
                training.report("held", 3);
                training.report("held_ns", -1);
                training.report("memory_bytes", 5L << 20);
                FakeProcess.await("a fresh status", () -> {
                    ApplicationStatus status = lab.status().applications().getFirst();
                    return status.launches() == 41
                            && status.held() == 3
                            && status.heldNs() == 0
                            && status.memoryBytes() == 5L << 20
                            && status.kind().equals("best-effort")
                            && "unknown".equals(status.levers().get("gate"));
                });
                training.kernels(0, 39);
                assertThat(launches(lab)).as("counters never fall").isEqualTo(41);
            }
            FakeProcess.await("it to have left", () -> lab.live.clients() == 0);
            assertThat(launches(lab)).isEqualTo(41);
        }
    }

    @Test
    void partition_isAsFarInEffectAsStreamsAreInIt() throws Exception {
        int low = 96;
        int high = 96 << 16 | 36;
        try (Lab lab = new Lab(folder);
                FakeProcess training = lab.attach(ApplicationClass.BEST_EFFORT, "training")) {
            lab.policy("all", FIFO);
            training.lever(PARTITION, READY);
            isPartitioned(lab, " ready", "", "ready");
            training.open(0, 1);
            training.launchSoon(0, 1_000);
            isPartitioned(lab, "nobody wants one", "", "ready");

            training.startedWith(low);
            isPartitioned(lab, "a stream made before", "0-95", "no-effect");
            training.open(1, 1);
            training.isPartOf(1, low);
            training.lever(PARTITION, WORKS);
            isPartitioned(lab, "it has launched nothing", "0-95", "no-effect");
            training.launchSoon(1, 1_000);
            isPartitioned(lab, "0-95 partly", "0-95", "partly");
            training.free(0);
            isPartitioned(lab, "0-95 works", "0-95", "works");

            lab.policy("other", "hook init(ctx) { sm_partition_set(1, 96, 36); }");
            FakeProcess.await("the policy's", () -> training.order("partition") == high);
            isPartitioned(lab, "made for another", "96-131", "no-effect");
            training.lever(PARTITION, REFUSED);
            isPartitioned(lab, "96-131 refused", "96-131", "refused");
        }
    }

    private static final int PARTITION = 5;
    private static final int WORKS = 1;
    private static final int REFUSED = 2;
    private static final int READY = 5;

    private static void isPartitioned(Lab lab, String what, String sms, String state) {
        FakeProcess.await(what, () -> {
            ApplicationStatus status = lab.status().applications().getFirst();
            return status.sms().equals(sms) && state.equals(status.levers().get("partition"));
        });
    }

    @Test
    void partition_ofNonsense_isRefused() throws Exception {
        try (Lab lab = new Lab(folder)) {
            lab.policy("nonsense", """
                    hook init(ctx) {
                        if sm_partition_set(1, 0, 0) != 0 { return 1; }
                        if sm_partition_set(1, 65533, 1) != 0 { return 2; }
                        if sm_partition_set(1, 0 - 1, 8) == 0 { return 3; }
                        if sm_partition_set(1, 0, 65535) == 0 { return 4; }
                        if sm_partition_set(1, 65534, 1) == 0 { return 5; }
                        if sm_partition_set(64, 0, 8) == 0 { return 6; }
                    }
                    """);
            assertThat(lab.count(plane -> "nonsense".equals(plane.activePolicy()) ? 1 : 0))
                    .isEqualTo(1);
        }
    }

    private static double launches(Lab lab) {
        return lab.live.samples().getOrDefault(Metric.APPLICATION_LAUNCHES, List.of()).stream()
                .filter(sample -> sample.labels().equals(List.of("training")))
                .findFirst()
                .orElseThrow()
                .value();
    }

    @Test
    void segment_writtenToAllTheTime_hurtsNobodyElse() throws Exception {
        try (Lab lab = new Lab(folder);
                FakeProcess honest = lab.attach(ApplicationClass.BEST_EFFORT, "chat");
                FakeProcess hostile = lab.attach(ApplicationClass.BEST_EFFORT, "training")) {
            lab.policy("sliced", SLICED);
            FakeProcess.await("orders", () -> honest.order("mode") == SegmentLayout.MODE_POLICY);
            AtomicBoolean stop = new AtomicBoolean();
            Thread writer = Thread.ofPlatform().start(() -> {
                Random random = new Random(1);
                while (!stop.get()) {
                    hostile.segment().putLong(random.nextLong(SegmentLayout.BYTES / 8) * 8, random.nextLong());
                    long at = SegmentLayout.stream(random.nextInt(SegmentLayout.STREAMS));
                    hostile.segment().putLong(at + random.nextInt(24) * 8L, random.nextLong());
                }
            });
            try {
                honest.open(0, 1);
                for (int i = 0; i < 100; i++) {
                    honest.launchSoon(0, MS / 4);
                    honest.synchronize(0);
                }
            } finally {
                stop.set(true);
                Joining.join(writer);
            }
            FakeProcess.await("its time to be known", () -> lab.usedNs(0) == 25 * MS);
        }
    }
}

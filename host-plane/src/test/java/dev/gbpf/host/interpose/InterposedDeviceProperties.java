package dev.gbpf.host.interpose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.failsafe.FailsafeConfig;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.interpose.SystemCalls.Credentials;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.plane.PlaneConfig;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.Roster;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.PolicyObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Laws of the device on one thread and in virtual time: processes that launch, wait, come, die and write nonsense at random. */
class InterposedDeviceProperties {
    private static final long US = 1_000;
    private static final long MS = 1_000_000;
    private static final int STREAMS = 3;
    private static final long BUDGET = MS;
    private static final long GATE = 500 * US;

    private static final String SLICED = """
            policy sliced;
            hook init(ctx) { dsq_create(1, DSQ_FIFO); }
            hook on_submit(ctx) { dsq_insert(1); return ENQUEUE; }
            hook on_dispatch(ctx) { ctx.budget_ns = 1ms; return 1; }
            hook on_preempt(ctx) { if ctx.queued > 0 { return YIELD; } ctx.budget_ns = 1ms; return CONTINUE; }
            """;

    /** Likewise, and never lets a burst go on: then no more is ever under way than its budget, or the standing credit, allows. */
    private static final String YIELDING = """
            policy yielding;
            hook init(ctx) { dsq_create(1, DSQ_FIFO); }
            hook on_submit(ctx) { dsq_insert(1); return ENQUEUE; }
            hook on_dispatch(ctx) { ctx.budget_ns = 1ms; return 1; }
            hook on_preempt(ctx) { return YIELD; }
            """;

    /** Nothing that it says can make a launch wait. */
    private static final String SLICES_ONLY = """
            policy slices;
            hook init(ctx) { timeslice_set(1, 2_000); }
            """;

    private static final String GATED = """
            policy gated;
            hook init(ctx) { gate_set(1, 500us); }
            """;

    private static final String MOODY = """
            policy moody;
            hook init(ctx) { dsq_create(1, DSQ_FIFO); }
            hook on_submit(ctx) {
                match ctx.job_id % 5 {
                    0 => { return REJECT; }
                    1 => { return DIRECT; }
                    _ => { dsq_insert(1); }
                }
                return ENQUEUE;
            }
            hook on_dispatch(ctx) { return 1; }
            hook on_admit(ctx) {
                if ctx.job_id % 7 == 2 && ctx.now_ns % 3 == 0 { ctx.defer_until_ns = ctx.now_ns + 100us; return DEFER; }
                return ADMIT;
            }
            """;

    /** A plane and its device, driven by hand. */
    private static final class Bench implements AutoCloseable {
        private static final Map<String, PolicyObject> OBJECTS = new ConcurrentHashMap<>();

        final long[] clock = {1_000_000};
        final MapRegistry maps = new MapRegistry();
        final InterposedDevice device;
        final PolicyPlane plane;
        final List<Client> clients = new ArrayList<>();
        final List<FakeClient> fakes = new ArrayList<>();
        long retiredNs;
        long number;

        Bench(int places) {
            this(places, 1);
        }

        Bench(int places, int cores) {
            Roster roster = Roster.growing(Lab.TENANTS);
            device = new InterposedDevice(new Gpu("fake", 132, 1, places), roster, () -> clock[0], cores);
            plane = new PolicyPlane(
                    new PlaneConfig(roster, 1, FailsafeConfig.DEFAULTS, Runnable::run),
                    device,
                    device::nowNs,
                    new PlaneListener() {
                        @Override
                        public void retired(Job job, long runNs, boolean failed, long nowNs) {
                            retiredNs += runNs;
                        }

                        @Override
                        public void rejected(Job job, long reason, long nowNs) {
                            device.bursts().rejected(job);
                        }
                    });
            device.connect(plane);
            device.begin();
        }

        void policy(String text) {
            LoadResult loaded = new ImageLoader(maps).load(OBJECTS.computeIfAbsent(text, Bench::compile));
            plane.activate(((LoadResult.Loaded) loaded).image(), ActivationReason.SWAP);
        }

        private static PolicyObject compile(String text) {
            return ((CompileResult.Compiled) PolicyCompiler.compile(new SourceFile("p.gbpf", text))).object();
        }

        FakeClient attach(int tenant) {
            Segment segment = FakeProcess.segment(new FakeProcess.Words());
            Client client = new Client(
                    ++number,
                    new Attachment(new Credentials(1, 0, 0), ApplicationClass.BEST_EFFORT, "", "fake", segment),
                    tenant);
            FakeClient fake = new FakeClient(segment);
            device.add(client);
            clients.add(client);
            fakes.add(fake);
            for (int stream = 0; stream < STREAMS; stream++) {
                fake.open(stream, 1);
            }
            return fake;
        }

        void kill(int index) {
            device.remove(clients.get(index).number).orElseThrow().segment.close();
            clients.remove(index);
            fakes.remove(index);
        }

        void step(long ns) {
            clock[0] += ns;
            device.step(device.nowNs() + 1);
        }

        @Override
        public void close() {
            while (!clients.isEmpty()) {
                kill(0);
            }
            plane.close();
            maps.close();
        }
    }

    private static String policy(int which) {
        return List.of(SLICED, GATED, MOODY).get(which);
    }

    @Property(tries = 25)
    void work_thatIsOver_isWhatJobsRetireWith_andNothingIsLeft(@ForAll long seed) {
        Random random = new Random(seed);
        try (Bench bench = new Bench(1 + random.nextInt(3))) {
            bench.attach(0);
            bench.attach(1);
            long[] launched = {0};
            for (int i = 0; i < 400; i++) {
                if (i % 100 == 50) {
                    bench.policy(policy(random.nextInt(3)));
                }
                if (i == 350) {
                    bench.plane.bypass("test");
                }
                FakeClient fake = bench.fakes.get(random.nextInt(2));
                int stream = random.nextInt(STREAMS);
                long ns = random.nextLong(1, MS);
                switch (random.nextInt(4)) {
                    case 0, 1 -> launched[0] += fake.launch(stream, ns) ? ns : 0;
                    case 2 -> fake.synchronize(stream);
                    default -> bench.step(random.nextLong(1, MS));
                }
            }
            // Whoever is held goes on by and by: nobody is forgotten.
            for (FakeClient fake : bench.fakes) {
                for (int stream = 0; stream < STREAMS; stream++) {
                    int tries = 0;
                    while (!fake.launch(stream, US)) {
                        bench.fakes.forEach(f -> {
                            for (int s = 0; s < STREAMS; s++) {
                                f.synchronize(s);
                            }
                        });
                        bench.step(200 * US);
                        assertThat(tries++)
                                .as("rounds until a held call passes")
                                .isLessThan(1_000);
                    }
                    launched[0] += US;
                }
            }
            for (int i = 0; i < 1_000 && bench.plane.queued() + bench.plane.running() > 0; i++) {
                bench.fakes.forEach(f -> {
                    for (int s = 0; s < STREAMS; s++) {
                        f.synchronize(s);
                    }
                });
                bench.step(200 * US);
            }
            assertThat(bench.plane.queued() + bench.plane.running()).isZero();
            assertThat(bench.device.bursts().running()).isZero();
            assertThat(bench.device.usedNs(0) + bench.device.usedNs(1)).isEqualTo(launched[0]);
            // What was rejected passed without a job.
            assertThat(bench.retiredNs).isLessThanOrEqualTo(launched[0]);
            if (bench.device.bursts().rejections() == 0) {
                assertThat(bench.retiredNs).isEqualTo(launched[0]);
            }
        }
    }

    @Property(tries = 20)
    void credit_isNeverMoreThanThePolicyAllows(@ForAll long seed) {
        Random random = new Random(seed);
        boolean gated = random.nextBoolean();
        try (Bench bench = new Bench(gated ? 2 * STREAMS : 1)) {
            List<FakeClient> both = List.of(bench.attach(1), bench.attach(1));
            bench.policy(gated ? GATED : YIELDING);
            bench.step(1);
            long[][] over = new long[2][STREAMS];
            for (int i = 0; i < 400; i++) {
                int which = random.nextInt(2);
                FakeClient who = both.get(which);
                int stream = random.nextInt(STREAMS);
                if (random.nextInt(3) == 0) {
                    who.synchronize(stream);
                    over[which][stream] = who.streamLong(stream, "launched_ns");
                } else {
                    long ns = random.nextLong(1, 3 * GATE);
                    long underWay = who.streamLong(stream, "launched_ns") - over[which][stream];
                    // Before the last launch, which may take more than is left of it: its gate's credit, or its budget
                    // and that of an idle stream.
                    if (who.launch(stream, ns)) {
                        assertThat(underWay).isLessThan(gated ? GATE : Math.max(BUDGET, Terms.STANDING_CREDIT));
                    } else if (gated && underWay == 0) {
                        bench.step(1);
                        assertThat(who.passes(stream))
                                .as("with nothing under way, %d ns", ns)
                                .isTrue();
                    }
                }
                bench.step(random.nextLong(1, 100 * US));
            }
        }
    }

    @Example
    void shortestTimeslices_ofProcessesThatTakeTurns_areLongEnoughForTheTurn() {
        try (Bench bench = new Bench(2)) {
            FakeClient chat = bench.attach(0);
            List<FakeClient> jobs = List.of(bench.attach(1), bench.attach(1));
            bench.policy("policy first; hook init(ctx) { timeslice_set(0, 1000000); timeslice_set(1, 1); }");
            bench.step(1);
            jobs.getFirst().launch(0, MS);
            bench.step(2 * MS);
            assertThat(jobs.getFirst().order("timeslice_us"))
                    .as("one job alone")
                    .isEqualTo(1);
            jobs.getLast().launch(0, MS);
            bench.step(MS);
            bench.step(MS);
            assertThat(jobs).allMatch(job -> job.order("timeslice_us") == Terms.LEAST_SHARED_SLICE_US);
            assertThat(chat.order("timeslice_us")).isEqualTo(1_000_000);
            jobs.getLast().synchronize(0);
            for (int i = 0; i < 150; i++) {
                jobs.getFirst().launch(0, MS);
                bench.step(MS);
            }
            assertThat(jobs).as("the other one rests").allMatch(job -> job.order("timeslice_us") == 1);
        }
    }

    @Example
    void shortestTimeslices_ofProcessesOnDifferentGpus_stay() {
        try (Bench bench = new Bench(2)) {
            List<FakeClient> jobs = List.of(bench.attach(1), bench.attach(1), bench.attach(1));
            bench.policy("policy first; hook init(ctx) { timeslice_set(1, 1); }");
            bench.step(1);
            for (int i = 0; i < jobs.size(); i++) {
                jobs.get(i).launch(0, 50 * MS);
                jobs.get(i).isOn(0, i == 0 ? 0x1801 : 0x2a01);
            }
            bench.step(MS);
            bench.step(MS);
            assertThat(jobs.stream().map(job -> job.order("timeslice_us")))
                    .containsExactly(1, (int) Terms.LEAST_SHARED_SLICE_US, (int) Terms.LEAST_SHARED_SLICE_US);
        }
    }

    @Example
    void longTimeslices_ofProcessesWithCollectiveOperations_areShort_whereOthersStop() {
        try (Bench bench = new Bench(2)) {
            FakeClient job = bench.attach(1);
            FakeClient rank = bench.attach(1);
            bench.policy("policy first; hook init(ctx) { timeslice_set(1, 10000); stop_points_set(1, 500us); }");
            bench.step(1);
            job.launch(0, MS);
            rank.launch(0, MS);
            bench.step(MS);
            assertThat(rank.order("timeslice_us")).isEqualTo(10_000);
            rank.runsCollectives(0);
            bench.step(MS);
            bench.step(MS);
            assertThat(rank.order("timeslice_us")).isEqualTo((int) Terms.YIELDING_SLICE_US);
            assertThat(job.order("timeslice_us")).isEqualTo(10_000);

            bench.policy("policy second; hook init(ctx) { timeslice_set(1, 3000); }");
            bench.step(MS);
            assertThat(rank.order("timeslice_us")).as("nobody stops").isEqualTo(3_000);
        }
    }

    @Example
    void work_thatTheDeviceHasStillToReport_isNotTakenForOver_whileItWaitsForItsTurn() {
        try (Bench bench = new Bench(1)) {
            FakeClient client = bench.attach(1);
            bench.policy(SLICED);
            bench.step(1);
            client.launch(0, MS);
            bench.step(1);
            assertThat(bench.device.isBusy(1)).isTrue();
            bench.step(500 * MS);
            assertThat(bench.device.isBusy(1)).as("nobody reports").isFalse();

            client.launch(0, MS);
            client.askForReport(0, 2);
            for (int i = 0; i < 18; i++) {
                bench.step(100 * MS);
                assertThat(bench.device.isBusy(1)).as("a report is to come").isTrue();
            }
            client.complete(0, 2);
            bench.step(MS);
            assertThat(bench.device.isBusy(1)).isFalse();

            client.launch(0, MS);
            client.askForReport(0, 3);
            for (int i = 0; i < 40; i++) {
                bench.step(100 * MS);
            }
            assertThat(bench.device.isBusy(1))
                    .as("whoever says nothing for so long is stopped")
                    .isFalse();
        }
    }

    @Example
    void looks_followEachOtherClosely_onlyWhileLaunchesMayWaitForThem() {
        try (Bench bench = new Bench(64, Terms.CORES_TO_SPIN)) {
            FakeClient client = bench.attach(1);
            bench.policy(SLICES_ONLY);
            client.launch(0, MS);
            bench.step(US);
            assertThat(bench.device.nextNs() - bench.device.nowNs()).isEqualTo(Terms.IDLE);
            bench.policy(GATED);
            bench.step(US);
            assertThat(bench.device.nextNs() - bench.device.nowNs()).isEqualTo(Terms.SPIN);
            bench.policy(SLICES_ONLY);
            bench.step(US);
            assertThat(bench.device.nextNs() - bench.device.nowNs()).isEqualTo(Terms.IDLE);
            client.segment().putLong(SegmentLayout.stream(0) + SegmentLayout.in(SegmentLayout.STREAM, "wanted_ns"), US);
            bench.step(US);
            assertThat(bench.device.nextNs() - bench.device.nowNs())
                    .as("a call is held")
                    .isEqualTo(Terms.SPIN);
        }
    }

    @Property(tries = 20)
    void processes_thatDie_giveEverythingBack(@ForAll long seed) {
        Random random = new Random(seed);
        try (Bench bench = new Bench(2)) {
            bench.policy(policy(random.nextInt(3)));
            for (int i = 0; i < 300; i++) {
                if (bench.clients.size() < 4) {
                    bench.attach(random.nextInt(2));
                }
                FakeClient fake = bench.fakes.get(random.nextInt(bench.fakes.size()));
                fake.launch(random.nextInt(STREAMS), random.nextLong(1, 5 * MS));
                if (random.nextInt(20) == 0) {
                    bench.kill(random.nextInt(bench.clients.size()));
                }
                bench.step(random.nextLong(1, MS));
            }
            while (!bench.clients.isEmpty()) {
                bench.kill(0);
            }
            for (int i = 0; i < 200; i++) {
                bench.step(MS);
            }
            assertThat(bench.plane.queued() + bench.plane.running()).isZero();
            assertThat(bench.device.bursts().running()).isZero();
            assertThat(bench.device.isBusy(0) || bench.device.isBusy(1)).isFalse();
        }
    }

    @Property(tries = 15)
    void segment_fullOfNonsense_hurtsNobodyElse(@ForAll long seed) {
        Random random = new Random(seed);
        try (Bench bench = new Bench(4)) {
            bench.policy(policy(random.nextInt(2)));
            FakeClient honest = bench.attach(0);
            FakeClient hostile = bench.attach(1);
            long launched = 0;
            for (int i = 0; i < 300; i++) {
                for (int n = random.nextInt(200); n > 0; n--) {
                    long at = random.nextLong(SegmentLayout.BYTES / 8) * 8;
                    hostile.segment().putLong(at, random.nextInt(3) == 0 ? random.nextLong() : random.nextInt());
                }
                for (int n = 0; n < SegmentLayout.STREAMS; n++) {
                    long at = SegmentLayout.stream(random.nextInt(SegmentLayout.STREAMS)) + 64;
                    hostile.segment().putLong(at + random.nextInt(8) * 8L, random.nextLong());
                }
                if (honest.launch(0, 100 * US)) {
                    launched += 100 * US;
                }
                honest.synchronize(0);
                bench.step(random.nextLong(1, MS));
            }
            bench.kill(1);
            honest.giveUp(0);
            // Of a process that is gone as many jobs wait as it had places, and four are over in each round.
            for (int i = 0; i < SegmentLayout.STREAMS; i++) {
                bench.step(MS);
            }
            assertThat(bench.device.usedNs(0)).isEqualTo(launched);
            assertThat(launched).isGreaterThan(50 * 100 * US);
            assertThat(bench.device.usedNs(1)).isNotNegative();
            assertThat(bench.plane.queued() + bench.plane.running()).isZero();
        }
    }
}

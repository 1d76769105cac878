package dev.gbpf.cuda.bench;

import dev.gbpf.cuda.bench.BenchPlane.Counts;
import dev.gbpf.cuda.build.NativeBuildException;
import dev.gbpf.cuda.driver.CudaDriver;
import dev.gbpf.cuda.driver.CudaException;
import dev.gbpf.cuda.driver.CudaUnavailableException;
import dev.gbpf.cuda.layout.TaskFlags;
import dev.gbpf.cuda.plane.CompactTaskRing;
import dev.gbpf.cuda.plane.Mailbox;
import dev.gbpf.cuda.plane.PromotionStatus;
import dev.gbpf.cuda.plane.TaskStatus;
import dev.gbpf.cuda.plane.TaskStuckException;
import dev.gbpf.cuda.table.DevicePolicy;
import dev.gbpf.cuda.table.SwapTimeoutException;
import dev.gbpf.cuda.table.Tier;
import dev.gbpf.host.device.DeviceBenchmark;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The measurements of the device runtime, on the CPU build or on a GPU. */
public final class RuntimeBenchmark implements DeviceBenchmark {
    private static final String CPU = "cpu";
    private static final String GPU = "gpu";
    private static final int FEEDERS = 4;
    private static final int RING = 1 << 16;
    private static final int SEED_RING = 1 << 18;
    /** Where a spawned task goes: {@code GBPF_HERE}, {@code GBPF_SHARED}. */
    private static final int HERE = 1;

    private static final int SHARED = 3;
    /** Chains in one shared queue are shorter by this: all warps go for one ring. */
    private static final int SHARED_PART = 20;

    /** Tasks that come in at a time while policies are promoted. */
    private static final int LOAD = 10_000;

    private static final double NANOS = 1e9;
    private static final double MILLION = 1e6;

    @Override
    public List<String> devices() {
        return List.of(CPU, GPU);
    }

    @Override
    public Report run(Request request, Consumer<String> progress) {
        Policy policy = request.policy();
        DevicePolicy decides = policy == null ? DevicePolicy.FAIR : DevicePolicy.of(policy.object(), policy.accepted());
        if (policy != null && decides.programs().isEmpty()) {
            throw new BenchmarkException(
                    "the policy " + decides.name() + " has no device hooks",
                    "name one that has, as device_fair; see gbpf policy list",
                    new IllegalArgumentException(decides.name()));
        }
        try {
            BenchTarget target = target(request.device());
            Soak soak = request.soak();
            if (soak != null) {
                progress.accept("a soak of " + soak.duration().toSeconds() + " s, seed " + soak.seed());
                return SoakRun.run(target, soak.duration(), soak.seed());
            }
            return new Run(target, decides, BenchSizes.of(target, request.brief()), progress).report();
        } catch (CudaUnavailableException e) {
            throw new BenchmarkException(String.valueOf(e.getMessage()), e.remedy(), e);
        } catch (CudaException e) {
            throw new BenchmarkException(String.valueOf(e.getMessage()), e.remedy(), e);
        } catch (NativeBuildException e) {
            throw new BenchmarkException(String.valueOf(e.getMessage()), "see gbpf doctor", e);
        }
    }

    private static BenchTarget target(String device) {
        if (device.equals(CPU)) {
            return new BenchTarget.Cpu();
        }
        String number = device.startsWith(GPU + ":") ? device.substring(GPU.length() + 1) : "0";
        if (!number.matches("[0-9]{1,3}") || !(device.equals(GPU) || device.startsWith(GPU + ":"))) {
            throw new BenchmarkException(
                    "--device=" + device + " is not known",
                    "write cpu, gpu or gpu:N",
                    new IllegalArgumentException(device));
        }
        CudaDriver driver = CudaDriver.open();
        int ordinal = Integer.parseInt(number);
        if (ordinal >= driver.devices().size()) {
            throw new BenchmarkException(
                    "there is no GPU " + ordinal, "see gbpf device list", new IllegalArgumentException(device));
        }
        return new BenchTarget.Gpu(driver, ordinal);
    }

    /** One run of all measurements. */
    private static final class Run {
        private final BenchTarget target;
        private final DevicePolicy policy;
        private final BenchSizes sizes;
        private final Consumer<String> progress;
        private final List<Measurement> measurements = new ArrayList<>();
        private final List<String> wrong = new ArrayList<>();
        private String name;
        private String suffix = "";

        Run(BenchTarget target, DevicePolicy policy, BenchSizes sizes, Consumer<String> progress) {
            this.target = target;
            this.policy = policy;
            this.sizes = sizes;
            this.progress = progress;
            this.name = target.toString();
        }

        /** Everything that can be measured; what goes wrong ends it and is told. */
        Report report() {
            try {
                measure();
            } catch (IllegalStateException | TaskStuckException | SwapTimeoutException e) {
                wrong.add(String.valueOf(e.getMessage()));
            }
            return new Report(name, measurements, wrong);
        }

        private void measure() {
            progress.accept("baselines");
            measurements.addAll(Baselines.measure(target, sizes));
            try (BenchPlane plane = BenchPlane.open(target, policy, params -> {
                for (int tenant = 0; tenant < FEEDERS; tenant++) {
                    params.compactRing(tenant, RING);
                }
                return params.tenants(FEEDERS).ringCapacity(RING).mailboxes(1);
            })) {
                name = plane.runtime().backendName() + (policy.programs().isEmpty() ? "" : ", policy " + policy.name());
                feeds(plane);
                trips(plane);
                chain(plane, "chain_on_one_worker", "hop_here");
                chain(plane, "chain_across_workers", "hop_elsewhere");
                chain(plane, "chain_across_workers_pure", "hop_elsewhere_pure");
                if (plane.promotes(policy)) {
                    promotions(plane);
                    suffix = "_compiled";
                    feed(plane, "warp", TaskFlags.WARP, FEEDERS, sizes.warpTasks() / FEEDERS);
                    trips(plane);
                    chain(plane, "chain_across_workers", "hop_elsewhere");
                    chain(plane, "chain_across_workers_pure", "hop_elsewhere_pure");
                    check(plane.runtime().promotion().tier() == Tier.COMPILED, "the policy is interpreted again");
                    suffix = "";
                }
                policyHolds(plane);
                progress.accept("swaps under full load");
                SwapsUnderLoad swaps = new SwapsUnderLoad(plane, policy, sizes.swaps());
                wrong.addAll(swaps.run());
                measurements.addAll(swaps.measurements());
            }
            try (BenchPlane plane = BenchPlane.open(
                    target, policy, params -> params.compactRing(0, SEED_RING).ringCapacity(SEED_RING))) {
                spawns(plane, "device_fed_own_queues", HERE, sizes.chainLength());
                spawns(plane, "device_fed_one_shared_queue", SHARED, Math.max(1, sizes.chainLength() / SHARED_PART));
                policyHolds(plane);
            }
        }

        /** Publishes the policy again and again, each time until it is machine code, while tasks come in. */
        private void promotions(BenchPlane plane) {
            progress.accept("promotion");
            List<Double> pauses = new ArrayList<>();
            List<Double> leaves = new ArrayList<>();
            List<Double> loads = new ArrayList<>();
            List<Double> launches = new ArrayList<>();
            List<Double> compilations = new ArrayList<>();
            plane.clear();
            plane.start();
            plane.awaitRunning();
            AtomicBoolean enough = new AtomicBoolean();
            AtomicLong fed = new AtomicLong();
            long head = plane.head("count_warp", TaskFlags.WARP);
            Thread feeder = Thread.ofPlatform().daemon().start(() -> {
                while (!enough.get()) {
                    BenchPlane.feed(plane.runtime().compactRing(0), head, 1, fed.get(), LOAD);
                    fed.addAndGet(LOAD);
                }
            });
            for (int i = 0; i < sizes.promotions(); i++) {
                PromotionStatus done = plane.promote(policy);
                pauses.add(done.pause().total().toNanos() / 1e3);
                leaves.add(done.pause().leave().toNanos() / 1e3);
                loads.add(done.pause().load().toNanos() / 1e3);
                launches.add(done.pause().launch().toNanos() / 1e3);
                compilations.add(done.compile().toNanos() / 1e3);
            }
            enough.set(true);
            FlagEcho.join(feeder);
            boolean drained = plane.drains();
            Counts counts = plane.counts();
            check(
                    drained && counts.ran() == fed.get() && counts.sum() == BenchPlane.sumOfMix(fed.get()),
                    "promotion: of " + fed.get() + " tasks " + counts.ran() + " ran");
            latency("promotion_pause", pauses);
            latency("promotion_pause_of_it_leaving", leaves);
            latency("promotion_pause_of_it_loading", loads);
            latency("promotion_pause_of_it_launching", launches);
            latency("promotion_compilation", compilations);
        }

        /** The policy that is measured decided all the time. */
        private void policyHolds(BenchPlane plane) {
            check(!plane.runtime().policies().isEjected(), "the policy " + policy.name() + " was ejected");
        }

        private void check(boolean holds, String what) {
            if (!holds) {
                wrong.add(what);
            }
        }

        private void rate(String measurement, List<Double> samples) {
            measurements.add(new Measurement(measurement + suffix, Kind.RATE, "M tasks/s", samples));
        }

        private void latency(String measurement, List<Double> samples) {
            measurements.add(new Measurement(measurement + suffix, Kind.LATENCY, "us", samples));
        }

        private void feeds(BenchPlane plane) {
            for (int threads : new int[] {1, FEEDERS}) {
                feed(plane, "lane", TaskFlags.LANE, threads, sizes.laneTasks() / threads);
                feed(plane, "warp", TaskFlags.WARP, threads, sizes.warpTasks() / threads);
            }
        }

        private void feed(BenchPlane plane, String kind, int flags, int threads, long each) {
            String what = "host_fed_" + kind + "_tasks_" + threads + (threads == 1 ? "_thread" : "_threads");
            progress.accept(what);
            long head = plane.head("count_" + kind, flags);
            long n = each * threads;
            long sum = BenchPlane.sumOfMix(n);
            List<Double> taken = new ArrayList<>();
            List<Double> run = new ArrayList<>();
            for (int round = 0; round < sizes.rounds(); round++) {
                plane.clear();
                plane.start();
                plane.awaitRunning();
                long start = System.nanoTime();
                feedAll(plane, head, threads, each);
                taken.add(n / (double) (System.nanoTime() - start) * NANOS / MILLION);
                boolean drained = plane.drains();
                run.add(n / (double) (System.nanoTime() - start) * NANOS / MILLION);
                Counts counts = plane.counts();
                check(
                        drained && counts.ran() == n && counts.sum() == sum,
                        what + ": of " + n + " tasks " + counts.ran() + " ran, with a sum of " + counts.sum()
                                + " and not " + sum);
            }
            rate(what, taken);
            rate(what + "_to_the_end_of_the_drain", run);
        }

        /** Each thread has a ring and payloads of its own. */
        private static void feedAll(BenchPlane plane, long head, int threads, long each) {
            AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
            List<Thread> feeders = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                CompactTaskRing ring = plane.runtime().compactRing(i);
                long first = i * each;
                Runnable feeder = () -> {
                    try {
                        BenchPlane.feed(ring, head, 1, first, each);
                        if (!ring.awaitTaken(BenchPlane.PATIENCE)) {
                            throw new IllegalStateException("the device did not take all tasks in time");
                        }
                    } catch (RuntimeException e) {
                        failure.set(e);
                    }
                };
                if (threads == 1) {
                    feeder.run();
                } else {
                    feeders.add(Thread.ofPlatform().daemon().start(feeder));
                }
            }
            for (Thread feeder : feeders) {
                FlagEcho.join(feeder);
            }
            RuntimeException failed = failure.get();
            if (failed != null) {
                throw failed;
            }
        }

        private void trips(BenchPlane plane) {
            plane.start();
            plane.awaitRunning();
            int urgent = TaskFlags.WARP | TaskFlags.URGENT;
            trip(plane, "round_trip_polling_warp", urgent | TaskFlags.PURE);
            trip(plane, "round_trip_polling_warp_ordered", urgent);
            trip(plane, "round_trip_another_worker", TaskFlags.WARP | TaskFlags.PURE);
            trip(plane, "round_trip_another_worker_ordered", TaskFlags.WARP);
            check(plane.drains(), "round trips: the kernel drains");
        }

        private void trip(BenchPlane plane, String what, int flags) {
            progress.accept(what);
            long head = plane.head("echo", flags);
            Mailbox mailbox = plane.runtime().mailbox(0);
            long ns = BenchPlane.PATIENCE.toNanos();
            List<Double> samples = new ArrayList<>(sizes.trips());
            for (int i = 0; i < sizes.warmups() + sizes.trips(); i++) {
                long start = System.nanoTime();
                boolean answered = mailbox.call(head, 0, i, 1L << 33, ns);
                long end = System.nanoTime();
                if (!answered) {
                    throw new IllegalStateException("no answer within " + BenchPlane.PATIENCE.toSeconds() + " s");
                }
                if (mailbox.result() != (1L << 33) + i || mailbox.status() != TaskStatus.DONE) {
                    wrong.add(what + ": answer " + i + " is " + mailbox.result() + ", " + mailbox.status());
                    break;
                }
                if (i >= sizes.warmups()) {
                    samples.add((end - start) / 1e3);
                }
            }
            if (!samples.isEmpty()) {
                latency(what, samples);
            }
        }

        private void chain(BenchPlane plane, String what, String function) {
            progress.accept(what);
            List<Double> samples = new ArrayList<>();
            for (int round = 0; round < sizes.rounds(); round++) {
                plane.clear();
                plane.start();
                plane.awaitRunning();
                boolean in = plane.runtime()
                        .compactRing(0)
                        .offer(
                                plane.head(function, TaskFlags.WARP),
                                sizes.firstHops(),
                                plane.chain(function, sizes.hops()));
                boolean drained = plane.drains();
                Counts counts = plane.counts();
                check(in && drained && counts.ran() == 1, what + ": the chain ends " + counts.ran() + " times");
                samples.add(counts.chainNs() / (double) (sizes.hops() + 1)); // the mark behind them too
            }
            measurements.add(new Measurement(what + suffix, Kind.RATE, "ns one way", samples));
        }

        private void spawns(BenchPlane plane, String what, int where, int length) {
            progress.accept(what);
            int chains = Math.min(
                    SEED_RING, sizes.chains() * plane.runtime().params().workers());
            long n = (long) chains * length;
            List<Double> samples = new ArrayList<>();
            for (int round = 0; round < sizes.rounds(); round++) {
                plane.clear();
                CompactTaskRing ring = plane.runtime().compactRing(0);
                long self = plane.self("churn", where);
                long head = plane.head("churn", TaskFlags.LANE);
                int got = ring.claim(chains);
                for (int i = 0; i < got; i++) {
                    ring.put(i, head, length - 1, self);
                }
                ring.publish(got);
                long start = System.nanoTime();
                plane.start();
                boolean drained = plane.drains();
                samples.add(n / (double) (System.nanoTime() - start) * NANOS / MILLION);
                Counts counts = plane.counts();
                check(
                        got == chains && drained && counts.ran() == n,
                        what + ": of " + n + " tasks " + counts.ran() + " ran");
            }
            rate(what, samples);
        }
    }
}

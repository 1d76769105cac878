package dev.gbpf.cuda.bench;

import dev.gbpf.cuda.bench.BenchPlane.Counts;
import dev.gbpf.cuda.plane.DeviceRuntime;
import dev.gbpf.cuda.plane.LaunchState;
import dev.gbpf.cuda.plane.PromotionStatus;
import dev.gbpf.cuda.plane.RuntimeStatus;
import dev.gbpf.cuda.plane.TaskStuckException;
import dev.gbpf.cuda.plane.TenantConfig;
import dev.gbpf.cuda.table.PolicyTables;
import dev.gbpf.cuda.table.SwapTimeoutException;
import dev.gbpf.cuda.table.Tier;
import dev.gbpf.host.device.DeviceBenchmark.Kind;
import dev.gbpf.host.device.DeviceBenchmark.Measurement;
import dev.gbpf.host.device.DeviceBenchmark.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;

/**
 * Everything that may happen to a runtime, at random and for long: policies are swapped, become machine code, fault and are ejected, the
 * kernel leaves and returns, drains, and comes to the end of its launch, while four threads feed tasks of all forms that make more tasks.
 * A model says what must have run: whenever the kernel is drained, numbers and sums are as the model has them.
 */
final class SoakRun {
    private static final Duration PATIENCE = BenchPlane.PATIENCE;
    private static final int FEEDERS = 4;
    /** Small where there are few workers: rings are to be full now and then. */
    private static final int CPU_RING = 1 << 9;

    private static final int GPU_RING = 1 << 12;
    private static final int COMPLETIONS = 1 << 12;
    /** Launches end by themselves so soon. */
    private static final int LONGEST_LAUNCH_MS = 4_000;

    private static final int BURST = 20;
    private static final int MOST_WEIGHT = 8;
    private static final long LOOK_NS = 50_000;
    private static final double NANOS_PER_MICRO = 1e3;

    /** What is done to the runtime, and how often of a hundred times. */
    private enum Action {
        SWAP("swaps", 30),
        BURST("bursts_of_swaps", 10),
        PROMOTE("policies_as_machine_code", 10),
        FAULT("faults_injected", 15),
        LEAVE("leaves_and_returns", 15),
        DRAIN("drains_checked", 10),
        CONFIGURE("tenants_configured", 10);

        private final String count;
        private final int part;

        Action(String count, int part) {
            this.count = count;
            this.part = part;
        }

        static Action at(int percent) {
            int rest = percent;
            for (Action action : values()) {
                rest -= action.part;
                if (rest < 0) {
                    return action;
                }
            }
            throw new IllegalArgumentException("percent=" + percent);
        }
    }

    private final long endNs;
    private final SplittableRandom random;
    private final BenchPlane plane;
    private final DeviceRuntime runtime;
    private final SoakPolicies policies = new SoakPolicies();
    /** Feeders share it; who wants them to pause has it alone. */
    private final ReentrantReadWriteLock feeding = new ReentrantReadWriteLock(true);

    private final List<SoakFeeder> feeders = new ArrayList<>();
    private final Map<Action, Long> counts = new EnumMap<>(Action.class);
    private final List<Double> heartbeats = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private List<Measurement> measurements = List.of();

    private SoakRun(BenchPlane plane, Duration duration, long seed) {
        this.plane = plane;
        this.runtime = plane.runtime();
        this.endNs = System.nanoTime() + duration.toNanos();
        this.random = new SplittableRandom(seed);
        for (int i = 0; i < FEEDERS - 1; i++) {
            feeders.add(new SoakFeeder.OfCompact(plane, feeding.readLock(), random.split(), i));
        }
        feeders.add(new SoakFeeder.OfFull(plane, feeding.readLock(), random.split(), FEEDERS - 1, COMPLETIONS / 2));
    }

    /**
     * Runs for a while.
     *
     * @param seed what decides in which order what is done
     */
    static Report run(BenchTarget target, Duration duration, long seed) {
        int ring = switch (target) {
            case BenchTarget.Cpu() -> CPU_RING;
            case BenchTarget.Gpu(var _, var _) -> GPU_RING;
        };
        BenchPlane plane = BenchPlane.open(target, SoakPolicies.FAIR, params -> {
            for (int tenant = 0; tenant < FEEDERS - 1; tenant++) {
                params.compactRing(tenant, ring);
            }
            return params.tenants(FEEDERS)
                    .fullRing(FEEDERS - 1, ring)
                    .ringCapacity(ring / 4)
                    .mailboxes(1)
                    .completions(COMPLETIONS);
        });
        SoakRun soak = new SoakRun(plane, duration, seed);
        try {
            soak.run();
        } finally {
            soak.close();
        }
        return new Report(plane.runtime().backendName() + ", soak", soak.measurements, soak.wrong);
    }

    private void run() {
        plane.clear();
        start();
        feeders.forEach(SoakFeeder::start);
        try {
            while (System.nanoTime() < endNs && wrong.isEmpty()) {
                Action action = Action.at(random.nextInt(100));
                if (act(action)) {
                    counts.merge(action, 1L, Long::sum);
                }
                awaitHeartbeat();
            }
            feeders.forEach(SoakFeeder::finish);
            drain();
        } catch (IllegalStateException | TaskStuckException | SwapTimeoutException e) {
            wrong.add(String.valueOf(e.getMessage()));
        } finally {
            feeders.forEach(SoakFeeder::finish);
        }
        feeders.forEach(feeder -> wrong.addAll(feeder.wrong()));
        measurements = measure();
    }

    /** A kernel that does not leave either is told beside what went wrong before. */
    private void close() {
        try {
            plane.close();
        } catch (TaskStuckException e) {
            wrong.add(String.valueOf(e.getMessage()));
        }
    }

    private List<Measurement> measure() {
        List<Measurement> all = new ArrayList<>();
        all.add(count("tasks", feeders.stream().mapToLong(SoakFeeder::ran).sum()));
        Map<String, Long> forms = new TreeMap<>();
        feeders.forEach(feeder -> feeder.counts().forEach((form, n) -> forms.merge(form, n, Long::sum)));
        forms.forEach((form, n) -> all.add(count(form, n)));
        for (Action action : Action.values()) {
            all.add(count(action.count, counts.getOrDefault(action, 0L)));
        }
        RuntimeStatus status = runtime.status();
        all.add(count("launches", status.launches()));
        all.add(count("faults", runtime.policies().faults()));
        all.add(count("spawns_refused", status.refused()));
        if (!heartbeats.isEmpty()) {
            all.add(new Measurement("until_the_next_heartbeat", Kind.LATENCY, "us", heartbeats));
        }
        return all;
    }

    private static Measurement count(String name, long n) {
        return new Measurement(name, Kind.COUNT, "", List.of((double) n));
    }

    /** Whether it was done; some of it is not possible everywhere. */
    private boolean act(Action action) {
        switch (action) {
            case SWAP -> runtime.policies().publish(policies.sound(random), PATIENCE);
            case BURST -> {
                for (int i = 0; i < BURST; i++) {
                    runtime.policies().publish(policies.sound(random), PATIENCE);
                }
            }
            case PROMOTE -> {
                return promote();
            }
            case FAULT -> fault();
            case LEAVE -> {
                runtime.stop(PATIENCE);
                LockSupport.parkNanos(random.nextLong(1_000_000));
                start();
            }
            case DRAIN -> {
                drain();
                start();
            }
            case CONFIGURE ->
                runtime.configure(
                        random.nextInt(FEEDERS), TenantConfig.usual().withWeight(1 + random.nextInt(MOST_WEIGHT)));
        }
        return true;
    }

    private void start() {
        runtime.start(Duration.ofMillis(LONGEST_LAUNCH_MS / 2 + random.nextInt(LONGEST_LAUNCH_MS / 2)));
        plane.awaitRunning();
    }

    private boolean promote() {
        if (!runtime.canPromote()) {
            return false;
        }
        PromotionStatus status = plane.promote(policies.withPrograms(random));
        return status.tier() == Tier.COMPILED;
    }

    /** Publishes a policy that is broken: it is ejected, the record says why, and the next one decides again. */
    private void fault() {
        SoakPolicies.Broken broken = policies.broken(random);
        PolicyTables tables = runtime.policies();
        long epoch = tables.publish(broken.policy(), PATIENCE);
        // A record comes with the fault; a deadline may come before the first task.
        if (!await(() -> tables.fault().isPresent())) {
            wrong.add(broken.policy().name() + " is not ejected");
            return;
        }
        tables.fault()
                .filter(f -> f.epoch() != epoch
                        || f.kind() != broken.kind()
                        || !f.hook().equals(Optional.of(broken.hook())))
                .ifPresent(f -> wrong.add(broken.policy().name() + ": " + f));
        if (random.nextBoolean()) {
            tables.publish(policies.sound(random), PATIENCE);
            if (tables.isEjected()) {
                wrong.add("a policy that was published after a fault is ejected too");
            }
        }
    }

    /** Lets the kernel run dry, and compares what ran with the model. */
    private void drain() {
        feeding.writeLock().lock();
        try {
            LaunchState state = runtime.drain(PATIENCE);
            Counts seen = plane.counts();
            long ran = feeders.stream().mapToLong(SoakFeeder::ran).sum();
            long sum = feeders.stream().mapToLong(SoakFeeder::sum).sum();
            RuntimeStatus status = runtime.status();
            if (state != LaunchState.DRAINED || seen.ran() != ran || seen.sum() != sum) {
                wrong.add("of " + ran + " tasks with a sum of " + sum + ", " + seen.ran() + " ran with a sum of "
                        + seen.sum() + ", and the kernel was " + state);
            }
            if (status.misused() != 0 || status.recordsLost() != 0) {
                wrong.add(status.misused() + " counters or functions were misused, " + status.recordsLost()
                        + " completion records lost");
            }
        } finally {
            feeding.writeLock().unlock();
        }
    }

    private void awaitHeartbeat() {
        long start = System.nanoTime();
        long before = runtime.heartbeat();
        if (!await(() -> runtime.heartbeat() > before + 1)) {
            wrong.add("no heartbeat for " + PATIENCE.toSeconds() + " s");
        }
        heartbeats.add((System.nanoTime() - start) / NANOS_PER_MICRO);
    }

    private boolean await(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            runtime.checkAlive();
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        return true;
    }
}

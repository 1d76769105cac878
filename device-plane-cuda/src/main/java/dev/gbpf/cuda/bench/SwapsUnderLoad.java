package dev.gbpf.cuda.bench;

import dev.gbpf.cuda.bench.BenchPlane.Counts;
import dev.gbpf.cuda.layout.TaskFlags;
import dev.gbpf.cuda.plane.CompactTaskRing;
import dev.gbpf.cuda.plane.DeviceRuntime;
import dev.gbpf.cuda.table.DevicePolicy;
import dev.gbpf.host.device.DeviceBenchmark.Kind;
import dev.gbpf.host.device.DeviceBenchmark.Measurement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * What swaps and promotions do to a device that has all it can do: chains of warp tasks, each of which starts the next one, several
 * for each warp. The tasks that end in the 100 ms around are compared with those that end in the 100 ms beside, half of which are
 * before and half after. In the end each chain must be there once.
 */
final class SwapsUnderLoad {
    private static final int CHAINS_OF_A_WARP = 8;
    private static final long HALF_NS = 50_000_000;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double PER_MICRO = 1e3;
    private static final double PERCENT = 100;

    private final BenchPlane plane;
    private final DeviceRuntime runtime;
    private final DevicePolicy policy;
    private final int times;
    private final List<Measurement> measurements = new ArrayList<>();

    /**
     * Swaps of a policy for itself, so that nothing but the swap makes a difference.
     *
     * @param times how often
     */
    SwapsUnderLoad(BenchPlane plane, DevicePolicy policy, int times) {
        this.plane = plane;
        this.runtime = plane.runtime();
        this.policy = policy.programs().isEmpty() ? new SoakPolicies().ticking() : policy;
        this.times = times;
    }

    /** Measures; what did not hold. */
    List<String> run() {
        plane.clear();
        runtime.policies().publish(policy, BenchPlane.PATIENCE);
        plane.start();
        plane.awaitRunning();
        int chains = begin();
        swaps();
        if (runtime.canPromote()) {
            promotions();
        }
        plane.endRelays();
        boolean drained = plane.drains();
        Counts counts = plane.counts();
        return drained && counts.ran() == chains && counts.sum() == BenchPlane.sumOfMix(chains)
                ? List.of()
                : List.of("swaps under full load: of " + chains + " chains " + counts.ran() + " came to their end");
    }

    List<Measurement> measurements() {
        return measurements;
    }

    private int begin() {
        int tenants = runtime.params().tenants();
        int chains =
                CHAINS_OF_A_WARP * runtime.params().workers() * runtime.params().warps();
        for (int chain = 0; chain < chains; chain++) {
            CompactTaskRing ring = runtime.compactRing(chain % tenants);
            if (ring.claim(1, BenchPlane.PATIENCE) == 0) {
                throw new IllegalStateException("the device took no task in time");
            }
            ring.put(0, plane.head("relay", TaskFlags.WARP), chain, plane.self("relay", 0));
            ring.publish(1);
        }
        return chains;
    }

    private void swaps() {
        List<Double> visible = new ArrayList<>();
        List<Double> settled = new ArrayList<>();
        around("swap", () -> {
            long start = System.nanoTime();
            long epoch = runtime.policies().publish(policy, BenchPlane.PATIENCE);
            await(() -> runtime.status().policyEpoch() >= epoch);
            visible.add((System.nanoTime() - start) / NANOS_PER_MICRO);
            await(() -> runtime.policies().awaitSettled(Duration.ZERO));
            settled.add((System.nanoTime() - start) / NANOS_PER_MICRO);
            return start;
        });
        measurements.add(new Measurement("swap_visible", Kind.LATENCY, "us", visible));
        measurements.add(new Measurement("swap_settled", Kind.LATENCY, "us", settled));
    }

    private void promotions() {
        around("promotion", () -> {
            runtime.policies().publish(policy, BenchPlane.PATIENCE);
            rest();
            int before = runtime.promotion().promotions();
            runtime.promoteAfter(1);
            await(() -> runtime.promotion().promotions() > before);
            long now = System.nanoTime();
            runtime.promoteAfter(0);
            return now;
        });
    }

    /**
     * Does something now and then.
     *
     * @param event does it, and says when it was
     */
    private void around(String what, LongSupplier event) {
        List<Long> moments = new ArrayList<>();
        Throughput throughput = new Throughput(runtime);
        try (throughput) {
            rest();
            for (int i = 0; i < times; i++) {
                rest();
                moments.add(event.getAsLong());
                rest();
            }
            rest();
        }
        List<Double> load = new ArrayList<>();
        List<Double> parts = new ArrayList<>();
        for (long moment : moments) {
            double beside = (throughput.rate(moment - 2 * HALF_NS, moment - HALF_NS)
                            + throughput.rate(moment + HALF_NS, moment + 2 * HALF_NS))
                    / 2;
            load.add(beside * PER_MICRO);
            parts.add(PERCENT * throughput.rate(moment - HALF_NS, moment + HALF_NS) / beside);
        }
        measurements.add(new Measurement(what + "_full_load_beside", Kind.RATE, "M tasks/s", load));
        measurements.add(new Measurement(what + "_throughput_of_100_ms_around", Kind.RATE, "% of beside", parts));
    }

    private static void rest() {
        long start = System.nanoTime();
        for (long left = 2 * HALF_NS; left > 0; left = start + 2 * HALF_NS - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static void await(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > BenchPlane.PATIENCE.toNanos()) {
                throw new IllegalStateException(
                        "the device did not take the policy within " + BenchPlane.PATIENCE.toSeconds() + " s");
            }
            Thread.onSpinWait();
        }
    }
}

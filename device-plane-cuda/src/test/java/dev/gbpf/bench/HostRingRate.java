package dev.gbpf.bench;

import dev.gbpf.cuda.cpu.TaskLibrary;
import dev.gbpf.cuda.layout.TaskFlags;
import dev.gbpf.cuda.plane.CompactTaskRing;
import dev.gbpf.cuda.plane.CpuBackend;
import dev.gbpf.cuda.plane.DeviceRuntime;
import dev.gbpf.cuda.plane.PlaneParams;
import java.time.Duration;
import java.util.List;

/**
 * How fast one Java thread writes tasks into a host ring that nobody empties, a ring after the other, and how fast the CPU build takes and
 * runs them. Arguments: none.
 */
public final class HostRingRate {
    private static final int CAPACITY = 1 << 16;
    private static final int BATCH = 512;
    private static final int RINGS = 16;
    private static final double NANOS = 1e9;

    private HostRingRate() {}

    /** Prints tasks per second. */
    public static void main(String[] arguments) {
        for (int round = 0; round < 6; round++) {
            double written = written();
            System.out.printf(
                    "written %.0f M tasks/s, written and run on the CPU build %.2f M tasks/s%n",
                    written / 1e6, run() / 1e6);
        }
    }

    private static DeviceRuntime open() {
        CpuBackend backend = CpuBackend.open(List.of(TaskLibrary.ofBuild("bench_tasks")), List.of("bench_nop"));
        PlaneParams.Builder params = PlaneParams.builder(backend);
        for (int i = 0; i < RINGS; i++) {
            params.compactRing(0, CAPACITY);
        }
        return DeviceRuntime.open(backend, params.build());
    }

    /** Fills all rings, in batches. */
    private static double written() {
        try (DeviceRuntime runtime = open()) {
            long head = CompactTaskRing.head(0, TaskFlags.LANE);
            // Memory that was never written is slower.
            for (int i = 0; i < RINGS; i++) {
                CompactTaskRing ring = runtime.compactRing(i);
                int got = ring.claim(CAPACITY);
                for (int slot = 0; slot < got; slot++) {
                    ring.put(slot, head, 0, 0);
                }
            }
            long start = System.nanoTime();
            for (int i = 0; i < RINGS; i++) {
                fill(runtime.compactRing(i), head);
            }
            return RINGS * (double) CAPACITY / (System.nanoTime() - start) * NANOS;
        }
    }

    private static void fill(CompactTaskRing ring, long head) {
        for (long number = 0; ; ) {
            int got = ring.claim(BATCH);
            if (got == 0) {
                return;
            }
            for (int i = 0; i < got; i++) {
                ring.put(i, head, 1, number++);
            }
            ring.publish(got);
        }
    }

    private static double run() {
        try (DeviceRuntime runtime = open()) {
            runtime.start(Duration.ofMinutes(1));
            long head = CompactTaskRing.head(0, TaskFlags.LANE);
            long start = System.nanoTime();
            for (int i = 0; i < RINGS; i++) {
                fill(runtime.compactRing(i), head);
            }
            runtime.drain(Duration.ofMinutes(1));
            return runtime.status().tenants().getFirst().finished() / (double) (System.nanoTime() - start) * NANOS;
        }
    }
}

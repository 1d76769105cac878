package dev.gbpf.host.interpose;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Measures how long a call is held that may pass: from when a process has waited for its work, which gives credit back, until the plane
 * has granted it. Prints microseconds; {@code docs/bench/interposer-daemon.md} has what it said.
 */
public final class GrantLatency {
    private static final int WARM_UP = 5_000;
    private static final int ROUNDS = 20_000;
    /** So much that nobody takes it for over before it is. */
    private static final long COST = 1_000_000_000_000L;

    private GrantLatency() {}

    /** Runs; without arguments. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("grants");
        try (Lab lab = new Lab(folder);
                FakeProcess process = lab.attach(ApplicationClass.BEST_EFFORT, "training")) {
            lab.policy("gate", "hook init(ctx) { gate_set(1, 1000000000000); }");
            FakeClient.await("orders", () -> process.order("mode") == SegmentLayout.MODE_POLICY);
            process.open(0, 1);
            long[] ns = new long[ROUNDS];
            for (int i = -WARM_UP; i < ROUNDS; i++) {
                process.launchSoon(0, COST);
                if (process.launch(0, COST)) {
                    throw new AssertionError("the gate lets more pass than its credit");
                }
                long began = System.nanoTime();
                process.synchronize(0);
                while (!process.passes(0)) {
                    Thread.onSpinWait();
                }
                if (i >= 0) {
                    ns[i] = System.nanoTime() - began;
                }
            }
            Arrays.sort(ns);
            for (double part : new double[] {0.5, 0.9, 0.99, 0.999}) {
                lab.log.add("p" + part * 100 + " " + ns[(int) (part * ROUNDS)] / 1_000 + " us");
            }
            lab.log.add("max " + ns[ROUNDS - 1] / 1_000 + " us");
            lab.log.stream().filter(line -> line.endsWith(" us")).forEach(System.err::println);
        }
        Files.delete(folder);
    }
}

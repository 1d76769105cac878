package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.device.LeverSettings.Lever;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.queue.Tenant;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The policies for unmodified applications, on a GPU that turns from process to process. */
class ApplicationPoliciesLawTest {
    private static final long MS = 1_000_000;
    private static final List<Tenant> SERVICE_AND_JOB =
            List.of(new Tenant(0, "service", 1, 10), new Tenant(1, "job", 1, 0));

    /** Bursts of 0.3 ms, each 5 ms after the one before was over. */
    private static void serve(SlicedGpu gpu, List<Long> latencies, long untilNs) {
        long next = 5 * MS;
        boolean[] waits = {false};
        long[] resting = {next};
        while (gpu.nowNs() < untilNs) {
            if (!waits[0] && gpu.nowNs() >= resting[0]) {
                waits[0] = true;
                gpu.submit(0, 300_000, ns -> {
                    latencies.add(ns);
                    waits[0] = false;
                    resting[0] = gpu.nowNs() + 5 * MS;
                });
            }
            gpu.step();
        }
    }

    @ParameterizedTest
    @CsvSource({"latency_first, 0, 20000", "colocate, 500000, 1300000", "stand_aside, 100000, 400000"})
    void service_besideAJob_waitsForASwitchAndAPiece_andTheJobGetsTheRest(String policy, long piece, double grace) {
        List<Long> latencies = new ArrayList<>();
        try (SlicedGpu gpu = new SlicedGpu(policy, SERVICE_AND_JOB)) {
            gpu.keepBusy(1);
            serve(gpu, latencies, 1_000 * MS);
            assertThat(latencies).hasSizeGreaterThan(150);
            assertThat(latencies).allMatch(ns -> ns <= 300_000 + piece + SlicedGpu.SWITCH + 2 * SlicedGpu.STEP);
            double busy = latencies.size() * 300_000.0;
            // Two switches for each burst, and with closed gates a grace period and what is left of a tick.
            double lost = latencies.size() * (2.0 * SlicedGpu.SWITCH + grace);
            assertThat((double) gpu.usedNs(1)).isGreaterThan(1_000 * MS - busy - lost);
        }
    }

    @Property(tries = 6)
    void weightedShare_ofBusyTenants_isThatOfTheirWeights(
            @ForAll @Size(min = 2, max = 4) List<@IntRange(min = 1, max = 8) Integer> weights) {
        List<Tenant> tenants = IntStream.range(0, weights.size())
                .mapToObj(i -> new Tenant(i, "t" + i, weights.get(i), 0))
                .toList();
        try (SlicedGpu gpu = new SlicedGpu("weighted_share", tenants)) {
            tenants.forEach(t -> gpu.keepBusy(t.index()));
            gpu.runUntil(200 * MS);
            long[] before =
                    IntStream.range(0, weights.size()).mapToLong(gpu::usedNs).toArray();
            gpu.runUntil(1_200 * MS);
            long all = IntStream.range(0, weights.size())
                    .mapToLong(t -> gpu.usedNs(t) - before[t])
                    .sum();
            int sum = weights.stream().mapToInt(Integer::intValue).sum();
            for (int t = 0; t < weights.size(); t++) {
                assertThat((gpu.usedNs(t) - before[t]) / (double) all)
                        .as("share of tenant %d of %s over a second", t, weights)
                        .isBetween(weights.get(t) / (double) sum - 0.03, weights.get(t) / (double) sum + 0.03);
            }
        }
    }

    @Test
    void weightedShare_ofOneThatRested_isNotMadeUpFor() {
        List<Tenant> tenants = List.of(new Tenant(0, "a", 1, 0), new Tenant(1, "b", 1, 0));
        try (SlicedGpu gpu = new SlicedGpu("weighted_share", tenants)) {
            gpu.keepBusy(0);
            gpu.runUntil(500 * MS);
            gpu.keepBusy(1);
            long before = gpu.usedNs(0);
            gpu.runUntil(700 * MS);
            assertThat(gpu.usedNs(0) - before).isGreaterThan(70 * MS);
        }
    }

    @Test
    void deadline_ofATargetThatCanBeMet_isMetInEachPeriod() {
        List<Tenant> tenants =
                List.of(new Tenant(0, "frames", 1, 0), new Tenant(1, "job", 1, 0), new Tenant(2, "more", 1, 0));
        try (SlicedGpu gpu = new SlicedGpu("deadline", tenants)) {
            put(gpu, "targets", 0, 20 * MS, 8 * MS);
            put(gpu, "targets", 2, 50 * MS, 10 * MS);
            IntStream.range(0, 3).forEach(gpu::keepBusy);
            gpu.runUntil(100 * MS);
            long frames = gpu.usedNs(0);
            long more = gpu.usedNs(2);
            for (int period = 1; period <= 20; period++) {
                gpu.runUntil(100 * MS + period * 50L * MS);
                // Windows are not aligned with periods: two of 20 ms lie within each, and one of 50 ms within two.
                assertThat(gpu.usedNs(0) - frames).isGreaterThanOrEqualTo(period * 16L * MS);
                assertThat(gpu.usedNs(2) - more).isGreaterThanOrEqualTo((period - 1) * 10L * MS);
            }
            assertThat(gpu.usedNs(1)).as("what is left is the others'").isPositive();
        }
    }

    @Test
    void memoryGuard_limitsThoseWithoutAPriority_andAnOperatorChangesIt() {
        try (SlicedGpu gpu = new SlicedGpu("memory_guard", SERVICE_AND_JOB)) {
            assertThat(gpu.lever(Lever.QUOTA_BYTES, 0)).isZero();
            assertThat(gpu.lever(Lever.QUOTA_BYTES, 1)).isEqualTo(16L << 30);
            put(gpu, "limits", 1, 10L << 30);
            gpu.runUntil(101 * MS);
            assertThat(gpu.lever(Lever.QUOTA_BYTES, 1)).isEqualTo(10L << 30);
        }
    }

    private static void put(SlicedGpu gpu, String name, int tenant, long... words) {
        ByteBuffer value = ByteBuffer.allocate(words.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long word : words) {
            value.putLong(word);
        }
        gpu.map(name).put(tenant, value.array(), BpfMap.ANY);
    }
}

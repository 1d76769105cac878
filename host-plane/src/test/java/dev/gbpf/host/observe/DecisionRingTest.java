package dev.gbpf.host.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DecisionRingTest {
    private static void add(DecisionRing ring, long n) {
        ring.add(n, Hook.ON_ADMIT, n + 1, (int) n & 63, n + 2, n + 3, n + 4);
    }

    @Test
    void since_givesWhatIsStillThere_inOrder() {
        try (Arena arena = Arena.ofConfined()) {
            DecisionRing ring = new DecisionRing(arena, 8);
            assertThat(ring.newest(5)).isEmpty();
            for (long n = 0; n < 21; n++) {
                add(ring, n);
            }
            assertThat(ring.written()).isEqualTo(21);
            assertThat(ring.since(0))
                    .extracting(Decision::number)
                    .containsExactly(13L, 14L, 15L, 16L, 17L, 18L, 19L, 20L);
            assertThat(ring.newest(1)).containsExactly(new Decision(20, 20, Hook.ON_ADMIT, 21, 20, 22, 23, 24));
            assertThat(ring.since(21)).isEmpty();
            assertThat(ring.between(12, 15)).extracting(Decision::number).containsExactly(13L, 14L);
            assertThat(ring.between(19, 30)).extracting(Decision::number).containsExactly(19L, 20L);
        }
    }

    @Test
    void readersBesideTheWriter_seeWholeRecordsOnly() throws InterruptedException {
        try (Arena arena = Arena.ofShared()) {
            DecisionRing ring = new DecisionRing(arena, 4);
            AtomicBoolean broken = new AtomicBoolean();
            Thread reader = Thread.ofPlatform().start(() -> {
                while (ring.written() < 300_000) {
                    List<Decision> seen = ring.since(0);
                    for (Decision d : seen) {
                        if (d.atNs() != d.number() || d.image() != d.number() + 1 || d.durationNs() != d.number() + 4) {
                            broken.set(true);
                        }
                    }
                }
            });
            for (long n = 0; n < 300_000; n++) {
                add(ring, n);
            }
            reader.join();
            assertThat(broken).isFalse();
        }
    }

    @Test
    void trace_takesOneOfSome_andCanBeTurnedOff() {
        try (Arena arena = Arena.ofConfined()) {
            Observation observation = new Observation(arena, 1_000);
            observe(observation, 10);
            observation.trace(4);
            observe(observation, 16);
            observation.trace(0);
            observe(observation, 10);
            assertThat(observation.trace().written()).isEqualTo(4);
            assertThat(observation.flightRecorder().written()).isEqualTo(36);
        }
    }

    @Test
    void times_areOfOneDecisionInSome_andFillTheHistogram() {
        try (Arena arena = Arena.ofConfined()) {
            Observation observation = new Observation(arena, 1_000);
            long[] clock = {0};
            observation.time(() -> clock[0] += 2_000, 16);
            observe(observation, 160);
            assertThat(observation.timed()).isEqualTo(10);
            assertThat(observation.slow()).isEqualTo(10);
            assertThat(recorded(observation)).isEqualTo(10);
            observe(observation, 16);
            assertThat(recorded(observation)).isEqualTo(11);
        }
    }

    private static long recorded(Observation observation) {
        return Objects.requireNonNull(observation.histograms().totals().get(Hook.ON_SUBMIT))
                .getTotalCount();
    }

    private static void observe(Observation observation, int decisions) {
        for (int i = 0; i < decisions; i++) {
            observation.decided(observation.begin(Hook.ON_SUBMIT), Hook.ON_SUBMIT, 1, null, 0, i);
        }
    }
}

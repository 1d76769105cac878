package dev.gbpf.host.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RandomStreamTest {
    @Test
    void mix_isTheFinalizerOfSplitMix64() {
        // The published first outputs of SplitMix64 for seed 0: the finalizer of 1, 2 and 3 times the golden gamma.
        long gamma = 0x9E3779B97F4A7C15L;
        assertThat(RandomStream.mix(gamma)).isEqualTo(0xE220A8397B1DCDAFL);
        assertThat(RandomStream.mix(2 * gamma)).isEqualTo(0x6E789E6AA1B965F4L);
        assertThat(RandomStream.mix(3 * gamma)).isEqualTo(0x06C45D188009454FL);
    }

    @Test
    void derived_streams_dependOnSeedNameAndPurpose() {
        long base = RandomStream.derive(1, "a", "x").nextLong();
        assertThat(RandomStream.derive(1, "a", "x").nextLong()).isEqualTo(base);
        assertThat(RandomStream.derive(2, "a", "x").nextLong()).isNotEqualTo(base);
        assertThat(RandomStream.derive(1, "b", "x").nextLong()).isNotEqualTo(base);
        assertThat(RandomStream.derive(1, "a", "y").nextLong()).isNotEqualTo(base);
        assertThat(RandomStream.derive(1, "x", "a").nextLong()).isNotEqualTo(base);
    }

    @Property(tries = 500)
    void nextLong_staysInItsRange(
            @ForAll long seed, @ForAll @LongRange(max = 1000) long least, @ForAll @LongRange(max = 50) long span) {
        RandomStream random = RandomStream.derive(seed, "range", "test");
        for (int i = 0; i < 20; i++) {
            assertThat(random.nextLong(least, least + span)).isBetween(least, least + span);
        }
    }

    @Test
    void distributions_haveTheirMoments() {
        RandomStream random = RandomStream.derive(7, "moments", "test");
        int draws = 200_000;
        double uniform = 0;
        double exponential = 0;
        double normal = 0;
        double squares = 0;
        for (int i = 0; i < draws; i++) {
            uniform += random.nextDouble();
            exponential += random.nextExponential();
            double gaussian = random.nextGaussian();
            normal += gaussian;
            squares += gaussian * gaussian;
        }
        assertThat(uniform / draws).isCloseTo(0.5, within(0.005));
        assertThat(exponential / draws).isCloseTo(1, within(0.01));
        assertThat(normal / draws).isCloseTo(0, within(0.01));
        assertThat(squares / draws).isCloseTo(1, within(0.015));
    }
}

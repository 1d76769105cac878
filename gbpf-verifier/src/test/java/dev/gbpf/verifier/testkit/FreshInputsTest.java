package dev.gbpf.verifier.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FreshInputsTest {
    /** Else a program that compares the clock with a large number looks as if it did not depend on the clock. */
    @Test
    void clock_isOfAnyMagnitude() {
        FreshInputs inputs = new FreshInputs(new Random(1));
        long[] clocks = LongStream.range(0, 64)
                .map(i -> inputs.result(Helper.KTIME_GET_NS))
                .toArray();
        assertThat(LongStream.of(clocks)).allMatch(c -> c >= 0);
        assertThat(LongStream.of(clocks).filter(c -> c < 1L << 32).count()).isGreaterThan(16);
        assertThat(LongStream.of(clocks).filter(c -> c >= 1L << 40).count()).isGreaterThan(8);
    }
}

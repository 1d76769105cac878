package dev.gbpf.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ThresholdsTest {
    private static final int WIDTH = 6;
    private static final int HALF = 3;

    /** What thresholds of a width are, as signed numbers or unsigned ones. */
    private static NavigableSet<Long> expected(Collection<Long> constants, int width, boolean signed) {
        NavigableSet<Long> expected = new TreeSet<>();
        for (int narrower : new int[] {HALF, WIDTH}) {
            if (narrower <= width) {
                expected.addAll(List.of(0L, Bits.mask(narrower), Bits.signedMax(narrower)));
                expected.add(signed ? Bits.signedMin(narrower) : 0);
            }
        }
        for (long constant : constants) {
            expected.addAll(List.of(constant - 1, constant, constant + 1));
        }
        NavigableSet<Long> read = new TreeSet<>();
        expected.forEach(v -> read.add(signed ? Bits.signExtend(width, v) : Bits.zeroExtend(width, v)));
        return read;
    }

    @Test
    void nearest_allWords_isTheNextThreshold() {
        for (Collection<Long> constants : List.of(List.<Long>of(), List.of(11L), List.of(-9L, 20L, 21L))) {
            Thresholds thresholds =
                    Thresholds.of(constants.stream().mapToLong(c -> c).toArray(), WIDTH, HALF);
            for (int width : new int[] {WIDTH, HALF}) {
                NavigableSet<Long> unsigned = expected(constants, width, false);
                NavigableSet<Long> signed = expected(constants, width, true);
                for (long word = 0; word < 1L << width; word++) {
                    assertThat(thresholds.unsignedAbove(width, word)).isEqualTo(unsigned.ceiling(word));
                    assertThat(thresholds.unsignedBelow(width, word)).isEqualTo(unsigned.floor(word));
                    long number = Bits.signExtend(width, word);
                    assertThat(thresholds.signedAbove(width, number)).isEqualTo(signed.ceiling(number));
                    assertThat(thresholds.signedBelow(width, number)).isEqualTo(signed.floor(number));
                }
            }
        }
    }

    @Test
    void unsignedOrder_of64Bits_goesBeyondTheSignedOne() {
        Thresholds thresholds = Thresholds.of(new long[] {Long.MIN_VALUE}, 64);
        assertThat(thresholds.unsignedAbove(64, Long.MIN_VALUE + 2)).isEqualTo(-1);
        assertThat(thresholds.unsignedBelow(64, -2)).isEqualTo(Long.MIN_VALUE + 1);
    }

    @Test
    void width_thatWasNotAskedFor_isAnError() {
        Thresholds thresholds = Thresholds.of(new long[0], WIDTH, HALF);
        assertThatThrownBy(() -> thresholds.signedAbove(5, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}

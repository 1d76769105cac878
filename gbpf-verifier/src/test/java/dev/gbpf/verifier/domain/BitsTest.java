package dev.gbpf.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Questions about words, against exact arithmetic: all words of up to four bits, and words near the ends of longer ones. */
class BitsTest {
    private static final int[] WIDTHS = {1, 2, 3, 4, 8, 32, 63, 64};

    /** Words of a width, zero-extended. */
    private static List<Long> words(int width) {
        List<Long> words = new ArrayList<>();
        if (width <= 4) {
            for (long word = 0; word < 1L << width; word++) {
                words.add(word);
            }
            return words;
        }
        for (long base :
                new long[] {0, Bits.signBit(width), Bits.mask(width), 1L << (width / 2), 0x5555_5555_5555_5555L}) {
            for (long near = -2; near <= 2; near++) {
                words.add(Bits.zeroExtend(width, base + near));
            }
        }
        return words;
    }

    private static BigInteger unsigned(long word) {
        return new BigInteger(Long.toUnsignedString(word));
    }

    private static BigInteger size(int width) {
        return BigInteger.TWO.pow(width);
    }

    /** The number that the word is as a signed one. */
    private static BigInteger signed(int width, long word) {
        BigInteger value = unsigned(word);
        return value.compareTo(size(width - 1)) < 0 ? value : value.subtract(size(width));
    }

    @Test
    void ends_ofWords_areThoseOfTheirOrders() {
        for (int width : WIDTHS) {
            assertThat(unsigned(Bits.mask(width))).isEqualTo(size(width).subtract(BigInteger.ONE));
            assertThat(unsigned(Bits.signBit(width))).isEqualTo(size(width - 1));
            assertThat(BigInteger.valueOf(Bits.signedMax(width)))
                    .isEqualTo(size(width - 1).subtract(BigInteger.ONE));
            assertThat(BigInteger.valueOf(Bits.signedMin(width)))
                    .isEqualTo(size(width - 1).negate());
        }
    }

    @Test
    void readings_ofWords_keepTheLowBits() {
        for (int width : WIDTHS) {
            for (long word : words(width)) {
                assertThat(BigInteger.valueOf(Bits.signExtend(width, word))).isEqualTo(signed(width, word));
                assertThat(Bits.zeroExtend(width, Bits.signExtend(width, word))).isEqualTo(word);
                assertThat(Bits.signExtend(width, word ^ (width == 64 ? 0 : -1L << width)))
                        .isEqualTo(Bits.signExtend(width, word));
            }
        }
    }

    @Test
    void order_ofUnsignedWords_isThatOfTheirNumbers() {
        for (long a : words(64)) {
            for (long b : words(64)) {
                int order = unsigned(a).compareTo(unsigned(b));
                assertThat(Bits.below(a, b)).isEqualTo(order < 0);
                assertThat(unsigned(Bits.minUnsigned(a, b)))
                        .isEqualTo(unsigned(a).min(unsigned(b)));
                assertThat(unsigned(Bits.maxUnsigned(a, b)))
                        .isEqualTo(unsigned(a).max(unsigned(b)));
            }
        }
    }

    /** By how many times 2^width a number is outside of the signed words. */
    private static int wraps(int width, BigInteger number) {
        return number.compareTo(size(width - 1)) >= 0
                ? 1
                : number.compareTo(size(width - 1).negate()) < 0 ? -1 : 0;
    }

    @Test
    void overflow_ofSumsAndProducts_isFound() {
        for (int width : WIDTHS) {
            for (long a : words(width)) {
                for (long b : words(width)) {
                    long sa = Bits.signExtend(width, a);
                    long sb = Bits.signExtend(width, b);
                    BigInteger x = signed(width, a);
                    BigInteger y = signed(width, b);
                    String pair = a + ", " + b + " of " + width + " bits";
                    assertThat(Bits.carries(width, a, b))
                            .as("carry of %s", pair)
                            .isEqualTo(unsigned(a).add(unsigned(b)).compareTo(size(width)) >= 0);
                    assertThat(Bits.signedSumWrap(width, sa, sb))
                            .as("sum of %s", pair)
                            .isEqualTo(wraps(width, x.add(y)));
                    assertThat(Bits.signedDifferenceWrap(width, sa, sb))
                            .as("difference of %s", pair)
                            .isEqualTo(wraps(width, x.subtract(y)));
                    assertThat(Bits.signedProductFits(width, sa, sb))
                            .as("signed product of %s", pair)
                            .isEqualTo(wraps(width, x.multiply(y)) == 0);
                    assertThat(Bits.unsignedProductFits(width, a, b))
                            .as("product of %s", pair)
                            .isEqualTo(unsigned(a).multiply(unsigned(b)).compareTo(size(width)) < 0);
                }
            }
        }
    }
}

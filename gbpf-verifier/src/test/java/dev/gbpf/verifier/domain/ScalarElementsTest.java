package dev.gbpf.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Scalars of 64 bits: how they are made, compared and written, and that the ends of either part follow from the other exactly. */
class ScalarElementsTest {
    private static final long HIGH = 1L << 32;

    @Test
    void constants_areTheNumber() {
        Random random = new Random(3);
        for (int i = -300; i < 3000; i++) {
            long value = i < 600 ? i : random.nextLong();
            Scalar constant = Scalar.constant(value);
            assertThat(constant).isEqualTo(new Scalar(Word.constant(64, value), Word.constant(32, value)));
            assertThat(Scalar.constant(value)).as("asked again").isEqualTo(constant);
            assertThat(constant.isZero()).isEqualTo(value == 0);
        }
        assertThat(Scalar.constant(-8)).as("made once").isSameAs(Scalar.constant(-8));
        assertThat(Scalar.constant(255)).isSameAs(Scalar.constant(255));
        assertThat(Scalar.constant(77_777)).as("made a moment ago").isSameAs(Scalar.constant(77_777));
        assertThat(Scalar.constant(-1_000_001)).isNotEqualTo(Scalar.constant(1_000_001));
    }

    @Test
    void ranges_holdTheirEnds() {
        assertThat(Scalar.unsigned(3, HIGH).wide()).isEqualTo(Word.unsigned(64, 3, HIGH));
        assertThat(Scalar.unsigned(3, 5).low()).isEqualTo(Word.unsigned(32, 3, 5));
        assertThat(Scalar.signed(-3, 5).wide()).isEqualTo(Word.signed(64, -3, 5));
        assertThat(Scalar.signed(-3, 5).low()).isEqualTo(Word.signed(32, -3, 5));
        for (int bits = 1; bits < 64; bits++) {
            assertThat(Scalar.ofBits(bits)).isEqualTo(Scalar.unsigned(0, (1L << bits) - 1));
        }
        assertThat(Scalar.ofBits(64)).isEqualTo(Scalar.ANY);
    }

    @Test
    void equality_isOfBothParts() {
        Scalar scalar = Scalar.unsigned(3, HIGH);
        Scalar same = new Scalar(scalar.wide(), scalar.low());
        assertThat(scalar).isEqualTo(same).hasSameHashCodeAs(same);
        assertThat(scalar).isNotEqualTo(Scalar.unsigned(4, HIGH)).isNotEqualTo("3");
        assertThat(new Scalar(scalar.wide(), Word.unsigned(32, 0, 9))).isNotEqualTo(scalar);
        long wides = LongStream.range(0, 1000)
                .mapToInt(i -> new Scalar(Word.constant(64, i), Word.top(32)).hashCode())
                .distinct()
                .count();
        long lows = LongStream.range(0, 1000)
                .mapToInt(i -> new Scalar(Word.top(64), Word.constant(32, i)).hashCode())
                .distinct()
                .count();
        assertThat(List.of(wides, lows)).allMatch(distinct -> distinct > 900);
    }

    @Test
    void text_tellsOfTheLowHalfWhereItKnowsMore() {
        assertThat(Scalar.unsigned(3, 5)).hasToString("3..5");
        assertThat(reduce(Word.top(64), Word.unsigned(32, 3, 5))).asString().contains(" (low half 3..5)");
    }

    private static @Nullable Scalar reduce(Word wide, Word low) {
        return Scalar.reduce(wide, low);
    }

    private static void assertUnsigned(Word wide, Word low, long umin, long umax) {
        Scalar reduced = reduce(wide, low);
        assertThat(reduced).isNotNull();
        assertThat(reduced.wide().umin()).isEqualTo(umin);
        assertThat(reduced.wide().umax()).isEqualTo(umax);
    }

    private static void assertSigned(Word wide, Word low, long smin, long smax) {
        Scalar reduced = reduce(wide, low);
        assertThat(reduced).isNotNull();
        assertThat(reduced.wide().smin()).isEqualTo(smin);
        assertThat(reduced.wide().smax()).isEqualTo(smax);
    }

    @Test
    void ends_moveToTheNextNumberWithSuchALowHalf() {
        Word low = Word.unsigned(32, 3, 4);
        assertUnsigned(Word.unsigned(64, HIGH + 5, 3 * HIGH + 2), low, 2 * HIGH + 3, 2 * HIGH + 4);
        assertUnsigned(Word.unsigned(64, HIGH + 1, 3 * HIGH + 7), low, HIGH + 3, 3 * HIGH + 4);
        assertUnsigned(Word.unsigned(64, HIGH + 4, 3 * HIGH + 3), low, HIGH + 4, 3 * HIGH + 3);
        assertSigned(Word.signed(64, -3 * HIGH + 5, 2 * HIGH + 2), low, -2 * HIGH + 3, HIGH + 4);
        assertSigned(Word.signed(64, -3 * HIGH + 1, 2 * HIGH + 7), low, -3 * HIGH + 3, 2 * HIGH + 4);
    }

    @Test
    void partsWithoutACommonMember_leaveNone() {
        Word small = Word.unsigned(32, 0, 3);
        Word middle = Word.unsigned(32, 5, 9);
        assertThat(reduce(Word.unsigned(64, -HIGH + 5, -1), small)).isNull();
        assertThat(reduce(Word.unsigned(64, -HIGH + 3, -1), small)).isNotNull();
        assertThat(reduce(Word.unsigned(64, 0, 0x9000_0000L), Word.unsigned(32, 0xA000_0000L, 0xB000_0000L)))
                .isNull();
        assertThat(reduce(Word.unsigned(64, 0, 0xA000_0000L), Word.unsigned(32, 0xA000_0000L, 0xB000_0000L)))
                .isEqualTo(Scalar.constant(0xA000_0000L));
        assertThat(reduce(Word.signed(64, Long.MAX_VALUE - HIGH + 6, Long.MAX_VALUE), small))
                .isNull();
        assertThat(reduce(Word.signed(64, Long.MIN_VALUE, Long.MIN_VALUE + 2), middle))
                .isNull();
        assertThat(reduce(Word.signed(64, Long.MIN_VALUE, Long.MIN_VALUE + 5), middle))
                .isEqualTo(Scalar.constant(Long.MIN_VALUE + 5));
        assertThat(reduce(Word.unsigned(64, 7, 9), Word.unsigned(32, 0, 3))).isNull();
        assertThat(reduce(Word.constant(64, 7), Word.unsigned(32, 0, 3))).isNull();
    }

    @Test
    void smallNumbers_areTheSameInBothParts() {
        for (long from : new long[] {0, 1, 5, 0x7FFF_FFFEL}) {
            for (long to : new long[] {1, 6, 0x7FFF_FFFFL, 0x8000_0000L, HIGH}) {
                for (Word low : new Word[] {Word.unsigned(32, 1, 6), Word.signed(32, -9, 5), Word.top(32)}) {
                    if (from <= to) {
                        assertSmall(Word.unsigned(64, from, to), low);
                    }
                }
            }
        }
    }

    private static void assertSmall(Word wide, Word low) {
        Scalar reduced = reduce(wide, low);
        for (long near : new long[] {0, 1, 2, 5, 6, 7, 0x7FFF_FFFEL, 0x7FFF_FFFFL, 0x8000_0000L, HIGH - 9, HIGH}) {
            assertThat(reduced != null && reduced.contains(near))
                    .as("%d of %s and %s", near, wide, low)
                    .isEqualTo(wide.contains(near) && low.contains(near));
        }
    }
}

package dev.gbpf.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Words of four bits: every operator against the concrete, on all intervals and on reduced products. */
class WordTest {
    private static final int WIDTH = 4;
    private static final int SIZE = 1 << WIDTH;

    private static int constantsIn(Tnum bits, long umin, long umax, long smin, long smax) {
        int set = 0;
        for (int i = 0; i < SIZE; i++) {
            long signed = Concrete.signed(WIDTH, i);
            if (bits.contains(i) && umin <= i && i <= umax && smin <= signed && signed <= smax) {
                set |= 1 << i;
            }
        }
        return set;
    }

    @Test
    void reduce_allProducts_losesNoMemberAndIsTight() {
        for (long mask = 0; mask < SIZE; mask++) {
            for (long value = 0; value < SIZE; value++) {
                if ((value & mask) != 0) {
                    continue;
                }
                for (long umin = 0; umin < SIZE; umin++) {
                    for (long umax = umin; umax < SIZE; umax++) {
                        for (long smin = -8; smin < 8; smin += 3) {
                            for (long smax = smin; smax < 8; smax += 2) {
                                checkReduction(new Tnum(value, mask), umin, umax, smin, smax);
                            }
                        }
                    }
                }
            }
        }
    }

    private static void checkReduction(Tnum bits, long umin, long umax, long smin, long smax) {
        int expected = constantsIn(bits, umin, umax, smin, smax);
        Word word = Word.reduce(WIDTH, bits, umin, umax, smin, smax);
        if (word == null) {
            assertThat(expected).isZero();
            return;
        }
        assertThat(SmallWords.members(word)).isEqualTo(expected);
        assertThat(word.umin()).isEqualTo(Integer.numberOfTrailingZeros(expected));
        assertThat(word.umax()).isEqualTo(31 - Integer.numberOfLeadingZeros(expected));
        assertThat(word.contains(word.smin())).isTrue();
        assertThat(word.contains(word.smax())).isTrue();
        Word again = Word.reduce(WIDTH, word.bits(), word.umin(), word.umax(), word.smin(), word.smax());
        assertThat(again).isEqualTo(word);
    }

    private static void checkOperation(BinaryOperation operation, Word a, Word b) {
        Word result = WordArithmetic.apply(operation, a, b);
        for (int x = 0; x < SIZE; x++) {
            for (int y = 0; y < SIZE; y++) {
                if (a.contains(x) && b.contains(y)) {
                    long expected = Concrete.apply(WIDTH, operation, x, y);
                    if (!result.contains(expected)) {
                        throw new AssertionError(a + " " + operation + " " + b + " = " + result + " lacks " + x + " op "
                                + y + " = " + expected);
                    }
                }
            }
        }
    }

    @Test
    void arithmetic_allIntervals_isSound() {
        List<Word> intervals = new ArrayList<>();
        for (long min = 0; min < SIZE; min++) {
            for (long max = min; max < SIZE; max++) {
                intervals.add(Word.unsigned(WIDTH, min, max));
            }
        }
        for (long min = -8; min < 0; min++) {
            for (long max = 0; max < 8; max++) {
                intervals.add(Word.signed(WIDTH, min, max));
            }
        }
        for (Word a : intervals) {
            for (Word b : intervals) {
                for (BinaryOperation operation : BinaryOperation.values()) {
                    checkOperation(operation, a, b);
                }
            }
        }
    }

    @Test
    void arithmetic_constants_isExact() {
        for (int x = 0; x < SIZE; x++) {
            for (int y = 0; y < SIZE; y++) {
                for (BinaryOperation operation : BinaryOperation.values()) {
                    Word result = WordArithmetic.apply(operation, Word.constant(WIDTH, x), Word.constant(WIDTH, y));
                    assertThat(result)
                            .as("%d %s %d", x, operation, y)
                            .isEqualTo(Word.constant(WIDTH, Concrete.apply(WIDTH, operation, x, y)));
                }
            }
        }
    }

    @Test
    void refine_constants_decides() {
        for (int x = 0; x < SIZE; x++) {
            for (int y = 0; y < SIZE; y++) {
                for (Comparison relation : Comparison.values()) {
                    WordRefinement.Pair pair =
                            WordRefinement.refine(relation, Word.constant(WIDTH, x), Word.constant(WIDTH, y));
                    assertThat(pair != null)
                            .as("%d %s %d", x, relation, y)
                            .isEqualTo(Concrete.holds(WIDTH, relation, x, y));
                }
            }
        }
    }

    @Test
    void widen_anyChain_becomesStationary() {
        List<Word> words = SmallWords.all(WIDTH);
        Thresholds thresholds = Thresholds.of(new long[] {5}, WIDTH);
        Random random = new Random(4);
        for (int chain = 0; chain < 2000; chain++) {
            Word at = words.get(random.nextInt(words.size()));
            int changes = 0;
            for (int step = 0; step < 200; step++) {
                Word next = at.join(words.get(random.nextInt(words.size())));
                if (!at.includes(next)) {
                    at = at.widen(next, thresholds);
                    changes++;
                }
            }
            assertThat(changes).isLessThan(40);
        }
    }

    @Test
    void truncateAndExtend_constants_isExact() {
        for (int x = 0; x < SIZE; x++) {
            Word low = Word.constant(WIDTH, x).truncate(2);
            assertThat(low.zeroExtendTo(WIDTH)).isEqualTo(Word.constant(WIDTH, x & 3));
            assertThat(low.signExtendTo(WIDTH)).isEqualTo(Word.constant(WIDTH, Concrete.signed(2, x)));
            assertThat(low.zeroExtendTo(2)).isSameAs(low);
            assertThat(low.signExtendTo(2)).isSameAs(low);
        }
    }

    @Test
    void text_ofWords_isTheOrderThatSaysMore() {
        assertThat(Word.constant(WIDTH, 15)).hasToString("-1");
        assertThat(Word.top(WIDTH)).hasToString("any u4");
        assertThat(Word.unsigned(WIDTH, 2, 5)).hasToString("2..5");
        assertThat(Word.unsigned(WIDTH, 0, 5)).hasToString("0..5");
        assertThat(Word.unsigned(WIDTH, 1, 14)).hasToString("1..14");
        assertThat(Word.unsigned(WIDTH, 0, 14)).hasToString("0..14");
        assertThat(Word.unsigned(WIDTH, 1, 15)).hasToString("1..15");
        assertThat(Word.unsigned(WIDTH, 9, 12)).hasToString("-7..-4 (signed)");
        assertThat(Word.signed(WIDTH, -2, 3)).hasToString("-2..3 (signed)");
        assertThat(Word.signed(WIDTH, -8, 6)).hasToString("-8..6 (signed)");
        assertThat(Word.signed(WIDTH, -7, 7)).hasToString("-7..7 (signed)");
        assertThat(Word.of(WIDTH, new Tnum(1, 6))).hasToString("1..7, bits 1 unknown 6");
    }

    @Test
    void top_isTheWordOfWhichNothingIsKnown() {
        for (Word word : SmallWords.all(WIDTH)) {
            assertThat(word.isTop()).as("%s", word).isEqualTo(SmallWords.members(word) == 0xFFFF);
        }
        assertThat(Word.top(64).isTop() && Word.top(32).isTop()).isTrue();
        assertThat(Word.unsigned(64, 0, -2).isTop()).isFalse();
    }
}

package dev.gbpf.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Words of four bits: every operator against the concrete, on all intervals and on reduced products. */
class WordTest {
    private static final int WIDTH = 4;
    private static final int SIZE = 1 << WIDTH;

    /** The members as a set of bits, bit i for the word i. */
    private static int members(Word word) {
        int set = 0;
        for (int i = 0; i < SIZE; i++) {
            if (word.contains(i)) {
                set |= 1 << i;
            }
        }
        return set;
    }

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

    /** All distinct words of the product: every tristate number with every unsigned interval, and some signed ones. */
    private static List<Word> words() {
        List<Word> words = new ArrayList<>();
        boolean[] seen = new boolean[1 << SIZE];
        for (long mask = 0; mask < SIZE; mask++) {
            for (long value = 0; value < SIZE; value++) {
                if ((value & mask) != 0) {
                    continue;
                }
                for (long umin = 0; umin < SIZE; umin++) {
                    for (long umax = umin; umax < SIZE; umax++) {
                        addIfNew(words, seen, Word.reduce(WIDTH, new Tnum(value, mask), umin, umax, -8, 7));
                    }
                }
                for (long smin = -8; smin < 8; smin++) {
                    for (long smax = smin; smax < 8; smax++) {
                        addIfNew(words, seen, Word.reduce(WIDTH, new Tnum(value, mask), 0, 15, smin, smax));
                        addIfNew(words, seen, Word.reduce(WIDTH, new Tnum(value, mask), 2, 13, smin, smax));
                    }
                }
            }
        }
        return words;
    }

    private static void addIfNew(List<Word> words, boolean[] seen, @Nullable Word word) {
        if (word != null && !seen[members(word)]) {
            seen[members(word)] = true;
            words.add(word);
        }
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
        assertThat(members(word)).isEqualTo(expected);
        assertThat(word.umin()).isEqualTo(Integer.numberOfTrailingZeros(expected));
        assertThat(word.umax()).isEqualTo(31 - Integer.numberOfLeadingZeros(expected));
        assertThat(word.contains(word.smin())).isTrue();
        assertThat(word.contains(word.smax())).isTrue();
        Word again = Word.reduce(WIDTH, word.bits(), word.umin(), word.umax(), word.smin(), word.smax());
        assertThat(again).isEqualTo(word);
    }

    @Test
    void arithmetic_allPairs_isSound() {
        List<Word> words = words();
        assertThat(words).hasSizeGreaterThan(300);
        // All pairs are too many for a quick test; a stride that shares no factor with the size visits all of them over
        // seeds.
        Random random = new Random(1);
        for (Word a : words) {
            for (int k = 0; k < 60; k++) {
                Word b = words.get(random.nextInt(words.size()));
                for (BinaryOperation operation : BinaryOperation.values()) {
                    checkOperation(operation, a, b);
                }
            }
        }
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
    void refine_pairs_keepAllThatSatisfyAndDecideConstants() {
        List<Word> words = words();
        Random random = new Random(2);
        for (Word a : words) {
            for (int k = 0; k < 60; k++) {
                Word b = words.get(random.nextInt(words.size()));
                for (Comparison relation : Comparison.values()) {
                    checkRefinement(relation, a, b);
                }
            }
        }
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

    private static void checkRefinement(Comparison relation, Word a, Word b) {
        WordRefinement.Pair pair = WordRefinement.refine(relation, a, b);
        for (int x = 0; x < SIZE; x++) {
            for (int y = 0; y < SIZE; y++) {
                if (a.contains(x) && b.contains(y) && Concrete.holds(WIDTH, relation, x, y)) {
                    if (pair == null
                            || !pair.left().contains(x)
                            || !pair.right().contains(y)) {
                        throw new AssertionError(a + " " + relation + " " + b + " lost " + x + ", " + y + ": " + pair);
                    }
                }
            }
        }
        if (pair != null) {
            assertThat(a.includes(pair.left())).isTrue();
            assertThat(b.includes(pair.right())).isTrue();
        }
    }

    @Test
    void lattice_pairs_areUpperAndLowerBounds() {
        List<Word> words = words();
        Random random = new Random(3);
        Thresholds thresholds = Thresholds.of(List.of(3L, -2L), WIDTH);
        for (Word a : words) {
            for (int k = 0; k < 60; k++) {
                Word b = words.get(random.nextInt(words.size()));
                Word join = a.join(b);
                assertThat(join.includes(a) && join.includes(b)).isTrue();
                Word widened = a.widen(join, thresholds);
                assertThat(widened.includes(join)).isTrue();
                Word meet = a.meet(b);
                int both = members(a) & members(b);
                assertThat(meet == null ? 0 : members(meet)).isEqualTo(both);
                if (a.includes(b)) {
                    assertThat(members(a) & members(b)).isEqualTo(members(b));
                }
            }
        }
    }

    @Test
    void widen_anyChain_becomesStationary() {
        List<Word> words = words();
        Thresholds thresholds = Thresholds.of(List.of(5L), WIDTH);
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
    void truncateAndExtend_allWords_areSoundAndExactOnConstants() {
        for (Word word : words()) {
            Word low = word.truncate(2);
            Word zero = low.zeroExtendTo(WIDTH);
            Word sign = low.signExtendTo(WIDTH);
            for (int x = 0; x < SIZE; x++) {
                if (word.contains(x)) {
                    assertThat(low.contains(x & 3)).isTrue();
                    assertThat(zero.contains(x & 3)).isTrue();
                    assertThat(sign.contains(Concrete.signed(2, x))).isTrue();
                }
            }
            if (word.isConstant()) {
                assertThat(low.isConstant() && zero.isConstant() && sign.isConstant())
                        .isTrue();
            }
        }
    }
}

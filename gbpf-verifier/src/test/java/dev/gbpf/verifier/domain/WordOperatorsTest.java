package dev.gbpf.verifier.domain;

import static dev.gbpf.verifier.domain.SmallWords.members;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each operator on all words of four bits: no member is lost, and the results have no more members than they had when the number
 * was written down here. Of the pairs every fourth is tried, so that each word is on both sides of many; {@code -Dgbpf.long=true}
 * tries all. {@code -Dgbpf.operators.width} takes words of 5 or 6 bits, {@code .stride} another share of their pairs, and
 * {@code .words=simple} only those that are a tristate number or an interval by themselves.
 */
class WordOperatorsTest {
    private static final int WIDTH = Integer.getInteger("gbpf.operators.width", 4);
    private static final int SIZE = 1 << WIDTH;
    private static final boolean ALL = Boolean.getBoolean("gbpf.long");
    private static final int STRIDE = Integer.getInteger("gbpf.operators.stride", ALL ? 1 : 4);
    private static final boolean SIMPLE =
            System.getProperty("gbpf.operators.words", "all").equals("simple");
    /** Whether the numbers below speak of this run. */
    private static final boolean IS_RECORDED = WIDTH == 4 && STRIDE == 4 && !SIMPLE;

    private static final List<Word> WORDS = SIMPLE ? SmallWords.simple(WIDTH) : SmallWords.all(WIDTH);
    private static final long[] MEMBERS =
            WORDS.stream().mapToLong(SmallWords::members).toArray();

    /** Members of the results, summed over the pairs; lower a number when an operator gets more precise. */
    private static final Map<BinaryOperation, Long> PRECISION = new EnumMap<>(Map.ofEntries(
            Map.entry(BinaryOperation.ADD, 1_404_141L),
            Map.entry(BinaryOperation.SUBTRACT, 1_403_902L),
            Map.entry(BinaryOperation.MULTIPLY, 1_288_824L),
            Map.entry(BinaryOperation.DIVIDE, 816_686L),
            Map.entry(BinaryOperation.REMAINDER, 1_132_321L),
            Map.entry(BinaryOperation.SIGNED_DIVIDE, 1_281_279L),
            Map.entry(BinaryOperation.SIGNED_REMAINDER, 974_549L),
            Map.entry(BinaryOperation.AND, 782_250L),
            Map.entry(BinaryOperation.OR, 781_706L),
            Map.entry(BinaryOperation.XOR, 1_364_752L),
            Map.entry(BinaryOperation.SHIFT_LEFT, 914_887L),
            Map.entry(BinaryOperation.SHIFT_RIGHT, 915_309L),
            Map.entry(BinaryOperation.SHIFT_RIGHT_ARITHMETIC, 807_779L)));

    private static final Map<Comparison, Long> REFINED = new EnumMap<>(Map.ofEntries(
            Map.entry(Comparison.EQUAL, 353_536L),
            Map.entry(Comparison.NOT_EQUAL, 1_049_624L),
            Map.entry(Comparison.UNSIGNED_LESS, 796_302L),
            Map.entry(Comparison.UNSIGNED_LESS_OR_EQUAL, 862_788L),
            Map.entry(Comparison.UNSIGNED_GREATER, 796_302L),
            Map.entry(Comparison.UNSIGNED_GREATER_OR_EQUAL, 862_788L),
            Map.entry(Comparison.SIGNED_LESS, 784_165L),
            Map.entry(Comparison.SIGNED_LESS_OR_EQUAL, 849_007L),
            Map.entry(Comparison.SIGNED_GREATER, 784_165L),
            Map.entry(Comparison.SIGNED_GREATER_OR_EQUAL, 849_007L),
            Map.entry(Comparison.COMMON_BITS, 986_114L),
            Map.entry(Comparison.NO_COMMON_BITS, 785_992L)));

    /** Something to do with the words of two numbers. */
    private interface Pairs {
        void visit(int i, int j);
    }

    private static void forPairs(Pairs pairs) {
        for (int i = 0; i < WORDS.size(); i++) {
            for (int j = i % STRIDE; j < WORDS.size(); j += STRIDE) {
                pairs.visit(i, j);
            }
        }
    }

    private static void assertPrecise(long found, @Nullable Long recorded) {
        if (IS_RECORDED) {
            assertThat(found).as("members of all results").isLessThanOrEqualTo(recorded);
        }
    }

    /** The concrete results of {@code x operation y} for all y of a set; bit r for the result r. */
    private static long results(long[][] table, int x, long ys) {
        long set = 0;
        for (long rest = ys; rest != 0; rest &= rest - 1) {
            set |= table[x][Long.numberOfTrailingZeros(rest)];
        }
        return set;
    }

    @ParameterizedTest
    @EnumSource
    void operation_allWords_losesNothingAndStaysPrecise(BinaryOperation operation) {
        long[][] table = new long[SIZE][SIZE];
        for (int x = 0; x < SIZE; x++) {
            for (int y = 0; y < SIZE; y++) {
                table[x][y] = 1L << Concrete.apply(WIDTH, operation, x, y);
            }
        }
        long[] total = {0};
        forPairs((i, j) -> {
            Word result = WordArithmetic.apply(operation, WORDS.get(i), WORDS.get(j));
            long expected = 0;
            for (long rest = MEMBERS[i]; rest != 0; rest &= rest - 1) {
                expected |= results(table, Long.numberOfTrailingZeros(rest), MEMBERS[j]);
            }
            long found = members(result);
            if ((expected & ~found) != 0) {
                throw new AssertionError(WORDS.get(i) + " " + operation + " " + WORDS.get(j) + " = " + result
                        + " lacks " + Long.numberOfTrailingZeros(expected & ~found));
            }
            total[0] += Long.bitCount(found);
        });
        assertPrecise(total[0], PRECISION.get(operation));
    }

    @ParameterizedTest
    @EnumSource
    void comparison_allWords_keepsAllThatSatisfyAndStaysPrecise(Comparison relation) {
        long[] holding = new long[SIZE];
        long[] heldBy = new long[SIZE];
        for (int x = 0; x < SIZE; x++) {
            for (int y = 0; y < SIZE; y++) {
                if (Concrete.holds(WIDTH, relation, x, y)) {
                    holding[x] |= 1L << y;
                    heldBy[y] |= 1L << x;
                }
            }
        }
        long[] total = {0};
        forPairs((i, j) -> {
            WordRefinement.Pair pair = WordRefinement.refine(relation, WORDS.get(i), WORDS.get(j));
            long left = pair == null ? 0 : members(pair.left());
            long right = pair == null ? 0 : members(pair.right());
            for (int x = 0; x < SIZE; x++) {
                boolean lostLeft =
                        (MEMBERS[i] >>> x & 1) != 0 && (holding[x] & MEMBERS[j]) != 0 && (left >>> x & 1) == 0;
                boolean lostRight =
                        (MEMBERS[j] >>> x & 1) != 0 && (heldBy[x] & MEMBERS[i]) != 0 && (right >>> x & 1) == 0;
                if (lostLeft || lostRight) {
                    throw new AssertionError(
                            WORDS.get(i) + " " + relation + " " + WORDS.get(j) + " lost " + x + ": " + pair);
                }
            }
            if ((left & ~MEMBERS[i]) != 0 || (right & ~MEMBERS[j]) != 0) {
                throw new AssertionError(
                        WORDS.get(i) + " " + relation + " " + WORDS.get(j) + " added members: " + pair);
            }
            total[0] += Long.bitCount(left) + Long.bitCount(right);
        });
        assertPrecise(total[0], REFINED.get(relation));
    }

    @Test
    void joinAndMeet_allWords_areBoundsAndStayPrecise() {
        long[] total = {0};
        forPairs((i, j) -> {
            Word a = WORDS.get(i);
            Word b = WORDS.get(j);
            Word join = a.join(b);
            Word meet = a.meet(b);
            long both = MEMBERS[i] & MEMBERS[j];
            if (!join.includes(a) || !join.includes(b) || (meet == null ? 0 : members(meet)) != both) {
                throw new AssertionError(a + " and " + b + ": join " + join + ", meet " + meet);
            }
            total[0] += Long.bitCount(members(join));
            if (a.includes(b) != (both == MEMBERS[j])) {
                throw new AssertionError(a + " includes " + b + ": " + a.includes(b));
            }
        });
        assertPrecise(total[0], JOINED);
    }

    private static final long JOINED = 1_039_648L;
    private static final long WIDENED = 1_126_462L;

    @Test
    void widening_allWords_isABoundAndRestsAtThresholds() {
        Thresholds thresholds = Thresholds.of(new long[] {3, -2}, WIDTH);
        long[] total = {0};
        forPairs((i, j) -> {
            Word a = WORDS.get(i);
            Word b = WORDS.get(j);
            Word widened = a.widen(b, thresholds);
            if (!widened.includes(a) || !widened.includes(b)) {
                throw new AssertionError(a + " widen " + b + " = " + widened);
            }
            if (a.includes(b) && !widened.equals(a)) {
                throw new AssertionError(a + " widen " + b + " = " + widened + ", though nothing is new");
            }
            total[0] += Long.bitCount(members(widened));
        });
        assertPrecise(total[0], WIDENED);
    }

    @Test
    void extension_allWords_losesNothingAndStaysPrecise() {
        long total = 0;
        for (Word word : WORDS) {
            for (int bits = 2; bits < WIDTH; bits++) {
                Word low = word.truncate(bits);
                Word zero = low.zeroExtendTo(WIDTH);
                Word sign = low.signExtendTo(WIDTH);
                for (int x = 0; x < SIZE; x++) {
                    if (word.contains(x)) {
                        assertThat(zero.contains(Concrete.unsigned(bits, x))).isTrue();
                        assertThat(sign.contains(Concrete.signed(bits, x))).isTrue();
                    }
                }
                total += Long.bitCount(members(low)) + Long.bitCount(members(zero)) + Long.bitCount(members(sign));
            }
        }
        assertThat(WIDTH == 4 ? total : 0).isLessThanOrEqualTo(EXTENDED);
    }

    private static final long EXTENDED = 14_156L;
}

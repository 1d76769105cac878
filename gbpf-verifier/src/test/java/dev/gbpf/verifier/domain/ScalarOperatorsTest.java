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
 * Each operator on all scalars of four bits with halves of two: no member is lost, and the results have no more members than they
 * had when the number was written down here. {@code -Dgbpf.long=true} tries all pairs and not every sixteenth;
 * {@code -Dgbpf.operators.width=6} takes scalars of six bits with halves of three, and {@code .stride} another share of their pairs.
 */
class ScalarOperatorsTest {
    private static final int WIDTH = Integer.getInteger("gbpf.operators.width", 4);
    private static final int HALF = WIDTH / 2;
    private static final int LOW = (1 << HALF) - 1;
    private static final int SIZE = 1 << WIDTH;
    private static final boolean ALL = Boolean.getBoolean("gbpf.long");
    private static final int STRIDE = Integer.getInteger("gbpf.operators.stride", ALL ? 1 : 16);
    /** Whether the numbers below speak of this run. */
    private static final boolean IS_RECORDED = WIDTH == 4 && STRIDE == 16;

    private static final List<Scalar> SCALARS = SmallWords.scalars(WIDTH);
    private static final long[] MEMBERS =
            SCALARS.stream().mapToLong(s -> members(s, WIDTH)).toArray();

    /** Members of the results in the whole width and in the half, summed over the pairs. */
    private static final Map<BinaryOperation, Long> PRECISION = new EnumMap<>(Map.ofEntries(
            Map.entry(BinaryOperation.ADD, 1_886_834L),
            Map.entry(BinaryOperation.SUBTRACT, 1_887_344L),
            Map.entry(BinaryOperation.MULTIPLY, 1_766_390L),
            Map.entry(BinaryOperation.DIVIDE, 1_249_478L),
            Map.entry(BinaryOperation.REMAINDER, 1_514_315L),
            Map.entry(BinaryOperation.SIGNED_DIVIDE, 1_707_663L),
            Map.entry(BinaryOperation.SIGNED_REMAINDER, 1_369_041L),
            Map.entry(BinaryOperation.AND, 1_225_360L),
            Map.entry(BinaryOperation.OR, 1_233_331L),
            Map.entry(BinaryOperation.XOR, 1_897_396L),
            Map.entry(BinaryOperation.SHIFT_LEFT, 1_494_376L),
            Map.entry(BinaryOperation.SHIFT_RIGHT, 1_437_832L),
            Map.entry(BinaryOperation.SHIFT_RIGHT_ARITHMETIC, 1_279_040L)));

    private static final Map<Comparison, Long> REFINED = new EnumMap<>(Map.ofEntries(
            Map.entry(Comparison.EQUAL, 1_172_476L),
            Map.entry(Comparison.NOT_EQUAL, 2_209_688L),
            Map.entry(Comparison.UNSIGNED_LESS, 1_596_088L),
            Map.entry(Comparison.UNSIGNED_LESS_OR_EQUAL, 1_939_968L),
            Map.entry(Comparison.UNSIGNED_GREATER, 1_596_088L),
            Map.entry(Comparison.UNSIGNED_GREATER_OR_EQUAL, 1_939_968L),
            Map.entry(Comparison.SIGNED_LESS, 1_566_186L),
            Map.entry(Comparison.SIGNED_LESS_OR_EQUAL, 1_919_654L),
            Map.entry(Comparison.SIGNED_GREATER, 1_566_186L),
            Map.entry(Comparison.SIGNED_GREATER_OR_EQUAL, 1_919_654L),
            Map.entry(Comparison.COMMON_BITS, 1_850_644L),
            Map.entry(Comparison.NO_COMMON_BITS, 1_951_018L)));

    private static final long JOINED = 1_162_865L;
    private static final long WIDENED = 1_124_967L;
    private static final long EXTENDED = 76_294L;

    /** Something to do with the scalars of two numbers. */
    private interface Pairs {
        void visit(int i, int j);
    }

    private static void forPairs(Pairs pairs) {
        for (int i = 0; i < SCALARS.size(); i++) {
            for (int j = i % STRIDE; j < SCALARS.size(); j += STRIDE) {
                pairs.visit(i, j);
            }
        }
    }

    private static void assertPrecise(long found, @Nullable Long recorded) {
        if (IS_RECORDED) {
            assertThat(found).as("members of all results").isLessThanOrEqualTo(recorded);
        }
    }

    private static void check(Scalar result, long expected, Object operation, int i, int j) {
        long lost = expected & ~members(result, WIDTH);
        if (lost != 0) {
            throw new AssertionError(SCALARS.get(i) + " " + operation + " " + SCALARS.get(j) + " = " + result
                    + " lacks " + Long.numberOfTrailingZeros(lost));
        }
    }

    @ParameterizedTest
    @EnumSource
    void operation_allScalars_losesNothingAndStaysPrecise(BinaryOperation operation) {
        long[] total = {0};
        forPairs((i, j) -> {
            long wide = 0;
            long low = 0;
            for (int x = 0; x < SIZE; x++) {
                for (int y = 0; (MEMBERS[i] >>> x & 1) != 0 && y < SIZE; y++) {
                    if ((MEMBERS[j] >>> y & 1) != 0) {
                        wide |= 1L << Concrete.apply(WIDTH, operation, x, y);
                        low |= 1L << Concrete.apply(HALF, operation, x & LOW, y & LOW);
                    }
                }
            }
            Scalar wideResult = ScalarArithmetic.wide(operation, SCALARS.get(i), SCALARS.get(j));
            Scalar lowResult = ScalarArithmetic.low(operation, SCALARS.get(i), SCALARS.get(j));
            check(wideResult, wide, operation, i, j);
            check(lowResult, low, "low " + operation, i, j);
            total[0] += Long.bitCount(members(wideResult, WIDTH)) + Long.bitCount(members(lowResult, WIDTH));
        });
        assertPrecise(total[0], PRECISION.get(operation));
    }

    @ParameterizedTest
    @EnumSource
    void comparison_allScalars_keepsAllThatSatisfyAndStaysPrecise(Comparison relation) {
        long[] total = {0};
        forPairs((i, j) -> {
            ScalarArithmetic.Pair wide = ScalarArithmetic.refineWide(relation, SCALARS.get(i), SCALARS.get(j));
            ScalarArithmetic.Pair low = ScalarArithmetic.refineLow(relation, SCALARS.get(i), SCALARS.get(j));
            long wideLeft = wide == null ? 0 : members(wide.left(), WIDTH);
            long wideRight = wide == null ? 0 : members(wide.right(), WIDTH);
            long lowLeft = low == null ? 0 : members(low.left(), WIDTH);
            long lowRight = low == null ? 0 : members(low.right(), WIDTH);
            for (int x = 0; x < SIZE; x++) {
                for (int y = 0; (MEMBERS[i] >>> x & 1) != 0 && y < SIZE; y++) {
                    boolean member = (MEMBERS[j] >>> y & 1) != 0;
                    boolean lost = member
                            && Concrete.holds(WIDTH, relation, x, y)
                            && ((wideLeft >>> x & 1) == 0 || (wideRight >>> y & 1) == 0);
                    boolean lostLow = member
                            && Concrete.holds(HALF, relation, x & LOW, y & LOW)
                            && ((lowLeft >>> x & 1) == 0 || (lowRight >>> y & 1) == 0);
                    if (lost || lostLow) {
                        throw new AssertionError(SCALARS.get(i) + " " + relation + " " + SCALARS.get(j) + " lost " + x
                                + ", " + y + ": " + wide + ", low " + low);
                    }
                }
            }
            total[0] += Long.bitCount(wideLeft)
                    + Long.bitCount(wideRight)
                    + Long.bitCount(lowLeft)
                    + Long.bitCount(lowRight);
        });
        assertPrecise(total[0], REFINED.get(relation));
    }

    @Test
    void joinAndMeet_allScalars_areBoundsAndStayPrecise() {
        long[] total = {0};
        forPairs((i, j) -> {
            Scalar a = SCALARS.get(i);
            Scalar b = SCALARS.get(j);
            Scalar join = a.join(b);
            Scalar meet = a.meet(b);
            if (!join.includes(a) || !join.includes(b) || members(meet, WIDTH) != (MEMBERS[i] & MEMBERS[j])) {
                throw new AssertionError(a + " and " + b + ": join " + join + ", meet " + meet);
            }
            if (a.includes(b) && (MEMBERS[j] & ~MEMBERS[i]) != 0) {
                throw new AssertionError(a + " does not include " + b);
            }
            total[0] += Long.bitCount(members(join, WIDTH)) + (a.includes(b) ? 0 : 1);
        });
        assertPrecise(total[0], JOINED);
    }

    @Test
    void widening_allScalars_isABoundAndRestsAtThresholds() {
        Thresholds thresholds = Thresholds.of(new long[] {3, -2}, WIDTH, HALF);
        long[] total = {0};
        forPairs((i, j) -> {
            Scalar a = SCALARS.get(i);
            Scalar b = SCALARS.get(j);
            Scalar widened = a.widen(b, thresholds);
            if (!widened.includes(a) || !widened.includes(b)) {
                throw new AssertionError(a + " widen " + b + " = " + widened);
            }
            total[0] += Long.bitCount(members(widened, WIDTH));
        });
        assertPrecise(total[0], WIDENED);
    }

    @Test
    void extensionAndQuestions_allScalars_areSoundAndStayPrecise() {
        long total = 0;
        for (int i = 0; i < SCALARS.size(); i++) {
            Scalar scalar = SCALARS.get(i);
            Scalar half = ScalarArithmetic.lowHalf(scalar);
            total += Long.bitCount(members(half, WIDTH));
            assertThat(!scalar.isConstant() || Long.bitCount(MEMBERS[i]) == 1).isTrue();
            assertThat(!scalar.isZero() || MEMBERS[i] == 1).isTrue();
            total += (scalar.isConstant() ? 0 : 1) + (scalar.isZero() ? 0 : 1);
            for (int bits = 2; bits < WIDTH; bits++) {
                Scalar zero = ScalarArithmetic.truncate(scalar, bits);
                Scalar sign = ScalarArithmetic.signExtend(scalar, bits);
                long narrow = (1L << (1 << bits)) - 1;
                boolean fits = (MEMBERS[i] & ~narrow) == 0;
                assertThat(fits || !scalar.fitsBits(bits))
                        .as("%s in %d bits", scalar, bits)
                        .isTrue();
                total += scalar.fitsBits(bits) ? 0 : 1;
                for (int x = 0; x < SIZE; x++) {
                    if ((MEMBERS[i] >>> x & 1) != 0) {
                        assertThat(half.contains(x & LOW)).isTrue();
                        assertThat(zero.contains(Concrete.unsigned(bits, x))).isTrue();
                        assertThat(sign.contains(Concrete.signed(bits, x))).isTrue();
                    }
                }
                total += Long.bitCount(members(zero, WIDTH)) + Long.bitCount(members(sign, WIDTH));
            }
            for (int divisor = 1; divisor < SIZE; divisor *= 2) {
                boolean multiple = true;
                for (int x = 0; x < SIZE; x++) {
                    multiple &= (MEMBERS[i] >>> x & 1) == 0 || x % divisor == 0;
                }
                assertThat(multiple || !ScalarArithmetic.isMultipleOf(scalar, divisor))
                        .as("%s is a multiple of %d", scalar, divisor)
                        .isTrue();
                total += ScalarArithmetic.isMultipleOf(scalar, divisor) ? 0 : 1;
            }
            for (long step = -SIZE; step <= SIZE; step++) {
                boolean whole = true;
                for (int x = 0; x < SIZE; x++) {
                    whole &= (MEMBERS[i] >>> x & 1) == 0 || (x <= LOW && x + step >= 0 && x + step <= LOW);
                }
                assertThat(whole || !ScalarArithmetic.isLowSum(scalar, step))
                        .as("%s + %d in the low half", scalar, step)
                        .isTrue();
                total += ScalarArithmetic.isLowSum(scalar, step) ? 0 : 1;
            }
        }
        assertThat(WIDTH == 4 ? total : 0).isLessThanOrEqualTo(EXTENDED);
    }
}

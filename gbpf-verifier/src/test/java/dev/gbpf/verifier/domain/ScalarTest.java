package dev.gbpf.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Words of eight bits with halves of four: every operator against the concrete, on random elements. */
class ScalarTest {
    private static final int WIDTH = 8;
    private static final int HALF = 4;
    private static final int SIZE = 1 << WIDTH;

    /** Elements as analyses make them: constants, intervals, known bits, and meets and joins of these. */
    private static List<Scalar> scalars(long seed, int count) {
        Random random = new Random(seed);
        List<Scalar> scalars = new ArrayList<>();
        while (scalars.size() < count) {
            Scalar scalar = one(random);
            if (scalar != null) {
                scalars.add(scalar);
            }
        }
        return scalars;
    }

    private static @Nullable Scalar one(Random random) {
        Word wide = word(random, WIDTH);
        Word low = word(random, HALF);
        return switch (random.nextInt(4)) {
            case 0 -> Scalar.ofWide(wide);
            case 1 -> Scalar.ofLow(low);
            case 2 -> Scalar.reduce(wide, low);
            default -> {
                Scalar a = Scalar.ofWide(wide);
                yield a.join(Scalar.ofWide(word(random, WIDTH)));
            }
        };
    }

    private static Word word(Random random, int width) {
        long a = random.nextInt(1 << width);
        long b = random.nextInt(1 << width);
        return switch (random.nextInt(5)) {
            case 0 -> Word.constant(width, a);
            case 1 -> Word.unsigned(width, Math.min(a, b), Math.max(a, b));
            case 2 ->
                Word.signed(
                        width,
                        Math.min(Concrete.signed(width, a), Concrete.signed(width, b)),
                        Math.max(Concrete.signed(width, a), Concrete.signed(width, b)));
            case 3 -> Word.of(width, new Tnum(a & ~b, b));
            default -> Word.top(width);
        };
    }

    private static boolean[] members(Scalar scalar) {
        boolean[] members = new boolean[SIZE];
        for (int i = 0; i < SIZE; i++) {
            members[i] = scalar.contains(i);
        }
        return members;
    }

    @Test
    void reduce_randomParts_losesNoMember() {
        Random random = new Random(10);
        for (int k = 0; k < 20_000; k++) {
            Word wide = word(random, WIDTH);
            Word low = word(random, HALF);
            Scalar scalar = Scalar.reduce(wide, low);
            for (int x = 0; x < SIZE; x++) {
                boolean expected = wide.contains(x) && low.contains(x);
                if (expected && (scalar == null || !scalar.contains(x))) {
                    throw new AssertionError("reduce lost " + x + " of " + wide + " and " + low + ": " + scalar);
                }
                if (!expected && scalar != null && scalar.contains(x)) {
                    throw new AssertionError("reduce added " + x + " to " + wide + " and " + low + ": " + scalar);
                }
            }
        }
    }

    @Test
    void reduce_twice_changesNothing() {
        for (Scalar s : scalars(11, 20_000)) {
            assertThat(Scalar.reduce(s.wide(), s.low())).isEqualTo(s);
        }
    }

    @Test
    void arithmetic_randomPairs_isSoundInBothWidths() {
        List<Scalar> left = scalars(12, 400);
        List<Scalar> right = scalars(13, 400);
        for (int k = 0; k < left.size(); k++) {
            Scalar a = left.get(k);
            Scalar b = right.get(k);
            boolean[] inA = members(a);
            boolean[] inB = members(b);
            for (BinaryOperation operation : BinaryOperation.values()) {
                Scalar wide = ScalarArithmetic.wide(operation, a, b);
                Scalar low = ScalarArithmetic.low(operation, a, b);
                for (int x = 0; x < SIZE; x++) {
                    for (int y = 0; inA[x] && y < SIZE; y++) {
                        if (inB[y]) {
                            check(wide, Concrete.apply(WIDTH, operation, x, y), operation, a, b, x, y);
                            check(low, Concrete.apply(HALF, operation, x & 15, y & 15), operation, a, b, x, y);
                        }
                    }
                }
            }
        }
    }

    private static void check(
            Scalar result, long expected, BinaryOperation operation, Scalar a, Scalar b, int x, int y) {
        if (!result.contains(expected)) {
            throw new AssertionError(
                    a + " " + operation + " " + b + " = " + result + " lacks " + x + " op " + y + " = " + expected);
        }
    }

    @Test
    void refine_randomPairs_keepAllThatSatisfy() {
        List<Scalar> left = scalars(14, 1000);
        List<Scalar> right = scalars(15, 1000);
        for (int k = 0; k < left.size(); k++) {
            Scalar a = left.get(k);
            Scalar b = right.get(k);
            boolean[] inA = members(a);
            boolean[] inB = members(b);
            for (Comparison relation : Comparison.values()) {
                ScalarArithmetic.Pair wide = ScalarArithmetic.refineWide(relation, a, b);
                ScalarArithmetic.Pair low = ScalarArithmetic.refineLow(relation, a, b);
                for (int x = 0; x < SIZE; x++) {
                    for (int y = 0; inA[x] && y < SIZE; y++) {
                        if (inB[y] && Concrete.holds(WIDTH, relation, x, y)) {
                            checkKept(wide, relation, a, b, x, y);
                        }
                        if (inB[y] && Concrete.holds(HALF, relation, x & 15, y & 15)) {
                            checkKept(low, relation, a, b, x, y);
                        }
                    }
                }
            }
        }
    }

    private static void checkKept(
            ScalarArithmetic.@Nullable Pair pair, Comparison relation, Scalar a, Scalar b, int x, int y) {
        if (pair == null || !pair.left().contains(x) || !pair.right().contains(y)) {
            throw new AssertionError(a + " " + relation + " " + b + " lost " + x + ", " + y + ": " + pair);
        }
    }

    @Test
    void lattice_randomPairs_areBounds() {
        List<Scalar> left = scalars(16, 5000);
        List<Scalar> right = scalars(17, 5000);
        Thresholds thresholds = Thresholds.of(new long[] {3, 40}, WIDTH, HALF);
        for (int k = 0; k < left.size(); k++) {
            Scalar a = left.get(k);
            Scalar b = right.get(k);
            Scalar join = a.join(b);
            assertThat(join.includes(a) && join.includes(b))
                    .as("%s join %s = %s", a, b, join)
                    .isTrue();
            assertThat(a.widen(join, thresholds).includes(join)).isTrue();
            Scalar meet = a.meet(b);
            for (int x = 0; x < SIZE; x++) {
                boolean expected = a.contains(x) && b.contains(x);
                assertThat(meet != null && meet.contains(x)).isEqualTo(expected);
            }
        }
    }

    @Test
    void extensions_randomElements_areSound() {
        for (Scalar s : scalars(18, 2000)) {
            for (int x = 0; x < SIZE; x++) {
                if (!s.contains(x)) {
                    continue;
                }
                assertThat(ScalarArithmetic.lowHalf(s).contains(x & 15)).isTrue();
                assertThat(ScalarArithmetic.truncate(s, 2).contains(x & 3)).isTrue();
                assertThat(ScalarArithmetic.truncate(s, 6).contains(x & 63)).isTrue();
                assertThat(ScalarArithmetic.signExtend(s, 4).contains(Concrete.signed(4, x)))
                        .isTrue();
                assertThat(ScalarArithmetic.signExtend(s, 3).contains(Concrete.signed(3, x)))
                        .isTrue();
                assertThat(ScalarArithmetic.signExtendLow(s, 2).contains(Concrete.signed(2, x) & 15))
                        .isTrue();
            }
        }
    }

    @Test
    void isMultipleOf_randomElements_neverClaimsTooMuch() {
        for (Scalar s : scalars(19, 2000)) {
            for (int x = 0; x < SIZE; x++) {
                if (s.contains(x) && ScalarArithmetic.isMultipleOf(s, 4)) {
                    assertThat(x % 4).isZero();
                }
            }
        }
    }
}

package dev.gbpf.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import org.junit.jupiter.api.Test;

/** Every operator against the concrete, on all tristate numbers of five bits. */
class TnumTest {
    private static final int WIDTH = 5;
    private static final long WORD = (1 << WIDTH) - 1;
    private static final List<Tnum> ALL = all();

    private static List<Tnum> all() {
        List<Tnum> all = new ArrayList<>();
        for (long mask = 0; mask <= WORD; mask++) {
            for (long value = 0; value <= WORD; value++) {
                if ((value & mask) == 0) {
                    all.add(new Tnum(value, mask));
                }
            }
        }
        return all;
    }

    private static List<Long> members(Tnum tnum) {
        List<Long> members = new ArrayList<>();
        for (long word = 0; word <= WORD; word++) {
            if (tnum.contains(word)) {
                members.add(word);
            }
        }
        return members;
    }

    private static void assertSound(BinaryOperator<Tnum> operator, LongBinaryOperator concrete) {
        for (Tnum a : ALL) {
            for (Tnum b : ALL) {
                Tnum result = operator.apply(a, b);
                for (long x : members(a)) {
                    for (long y : members(b)) {
                        long expected = concrete.applyAsLong(x, y) & WORD;
                        if (!result.contains(expected)) {
                            assertThat(result.contains(expected))
                                    .as("%s op %s = %s holds %d op %d = %d", a, b, result, x, y, expected)
                                    .isTrue();
                        }
                    }
                }
            }
        }
    }

    @Test
    void add_allPairs_isSound() {
        assertSound((a, b) -> a.add(b, WORD), Long::sum);
    }

    @Test
    void subtract_allPairs_isSound() {
        assertSound((a, b) -> a.subtract(b, WORD), (x, y) -> x - y);
    }

    @Test
    void multiply_allPairs_isSound() {
        assertSound((a, b) -> a.multiply(b, WORD), (x, y) -> x * y);
    }

    @Test
    void bitwise_allPairs_areSound() {
        assertSound(Tnum::and, (x, y) -> x & y);
        assertSound(Tnum::or, (x, y) -> x | y);
        assertSound(Tnum::xor, (x, y) -> x ^ y);
    }

    @Test
    void bitwise_allPairs_areTheBestTnums() {
        for (Tnum a : ALL) {
            for (Tnum b : ALL) {
                assertThat(a.and(b)).isEqualTo(best(a, b, (x, y) -> x & y));
                assertThat(a.or(b)).isEqualTo(best(a, b, (x, y) -> x | y));
                assertThat(a.xor(b)).isEqualTo(best(a, b, (x, y) -> x ^ y));
            }
        }
    }

    /** The least tristate number that holds all results. */
    private static Tnum best(Tnum a, Tnum b, LongBinaryOperator concrete) {
        long ones = WORD;
        long zeros = WORD;
        for (long x : members(a)) {
            for (long y : members(b)) {
                long result = concrete.applyAsLong(x, y) & WORD;
                ones &= result;
                zeros &= ~result;
            }
        }
        return new Tnum(ones, WORD & ~ones & ~zeros);
    }

    @Test
    void multiply_allPairs_staysPrecise() {
        long unknown = 0;
        for (Tnum a : ALL) {
            for (Tnum b : ALL) {
                unknown += Long.bitCount(a.multiply(b, WORD).mask());
            }
        }
        assertThat(unknown).as("unknown bits of all products").isLessThanOrEqualTo(MULTIPLIED);
    }

    private static final long MULTIPLIED = 196_346L;

    @Test
    void shiftsAndTruncation_allTnums_areTheBest() {
        for (Tnum a : ALL) {
            for (int amount = 0; amount < WIDTH; amount++) {
                int by = amount;
                Tnum zero = Tnum.constant(0);
                assertThat(a.shiftLeft(by, WORD)).isEqualTo(best(a, zero, (x, _) -> x << by));
                assertThat(a.shiftRight(by)).isEqualTo(best(a, zero, (x, _) -> x >>> by));
                assertThat(a.shiftRightArithmetic(WIDTH, by))
                        .isEqualTo(best(a, zero, (x, _) -> Concrete.signed(WIDTH, x) >> by));
                assertThat(a.truncate(WORD >>> by)).isEqualTo(best(a, zero, (x, _) -> x & (WORD >>> by)));
            }
        }
    }

    @Test
    void questions_allTnums_areAnsweredExactly() {
        for (Tnum a : ALL) {
            List<Long> members = members(a);
            assertThat(a.isConstant()).isEqualTo(members.size() == 1);
            assertThat(a.min()).isEqualTo(members.getFirst());
            assertThat(a.max()).isEqualTo(members.getLast());
            for (long from = 0; from <= WORD; from++) {
                for (long to = 0; to <= WORD; to++) {
                    boolean between = from <= to && a.min() <= to && from <= a.max();
                    assertThat(Tnum.meets(a.value(), a.mask(), from, to)).isEqualTo(between);
                }
            }
        }
        assertThatThrownBy(() -> new Tnum(3, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void addAndSubtract_allPairs_areTheBestTnums() {
        for (Tnum a : ALL) {
            for (Tnum b : ALL) {
                Tnum sum = null;
                Tnum difference = null;
                for (long x : members(a)) {
                    for (long y : members(b)) {
                        Tnum s = Tnum.constant((x + y) & WORD);
                        Tnum d = Tnum.constant((x - y) & WORD);
                        sum = sum == null ? s : sum.join(s);
                        difference = difference == null ? d : difference.join(d);
                    }
                }
                assertThat(a.add(b, WORD)).isEqualTo(sum);
                assertThat(a.subtract(b, WORD)).isEqualTo(difference);
            }
        }
    }

    @Test
    void shifts_allAmounts_areExactOnMembers() {
        for (Tnum a : ALL) {
            for (int amount = 0; amount < WIDTH; amount++) {
                for (long x : members(a)) {
                    assertThat(a.shiftLeft(amount, WORD).contains((x << amount) & WORD))
                            .isTrue();
                    assertThat(a.shiftRight(amount).contains(x >>> amount)).isTrue();
                    long arithmetic = (Concrete.signed(WIDTH, x) >> amount) & WORD;
                    assertThat(a.shiftRightArithmetic(WIDTH, amount).contains(arithmetic))
                            .isTrue();
                }
            }
        }
    }

    @Test
    void joinMeetIncludes_allPairs_areTheSetsOperations() {
        for (Tnum a : ALL) {
            for (Tnum b : ALL) {
                List<Long> inA = members(a);
                List<Long> inB = members(b);
                assertThat(a.includes(b)).isEqualTo(inA.containsAll(inB));
                assertThat(members(a.join(b))).containsAll(inA).containsAll(inB);
                Tnum meet = a.meet(b);
                List<Long> both = inA.stream().filter(inB::contains).toList();
                assertThat(meet == null ? List.<Long>of() : members(meet)).isEqualTo(both);
            }
        }
    }

    @Test
    void ceilingAndFloor_allBounds_areTheNearestMembers() {
        for (Tnum a : ALL) {
            List<Long> members = members(a);
            for (long bound = 0; bound <= WORD; bound++) {
                long at = bound;
                if (bound <= a.max()) {
                    assertThat(Tnum.ceiling(a.value(), a.mask(), bound))
                            .isEqualTo(members.stream()
                                    .filter(m -> m >= at)
                                    .findFirst()
                                    .orElseThrow());
                } else {
                    assertThatThrownBy(() -> Tnum.ceiling(a.value(), a.mask(), at))
                            .isInstanceOf(IllegalArgumentException.class);
                }
                if (bound >= a.min()) {
                    assertThat(Tnum.floor(a.value(), a.mask(), bound))
                            .isEqualTo(members.stream()
                                    .filter(m -> m <= at)
                                    .reduce((x, y) -> y)
                                    .orElseThrow());
                }
            }
        }
    }

    @Test
    void range_allIntervals_isTheirCommonPrefix() {
        for (long min = 0; min <= WORD; min++) {
            for (long max = min; max <= WORD; max++) {
                Tnum range = Tnum.range(min, max);
                Tnum hull = Tnum.constant(min);
                for (long word = min; word <= max; word++) {
                    hull = hull.join(Tnum.constant(word));
                }
                assertThat(range.includes(hull)).isTrue();
            }
        }
    }

    @Test
    void widen_anyChain_isAnUpperBoundAndEnds() {
        for (Tnum a : ALL) {
            for (Tnum b : ALL) {
                Tnum widened = a.widen(b, WORD);
                assertThat(widened.includes(a.join(b))).isTrue();
                assertThat(widened.equals(a) || Long.bitCount(widened.mask()) > Long.bitCount(a.mask()))
                        .isTrue();
            }
        }
    }

    @Test
    void reverseBytes_ofTwoBytes_swapsValueAndMask() {
        assertThat(new Tnum(0x1200, 0x00F0).reverseBytes(16)).isEqualTo(new Tnum(0x0012, 0xF000));
    }
}

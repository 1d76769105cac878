package dev.gbpf.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** The domains at the width that programs use, on elements around sampled members. */
class Scalar64Test {
    /** A scalar and one of its members. */
    record Member(Scalar scalar, long value) {}

    @Provide
    Arbitrary<Long> words() {
        Arbitrary<Long> near = Combinators.combine(
                        Arbitraries.of(0L, 1L << 31, 1L << 32, 1L << 63, -1L << 31, -1L << 32, (1L << 32) - 1),
                        Arbitraries.longs().between(-70, 70))
                .as(Long::sum);
        return Arbitraries.frequencyOf(
                Tuple.of(3, near),
                Tuple.of(1, Arbitraries.longs()),
                Tuple.of(1, Arbitraries.integers().map(Integer::longValue)));
    }

    @Provide
    Arbitrary<Member> members() {
        return Combinators.combine(
                        words(), words(), words(), Arbitraries.integers().between(0, 7))
                .as(Scalar64Test::around);
    }

    /** An element of one of several shapes that holds {@code value}. */
    private static Member around(long value, long a, long b, int shape) {
        Scalar constant = Scalar.constant(value);
        Scalar other = Scalar.constant(a);
        Scalar scalar = switch (shape) {
            case 0 -> constant;
            case 1 -> Scalar.signed(Math.min(value, a), Math.max(value, a));
            case 2 -> Scalar.unsigned(Bits.minUnsigned(value, a), Bits.maxUnsigned(value, a));
            case 3 -> Scalar.ofWide(Word.of(64, new Tnum(value & ~a, a)));
            case 4 -> constant.join(other).join(Scalar.constant(b));
            case 5 -> Scalar.sound(Word.top(64), Word.constant(32, value));
            case 6 ->
                Scalar.sound(
                        Word.signed(64, Math.min(value, a), Math.max(value, a)),
                        Word.of(32, new Tnum(value & ~b & 0xFFFF_FFFFL, b & 0xFFFF_FFFFL)));
            default -> Scalar.ANY;
        };
        return new Member(scalar, value);
    }

    @Property(tries = 3000)
    void arithmetic_membersResult_isAMember(
            @ForAll("members") Member a, @ForAll("members") Member b, @ForAll BinaryOperation operation) {
        assertThat(a.scalar.contains(a.value)).isTrue();
        Scalar wide = ScalarArithmetic.wide(operation, a.scalar, b.scalar);
        assertThat(wide.contains(Concrete.apply(64, operation, a.value, b.value)))
                .as("%s %s %s = %s", a, operation, b, wide)
                .isTrue();
        Scalar low = ScalarArithmetic.low(operation, a.scalar, b.scalar);
        long x = a.value & 0xFFFF_FFFFL;
        long y = b.value & 0xFFFF_FFFFL;
        assertThat(low.contains(Concrete.apply(32, operation, x, y)))
                .as("low %s %s %s = %s", a, operation, b, low)
                .isTrue();
    }

    @Property(tries = 2000)
    void refinement_ofMembersThatSatisfy_keepsThem(
            @ForAll("members") Member a, @ForAll("members") Member b, @ForAll Comparison relation) {
        Comparison holding = Concrete.holds(64, relation, a.value, b.value) ? relation : relation.negated();
        ScalarArithmetic.Pair wide = ScalarArithmetic.refineWide(holding, a.scalar, b.scalar);
        assertThat(wide).as("%s %s %s", a, holding, b).isNotNull();
        assertThat(wide.left().contains(a.value) && wide.right().contains(b.value))
                .as("%s %s %s = %s", a, holding, b, wide)
                .isTrue();
        long x = a.value & 0xFFFF_FFFFL;
        long y = b.value & 0xFFFF_FFFFL;
        Comparison holdingLow = Concrete.holds(32, relation, x, y) ? relation : relation.negated();
        ScalarArithmetic.Pair low = ScalarArithmetic.refineLow(holdingLow, a.scalar, b.scalar);
        assertThat(low).as("low %s %s %s", a, holdingLow, b).isNotNull();
        assertThat(low.left().contains(a.value) && low.right().contains(b.value))
                .as("low %s %s %s = %s", a, holdingLow, b, low)
                .isTrue();
    }

    @Property(tries = 2000)
    void lattice_ofElements_isBounded(@ForAll("members") Member a, @ForAll("members") Member b) {
        Scalar join = a.scalar.join(b.scalar);
        assertThat(join.includes(a.scalar) && join.includes(b.scalar))
                .as("%s join %s", a, b)
                .isTrue();
        Thresholds thresholds = Thresholds.of(new long[] {7, 64}, 64, 32);
        Scalar widened = a.scalar.widen(join, thresholds);
        assertThat(widened.includes(join))
                .as("%s widen %s = %s", a, join, widened)
                .isTrue();
        if (b.scalar.contains(a.value)) {
            Scalar meet = a.scalar.meet(b.scalar);
            assertThat(meet).isNotNull();
            assertThat(meet.contains(a.value)).isTrue();
        }
    }

    @Property(tries = 1000)
    void reduction_ofElements_isStable(@ForAll("members") Member a) {
        assertThat(Scalar.reduce(a.scalar.wide(), a.scalar.low())).isEqualTo(a.scalar);
    }

    @Property(tries = 2000)
    void extension_ofMember_isAMember(@ForAll("members") Member a) {
        for (int bits : new int[] {8, 16, 32}) {
            assertThat(ScalarArithmetic.truncate(a.scalar, bits).contains(Concrete.unsigned(bits, a.value)))
                    .isTrue();
            assertThat(ScalarArithmetic.signExtend(a.scalar, bits).contains(Concrete.signed(bits, a.value)))
                    .isTrue();
        }
        assertThat(ScalarArithmetic.signExtendLow(a.scalar, 8).contains((byte) a.value & 0xFFFF_FFFFL))
                .isTrue();
        assertThat(ScalarArithmetic.reverseBytes(a.scalar, 64).contains(Long.reverseBytes(a.value)))
                .isTrue();
        assertThat(ScalarArithmetic.reverseBytes(a.scalar, 32)
                        .contains(Integer.reverseBytes((int) a.value) & 0xFFFF_FFFFL))
                .isTrue();
        assertThat(ScalarArithmetic.reverseBytes(a.scalar, 16).contains(Short.reverseBytes((short) a.value) & 0xFFFFL))
                .isTrue();
    }

    @Property(tries = 1000)
    void widening_anyChain_becomesStationary(@ForAll List<@From("members") Member> chain) {
        Thresholds thresholds = Thresholds.of(new long[] {7, 64}, 64, 32);
        Scalar at = Scalar.constant(0);
        int changes = 0;
        for (int round = 0; round < 20; round++) {
            for (Member member : chain) {
                Scalar next = ScalarArithmetic.wide(BinaryOperation.ADD, at, member.scalar);
                if (!at.includes(next)) {
                    at = at.widen(at.join(next), thresholds);
                    changes++;
                }
            }
        }
        assertThat(changes).isLessThan(100);
    }
}

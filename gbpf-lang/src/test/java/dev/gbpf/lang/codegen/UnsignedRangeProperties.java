package dev.gbpf.lang.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Ranges hold what the operations and comparisons that they speak about can give. */
class UnsignedRangeProperties {
    /** A range and one of its numbers. */
    record Member(UnsignedRange range, long number) {}

    @Provide
    Arbitrary<Member> members() {
        Arbitrary<Long> numbers = Arbitraries.oneOf(
                Arbitraries.longs(), Arbitraries.longs().between(0, 100), Arbitraries.of(-1L, 1L << 63));
        return Combinators.combine(numbers, numbers, numbers).as((a, b, c) -> {
            long[] sorted = {a, b, c};
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j + 1 < 3; j++) {
                    if (Long.compareUnsigned(sorted[j], sorted[j + 1]) > 0) {
                        long swapped = sorted[j];
                        sorted[j] = sorted[j + 1];
                        sorted[j + 1] = swapped;
                    }
                }
            }
            return new Member(new UnsignedRange(sorted[0], sorted[2]), sorted[1]);
        });
    }

    @Property
    void operation_ofMembers_isInTheRangeOfTheOperation(
            @ForAll AluOp op, @ForAll("members") Member a, @ForAll("members") Member b, @ForAll boolean constant) {
        UnsignedRange right = constant ? UnsignedRange.of(b.number()) : b.range();
        assertThat(contains(UnsignedRange.apply(op, a.range(), right), AluArithmetic.apply(op, a.number(), b.number())))
                .isTrue();
    }

    @Property
    void comparison_ofMembers_isWhatTheRangesSay(
            @ForAll JumpOp op, @ForAll("members") Member a, @ForAll("members") Member b) {
        boolean holds = Conditions.holds(op, a.number(), b.number());
        assertThat(UnsignedRange.holds(op, a.range(), b.range())).isIn(holds, null);
        assertThat(UnsignedRange.holdsForEqual(op)).isIn(Conditions.holds(op, a.number(), a.number()), null);
        if (holds) {
            assertThat(contains(UnsignedRange.refine(op, a.range(), b.range()), a.number()))
                    .isTrue();
        }
    }

    @Property
    void meetAndJoin_holdWhatBothOrEitherHold(@ForAll("members") Member a, @ForAll("members") Member b) {
        assertThat(contains(a.range().join(b.range()), a.number())).isTrue();
        assertThat(contains(a.range().join(b.range()), b.number())).isTrue();
        assertThat(contains(a.range().meet(b.range()), a.number()))
                .isEqualTo(contains(b.range(), a.number())
                        || a.range().meet(b.range()).equals(a.range()));
        assertThat(a.number() & ~a.range().bits()).isZero();
    }

    @Property
    void mirroredAndInverseConditions_sayTheSame(@ForAll JumpOp op, @ForAll long a, @ForAll long b) {
        assertThat(Conditions.holds(Conditions.mirror(op), b, a)).isEqualTo(Conditions.holds(op, a, b));
        JumpOp inverse = Conditions.inverse(op);
        assertThat(inverse == null || Conditions.holds(inverse, a, b) != Conditions.holds(op, a, b))
                .isTrue();
    }

    @Example
    void disjointRanges_leaveTheFirst() {
        UnsignedRange low = new UnsignedRange(1, 3);
        assertThat(low.meet(new UnsignedRange(5, 9))).isEqualTo(low);
    }

    private static boolean contains(UnsignedRange range, long number) {
        return Long.compareUnsigned(range.min(), number) <= 0 && Long.compareUnsigned(number, range.max()) <= 0;
    }
}

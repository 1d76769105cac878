package dev.gbpf.cuda.ptx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.cuda.ptx.Fact.Base;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Facts hold of every value that an operation can give on values of which the operands' facts hold. */
class FactProperties {
    /** Where things are, for this test; bases are multiples of 8. */
    private static final long FRAME = 0x7fff_0000_1000L;

    private static final long GLOBAL = 0x1234_5678L * 8;

    /** A value and a fact that holds of it. */
    record Known(long value, Fact fact) {}

    @Provide
    Arbitrary<Known> known() {
        Arbitrary<Long> offsets = Arbitraries.oneOf(
                Arbitraries.longs().between(-512, 512),
                Arbitraries.longs(),
                Arbitraries.of(Long.MIN_VALUE, Long.MAX_VALUE, -1L, 1L << 32, 0xFFFF_FFFFL));
        return Combinators.combine(
                        Arbitraries.of(Base.NUMBER, Base.FRAME, Base.GLOBAL, Base.ANY, Base.MIXED),
                        Arbitraries.of(0, 1, 2, 4, 8),
                        offsets,
                        Arbitraries.longs())
                .as((base, stride, offset, times) -> {
                    boolean exact = stride == 0 && (base == Base.NUMBER || base == Base.FRAME);
                    int step = exact ? 0 : Math.max(stride, 1);
                    long rest = exact ? offset : offset & (step - 1);
                    return new Known(start(base) + rest + times * step, new Fact(base, 0, rest, step));
                });
    }

    private static long start(Base base) {
        return switch (base) {
            case FRAME -> FRAME;
            case GLOBAL -> GLOBAL;
            default -> 0;
        };
    }

    /** Whether a fact holds: of bases that are no numbers it says how the value is aligned. */
    private static boolean holds(Fact fact, long value) {
        if (fact.isExact() && (fact.base() == Base.NUMBER || fact.base() == Base.FRAME)) {
            return value == start(fact.base()) + fact.offset();
        }
        int step = fact.isExact() ? 8 : fact.stride();
        return (value - fact.offset()) % step == 0;
    }

    private static void check(Fact fact, long value) {
        assertThat(holds(fact, value)).as("%s of %x", fact, value).isTrue();
        for (int bytes : new int[] {2, 4, 8}) {
            assertThat(fact.isAligned(24, bytes) && (value + 24) % bytes != 0).isFalse();
            assertThat(fact.isMisaligned(3, bytes) && (value + 3) % bytes == 0).isFalse();
            assertThat(fact.isAligned(1, bytes) && fact.isMisaligned(1, bytes)).isFalse();
        }
    }

    @Property
    void sumsAndDifferences_ofKnownValues_areKnown(@ForAll("known") Known x, @ForAll("known") Known y) {
        check(x.fact.plus(y.fact), x.value + y.value);
        check(x.fact.minus(y.fact), x.value - y.value);
        boolean frame = x.fact.mayBeFrame() || y.fact.mayBeFrame();
        assertThat(x.fact.plus(y.fact).mayBeFrame()).isEqualTo(frame);
    }

    @Property
    void joins_ofKnownValues_holdOfBoth(@ForAll("known") Known x, @ForAll("known") Known y) {
        Fact joined = Objects.requireNonNull(Fact.join(x.fact, y.fact));
        check(joined, x.value);
        check(joined, y.value);
        assertThat(joined.mayBeFrame()).isEqualTo(x.fact.mayBeFrame() || y.fact.mayBeFrame());
        assertThat(Fact.join(joined, x.fact)).isEqualTo(joined);
        assertThat(Fact.join(y.fact, x.fact)).isEqualTo(joined);
    }

    @Property
    void results_byConstants_areKnown(@ForAll("known") Known x, @ForAll int small, @ForAll long constant) {
        for (long c : new long[] {constant, small, small & 63, 0, -8, Long.MIN_VALUE}) {
            check(x.fact.times(c), x.value * c);
            check(x.fact.and(c), x.value & c);
            check(x.fact.changed(false, c), x.value | c);
            check(x.fact.changed(true, c), x.value ^ c);
        }
        check(x.fact.truncated(), x.value & 0xFFFF_FFFFL);
    }
}

package dev.gbpf.cuda.ptx;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Quotients by constants are what a division gives. */
class UnsignedDivisionProperties {
    private static void check64(long x, long y) {
        assertThat(UnsignedDivision.by(y, 64).apply(x, 64)).isEqualTo(Long.divideUnsigned(x, y));
    }

    private static void check32(int x, int y) {
        assertThat(UnsignedDivision.by(y, 32).apply(x, 32))
                .isEqualTo(Integer.toUnsignedLong(Integer.divideUnsigned(x, y)));
    }

    @Property
    void quotients_of64Bits_areThoseOfADivision(@ForAll long x, @ForAll long y, @ForAll int small) {
        Assume.that(y != 0 && small != 0);
        for (long dividend : new long[] {x, 0, -1, y, y - 1, y + 1, x / y * y, x / y * y - 1}) {
            check64(dividend, y);
            check64(dividend, small);
            check64(dividend, small & 0xFFFF_FFFFL);
            check64(dividend, Long.lowestOneBit(y));
        }
    }

    @Property
    void quotients_of32Bits_areThoseOfADivision(@ForAll int x, @ForAll int y) {
        Assume.that(y != 0);
        for (int dividend : new int[] {x, 0, -1, y, y - 1, y + 1, x / y * y, x / y * y - 1}) {
            check32(dividend, y);
            check32(dividend, Integer.lowestOneBit(y));
            check32(dividend, (y & 1023) + 1);
        }
    }
}

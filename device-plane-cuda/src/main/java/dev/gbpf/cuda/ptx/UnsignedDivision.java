package dev.gbpf.cuda.ptx;

import java.math.BigInteger;

/**
 * Division by a constant that is not zero without a division (Granlund and Montgomery, Division by Invariant Integers using Multiplication,
 * 1994, figure 4.1): {@code h = high half of x * multiplier}, {@code x / y = (h + (x - h) / 2) >> shift}; by a power of two
 * {@code x >> shift}. The machine has no divider, and its assembler makes 120 instructions of a division of 64 bits.
 *
 * @param isShift whether the divisor is a power of two
 * @param multiplier as a signed number of the width; 0 for a power of two
 * @param shift 0 to 63
 */
record UnsignedDivision(boolean isShift, long multiplier, int shift) {
    /**
     * By a number of 32 or 64 bits.
     *
     * @param divisor unsigned, not 0; of 32 bits its upper half is ignored
     */
    static UnsignedDivision by(long divisor, int bits) {
        BigInteger modulus = BigInteger.ONE.shiftLeft(bits);
        BigInteger y = BigInteger.valueOf(divisor).mod(modulus);
        if (y.bitCount() == 1) {
            return new UnsignedDivision(true, 0, y.bitLength() - 1);
        }
        int log = y.bitLength(); // the least number of bits with y <= 2^log, as y is no power of two
        BigInteger multiplier = modulus.multiply(BigInteger.ONE.shiftLeft(log).subtract(y))
                .divide(y)
                .add(BigInteger.ONE);
        long signed = bits == Integer.SIZE ? multiplier.intValue() : multiplier.longValue();
        return new UnsignedDivision(false, signed, log - 1);
    }

    /** The quotient, as the machine computes it; of 32 bits for tests too. */
    long apply(long x, int bits) {
        if (bits == Integer.SIZE) {
            long value = x & 0xFFFF_FFFFL;
            if (isShift) {
                return value >>> shift;
            }
            long high = (value * (multiplier & 0xFFFF_FFFFL)) >>> Integer.SIZE;
            return ((high + ((value - high) >>> 1)) & 0xFFFF_FFFFL) >>> shift;
        }
        if (isShift) {
            return x >>> shift;
        }
        long high = Math.unsignedMultiplyHigh(x, multiplier);
        return (high + ((x - high) >>> 1)) >>> shift;
    }
}

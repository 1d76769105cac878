package dev.gbpf.verifier.domain;

/** Two's complement arithmetic on words of {@code width} bits (1 to 64), kept in {@code long}s. */
final class Bits {
    private Bits() {}

    /** All ones in the low {@code width} bits: the greatest unsigned word. */
    static long mask(int width) {
        return width == 64 ? -1L : (1L << width) - 1;
    }

    /** The sign bit alone; as an unsigned word, the least one whose signed reading is negative. */
    static long signBit(int width) {
        return 1L << (width - 1);
    }

    /** The greatest signed word. */
    static long signedMax(int width) {
        return signBit(width) - 1;
    }

    /** The least signed word, sign-extended. */
    static long signedMin(int width) {
        return -1L << (width - 1);
    }

    /** The unsigned reading of the low {@code width} bits. */
    static long zeroExtend(int width, long value) {
        return value & mask(width);
    }

    /** The signed reading of the low {@code width} bits. */
    static long signExtend(int width, long value) {
        return value << (64 - width) >> (64 - width);
    }

    static boolean below(long a, long b) {
        return Long.compareUnsigned(a, b) < 0;
    }

    static long minUnsigned(long a, long b) {
        return below(a, b) ? a : b;
    }

    static long maxUnsigned(long a, long b) {
        return below(a, b) ? b : a;
    }

    /** Whether the sum of two unsigned words does not fit in {@code width} bits. */
    static boolean carries(int width, long a, long b) {
        return width == 64 ? below(a + b, a) : (a + b) >>> width != 0;
    }

    /** By how many times 2^width the signed sum leaves the range of signed words: -1, 0 or 1. */
    static int signedSumWrap(int width, long a, long b) {
        long sum = a + b;
        if (width == 64) {
            boolean overflow = ((a ^ sum) & (b ^ sum)) < 0;
            return overflow ? (a < 0 ? -1 : 1) : 0;
        }
        return sum > signedMax(width) ? 1 : sum < signedMin(width) ? -1 : 0;
    }

    /** By how many times 2^width the signed difference leaves the range of signed words: -1, 0 or 1. */
    static int signedDifferenceWrap(int width, long a, long b) {
        long difference = a - b;
        if (width == 64) {
            boolean overflow = ((a ^ b) & (a ^ difference)) < 0;
            return overflow ? (a < 0 ? -1 : 1) : 0;
        }
        return difference > signedMax(width) ? 1 : difference < signedMin(width) ? -1 : 0;
    }

    /** Whether the product of two signed words is a signed word. */
    static boolean signedProductFits(int width, long a, long b) {
        long product = a * b;
        return Math.multiplyHigh(a, b) == product >> 63 && product == signExtend(width, product);
    }

    /** Whether the product of two unsigned words is an unsigned word. */
    static boolean unsignedProductFits(int width, long a, long b) {
        long product = a * b;
        return Math.unsignedMultiplyHigh(a, b) == 0 && product == zeroExtend(width, product);
    }
}

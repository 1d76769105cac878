package dev.gbpf.host.vm;

/** The divisions of RFC 9669, section 4.1, which never fail: by zero the quotient is 0 and the remainder the dividend. */
public final class Arithmetic {
    private Arithmetic() {}

    /** Unsigned quotient. */
    public static long divide(long dividend, long divisor) {
        return divisor == 0 ? 0 : Long.divideUnsigned(dividend, divisor);
    }

    /** Unsigned remainder. */
    public static long remainder(long dividend, long divisor) {
        return divisor == 0 ? dividend : Long.remainderUnsigned(dividend, divisor);
    }

    /** Signed quotient, truncating; the most negative number over -1 is itself. */
    public static long divideSigned(long dividend, long divisor) {
        return divisor == 0 ? 0 : dividend / divisor;
    }

    /** Signed remainder, with the sign of the dividend; the most negative number by -1 leaves 0. */
    public static long remainderSigned(long dividend, long divisor) {
        return divisor == 0 ? dividend : dividend % divisor;
    }

    /** Unsigned quotient of 32-bit numbers. */
    public static int divide(int dividend, int divisor) {
        return divisor == 0 ? 0 : Integer.divideUnsigned(dividend, divisor);
    }

    /** Unsigned remainder of 32-bit numbers. */
    public static int remainder(int dividend, int divisor) {
        return divisor == 0 ? dividend : Integer.remainderUnsigned(dividend, divisor);
    }

    /** Signed quotient of 32-bit numbers. */
    public static int divideSigned(int dividend, int divisor) {
        return divisor == 0 ? 0 : dividend / divisor;
    }

    /** Signed remainder of 32-bit numbers. */
    public static int remainderSigned(int dividend, int divisor) {
        return divisor == 0 ? dividend : dividend % divisor;
    }
}

package dev.gbpf.host.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Figures for people: three significant digits, with units, the same on every machine. */
final class Figures {
    private static final MathContext THREE = new MathContext(3, RoundingMode.HALF_EVEN);

    private Figures() {}

    /** A duration, such as {@code 12.1 ms}; {@code 0} without a unit. */
    static String duration(long ns) {
        if (ns == 0) {
            return "0";
        }
        BigDecimal value = BigDecimal.valueOf(ns).round(THREE);
        if (value.compareTo(BigDecimal.valueOf(1_000)) < 0) {
            return plain(value) + " ns";
        }
        if (value.compareTo(BigDecimal.valueOf(1_000_000)) < 0) {
            return scaled(value, 3) + " µs";
        }
        if (value.compareTo(BigDecimal.valueOf(1_000_000_000)) < 0) {
            return scaled(value, 6) + " ms";
        }
        return scaled(value, 9) + " s";
    }

    /** A time of the run, in seconds to the millisecond: {@code 4.000 s}. */
    static String time(long ns) {
        return BigDecimal.valueOf(ns, 9).setScale(3, RoundingMode.HALF_EVEN).toPlainString() + " s";
    }

    /** A length of the run as somebody would say it: {@code 10 s}, {@code 1.5 s}. */
    static String length(long ns) {
        return BigDecimal.valueOf(ns, 9)
                        .setScale(3, RoundingMode.HALF_EVEN)
                        .stripTrailingZeros()
                        .toPlainString() + " s";
    }

    /** A part of a whole, 0 to 1, as {@code 33 %}; one decimal below ten percent. */
    static String percent(double part) {
        BigDecimal value = BigDecimal.valueOf(part).movePointRight(2);
        int scale = value.signum() == 0 || value.compareTo(BigDecimal.TEN) >= 0 ? 0 : 1;
        return value.setScale(scale, RoundingMode.HALF_EVEN).toPlainString() + " %";
    }

    /** Counts as a part, {@code -} when the whole is nothing. */
    static String percent(long part, long whole) {
        return whole == 0 ? "-" : percent((double) part / whole);
    }

    /** A rate, such as {@code 812/s} or {@code 63.5k/s}. */
    static String rate(double perSecond) {
        BigDecimal value = BigDecimal.valueOf(perSecond).round(THREE);
        String prefix = "";
        if (value.compareTo(BigDecimal.valueOf(1_000_000)) >= 0) {
            value = value.movePointLeft(6);
            prefix = "M";
        } else if (value.compareTo(BigDecimal.valueOf(10_000)) >= 0) {
            value = value.movePointLeft(3);
            prefix = "k";
        }
        int decimals = value.compareTo(BigDecimal.valueOf(100)) >= 0 || value.signum() == 0
                ? 0
                : value.compareTo(BigDecimal.TEN) >= 0 ? 1 : 2;
        return value.setScale(decimals, RoundingMode.HALF_EVEN).toPlainString() + prefix + "/s";
    }

    /** A count with thin groups: {@code 1 234 567}. */
    static String count(long value) {
        String digits = Long.toString(Math.abs(value));
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < digits.length(); i++) {
            if (i > 0 && (digits.length() - i) % 3 == 0) {
                out.append(' ');
            }
            out.append(digits.charAt(i));
        }
        return value < 0 ? "-" + out : out.toString();
    }

    /** A factor, such as {@code 15.8 times}. */
    static String times(long greater, long smaller) {
        BigDecimal factor = BigDecimal.valueOf(greater).divide(BigDecimal.valueOf(smaller), THREE);
        return plain(factor) + " times";
    }

    /** Bytes in the greatest binary unit that leaves at least one. */
    static String bytes(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        while (unit < units.length - 1 && bytes >= 1L << (10 * (unit + 1))) {
            unit++;
        }
        BigDecimal value = BigDecimal.valueOf(bytes).divide(BigDecimal.valueOf(1L << (10 * unit)), THREE);
        return plain(value) + " " + units[unit];
    }

    private static String scaled(BigDecimal ns, int digits) {
        return plain(ns.movePointLeft(digits));
    }

    private static String plain(BigDecimal value) {
        return value.toPlainString();
    }
}

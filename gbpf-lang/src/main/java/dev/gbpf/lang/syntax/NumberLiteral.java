package dev.gbpf.lang.syntax;

import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.diagnostic.Suggestion;
import java.math.BigInteger;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads integer literals: {@code 1_000}, {@code 0xff}, {@code 0b101}, {@code 50ms}, {@code 4KiB}. */
final class NumberLiteral {
    private static final Pattern BASED = Pattern.compile("0([xXbB])_*([0-9A-Za-z][0-9A-Za-z_]*)");
    private static final Pattern DECIMAL = Pattern.compile("([0-9][0-9_]*)([A-Za-z][A-Za-z0-9_]*)?");

    /** Times in ns, sizes in bytes. */
    private static final Map<String, Long> UNITS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "B", 1L,
            "KiB", 1L << 10,
            "MiB", 1L << 20,
            "GiB", 1L << 30);

    private static final Map<String, String> MEANT = Map.of(
            "sec", "s", "kb", "KiB", "k", "KiB", "mb", "MiB", "m", "MiB", "gb", "GiB", "g", "GiB", "usec", "us", "msec",
            "ms");

    /** Characters of a literal that a message repeats. */
    private static final int LONGEST_SHOWN = 40;

    private final String text;
    private final SourceSpan span;
    private final DiagnosticCollector diagnostics;

    private NumberLiteral(String text, SourceSpan span, DiagnosticCollector diagnostics) {
        this.text = text;
        this.span = span;
        this.diagnostics = diagnostics;
    }

    /** The value, unsigned, its unit multiplied in; 0 when the literal is wrong, which is then reported. */
    static long read(String text, SourceSpan span, DiagnosticCollector diagnostics) {
        return new NumberLiteral(text, span, diagnostics).read();
    }

    private long read() {
        Matcher based = BASED.matcher(text);
        if (based.matches()) {
            return digits(based.group(2), based.group(1).equalsIgnoreCase("x") ? 16 : 2, BigInteger.ONE);
        }
        Matcher decimal = DECIMAL.matcher(text);
        if (!decimal.matches()) {
            return malformed();
        }
        String unit = decimal.group(2);
        if (unit == null) {
            return digits(decimal.group(1), 10, BigInteger.ONE);
        }
        Long factor = UNITS.get(unit);
        return factor == null ? unknownUnit(unit) : digits(decimal.group(1), 10, BigInteger.valueOf(factor));
    }

    private long digits(String digits, int radix, BigInteger factor) {
        String plain = digits.replace("_", "");
        for (int i = 0; i < plain.length(); i++) {
            if (Character.digit(plain.charAt(i), radix) < 0) {
                return malformed();
            }
        }
        // 64 binary digits are the longest that can fit; the check keeps the conversion of hostile input cheap.
        String significant = plain.replaceFirst("^0+(?=.)", "");
        if (significant.length() > Long.SIZE) {
            return tooLarge();
        }
        BigInteger value = new BigInteger(significant, radix).multiply(factor);
        return value.bitLength() > Long.SIZE ? tooLarge() : value.longValue();
    }

    private String shown() {
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
    }

    private long malformed() {
        diagnostics
                .message(ErrorCode.MALFORMED_NUMBER, span, "`" + shown() + "` is not a number")
                .label("cannot read this")
                .help("write 1_000, 0xff, 0b101, or a number with a unit such as 50ms or 4KiB")
                .report();
        return 0;
    }

    private long tooLarge() {
        diagnostics
                .message(ErrorCode.NUMBER_TOO_LARGE, span, "`" + shown() + "` does not fit in 64 bits")
                .label("too large")
                .help("the largest number is 18_446_744_073_709_551_615 (0xffff_ffff_ffff_ffff)")
                .report();
        return 0;
    }

    private long unknownUnit(String unit) {
        String meant = MEANT.get(unit.toLowerCase(java.util.Locale.ROOT));
        String suggestion =
                meant != null ? meant : Suggestion.closest(unit, UNITS.keySet()).orElse(null);
        diagnostics
                .message(ErrorCode.UNKNOWN_UNIT, span, "unknown unit `" + unit + "`")
                .label(suggestion == null ? "not a unit" : "did you mean `" + suggestion + "`?")
                .help("times are ns, us, ms, s (the value is in ns); sizes are B, KiB, MiB, GiB (in bytes)")
                .report();
        return 0;
    }
}

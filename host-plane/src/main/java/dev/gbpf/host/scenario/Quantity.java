package dev.gbpf.host.scenario;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers with a unit, as scenarios write them: {@code 250us}, {@code 64MiB}, {@code 800/s}. Exact, without any rounding. */
enum Quantity {
    /** In ns. */
    DURATION(
            "a duration such as 250us, 2ms or 10s",
            units(
                    "ns",
                    1L,
                    "us",
                    1_000L,
                    "µs",
                    1_000L,
                    "ms",
                    1_000_000L,
                    "s",
                    1_000_000_000L,
                    "m",
                    60_000_000_000L,
                    "h",
                    3_600_000_000_000L)),
    /** In bytes. */
    SIZE(
            "a size such as 64MiB",
            units(
                    "B",
                    1L,
                    "KiB",
                    1L << 10,
                    "MiB",
                    1L << 20,
                    "GiB",
                    1L << 30,
                    "TiB",
                    1L << 40,
                    "kB",
                    1_000L,
                    "KB",
                    1_000L,
                    "MB",
                    1_000_000L,
                    "GB",
                    1_000_000_000L,
                    "TB",
                    1_000_000_000_000L)),
    /** In bytes a second. */
    BANDWIDTH(
            "a bandwidth such as 55GB/s",
            units(
                    "B/s",
                    1L,
                    "KB/s",
                    1_000L,
                    "MB/s",
                    1_000_000L,
                    "GB/s",
                    1_000_000_000L,
                    "TB/s",
                    1_000_000_000_000L,
                    "KiB/s",
                    1L << 10,
                    "MiB/s",
                    1L << 20,
                    "GiB/s",
                    1L << 30,
                    "TiB/s",
                    1L << 40)),
    /** In thousandths of one a second, which is as fine as rates go. */
    RATE("a rate such as 800/s", units("/s", 1_000L, "/ms", 1_000_000L, "/us", 1_000_000_000L)),
    /** In millionths. */
    NUMBER("a number", units("", 1_000_000L)),
    /** Whole. */
    INTEGER("a whole number", units("", 1L));

    /** Digits that a value may have, before the point and after it: beyond any sensible value, and harmless. */
    private static final Pattern FORM =
            Pattern.compile("([+-]?)([0-9][0-9_]{0,23})(?:\\.([0-9]{1,12}))?[ ]?([^0-9.\\s]\\S{0,8})?");

    private final String described;
    private final Map<String, Long> units;

    Quantity(String described, Map<String, Long> units) {
        this.described = described;
        this.units = units;
    }

    private static Map<String, Long> units(Object... pairs) {
        Map<String, Long> units = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            units.put((String) pairs[i], (Long) pairs[i + 1]);
        }
        return units;
    }

    /** What was expected, as messages say it. */
    String described() {
        return described;
    }

    /** A text cannot be understood as a quantity; the message says why. */
    static final class FormatException extends Exception {
        private static final long serialVersionUID = 1L;

        FormatException(String message) {
            super(message);
        }
    }

    /**
     * The value in the quantity's base unit.
     *
     * @throws FormatException when it is none, has no unit or another, is no whole multiple of the base unit, or is huge
     */
    long parse(String text) throws FormatException {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new FormatException("expected " + described);
        }
        String unit = matcher.group(4) == null ? "" : matcher.group(4);
        String digits = matcher.group(2).replace("_", "");
        BigDecimal number =
                new BigDecimal(matcher.group(1) + digits + (matcher.group(3) == null ? "" : "." + matcher.group(3)));
        Long factor = units.get(unit);
        if (factor == null) {
            if (number.signum() == 0 && unit.isEmpty()) {
                return 0;
            }
            throw new FormatException(unitProblem(unit));
        }
        BigDecimal value = number.multiply(BigDecimal.valueOf(factor)).stripTrailingZeros();
        if (value.scale() > 0) {
            throw new FormatException(
                    this == INTEGER ? "expected a whole number" : "finer than the least step of " + described);
        }
        if (value.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new FormatException("too great");
        }
        return value.longValueExact();
    }

    private String unitProblem(String unit) {
        if (units.containsKey("")) {
            return "expected " + described + " without a unit";
        }
        String known = String.join(", ", units.keySet());
        return unit.isEmpty()
                ? "a unit is missing; one of " + known
                : "unknown unit \"" + Problems.excerpt(unit) + "\"; known are " + known;
    }
}

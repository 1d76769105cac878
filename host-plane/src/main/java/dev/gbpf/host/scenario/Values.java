package dev.gbpf.host.scenario;

import dev.gbpf.host.scenario.YamlNode.YamlScalar;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Single values: texts and quantities. */
final class Values {
    static final long MAX_RATE_THOUSANDTHS = 1_000_000_000_000L;

    private Values() {}

    /** A quantity in its base unit; the least allowed one after a problem was reported. */
    static long quantity(Quantity quantity, String field, YamlNode node, long least, long most, Problems problems) {
        if (!(node instanceof YamlScalar scalar) || scalar.isNull()) {
            problems.add(
                    Problems.WRONG_TYPE,
                    node.span(),
                    field + " must be " + quantity.described() + ", not " + node.described());
            return least;
        }
        long value;
        try {
            value = quantity.parse(scalar.text());
        } catch (Quantity.FormatException e) {
            problems.add(
                    Problems.BAD_VALUE, node.span(), field + " cannot be " + node.described() + ": " + e.getMessage());
            return least;
        }
        if (value < least || value > most) {
            problems.add(
                    Problems.OUT_OF_RANGE,
                    node.span(),
                    field + " is " + scalar.text() + ", which is not in " + written(quantity, least) + " to "
                            + written(quantity, most));
            return least;
        }
        return value;
    }

    /** A value as a scenario would write it, in the greatest unit that divides it. */
    static String written(Quantity quantity, long value) {
        return switch (quantity) {
            case DURATION ->
                inUnits(
                        value,
                        new long[] {3_600_000_000_000L, 60_000_000_000L, 1_000_000_000L, 1_000_000L, 1_000L},
                        new String[] {"h", "m", "s", "ms", "us"},
                        "ns");
            case SIZE ->
                inUnits(
                        value,
                        new long[] {1L << 40, 1L << 30, 1L << 20, 1L << 10},
                        new String[] {"TiB", "GiB", "MiB", "KiB"},
                        "B");
            case BANDWIDTH ->
                inUnits(
                        value,
                        new long[] {1_000_000_000_000L, 1_000_000_000L, 1_000_000L},
                        new String[] {"TB/s", "GB/s", "MB/s"},
                        "B/s");
            case RATE -> BigDecimal.valueOf(value, 3).stripTrailingZeros().toPlainString() + "/s";
            case NUMBER -> BigDecimal.valueOf(value, 6).stripTrailingZeros().toPlainString();
            case INTEGER -> Long.toString(value);
        };
    }

    private static String inUnits(long value, long[] factors, String[] units, String base) {
        for (int i = 0; i < factors.length; i++) {
            if (value != 0 && value % factors[i] == 0) {
                return value / factors[i] + units[i];
            }
        }
        return value + base;
    }

    /** A text, not blank, without control characters; null after a problem was reported. */
    static @Nullable String text(String field, YamlNode node, int longest, Problems problems) {
        if (!(node instanceof YamlScalar scalar) || scalar.isNull()) {
            problems.add(Problems.WRONG_TYPE, node.span(), field + " must be a text, not " + node.described());
            return null;
        }
        String text = scalar.text();
        if (text.isBlank()) {
            problems.add(Problems.BAD_VALUE, node.span(), field + " must not be blank");
            return null;
        }
        if (text.codePoints().anyMatch(c -> Character.isISOControl(c) || !Character.isDefined(c))) {
            problems.add(Problems.BAD_VALUE, node.span(), field + " must be in one line, without control characters");
            return null;
        }
        if (text.length() > longest) {
            problems.add(
                    Problems.OUT_OF_RANGE,
                    node.span(),
                    field + " has " + text.length() + " characters, and may have " + longest);
            return null;
        }
        return text;
    }
}

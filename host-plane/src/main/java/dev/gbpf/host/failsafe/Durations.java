package dev.gbpf.host.failsafe;

import java.math.BigDecimal;
import java.util.List;

/** Times for people. */
final class Durations {
    private static final List<String> UNITS = List.of("ns", "us", "ms", "s");

    private Durations() {}

    static String text(long ns) {
        int unit = 0;
        double value = ns;
        while (Math.abs(value) >= 1_000 && unit < UNITS.size() - 1) {
            value /= 1_000;
            unit++;
        }
        return BigDecimal.valueOf(Math.round(value * 100), 2)
                        .stripTrailingZeros()
                        .toPlainString() + " " + UNITS.get(unit);
    }
}

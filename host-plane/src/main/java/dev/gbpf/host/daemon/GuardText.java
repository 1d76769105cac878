package dev.gbpf.host.daemon;

import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.host.control.ReplyCode;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.swap.Guard;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Guards of a trial as texts: a name and a limit, such as {@code wait_p99=20ms}. Names and limits are those of scenarios; a part of
 * something may also be in percent.
 */
final class GuardText {
    private static final Pattern FORM =
            Pattern.compile("([a-z0-9_]{1,20})=([0-9]{1,12}(?:\\.[0-9]{1,3})?)(ns|us|ms|s|%)?");
    private static final String TIME = "time";
    private static final String PERCENT = "%";
    private static final Map<String, Kind> KINDS = kinds();

    /** What a guard's limit is, and how it is made: of nanoseconds, thousandths, or a number. */
    private record Kind(String unit, LongFunction<Guard> maker) {}

    private GuardText() {}

    private static Map<String, Kind> kinds() {
        Map<String, Kind> kinds = new LinkedHashMap<>();
        kinds.put("wait_p99", new Kind(TIME, Guard.WaitP99::new));
        kinds.put("wait_p99_ratio", new Kind(PERCENT, n -> new Guard.WaitP99Ratio(Math.toIntExact(n / 10))));
        kinds.put("rejected", new Kind(PERCENT, n -> new Guard.RejectionRate(Math.toIntExact(n))));
        kinds.put("errors", new Kind("", Guard.PolicyErrors::new));
        kinds.put("decision", new Kind(TIME, Guard.DecisionTime::new));
        kinds.put("instructions", new Kind("", Guard.Instructions::new));
        kinds.put("agreement", new Kind(PERCENT, n -> new Guard.Agreement(Math.toIntExact(n))));
        return kinds;
    }

    /**
     * The guard of a text.
     *
     * @throws RequestException when it is none
     */
    static Guard parse(String text) throws RequestException {
        Matcher matcher = FORM.matcher(text);
        Kind kind = matcher.matches() ? KINDS.get(matcher.group(1)) : null;
        if (kind == null) {
            String name = text.replaceFirst("=.*", "");
            throw wrong(
                    "\"" + name + "\" is no guard",
                    Suggestion.closest(name, KINDS.keySet())
                            .map(k -> "did you mean " + k + "?")
                            .orElse("guards are " + String.join(", ", KINDS.keySet())));
        }
        String unit = matcher.group(3) == null ? "" : matcher.group(3);
        BigDecimal factor = factor(kind, unit);
        try {
            long value = new BigDecimal(matcher.group(2)).multiply(factor).longValueExact();
            return kind.maker().apply(value);
        } catch (ArithmeticException e) {
            throw wrong("the limit of the guard " + text + " is too great or too fine", "");
        }
    }

    private static BigDecimal factor(Kind kind, String unit) throws RequestException {
        Map<String, Long> units = switch (kind.unit()) {
            case TIME -> Map.of("ns", 1L, "us", 1_000L, "ms", 1_000_000L, "s", 1_000_000_000L);
            case PERCENT -> Map.of(PERCENT, 10L, "", 1_000L);
            default -> Map.of("", 1L);
        };
        Long factor = units.get(unit);
        if (factor == null) {
            String expected = kind.unit().equals(TIME) ? "a time such as 20ms" : "a part such as 0.05 or 5%";
            throw wrong(
                    "the limit of the guard is "
                            + (kind.unit().isEmpty() ? "a number without a unit" : expected)
                            + ", not one of \"" + unit + "\"",
                    "");
        }
        return BigDecimal.valueOf(factor);
    }

    private static RequestException wrong(String message, String help) {
        return new RequestException(ReplyCode.BAD_PARAMETER, message, help);
    }
}

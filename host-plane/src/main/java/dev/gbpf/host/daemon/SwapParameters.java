package dev.gbpf.host.daemon;

import dev.gbpf.host.control.Parameters;
import dev.gbpf.host.control.ReplyCode;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.swap.Guard;
import dev.gbpf.host.swap.Guards;
import dev.gbpf.host.swap.Sticky;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.swap.SwapMode.AtEnd;
import java.util.ArrayList;
import java.util.List;

/** Reads how a policy is to come in: {@code mode}, {@code share}, {@code sticky}, {@code forMs}, {@code then}, {@code guards}. */
final class SwapParameters {
    private static final int MOST_GUARDS = 16;
    private static final long NS_PER_MS = 1_000_000L;
    private static final long MOST_MS = 30L * 86_400_000L;
    private static final int DEFAULT_SHARE = 100;

    private SwapParameters() {}

    /**
     * The mode.
     *
     * @throws RequestException when a parameter is wrong
     */
    static SwapMode mode(Parameters parameters) throws RequestException {
        String word = parameters.optionalText("mode").orElse("immediate");
        return switch (word) {
            case "immediate" -> new SwapMode.Immediate();
            case "shadow" ->
                new SwapMode.Shadow(forNs(parameters), atEnd(parameters, "drop"), guards(parameters), true);
            case "canary" ->
                new SwapMode.Canary(
                        (int) parameters.number("share", 1, 999, DEFAULT_SHARE),
                        sticky(parameters),
                        forNs(parameters),
                        atEnd(parameters, "promote"),
                        guards(parameters),
                        true);
            default -> throw wrong("mode", "immediate, shadow or canary");
        };
    }

    private static long forNs(Parameters parameters) throws RequestException {
        long ms = parameters.number("forMs", 1, MOST_MS, 0);
        return ms == 0 ? SwapMode.UNTIL_TOLD : ms * NS_PER_MS;
    }

    private static AtEnd atEnd(Parameters parameters, String otherwise) throws RequestException {
        return switch (parameters.optionalText("then").orElse(otherwise)) {
            case "promote" -> AtEnd.PROMOTE;
            case "drop" -> AtEnd.DROP;
            default -> throw wrong("then", "promote or drop");
        };
    }

    private static Sticky sticky(Parameters parameters) throws RequestException {
        return Sticky.byWord(parameters.optionalText("sticky").orElse("job"))
                .orElseThrow(() -> wrong("sticky", "job or tenant"));
    }

    private static Guards guards(Parameters parameters) throws RequestException {
        List<Guard> guards = new ArrayList<>();
        for (String text : parameters.texts("guards", MOST_GUARDS)) {
            guards.add(GuardText.parse(text));
        }
        return new Guards(
                parameters.number("windowMs", 1, MOST_MS, Guards.DEFAULT_WINDOW_NS / NS_PER_MS) * NS_PER_MS,
                (int) parameters.number("minSamples", 1, Integer.MAX_VALUE, Guards.DEFAULT_SAMPLES),
                guards);
    }

    private static RequestException wrong(String name, String expected) {
        return new RequestException(ReplyCode.BAD_PARAMETER, "the parameter \"" + name + "\" is not " + expected, "");
    }
}

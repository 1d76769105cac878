package dev.gbpf.host.cli;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How a policy comes in: at once, or on trial first. */
final class TrialOptions {
    private static final String IMMEDIATE = "immediate";
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final Map<String, Long> UNITS = Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);
    private static final int THOUSANDTHS = 3;
    private static final int WHOLE = 1_000;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description =
                    "immediate (default); shadow: it is asked about every decision, and its verdicts are only compared;"
                            + " canary: it decides about a share of the jobs.")
    String mode = IMMEDIATE;

    @Option(
            names = "--share",
            paramLabel = "PART",
            description = "The canary's share of jobs or tenants, as 0.2 or 20%%. Default: 0.1.")
    @Nullable
    String share;

    @Option(
            names = "--sticky",
            paramLabel = "WHAT",
            description = "What stays on one side of a canary: job (default) or tenant.")
    @Nullable
    String sticky;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description =
                    "How long the trial goes on, as 500ms, 10s or 5m of device time. Default: until gbpf policy promote or"
                            + " drop.")
    @Nullable
    String time;

    @Option(
            names = "--then",
            paramLabel = "WHAT",
            description = "What happens when its time is over: promote (default of a canary) or drop (of a shadow).")
    @Nullable
    String then;

    @Option(
            names = "--guard",
            paramLabel = "GUARD",
            description = "Ends the trial when it trips; may be given several times: wait_p99=20ms, wait_p99_ratio=1.5,"
                    + " rejected=0.05, errors=0, decision=5us, instructions=1000, agreement=0.95.")
    List<String> guards = List.of();

    @Option(
            names = "--drop",
            description = "Contents of maps that the policy does not go on with may be lost; refused otherwise.")
    boolean drop;

    /** Whether the policy is tried first. */
    boolean isTrial() {
        return !mode.equals(IMMEDIATE);
    }

    /** Adds them to the parameters of a swap. */
    void write(ObjectNode parameters) {
        if (!isTrial() && (share != null || sticky != null || time != null || then != null || !guards.isEmpty())) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--share, --sticky, --for, --then and --guard are for a trial",
                    "give --mode shadow or --mode canary");
        }
        parameters.put("mode", mode);
        parameters.put("drop", drop);
        if (share != null) {
            parameters.put("share", thousandths(share));
        }
        if (sticky != null) {
            parameters.put("sticky", sticky);
        }
        if (time != null) {
            parameters.put("forMs", milliseconds(time));
        }
        if (then != null) {
            parameters.put("then", then);
        }
        ArrayNode texts = parameters.putArray("guards");
        guards.forEach(texts::add);
    }

    private static int thousandths(String part) {
        boolean percent = part.endsWith("%");
        try {
            int thousandths = new BigDecimal(percent ? part.substring(0, part.length() - 1) : part)
                    .movePointRight(percent ? 1 : THOUSANDTHS)
                    .intValueExact();
            if (thousandths < 1 || thousandths >= WHOLE) {
                throw new CliException(ExitCode.USAGE, "--share " + part + " is not in 0.001..0.999", "as 0.2 or 20%");
            }
            return thousandths;
        } catch (ArithmeticException | NumberFormatException e) {
            throw new CliException(ExitCode.USAGE, "--share " + part + " is not a part as 0.2 or 20%", "", e);
        }
    }

    private static long milliseconds(String time) {
        Matcher matcher = DURATION.matcher(time);
        Long unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new CliException(ExitCode.USAGE, "--for " + time + " is no time", "as 500ms, 10s, 5m or 1h");
        }
        return Long.parseLong(matcher.group(1)) * unit;
    }
}

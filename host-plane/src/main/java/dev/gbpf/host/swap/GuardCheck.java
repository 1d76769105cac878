package dev.gbpf.host.swap;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.swap.TrialMeter.Window;
import dev.gbpf.verifier.Certificate;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Judges a trial by its guards. Each judgement tells what was measured beside what is allowed. */
public final class GuardCheck {
    private static final Set<Hook> DECISIONS =
            EnumSet.of(Hook.ON_SUBMIT, Hook.ON_ADMIT, Hook.ON_DISPATCH, Hook.ON_RETIRE);

    private GuardCheck() {}

    /** The first guard that the proved costs of an image break, in words. */
    public static Optional<String> beforehand(Guards guards, PolicyImage image) {
        for (Guard guard : guards.guards()) {
            if (guard instanceof Guard.Instructions(long limit)) {
                for (Hook hook : DECISIONS) {
                    Certificate certificate = image.certificates().get(hook);
                    if (certificate != null && certificate.worstCaseInstructions() > limit) {
                        return Optional.of("its " + hook.symbol() + " may take " + certificate.worstCaseInstructions()
                                + " instructions, the guard allows " + limit);
                    }
                }
            }
        }
        return Optional.empty();
    }

    /**
     * The first guard that trips, in words.
     *
     * @param candidate the last window of the image on trial
     * @param control that of the live image beside a canary; null for a shadow
     * @param agreement of a shadow; null for a canary
     */
    public static Optional<String> tripped(
            Guards guards, Window candidate, @Nullable Window control, @Nullable Agreement agreement) {
        for (Guard guard : guards.guards()) {
            String why = judge(guard, guards.minSamples(), candidate, control, agreement);
            if (why != null) {
                return Optional.of(why);
            }
        }
        return Optional.empty();
    }

    private static @Nullable String judge(
            Guard guard, int least, Window candidate, @Nullable Window control, @Nullable Agreement agreement) {
        return switch (guard) {
            case Guard.WaitP99(long limitNs) ->
                candidate.waits() >= least && candidate.waitP99Ns() > limitNs
                        ? "P99 of the queue wait is " + time(candidate.waitP99Ns()) + " over " + candidate.waits()
                                + " jobs, the guard allows " + time(limitNs)
                        : null;
            case Guard.WaitP99Ratio(int limitPercent) ->
                control != null
                                && candidate.waits() >= least
                                && control.waits() >= least
                                && exceeds(candidate.waitP99Ns(), limitPercent, control.waitP99Ns())
                        ? "P99 of the queue wait is " + time(candidate.waitP99Ns()) + " over " + candidate.waits()
                                + " jobs, beside " + time(control.waitP99Ns()) + " over " + control.waits()
                                + " of the live policy; the guard allows " + limitPercent + " % of that"
                        : null;
            case Guard.RejectionRate(int limit) -> {
                long decided = candidate.dispatched() + candidate.rejected();
                yield decided >= least && candidate.rejected() * 1_000 > limit * decided
                        ? candidate.rejected() + " of " + decided + " jobs were rejected, "
                                + percent(candidate.rejected(), decided) + "; the guard allows "
                                + percent(limit, 1_000)
                        : null;
            }
            case Guard.PolicyErrors(long limit) ->
                candidate.errors() > limit
                        ? candidate.errors() + " errors of the policy, the guard allows " + limit
                        : null;
            case Guard.DecisionTime(long limitNs) ->
                candidate.decisions() >= least && candidate.meanDecisionNs() > limitNs
                        ? "a decision takes " + candidate.meanDecisionNs() + " ns on average of "
                                + candidate.decisions() + ", the guard allows " + limitNs + " ns"
                        : null;
            case Guard.Agreement(int limit) ->
                agreement != null
                                && agreement.decisions() >= least
                                && agreement.agreed() * 1_000 < limit * agreement.decisions()
                        ? "it agreed in " + agreement.agreed() + " of " + agreement.decisions() + " decisions, "
                                + percent(agreement.agreed(), agreement.decisions()) + "; the guard asks for "
                                + percent(limit, 1_000)
                        : null;
            case Guard.Instructions _ -> null;
        };
    }

    /** Whether {@code value} is more than {@code percent} of {@code base}; a base below 1 us counts as that. */
    private static boolean exceeds(long value, int percent, long base) {
        return value * 100.0 > (double) percent * Math.max(base, 1_000);
    }

    private static String percent(long part, long whole) {
        return BigDecimal.valueOf(Math.round(part * 1_000.0 / whole), 1).toPlainString() + " %";
    }

    private static String time(long ns) {
        List<String> units = List.of("ns", "us", "ms", "s");
        int unit = 0;
        double value = ns;
        while (value >= 1_000 && unit < units.size() - 1) {
            value /= 1_000;
            unit++;
        }
        String digits = BigDecimal.valueOf(Math.round(value * 100), 2)
                .stripTrailingZeros()
                .toPlainString();
        return digits + " " + units.get(unit);
    }
}

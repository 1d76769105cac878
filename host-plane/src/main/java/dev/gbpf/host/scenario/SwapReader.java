package dev.gbpf.host.scenario;

import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.Guard;
import dev.gbpf.host.swap.Guards;
import dev.gbpf.host.swap.Sticky;
import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.swap.SwapMode.AtEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads one entry of {@code swaps}. */
final class SwapReader {
    private static final List<String> TRIAL_FIELDS = List.of("for", "then", "guards");
    private static final List<String> CANARY_FIELDS = List.of("share", "sticky");
    private static final long LONGEST_NS = DeviceModel.MAX_TIME_NS;

    private final Problems problems;
    private final Function<YamlNode, PolicyRef> policies;

    /**
     * A reader.
     *
     * @param policies reads the policy of {@code to}
     */
    SwapReader(Problems problems, Function<YamlNode, PolicyRef> policies) {
        this.problems = problems;
        this.policies = policies;
    }

    static Fields fields(YamlNode item, Problems problems) {
        return new Fields(
                "a swap",
                item,
                problems,
                List.of("at", "to", "do", "mode", "share", "sticky", "for", "then", "guards", "drop"));
    }

    Swap read(Fields fields, long atNs) {
        String order = fields.word("do", List.of("swap", "rollback", "promote", "drop"), "swap");
        if (!order.equals("swap")) {
            exclude(fields, "\"do: " + order + "\"", List.of("to", "mode", "drop"));
            exclude(fields, "\"do: " + order + "\"", TRIAL_FIELDS);
            exclude(fields, "\"do: " + order + "\"", CANARY_FIELDS);
            return new Swap.Order(
                    atNs,
                    switch (order) {
                        case "rollback" -> new SwapCommand.Rollback("");
                        case "promote" -> new SwapCommand.Promote();
                        default -> new SwapCommand.Drop("the scenario says so");
                    });
        }
        YamlNode to = fields.required("to");
        PolicyRef policy = to == null ? new PolicyRef(ActivationRecord.BYPASS) : policies.apply(to);
        SwapMode mode = mode(fields, policy);
        return new Swap.To(
                atNs,
                policy,
                mode,
                fields.word("drop", List.of("true", "false"), "false").equals("true"));
    }

    private SwapMode mode(Fields fields, PolicyRef policy) {
        String word = fields.word("mode", List.of("immediate", "shadow", "canary"), "immediate");
        if (word.equals("immediate")) {
            exclude(fields, "an immediate swap", TRIAL_FIELDS);
            exclude(fields, "an immediate swap", CANARY_FIELDS);
            return new SwapMode.Immediate();
        }
        if (policy.text().equals(ActivationRecord.BYPASS)) {
            problems.add(
                    Problems.CONTRADICTION,
                    fields.spanOf("mode"),
                    "bypass is no policy that could be tried as a " + word);
            return new SwapMode.Immediate();
        }
        boolean canary = word.equals("canary");
        long forNs = fields.duration("for", 1, LONGEST_NS, SwapMode.UNTIL_TOLD);
        String then = fields.word(
                "then",
                List.of(AtEnd.PROMOTE.word(), AtEnd.DROP.word()),
                canary ? AtEnd.PROMOTE.word() : AtEnd.DROP.word());
        AtEnd atEnd = then.equals(AtEnd.PROMOTE.word()) ? AtEnd.PROMOTE : AtEnd.DROP;
        Guards guards = guards(fields, canary);
        if (!canary) {
            exclude(fields, "a shadow", CANARY_FIELDS);
            return new SwapMode.Shadow(forNs, atEnd, guards, false);
        }
        int share = fields.thousandths("share", 1_000, 100);
        if (share < 1 || share > 999) {
            problems.add(
                    Problems.OUT_OF_RANGE,
                    fields.spanOf("share"),
                    "a canary's share is between 0.001 and 0.999: the rest is what it is compared with");
            share = 100;
        }
        Sticky sticky = Sticky.byWord(fields.word("sticky", List.of("tenant", "job"), "job"))
                .orElse(Sticky.JOB);
        return new SwapMode.Canary(share, sticky, forNs, atEnd, guards, false);
    }

    private Guards guards(Fields swap, boolean canary) {
        YamlNode node = swap.get("guards");
        if (node == null) {
            return Guards.NONE;
        }
        Fields fields = new Fields(
                "a group of guards",
                node,
                problems,
                canary
                        ? List.of(
                                "window", "samples", "wait_p99", "wait_p99_ratio", "rejected", "errors", "instructions")
                        : List.of("window", "samples", "agreement", "errors", "instructions"));
        List<Guard> guards = new ArrayList<>();
        if (fields.has("wait_p99")) {
            guards.add(new Guard.WaitP99(fields.duration("wait_p99", 1, LONGEST_NS, 1)));
        }
        if (fields.has("wait_p99_ratio")) {
            guards.add(new Guard.WaitP99Ratio((int) Math.round(fields.number("wait_p99_ratio", 0.01, 1_000, 1) * 100)));
        }
        if (fields.has("rejected")) {
            guards.add(new Guard.RejectionRate(fields.thousandths("rejected", 1_000, 0)));
        }
        if (fields.has("errors")) {
            guards.add(new Guard.PolicyErrors(fields.integer("errors", 0L, Long.MAX_VALUE, 0L)));
        }
        if (fields.has("instructions")) {
            guards.add(new Guard.Instructions(fields.integer("instructions", 1L, 1_000_000L, 1L)));
        }
        if (fields.has("agreement")) {
            guards.add(new Guard.Agreement(fields.thousandths("agreement", 1_000, 0)));
        }
        return new Guards(
                fields.duration("window", 1_000, LONGEST_NS, Guards.DEFAULT_WINDOW_NS),
                fields.integer("samples", 1, 1_000_000, Guards.DEFAULT_SAMPLES),
                guards);
    }

    private void exclude(Fields fields, String what, List<String> excluded) {
        for (String field : excluded) {
            if (fields.has(field)) {
                problems.add(Problems.CONTRADICTION, fields.spanOf(field), what + " has no \"" + field + "\"");
            }
        }
    }
}

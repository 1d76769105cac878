package dev.gbpf.host.scenario;

import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.host.scenario.Scenario.Policies;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.swap.ActivationRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code policy}, {@code swaps} and {@code compare}. */
final class PoliciesSection {
    private static final int LONGEST_PATH = 1_024;
    private static final int MOST_SWAPS = 48;
    private static final int MOST_COMPARED = 16;
    private static final PolicyRef NONE = new PolicyRef(ActivationRecord.BYPASS);

    private final Reading reading;
    private final Problems problems;

    PoliciesSection(Reading reading) {
        this.reading = reading;
        this.problems = reading.problems;
    }

    Policies read(Fields scenario) {
        if (scenario.has("compare")) {
            for (String other : List.of("policy", "swaps")) {
                if (scenario.has(other)) {
                    problems.add(
                            Problems.CONTRADICTION,
                            scenario.spanOf(other),
                            "the scenario has both \"compare\" and \"" + other + "\"",
                            "",
                            "\"compare\" runs each policy from start to end; remove one of the two");
                }
            }
            return comparison(scenario);
        }
        YamlNode first = scenario.required("policy");
        PolicyRef policy = first == null ? NONE : policy("\"policy\"", first);
        return new Policies.Sequence(policy, swaps(scenario));
    }

    private Policies comparison(Fields scenario) {
        List<PolicyRef> policies = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (YamlNode item : scenario.list("compare")) {
            PolicyRef policy = policy("an entry of \"compare\"", item);
            if (!seen.add(policy.text())) {
                problems.add(
                        Problems.DUPLICATE,
                        item.span(),
                        "policy \"" + Problems.excerpt(policy.text()) + "\" is compared with itself");
            }
            policies.add(policy);
        }
        if (policies.size() < 2 || policies.size() > MOST_COMPARED) {
            problems.add(
                    Problems.OUT_OF_RANGE,
                    scenario.spanOf("compare"),
                    "\"compare\" has " + policies.size() + " policies, which is not in 2 to " + MOST_COMPARED);
        }
        return new Policies.Comparison(policies);
    }

    private List<Swap> swaps(Fields scenario) {
        List<YamlNode> items = scenario.list("swaps");
        if (items.size() > MOST_SWAPS) {
            problems.add(
                    Problems.OUT_OF_RANGE,
                    scenario.spanOf("swaps"),
                    "there are " + items.size() + " swaps, and may be " + MOST_SWAPS);
        }
        SwapReader reader = new SwapReader(problems, to -> policy("\"to\"", to));
        List<Swap> swaps = new ArrayList<>();
        long last = 0;
        for (YamlNode item : items) {
            Fields fields = SwapReader.fields(item, problems);
            YamlNode at = fields.required("at");
            long atNs = fields.duration("at", 0, DeviceModel.MAX_TIME_NS, last + 1);
            if (at != null) {
                checkTime(atNs, last, at);
                last = Math.max(last, atNs);
            }
            swaps.add(reader.read(fields, atNs));
        }
        return swaps;
    }

    private void checkTime(long atNs, long last, YamlNode at) {
        if (atNs == 0) {
            problems.add(
                    Problems.CONTRADICTION,
                    at.span(),
                    "a swap at the very start",
                    "",
                    "name the policy that decides first in \"policy\"");
        } else if (atNs <= last) {
            problems.add(
                    Problems.CONTRADICTION,
                    at.span(),
                    "this swap is not after the one before it",
                    "",
                    "put the swaps in the order of their times");
        } else if (atNs >= reading.durationNs) {
            problems.add(
                    Problems.CONTRADICTION,
                    at.span(),
                    "this swap is not before the end of the run",
                    "",
                    "swap earlier, or make \"duration\" longer");
        }
    }

    private PolicyRef policy(String field, YamlNode node) {
        @Nullable String text = Values.text(field, node, LONGEST_PATH, problems);
        if (text == null) {
            return NONE;
        }
        PolicyRef policy = new PolicyRef(text);
        if (policy.isPath()) {
            if (!PolicyRef.isFileName(text)) {
                problems.add(
                        Problems.BAD_VALUE,
                        node.span(),
                        field
                                + " names a file that is neither a source (.gbpf, .gasm) nor a compiled object (.gbo, .o)");
            } else {
                reading.checkFile("the policy", text, node);
            }
        } else if (!text.equals(NONE.text()) && !reading.libraryPolicies.contains(text)) {
            List<String> known = new ArrayList<>(reading.libraryPolicies);
            known.add(NONE.text());
            String near = Suggestion.closest(text, known).orElse(null);
            problems.add(
                    Problems.UNKNOWN_NAME,
                    node.span(),
                    "there is no policy \"" + Problems.excerpt(text) + "\"",
                    near == null ? "" : "did you mean \"" + near + "\"?",
                    "the library has " + String.join(", ", known) + "; a path ends in .gbpf, .gasm, .gbo or .o");
        }
        return policy;
    }
}

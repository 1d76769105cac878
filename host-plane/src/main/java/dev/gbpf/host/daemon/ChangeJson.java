package dev.gbpf.host.daemon;

import dev.gbpf.host.control.Messages;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.swap.TrialReport;
import dev.gbpf.host.swap.TrialReport.Difference;
import dev.gbpf.host.swap.TrialReport.HookAgreement;
import dev.gbpf.host.swap.TrialReport.SideSummary;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What came of commands about policies, and trials, as JSON. */
final class ChangeJson {
    private ChangeJson() {}

    /** What came of a command. */
    static ObjectNode outcome(SwapOutcome outcome) {
        ObjectNode node = Messages.object();
        switch (outcome) {
            case SwapOutcome.Activated(ActivationRecord activation) -> {
                node.put("event", "activated");
                write(activation, node);
            }
            case SwapOutcome.TrialStarted(TrialReport trial) -> {
                node.put("event", "trial_started");
                node.set("trial", trial(trial));
            }
            case SwapOutcome.TrialEnded(TrialReport trial) -> {
                node.put("event", "trial_ended");
                node.set("trial", trial(trial));
            }
            case SwapOutcome.Refused(String policy, String why) -> {
                node.put("event", "refused");
                node.put("policy", policy);
                node.put("why", why);
            }
        }
        return node;
    }

    /** What came of a command, in a line. */
    static String summary(SwapOutcome outcome) {
        return switch (outcome) {
            case SwapOutcome.Activated(ActivationRecord a) -> a.reason() + ": " + a.from() + " > " + a.to();
            case SwapOutcome.TrialStarted(TrialReport t) -> t.policy() + " is on trial as a " + t.mode();
            case SwapOutcome.TrialEnded(TrialReport t) ->
                "trial of " + t.policy() + ": " + t.outcome() + ", " + t.why();
            case SwapOutcome.Refused(String policy, String why) -> policy + " was refused: " + why;
        };
    }

    private static void write(ActivationRecord record, ObjectNode node) {
        node.put("reason", record.reason());
        node.put("from", record.from());
        node.put("to", record.to());
        node.put("deviceNs", record.atNs());
        node.put("queuedJobs", record.queuedJobs());
        node.put("reofferedJobs", record.reofferedJobs());
        texts(node.putArray("keptMaps"), record.keptMaps());
        texts(node.putArray("freshMaps"), record.freshMaps());
        texts(node.putArray("migratedMaps"), record.migratedMaps());
        texts(node.putArray("droppedMaps"), record.droppedMaps());
    }

    private static void texts(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    /** A trial as it stands, or as it ended. */
    static ObjectNode trial(TrialReport trial) {
        ObjectNode node = Messages.object();
        node.put("mode", trial.mode());
        node.put("policy", trial.policy());
        node.put("tag", trial.tag());
        node.put("live", trial.live());
        node.put("fromNs", trial.fromNs());
        node.put("toNs", trial.toNs());
        if (trial.shareThousandths() > 0) {
            node.put("shareThousandths", trial.shareThousandths());
            node.put("sticky", trial.sticky());
        }
        node.put("outcome", trial.outcome());
        node.put("why", trial.why());
        ArrayNode agreement = node.putArray("agreement");
        for (HookAgreement hook : trial.agreement()) {
            agreement
                    .addObject()
                    .put("hook", hook.hook())
                    .put("decisions", hook.decisions())
                    .put("agreed", hook.agreed());
        }
        ArrayNode differences = node.putArray("differences");
        for (Difference difference : trial.differences()) {
            differences
                    .addObject()
                    .put("atNs", difference.atNs())
                    .put("hook", difference.hook())
                    .put("job", difference.job())
                    .put("live", difference.live())
                    .put("shadow", difference.shadow());
        }
        node.set("candidate", side(trial.candidate()));
        if (trial.control() != null) {
            node.set("control", side(trial.control()));
        }
        return node;
    }

    private static ObjectNode side(SideSummary side) {
        return Messages.object()
                .put("policy", side.policy())
                .put("jobs", side.jobs())
                .put("dispatched", side.dispatched())
                .put("rejected", side.rejected())
                .put("decisions", side.decisions())
                .put("errors", side.errors())
                .put("meanDecisionNs", side.meanDecisionNs())
                .put("waitMeanNs", side.waitMeanNs())
                .put("waitMedianNs", side.waitP50Ns())
                .put("waitP99Ns", side.waitP99Ns())
                .put("waitMaxNs", side.waitMaxNs());
    }
}

package dev.gbpf.host.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Changes of the policy that decides, and trials, for people. */
final class ChangeText {
    private static final double THOUSAND = 1000;

    private ChangeText() {}

    /** A line, with what became of jobs and maps; a trial that ended with what was measured takes more. */
    static String of(JsonNode change) {
        JsonNode trial = change.path("trial");
        return trial.isObject() ? trial(trial) : activation(change);
    }

    private static String activation(JsonNode change) {
        List<String> parts = new ArrayList<>();
        long queued = change.path("queuedJobs").asLong();
        parts.add(Text.count(queued, "job") + " waited"
                + (queued == 0
                        ? ""
                        : ", " + Text.grouped(change.path("reofferedJobs").asLong()) + " of them offered again"));
        maps(parts, change, "keptMaps", "kept");
        maps(parts, change, "freshMaps", "fresh");
        maps(parts, change, "migratedMaps", "migrated");
        maps(parts, change, "droppedMaps", "dropped");
        return change.path("from").asString() + " > " + change.path("to").asString() + " ("
                + change.path("reason").asString() + "): " + String.join("; ", parts);
    }

    private static void maps(List<String> parts, JsonNode change, String field, String what) {
        List<String> names = new ArrayList<>();
        change.path(field).forEach(name -> names.add(name.asString()));
        if (!names.isEmpty()) {
            parts.add("maps " + what + ": " + String.join(", ", names));
        }
    }

    /** A trial as it stands, or as it ended. */
    static String trial(JsonNode trial) {
        StringBuilder out = new StringBuilder(trial.path("policy").asString() + " beside "
                + trial.path("live").asString() + ", " + trial.path("mode").asString());
        if (trial.has("shareThousandths")) {
            out.append(" with ")
                    .append(tenths(trial.path("shareThousandths").asLong()))
                    .append(" % by ")
                    .append(trial.path("sticky").asString());
        }
        String outcome = trial.path("outcome").asString();
        out.append(": ").append(outcome.replace('_', ' '));
        if (!trial.path("why").asString().isEmpty()) {
            out.append(", ").append(trial.path("why").asString());
        }
        for (JsonNode hook : trial.path("agreement")) {
            out.append("; ")
                    .append(hook.path("hook").asString())
                    .append(" agreed in ")
                    .append(Text.grouped(hook.path("agreed").asLong()))
                    .append(" of ")
                    .append(Text.grouped(hook.path("decisions").asLong()));
        }
        side(out, trial.path("candidate"));
        side(out, trial.path("control"));
        return out.toString();
    }

    private static void side(StringBuilder out, JsonNode side) {
        if (side.path("jobs").asLong() > 0) {
            out.append("; ")
                    .append(side.path("policy").asString())
                    .append(" sent ")
                    .append(Text.grouped(side.path("dispatched").asLong()))
                    .append(", wait p50 ")
                    .append(StatusView.duration(side.path("waitMedianNs").asLong()))
                    .append(" p99 ")
                    .append(StatusView.duration(side.path("waitP99Ns").asLong()));
        }
    }

    private static String tenths(long thousandths) {
        String text = Double.toString(thousandths / THOUSAND * 100);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}

package dev.gbpf.host.cli;

import tools.jackson.databind.JsonNode;

/** Entries of the history for people. */
final class HistoryText {
    private HistoryText() {}

    /** A line: how it began, and how it ended. */
    static String of(JsonNode activation) {
        JsonNode end = activation.path("end");
        JsonNode trial = end.path("report").path("trial");
        if (trial.isObject()) {
            return ChangeText.trial(trial);
        }
        JsonNode start = activation.path("start");
        String begun = start.isObject()
                ? ChangeText.of(start)
                : activation.path("policy").asString() + " ("
                        + activation.path("reason").asString() + ")";
        return end.isObject() ? begun + "; " + end(activation.path("number").asLong(), end) : begun;
    }

    private static String end(long number, JsonNode end) {
        String kind = end.path("kind").asString();
        StringBuilder text = new StringBuilder(kind);
        String why = end.path("why").asString();
        if (!why.isEmpty()) {
            text.append(kind.equals("replaced") || kind.equals("rolled back") ? " " : ": ")
                    .append(why);
        }
        long decisions = end.path("decisions").asLong();
        if (decisions > 0) {
            text.append(", after ").append(Text.count(decisions, "decision"));
        }
        return kind.equals("ejected") ? text + ", see gbpf policy history " + number : text.toString();
    }
}

package dev.gbpf.host.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A command that shows what a recorder has, or what comes into it. */
abstract class TraceVerb extends DaemonVerb {
    private static final double NS_PER_S = 1e9;

    @Option(
            names = {"-f", "--follow"},
            description = "Print what comes from now on, until it is interrupted.")
    boolean follow;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description =
                    "The newest so many, as far as they are kept; with --follow, end after so many. Default: 100, and no end.")
    @Nullable
    Integer count;

    TraceVerb(Session session) {
        super(session);
    }

    /**
     * Reads a recorder.
     *
     * @param list the method that has what is kept
     * @param recorder what to watch
     * @param items the member of its answers
     * @param kept how many it keeps
     */
    void read(DaemonLink link, String list, String recorder, String items, int kept) {
        if (count != null) {
            CliException.requireRange("--count", count, 1, Integer.MAX_VALUE);
        }
        ObjectNode parameters = DaemonLink.parameters().put("recorder", recorder);
        if (follow) {
            long[] left = {count == null ? Long.MAX_VALUE : count};
            link.call("trace.watch", parameters, event -> {
                long lost = event.path("lost").asLong();
                if (lost > 0 && !session.json()) {
                    session.out().append("(" + Text.grouped(lost) + " lost)\n");
                }
                for (JsonNode item : event.path(items)) {
                    if (left[0]-- > 0) {
                        show(item);
                    }
                }
                session.out().flush();
                return left[0] > 0;
            });
            return;
        }
        if (count != null) {
            parameters.put("limit", Math.min(count, kept));
        }
        JsonNode answer = link.call(list, parameters);
        if (session.json()) {
            session.printJson(answer);
        } else {
            showAll(answer.path(items));
        }
    }

    private void show(JsonNode item) {
        if (session.json()) {
            session.printJson(item);
        } else {
            showAll(List.of(item));
        }
    }

    /** Prints items for people. */
    abstract void showAll(Iterable<JsonNode> items);

    /** A time of the plane's clock. */
    static String time(JsonNode item) {
        long micros = Math.round(item.path("atNs").asLong() / NS_PER_S * 1e6);
        String digits = Long.toString(1_000_000 + micros % 1_000_000).substring(1);
        return micros / 1_000_000 + "." + digits;
    }
}

package dev.gbpf.host.cli;

import picocli.CommandLine.Option;

/**
 * The options of commands that can answer in JSON. They have an order because they are methods, which reflection lists in no
 * particular one; options without an order count as -1.
 */
final class JsonOptions {
    private final Session session;

    JsonOptions(Session session) {
        this.session = session;
    }

    @Option(
            names = {"-j", "--json"},
            order = -3,
            description = "Answer in JSON, the stable interface; errors too.")
    void json(boolean on) {
        if (on) {
            session.useJson();
        }
    }

    @Option(
            names = {"-p", "--pretty"},
            order = -2,
            description = "As --json, indented.")
    void pretty(boolean on) {
        if (on) {
            session.usePretty();
        }
    }
}

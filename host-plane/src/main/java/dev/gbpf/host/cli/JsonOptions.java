package dev.gbpf.host.cli;

import picocli.CommandLine.Option;

/** The options of commands that can answer in JSON. */
final class JsonOptions {
    private final Session session;

    JsonOptions(Session session) {
        this.session = session;
    }

    @Option(
            names = {"-j", "--json"},
            description = "Answer in JSON, the stable interface; errors too.")
    void json(boolean on) {
        if (on) {
            session.useJson();
        }
    }

    @Option(
            names = {"-p", "--pretty"},
            description = "As --json, indented.")
    void pretty(boolean on) {
        if (on) {
            session.usePretty();
        }
    }
}

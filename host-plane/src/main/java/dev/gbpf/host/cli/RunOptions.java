package dev.gbpf.host.cli;

import dev.gbpf.host.engine.Engine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What commands that run scenarios have in common: where results go. */
final class RunOptions {
    @Option(names = "--seed", paramLabel = "N", description = "Seed of all random choices, in place of the scenario's.")
    @Nullable
    Long seed;

    @Option(
            names = "--trace",
            paramLabel = "FILE",
            description = "Requests of the scenario's language model workloads: a CSV file with the columns TIMESTAMP,"
                    + "ContextTokens,GeneratedTokens, as the Azure LLM inference trace has them.")
    @Nullable
    String trace;

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            description = "What runs policies: auto (default), interpreter or jit. The results are the same.")
    String engine = Engine.AUTO.word();

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Write a report for a browser, one self-contained page.")
    @Nullable
    String html;

    @Option(
            names = {"-j", "--json"},
            paramLabel = "FILE",
            description =
                    "Write the results as JSON, the stable interface; - is standard output, in place of the text.")
    @Nullable
    String json;

    @Option(
            names = "--dump-maps",
            description = "After the report, print what the maps of the policies hold at the end.")
    boolean dumpMaps;

    @Option(
            names = "--metrics",
            paramLabel = "PORT",
            description = "While it runs, serve Prometheus metrics at /metrics on this port of the loopback interface"
                    + " (docs/metrics.md); 0 for one that is free. Not for a comparison.")
    @Nullable
    Integer metrics;

    @Option(
            names = {"-q", "--quiet"},
            description = "No text and no progress; only what --html and --json ask for.")
    boolean quiet;
}

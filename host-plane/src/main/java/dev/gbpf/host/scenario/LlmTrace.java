package dev.gbpf.host.scenario;

import dev.gbpf.host.workload.LlmTraceParameters;

/** Where the requests of an LLM workload come from. */
public sealed interface LlmTrace {
    /**
     * A recorded trace.
     *
     * @param path a CSV file with the columns of the Azure LLM inference trace, relative to the scenario's folder
     */
    record Recorded(String path) implements LlmTrace {}

    /** Two minutes of requests that come with gBPF. */
    record Sample() implements LlmTrace {}

    /** A trace that is made up, the same for the same parameters. */
    record Generated(LlmTraceParameters parameters) implements LlmTrace {}
}

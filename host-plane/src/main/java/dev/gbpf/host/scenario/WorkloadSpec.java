package dev.gbpf.host.scenario;

import dev.gbpf.host.workload.CollectiveParameters;
import dev.gbpf.host.workload.LlmParameters;
import dev.gbpf.host.workload.MemoryParameters;
import dev.gbpf.host.workload.SyntheticParameters;

/** One source of jobs. */
public sealed interface WorkloadSpec {
    /** Requests made up for one tenant. */
    record Synthetic(SyntheticParameters parameters) implements WorkloadSpec {}

    /** A communicator whose ranks compute and reduce. */
    record Collective(CollectiveParameters parameters) implements WorkloadSpec {}

    /** Clients that hold allocations. */
    record Memory(MemoryParameters parameters) implements WorkloadSpec {}

    /**
     * Requests to a language model; its batch class is among the device's.
     *
     * @param trace which requests
     * @param parameters how they become jobs
     */
    record Llm(LlmTrace trace, LlmParameters parameters) implements WorkloadSpec {}
}

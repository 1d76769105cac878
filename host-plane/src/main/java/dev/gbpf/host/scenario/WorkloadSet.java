package dev.gbpf.host.scenario;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.Severity;
import dev.gbpf.host.workload.CollectiveParameters;
import dev.gbpf.host.workload.CollectiveWorkload;
import dev.gbpf.host.workload.LlmParameters;
import dev.gbpf.host.workload.LlmRequestSource;
import dev.gbpf.host.workload.LlmTraceGenerator;
import dev.gbpf.host.workload.LlmTraceParameters;
import dev.gbpf.host.workload.LlmTraceReader;
import dev.gbpf.host.workload.LlmWorkload;
import dev.gbpf.host.workload.MemoryParameters;
import dev.gbpf.host.workload.MemoryWorkload;
import dev.gbpf.host.workload.RequestObserver;
import dev.gbpf.host.workload.SyntheticParameters;
import dev.gbpf.host.workload.SyntheticWorkload;
import dev.gbpf.host.workload.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The workloads of one run, and the trace files that they read. */
public final class WorkloadSet implements AutoCloseable {
    private final List<Workload> workloads = new ArrayList<>();
    private final List<LlmTraceReader> readers = new ArrayList<>();

    private WorkloadSet() {}

    /**
     * Opens what a scenario asks for.
     *
     * @param observer told about requests to language models
     * @throws ScenarioException when a trace cannot be read
     */
    public static WorkloadSet of(Scenario scenario, RequestObserver observer) {
        WorkloadSet set = new WorkloadSet();
        try {
            for (WorkloadSpec spec : scenario.workloads()) {
                set.workloads.add(
                        switch (spec) {
                            case WorkloadSpec.Synthetic(SyntheticParameters parameters) ->
                                new SyntheticWorkload(parameters);
                            case WorkloadSpec.Collective(CollectiveParameters parameters) ->
                                new CollectiveWorkload(parameters);
                            case WorkloadSpec.Memory(MemoryParameters parameters) -> new MemoryWorkload(parameters);
                            case WorkloadSpec.Llm(LlmTrace trace, LlmParameters parameters) ->
                                new LlmWorkload(parameters, set.open(trace, scenario), observer);
                        });
            }
            return set;
        } catch (RuntimeException e) {
            set.close();
            throw e;
        }
    }

    private LlmRequestSource open(LlmTrace trace, Scenario scenario) {
        return switch (trace) {
            case LlmTrace.Generated(LlmTraceParameters parameters) -> new LlmTraceGenerator(parameters);
            case LlmTrace.Sample _ -> keep(LlmTraceReader.sample());
            case LlmTrace.Recorded(String path) -> {
                try {
                    yield keep(LlmTraceReader.open(scenario.folder().resolve(path)));
                } catch (UncheckedIOException e) {
                    throw new ScenarioException(
                            List.of(new Diagnostic(
                                    Problems.UNREADABLE,
                                    Severity.ERROR,
                                    "the trace cannot be read",
                                    path,
                                    null,
                                    "",
                                    List.of(),
                                    null)),
                            null);
                }
            }
        };
    }

    private LlmTraceReader keep(LlmTraceReader reader) {
        readers.add(reader);
        return reader;
    }

    /** In the order of the scenario. */
    public List<Workload> all() {
        return List.copyOf(workloads);
    }

    @Override
    public void close() {
        for (LlmTraceReader reader : readers) {
            try {
                reader.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close a trace", e);
            }
        }
    }
}

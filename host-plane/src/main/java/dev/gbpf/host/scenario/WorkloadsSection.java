package dev.gbpf.host.scenario;

import dev.gbpf.host.scenario.YamlNode.YamlMap;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads {@code workload}: a list of sources of jobs. */
final class WorkloadsSection {
    private static final int MOST = 256;

    private final Reading reading;

    WorkloadsSection(Reading reading) {
        this.reading = reading;
    }

    List<WorkloadSpec> read(Fields scenario) {
        if (scenario.required("workload") == null) {
            return List.of();
        }
        List<YamlNode> items = scenario.list("workload");
        if (items.isEmpty() || items.size() > MOST) {
            reading.problems.add(
                    Problems.OUT_OF_RANGE,
                    scenario.spanOf("workload"),
                    "\"workload\" has " + items.size() + " entries, which is not in 1 to " + MOST);
        }
        List<WorkloadSpec> list = new ArrayList<>();
        for (YamlNode item : items) {
            WorkloadSpec workload = workload(item);
            if (workload != null) {
                list.add(workload);
            }
        }
        return list;
    }

    private @Nullable WorkloadSpec workload(YamlNode item) {
        if (item instanceof YamlMap map
                && map.entries().stream().anyMatch(e -> e.key().equals("llm"))) {
            Fields outer = new Fields("an LLM workload", item, reading.problems, List.of("llm"));
            YamlNode llm = outer.get("llm");
            return llm == null ? null : new LlmSection(reading).read(llm);
        }
        if (item instanceof YamlMap map
                && map.entries().stream().anyMatch(e -> e.key().equals("collective"))) {
            Fields outer = new Fields("a collective workload", item, reading.problems, List.of("collective"));
            YamlNode collective = outer.get("collective");
            return collective == null ? null : new CollectiveSection(reading).read(collective);
        }
        if (item instanceof YamlMap map
                && map.entries().stream().anyMatch(e -> e.key().equals("memory") && e.value() instanceof YamlMap)) {
            Fields outer = new Fields("a workload of allocations", item, reading.problems, List.of("memory"));
            YamlNode memory = outer.get("memory");
            return memory == null ? null : new MemorySection(reading).read(memory);
        }
        List<String> allowed = Stream.concat(SyntheticSection.FIELDS.stream(), Stream.of("llm", "collective"))
                .toList();
        Fields fields = new Fields("a workload", item, reading.problems, allowed);
        return new SyntheticSection(reading).read(fields);
    }
}

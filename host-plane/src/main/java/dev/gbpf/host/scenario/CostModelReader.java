package dev.gbpf.host.scenario;

import dev.gbpf.host.scenario.YamlNode.YamlScalar;
import dev.gbpf.host.workload.LlmCostModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code model}: the name of a cost model, or a group with a preset and what is different from it. */
final class CostModelReader {
    private static final List<String> FIELDS = List.of(
            "preset",
            "weights",
            "kv_per_token",
            "gflops_per_token",
            "peak_tflops",
            "compute_efficiency",
            "bandwidth",
            "bandwidth_efficiency");
    private static final LlmCostModel DEFAULT = LlmCostModel.h200Dense8b();

    private final Problems problems;

    CostModelReader(Problems problems) {
        this.problems = problems;
    }

    private static Map<String, LlmCostModel> presets() {
        Map<String, LlmCostModel> presets = new LinkedHashMap<>();
        for (LlmCostModel model : List.of(DEFAULT, LlmCostModel.h200Dense13b(), LlmCostModel.h200Dense70bFp8())) {
            presets.put(model.name(), model);
        }
        return presets;
    }

    /** The model; the default one when nothing was given or a problem was reported. */
    LlmCostModel read(@Nullable YamlNode node) {
        if (node == null) {
            return DEFAULT;
        }
        Map<String, LlmCostModel> presets = presets();
        if (node instanceof YamlScalar) {
            YamlNode.YamlMap group =
                    new YamlNode.YamlMap(node.span(), List.of(new YamlNode.Entry("model", node.span(), node)));
            String name = new Fields("\"llm\"", group, problems, List.of("model"))
                    .word("model", new ArrayList<>(presets.keySet()), DEFAULT.name());
            return presets.getOrDefault(name, DEFAULT);
        }
        int before = problems.count();
        Fields fields = new Fields("\"model\"", node, problems, FIELDS);
        LlmCostModel preset =
                presets.getOrDefault(fields.word("preset", new ArrayList<>(presets.keySet()), DEFAULT.name()), DEFAULT);
        long weights = fields.quantity(Quantity.SIZE, "weights", 1, 1L << 45, preset.weightBytes());
        long kv = fields.quantity(Quantity.SIZE, "kv_per_token", 1, 1L << 30, preset.kvBytesPerToken());
        double gflops = fields.number("gflops_per_token", 0.000001, 1_000_000, preset.flopsPerToken() / 1e9);
        double tflops = fields.number("peak_tflops", 0.001, 1_000_000, preset.flopsPerSecond() / 1e12);
        int compute = fields.thousandths("compute_efficiency", 1_000, (int) preset.flopsEfficiencyThousandths());
        long bandwidth = fields.quantity(Quantity.BANDWIDTH, "bandwidth", 1, 1L << 50, preset.bytesPerSecond());
        int reached = fields.thousandths("bandwidth_efficiency", 1_000, (int) preset.bandwidthEfficiencyThousandths());
        return fields.build(
                before,
                () -> new LlmCostModel(
                        preset.name() + " (changed)",
                        weights,
                        kv,
                        Math.round(gflops * 1e9),
                        Math.round(tflops * 1e12),
                        compute,
                        bandwidth,
                        reached),
                preset);
    }
}

package dev.gbpf.host.scenario;

import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.scenario.YamlNode.YamlScalar;
import dev.gbpf.host.sim.BatchClass;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.workload.LlmCostModel;
import dev.gbpf.host.workload.LlmParameters;
import dev.gbpf.host.workload.LlmRequest;
import dev.gbpf.host.workload.LlmTraceParameters;
import dev.gbpf.host.workload.TenantAssignment;
import dev.gbpf.host.workload.TenantShare;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code llm}: requests to a language model, from a trace. It adds the model's batch class to the device. */
final class LlmSection {
    private static final List<String> FIELDS = List.of(
            "trace",
            "model",
            "tenants",
            "long_context",
            "speedup",
            "max_requests",
            "max_batch",
            "expected_batch",
            "width",
            "prefill_memory_intensity");
    private static final String SAMPLE = "sample";
    private static final String CONVERSATION = "conversation";
    private static final int LONGEST_PATH = 1_024;
    private static final int DEFAULT_MAX_BATCH = 256;
    private static final long MOST_NS = DeviceModel.MAX_TIME_NS;

    private final Reading reading;
    private final Problems problems;

    LlmSection(Reading reading) {
        this.reading = reading;
        this.problems = reading.problems;
    }

    WorkloadSpec.@Nullable Llm read(YamlNode node) {
        int before = problems.count();
        int sms = reading.device.sms();
        Fields fields = new Fields("\"llm\"", node, problems, FIELDS);
        double speedup = fields.number("speedup", 0.001, 1_000, 1);
        LlmTrace trace = trace(fields, speedup);
        LlmCostModel model = new CostModelReader(problems).read(fields.get("model"));
        checkMemory(model, fields);
        TenantAssignment assignment = assignment(fields);
        long most = fields.integer("max_requests", 1, Long.MAX_VALUE, Long.MAX_VALUE);
        int maxBatch = fields.integer("max_batch", 1, BatchClass.MAX_SIZE, DEFAULT_MAX_BATCH);
        int expectedBatch = fields.integer("expected_batch", 1, BatchClass.MAX_SIZE, Math.min(16, maxBatch));
        int width = fields.integer("width", 1, DeviceModel.MAX_SMS, sms);
        int intensity = fields.thousandths("prefill_memory_intensity", 1_000, 200);
        if (assignment == null || trace == null || problems.count() > before) {
            return null;
        }
        int batchClass = reading.device.batchClasses().size() + 1;
        return fields.<WorkloadSpec.@Nullable Llm>build(
                before,
                () -> {
                    BatchClass decode = BatchClass.decode(model, maxBatch, width);
                    addBatchClass(new BatchClass(
                            decode.name() + batchClass,
                            decode.baseNs(),
                            decode.maxSize(),
                            decode.width(),
                            decode.memoryIntensity()));
                    return new WorkloadSpec.Llm(
                            trace,
                            new LlmParameters(
                                    model,
                                    assignment,
                                    reading.seed,
                                    speedup,
                                    most,
                                    width,
                                    intensity,
                                    batchClass,
                                    expectedBatch));
                },
                null);
    }

    private void checkMemory(LlmCostModel model, Fields fields) {
        reading.residentBytes += model.weightBytes();
        long memory = reading.device.memoryBytes();
        if (reading.residentBytes > memory) {
            problems.add(
                    Problems.CONTRADICTION,
                    fields.spanOf("model"),
                    "the weights of the models need more memory than the device has, bytes=" + reading.residentBytes
                            + " of " + memory,
                    "",
                    "take a smaller model, or a device with more \"memory\"");
        }
    }

    private void addBatchClass(BatchClass added) {
        List<BatchClass> classes = new ArrayList<>(reading.device.batchClasses());
        classes.add(added);
        reading.device = reading.device.withBatchClasses(classes);
    }

    private @Nullable LlmTrace trace(Fields fields, double speedup) {
        YamlNode node = fields.required("trace");
        if (node == null) {
            return null;
        }
        String text = Values.text("\"trace\"", node, LONGEST_PATH, problems);
        if (text == null) {
            return null;
        }
        if (text.equals(SAMPLE)) {
            return new LlmTrace.Sample();
        }
        if (text.equals(CONVERSATION)) {
            // Arrivals come faster by the speedup, so the trace must be as much longer.
            long length = (long) Math.min(MOST_NS, Math.ceil(reading.durationNs * Math.max(1, speedup)));
            return new LlmTrace.Generated(LlmTraceParameters.conversation(reading.seed, length));
        }
        if (!PolicyRef.isPath(text)) {
            String near =
                    Suggestion.closest(text, List.of(SAMPLE, CONVERSATION)).orElse(null);
            problems.add(
                    Problems.UNKNOWN_NAME,
                    node.span(),
                    "there is no built-in trace \"" + Problems.excerpt(text) + "\"",
                    near == null ? "" : "did you mean \"" + near + "\"?",
                    "\"" + SAMPLE + "\", \"" + CONVERSATION + "\", or the path of a CSV file");
            return null;
        }
        reading.checkFile("the trace", text, node);
        return new LlmTrace.Recorded(text);
    }

    private @Nullable TenantAssignment assignment(Fields fields) {
        int before = problems.count();
        if (fields.required("tenants") == null) {
            return null;
        }
        List<TenantShare> shares = new ArrayList<>();
        Set<Tenant> seen = new HashSet<>();
        for (YamlNode item : fields.list("tenants")) {
            if (item instanceof YamlScalar) {
                Tenant tenant = reading.tenant("an entry of \"tenants\"", item);
                if (tenant != null) {
                    add(shares, seen, new TenantShare(tenant, 1, 0, 0), item);
                }
            } else {
                Fields share =
                        new Fields("a share", item, problems, List.of("tenant", "share", "ttft_slo", "tpot_slo"));
                TenantShare read = share(share, share.integer("share", 0, 1_000_000, 1));
                if (read != null) {
                    add(shares, seen, read, item);
                }
            }
        }
        int longTokens = LlmRequest.MAX_TOKENS;
        TenantShare longContext = null;
        YamlNode longNode = fields.get("long_context");
        if (longNode != null) {
            Fields group = new Fields(
                    "\"long_context\"", longNode, problems, List.of("tokens", "tenant", "ttft_slo", "tpot_slo"));
            group.required("tokens");
            longTokens = group.integer("tokens", 1, LlmRequest.MAX_TOKENS, 1);
            longContext = share(group, 0);
        }
        int tokens = longTokens;
        TenantShare forLong = longContext;
        return fields.<@Nullable TenantAssignment>build(
                before, () -> new TenantAssignment(shares, tokens, forLong), null);
    }

    private void add(List<TenantShare> shares, Set<Tenant> seen, TenantShare share, YamlNode item) {
        if (!seen.add(share.tenant())) {
            problems.add(
                    Problems.DUPLICATE,
                    item.span(),
                    "tenant \"" + Problems.excerpt(share.tenant().name()) + "\" has two shares");
        }
        shares.add(share);
    }

    private @Nullable TenantShare share(Fields fields, int weight) {
        YamlNode node = fields.required("tenant");
        long ttft = fields.duration("ttft_slo", 1, MOST_NS, 0);
        long tpot = fields.duration("tpot_slo", 1, MOST_NS, 0);
        Tenant tenant = node == null ? null : reading.tenant("\"tenant\"", node);
        return tenant == null ? null : new TenantShare(tenant, weight, ttft, tpot);
    }
}

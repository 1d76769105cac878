package dev.gbpf.host.scenario;

import dev.gbpf.abi.Constants;
import dev.gbpf.host.allocation.AllocationSpec;
import dev.gbpf.host.queue.MemoryLimits;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.sim.DeviceModel;
import java.util.List;

/** Reads {@code tenants}. */
final class TenantsSection {
    static final int LONGEST_NAME = 64;
    private static final List<String> FIELDS =
            List.of("name", "weight", "priority", "slo", "io_budget", "io_burst", "memory");
    private static final long MOST_BYTES = 1L << 50;
    private static final long LEAST_BUDGET = 1_000_000;

    private final Reading reading;

    TenantsSection(Reading reading) {
        this.reading = reading;
    }

    void read(Fields scenario) {
        Problems problems = reading.problems;
        if (scenario.required("tenants") == null) {
            return;
        }
        List<YamlNode> items = scenario.list("tenants");
        if (items.isEmpty() || items.size() > Constants.MAX_TENANTS) {
            problems.add(
                    Problems.OUT_OF_RANGE,
                    scenario.spanOf("tenants"),
                    "there are " + items.size() + " tenants, which is not in 1 to " + Constants.MAX_TENANTS);
            return;
        }
        for (YamlNode item : items) {
            Fields fields = new Fields("a tenant", item, problems, FIELDS);
            int index = reading.tenants.size();
            int weight = fields.integer("weight", 1, 1_000_000, 1);
            int priority = fields.integer("priority", 0, 1_000, 0);
            long slo = fields.duration("slo", 1, DeviceModel.MAX_TIME_NS, 0);
            long budget = fields.quantity(Quantity.BANDWIDTH, "io_budget", LEAST_BUDGET, MOST_BYTES, 0);
            long burst = fields.size("io_burst", MOST_BYTES, 0);
            MemoryLimits memory = memory(fields);
            YamlNode nameNode = fields.required("name");
            String name = fields.text("name", LONGEST_NAME, "");
            if (nameNode == null || name.isEmpty()) {
                continue;
            }
            ScenarioTenant tenant =
                    new ScenarioTenant(new Tenant(index, name, weight, priority, budget, burst, memory), slo);
            if (reading.tenants.putIfAbsent(name, tenant) != null) {
                problems.add(
                        Problems.DUPLICATE,
                        nameNode.span(),
                        "there are two tenants \"" + Problems.excerpt(name) + "\"",
                        "",
                        "give each its own name");
            }
        }
    }

    private MemoryLimits memory(Fields tenant) {
        YamlNode node = tenant.get("memory");
        if (node == null) {
            return MemoryLimits.NONE;
        }
        int before = reading.problems.count();
        Fields fields = new Fields("\"memory\"", node, reading.problems, List.of("soft", "hard"));
        long soft = fields.size("soft", AllocationSpec.MAX_BYTES, 0);
        long hard = fields.size("hard", AllocationSpec.MAX_BYTES, 0);
        return fields.build(before, () -> new MemoryLimits(soft, hard), MemoryLimits.NONE);
    }
}

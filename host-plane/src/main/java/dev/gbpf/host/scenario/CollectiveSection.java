package dev.gbpf.host.scenario;

import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.workload.CollectiveParameters;
import dev.gbpf.host.workload.ServiceTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code collective}: a communicator whose ranks compute and reduce, step by step. */
final class CollectiveSection {
    private static final List<String> FIELDS = List.of(
            "tenant",
            "ranks",
            "compute",
            "compute_width",
            "width",
            "bytes",
            "bandwidth",
            "timeout",
            "start",
            "end",
            "max_steps");
    private static final int MOST_RANKS = 1_024;
    private static final int DEFAULT_WIDTH = 16;
    private static final long DEFAULT_BANDWIDTH = 300_000_000_000L;
    private static final long DEFAULT_TIMEOUT_NS = 1_000_000_000L;
    private static final long MOST_BYTES = 1L << 50;

    private final Reading reading;

    CollectiveSection(Reading reading) {
        this.reading = reading;
    }

    WorkloadSpec.@Nullable Collective read(YamlNode node) {
        Problems problems = reading.problems;
        int before = problems.count();
        Fields fields = new Fields("\"collective\"", node, problems, FIELDS);
        YamlNode tenantNode = fields.required("tenant");
        Tenant tenant = tenantNode == null ? null : reading.tenant("\"tenant\"", tenantNode);
        fields.required("ranks");
        int ranks = fields.integer("ranks", 1, MOST_RANKS, 1);
        YamlNode computeNode = fields.get("compute");
        ServiceTime compute = computeNode == null ? null : new ServiceReader(problems).read(computeNode);
        int sms = reading.device.sms();
        int computeWidth = fields.integer("compute_width", 1, DeviceModel.MAX_SMS - 1, sms);
        int width = fields.integer("width", 1, DeviceModel.MAX_SMS - 1, Math.min(DEFAULT_WIDTH, sms));
        long bytes = fields.size("bytes", MOST_BYTES, 0);
        long bandwidth = fields.quantity(Quantity.BANDWIDTH, "bandwidth", 1, MOST_BYTES, DEFAULT_BANDWIDTH);
        long timeout = fields.duration("timeout", 1, DeviceModel.MAX_TIME_NS, DEFAULT_TIMEOUT_NS);
        long start = fields.duration("start", 0, reading.durationNs, 0);
        long end = fields.duration("end", start, reading.durationNs, reading.durationNs);
        long most = fields.integer("max_steps", 1, Long.MAX_VALUE, Long.MAX_VALUE);
        if (tenant == null || problems.count() > before) {
            return null;
        }
        return fields.<WorkloadSpec.@Nullable Collective>build(
                before,
                () -> new WorkloadSpec.Collective(new CollectiveParameters(
                        tenant,
                        reading.seed,
                        ranks,
                        compute,
                        computeWidth,
                        width,
                        bytes,
                        bandwidth,
                        timeout,
                        start,
                        end,
                        most)),
                null);
    }
}

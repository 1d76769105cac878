package dev.gbpf.host.scenario;

import dev.gbpf.host.allocation.Access;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.workload.MemoryParameters;
import dev.gbpf.host.workload.ServiceTime;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads one source of clients that hold allocations. */
final class MemorySection {
    private static final List<String> FIELDS = List.of(
            "tenant",
            "clients",
            "size",
            "access",
            "pattern",
            "pinned",
            "compressed_to",
            "uses",
            "think",
            "service",
            "width",
            "start",
            "end");
    private static final long MOST_NS = DeviceModel.MAX_TIME_NS;
    private static final long MOST_BYTES = 1L << 50;

    private final Reading reading;
    private final Problems problems;

    MemorySection(Reading reading) {
        this.reading = reading;
        this.problems = reading.problems;
    }

    WorkloadSpec.@Nullable Memory read(YamlNode node) {
        int before = problems.count();
        Fields fields = new Fields("\"memory\"", node, problems, FIELDS);
        YamlNode tenantNode = fields.required("tenant");
        Tenant tenant = tenantNode == null ? null : reading.tenant("\"tenant\"", tenantNode);
        int clients = fields.integer("clients", 1, MemoryParameters.MAX_CLIENTS, 1);
        long[] sizes = sizes(fields);
        String access = fields.word("access", List.of("hot", "warm", "cold"), "warm");
        boolean random = fields.word("pattern", List.of("sequential", "random"), "sequential")
                .equals("random");
        boolean pinned =
                fields.word("pinned", List.of("true", "false"), "false").equals("true");
        int compressedTo = fields.thousandths("compressed_to", 1_000, 1_000);
        long uses = fields.integer("uses", 0, Long.MAX_VALUE, 0);
        long think = fields.duration("think", 0, MOST_NS, 10_000_000);
        YamlNode serviceNode = fields.required("service");
        ServiceTime service = serviceNode == null ? null : new ServiceReader(problems).read(serviceNode);
        int width = fields.integer("width", 1, DeviceModel.MAX_SMS, reading.device.sms());
        long start = fields.duration("start", 0, reading.durationNs, 0);
        long end = fields.duration("end", start, reading.durationNs, reading.durationNs);
        if (tenant == null || service == null || problems.count() > before) {
            return null;
        }
        return fields.<WorkloadSpec.@Nullable Memory>build(
                before,
                () -> new WorkloadSpec.Memory(new MemoryParameters(
                        tenant,
                        reading.seed,
                        clients,
                        sizes[0],
                        sizes[1],
                        Access.valueOf(access.toUpperCase(Locale.ROOT)),
                        random,
                        pinned,
                        compressedTo,
                        uses,
                        think,
                        service,
                        width,
                        start,
                        end)),
                null);
    }

    /** The least and the greatest size. */
    private long[] sizes(Fields fields) {
        long least = 1;
        long most = 1;
        YamlNode node = fields.required("size");
        if (node instanceof YamlNode.YamlMap) {
            Fields range = new Fields("\"size\"", node, problems, List.of("min", "max"));
            range.required("min");
            range.required("max");
            least = range.size("min", MOST_BYTES, 1);
            most = range.size("max", MOST_BYTES, 1);
        } else if (node != null) {
            least = fields.size("size", MOST_BYTES, 1);
            most = least;
        }
        if (most > reading.device.memoryBytes()) {
            problems.add(
                    Problems.CONTRADICTION,
                    fields.spanOf("size"),
                    "an allocation takes more memory than the device has, bytes=" + most + " of "
                            + reading.device.memoryBytes(),
                    "",
                    "the plane would deny it");
        }
        return new long[] {least, most};
    }
}

package dev.gbpf.host.scenario;

import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.workload.ArrivalProcess;
import dev.gbpf.host.workload.RequestShape;
import dev.gbpf.host.workload.ServiceTime;
import dev.gbpf.host.workload.SyntheticParameters;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads one synthetic source of jobs. */
final class SyntheticSection {
    static final List<String> FIELDS = List.of(
            "tenant",
            "arrivals",
            "service",
            "kernels",
            "width",
            "memory_intensity",
            "memory",
            "copy_in",
            "copy_out",
            "deadline",
            "estimate",
            "streams",
            "start",
            "end",
            "max_requests");
    private static final long MOST_NS = DeviceModel.MAX_TIME_NS;
    private static final long MOST_BYTES = 1L << 50;
    private static final int DEFAULT_STREAMS = 8;

    private final Reading reading;
    private final Problems problems;

    SyntheticSection(Reading reading) {
        this.reading = reading;
        this.problems = reading.problems;
    }

    WorkloadSpec.@Nullable Synthetic read(Fields fields) {
        int before = problems.count();
        YamlNode tenantNode = fields.required("tenant");
        Tenant tenant = tenantNode == null ? null : reading.tenant("\"tenant\"", tenantNode);
        YamlNode arrivalsNode = fields.required("arrivals");
        ArrivalProcess arrivals = arrivalsNode == null ? null : new ArrivalsReader(problems).read(arrivalsNode);
        RequestShape shape = shape(fields);
        ServiceTime service = service(fields);
        int streams = fields.integer("streams", 1, 1_000_000, DEFAULT_STREAMS);
        long start = fields.duration("start", 0, reading.durationNs, 0);
        long end = fields.duration("end", start, reading.durationNs, reading.durationNs);
        long most = fields.integer("max_requests", 1, Long.MAX_VALUE, Long.MAX_VALUE);
        if (tenant == null || arrivals == null || service == null || problems.count() > before) {
            return null;
        }
        return fields.<WorkloadSpec.@Nullable Synthetic>build(
                before,
                () -> new WorkloadSpec.Synthetic(new SyntheticParameters(
                        tenant, reading.seed, arrivals, service, shape, streams, start, end, most)),
                null);
    }

    private @Nullable ServiceTime service(Fields fields) {
        YamlNode node = fields.get("service");
        if (node != null) {
            return new ServiceReader(problems).read(node);
        }
        if (fields.integer("kernels", 0, 10_000, 1) > 0) {
            fields.required("service");
        }
        return new ServiceTime.Fixed(1);
    }

    private RequestShape shape(Fields fields) {
        int before = problems.count();
        int kernels = fields.integer("kernels", 0, 10_000, 1);
        int least = 1;
        int most = 1;
        YamlNode width = fields.get("width");
        if (width instanceof YamlNode.YamlMap) {
            Fields range = new Fields("\"width\"", width, problems, List.of("min", "max"));
            range.required("min");
            range.required("max");
            least = range.integer("min", 1, DeviceModel.MAX_SMS, 1);
            most = range.integer("max", least, DeviceModel.MAX_SMS, least);
        } else {
            least = fields.integer("width", 1, DeviceModel.MAX_SMS, reading.device.sms());
            most = least;
        }
        int memoryIntensity = fields.thousandths("memory_intensity", 1_000, 0);
        long memory = fields.size("memory", MOST_BYTES, 0);
        if (memory > reading.device.memoryBytes()) {
            problems.add(
                    Problems.CONTRADICTION,
                    fields.spanOf("memory"),
                    "a kernel takes more memory than the device has, bytes=" + memory + " of "
                            + reading.device.memoryBytes(),
                    "",
                    "the plane would reject every job");
        }
        long copyIn = fields.size("copy_in", MOST_BYTES, 0);
        long copyOut = fields.size("copy_out", MOST_BYTES, 0);
        long deadline = fields.duration("deadline", 0, MOST_NS, 0);
        String estimate = fields.word("estimate", List.of("exact", "mean", "unknown"), "exact");
        int narrow = least;
        int wide = most;
        return fields.build(
                before,
                () -> new RequestShape(
                        kernels,
                        narrow,
                        wide,
                        memoryIntensity,
                        memory,
                        copyIn,
                        copyOut,
                        deadline,
                        RequestShape.Estimate.valueOf(estimate.toUpperCase(Locale.ROOT))),
                RequestShape.kernel(1));
    }
}

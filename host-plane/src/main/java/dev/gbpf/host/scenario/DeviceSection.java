package dev.gbpf.host.scenario;

import dev.gbpf.abi.Constants;
import dev.gbpf.host.sim.CopyEngineSpec;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.sim.MemorySpec;
import dev.gbpf.host.sim.PoolSpec;
import dev.gbpf.host.sim.ThermalSpec;
import dev.gbpf.host.sim.VsliceSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code device}: a preset, and what is different from it. */
final class DeviceSection {
    private static final String H200 = "h200";
    private static final List<String> FIELDS = List.of(
            "preset",
            "sms",
            "memory",
            "launch_latency",
            "contention",
            "copy_to_device",
            "copy_from_device",
            "inflight",
            "vslices",
            "boundary",
            "thermal",
            "pools");
    private static final List<String> THERMAL_FIELDS = List.of(
            "idle_power", "full_power", "ambient", "resistance", "time_constant", "limit", "slowest_clock", "period");
    private static final int DEFAULT_INFLIGHT = 64;
    private static final long MOST_BYTES = 1L << 50;

    private final Reading reading;

    DeviceSection(Reading reading) {
        this.reading = reading;
    }

    DeviceModel read(YamlNode node) {
        Problems problems = reading.problems;
        int before = problems.count();
        DeviceModel preset = DeviceModel.h200();
        Fields fields = new Fields("the device", node, problems, FIELDS);
        String name = fields.word("preset", List.of(H200), H200);
        int sms = fields.integer("sms", 1, DeviceModel.MAX_SMS, preset.sms());
        long memory = fields.size("memory", MOST_BYTES, preset.memoryBytes());
        long launch = fields.duration("launch_latency", 0, DeviceModel.MAX_TIME_NS, preset.launchLatencyNs());
        int contention = fields.thousandths("contention", 10_000, preset.contentionThousandths());
        CopyEngineSpec toDevice = engine(fields, "copy_to_device", preset.copyH2d());
        CopyEngineSpec fromDevice = engine(fields, "copy_from_device", preset.copyD2h());
        List<VsliceSpec> vslices = vslices(fields, sms);
        long boundary = fields.duration("boundary", 1, DeviceModel.MAX_TIME_NS, preset.boundaryNs());
        ThermalSpec thermal = thermal(fields);
        MemorySpec pools = pools(fields);
        return fields.build(
                before,
                () -> new DeviceModel(
                        name,
                        sms,
                        memory,
                        launch,
                        toDevice,
                        fromDevice,
                        contention,
                        vslices,
                        List.of(),
                        boundary,
                        thermal,
                        pools),
                preset);
    }

    private CopyEngineSpec engine(Fields device, String field, CopyEngineSpec preset) {
        YamlNode node = device.get(field);
        if (node == null) {
            return preset;
        }
        Fields fields = new Fields("\"" + field + "\"", node, reading.problems, List.of("bandwidth", "latency"));
        long bandwidth = fields.quantity(Quantity.BANDWIDTH, "bandwidth", 1, MOST_BYTES, preset.bytesPerSecond());
        long latency = fields.duration("latency", 0, DeviceModel.MAX_TIME_NS, preset.latencyNs());
        return new CopyEngineSpec(bandwidth, latency);
    }

    private MemorySpec pools(Fields device) {
        List<PoolSpec> pools = new ArrayList<>();
        for (YamlNode item : device.list("pools")) {
            int before = reading.problems.count();
            Fields fields = new Fields("a pool", item, reading.problems, List.of("name", "size"));
            fields.required("name");
            fields.required("size");
            String name = fields.text("name", TenantsSection.LONGEST_NAME, "pool");
            long bytes = fields.size("size", MOST_BYTES, 1);
            PoolSpec pool = fields.<@Nullable PoolSpec>build(before, () -> new PoolSpec(name, bytes), null);
            if (pool != null) {
                pools.add(pool);
            }
        }
        int before = reading.problems.count();
        return device.build(before, () -> MemorySpec.DEFAULT.withPools(pools), MemorySpec.DEFAULT);
    }

    private @Nullable ThermalSpec thermal(Fields device) {
        YamlNode node = device.get("thermal");
        if (node == null) {
            return null;
        }
        int before = reading.problems.count();
        ThermalSpec preset = ThermalSpec.WARM;
        Fields fields = new Fields("\"thermal\"", node, reading.problems, THERMAL_FIELDS);
        int idle = fields.integer("idle_power", 0, ThermalSpec.MAX_WATTS, preset.idleWatts());
        int full = fields.integer("full_power", 0, ThermalSpec.MAX_WATTS, preset.fullWatts());
        int ambient = fields.integer("ambient", 0, ThermalSpec.MAX_CELSIUS, preset.ambientCelsius());
        int resistance = fields.thousandths("resistance", ThermalSpec.MAX_MILLIKELVIN, preset.milliKelvinPerWatt());
        long constant = fields.duration(
                "time_constant", ThermalSpec.MIN_PERIOD_NS, DeviceModel.MAX_TIME_NS, preset.timeConstantNs());
        int limit = fields.integer("limit", 0, ThermalSpec.MAX_CELSIUS, preset.limitCelsius());
        int slowest = fields.thousandths("slowest_clock", 1000, preset.slowestThousandths());
        long period = fields.duration("period", ThermalSpec.MIN_PERIOD_NS, DeviceModel.MAX_TIME_NS, preset.periodNs());
        return fields.build(
                before,
                () -> new ThermalSpec(idle, full, ambient, resistance, constant, limit, slowest, period),
                preset);
    }

    private List<VsliceSpec> vslices(Fields device, int sms) {
        int inflight = device.integer("inflight", 1, VsliceSpec.MAX_INFLIGHT, DEFAULT_INFLIGHT);
        if (!device.has("vslices")) {
            return List.of(new VsliceSpec("all", sms, inflight));
        }
        if (device.has("inflight")) {
            reading.problems.add(
                    Problems.CONTRADICTION,
                    device.spanOf("inflight"),
                    "the device has both \"inflight\" and \"vslices\"",
                    "",
                    "give each vSlice its own \"inflight\"");
        }
        List<YamlNode> items = device.list("vslices");
        if (items.isEmpty() || items.size() > Constants.MAX_VSLICES) {
            reading.problems.add(
                    Problems.OUT_OF_RANGE,
                    device.spanOf("vslices"),
                    "\"vslices\" has " + items.size() + " entries, which is not in 1 to " + Constants.MAX_VSLICES);
        }
        List<VsliceSpec> list = new ArrayList<>();
        for (YamlNode item : items) {
            Fields fields = new Fields("a vSlice", item, reading.problems, List.of("name", "sms", "inflight"));
            fields.required("sms");
            list.add(new VsliceSpec(
                    fields.text("name", TenantsSection.LONGEST_NAME, "vslice" + list.size()),
                    fields.integer("sms", 1, DeviceModel.MAX_SMS, 1),
                    fields.integer("inflight", 1, VsliceSpec.MAX_INFLIGHT, DEFAULT_INFLIGHT)));
        }
        return list;
    }
}

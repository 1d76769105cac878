package dev.gbpf.host.scenario;

import dev.gbpf.host.result.DeviceSummary;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.sim.PoolSpec;
import java.util.ArrayList;
import java.util.List;

/** The device of a scenario, as results describe it. */
final class DeviceSummaries {
    private DeviceSummaries() {}

    static DeviceSummary of(DeviceModel device) {
        return new DeviceSummary(
                "simulated " + device.name(),
                device.sms(),
                device.memoryBytes(),
                device.vslices().stream()
                        .map(v -> new DeviceSummary.Vslice(v.name(), v.sms(), v.inflightLimit()))
                        .toList(),
                pools(device));
    }

    private static List<DeviceSummary.Pool> pools(DeviceModel device) {
        List<DeviceSummary.Pool> pools = new ArrayList<>();
        List<PoolSpec> given = device.memory().pools();
        long rest = device.memoryBytes() - device.memory().givenBytes();
        pools.add(new DeviceSummary.Pool(given.isEmpty() ? "all" : "rest", rest));
        given.forEach(pool -> pools.add(new DeviceSummary.Pool(pool.name(), pool.bytes())));
        return pools;
    }
}

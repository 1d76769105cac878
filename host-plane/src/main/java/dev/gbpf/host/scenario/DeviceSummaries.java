package dev.gbpf.host.scenario;

import dev.gbpf.host.result.DeviceSummary;
import dev.gbpf.host.sim.DeviceModel;

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
                        .toList());
    }
}

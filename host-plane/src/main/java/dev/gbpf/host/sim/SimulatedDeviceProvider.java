package dev.gbpf.host.sim;

import dev.gbpf.host.device.Check;
import dev.gbpf.host.device.DeviceField;
import dev.gbpf.host.device.DeviceProvider;
import dev.gbpf.host.device.DeviceReading;
import java.util.List;

/** The simulated device, as scenarios have it that say nothing else. */
public final class SimulatedDeviceProvider implements DeviceProvider {
    private static final int MIB_BITS = 20;

    @Override
    public String kind() {
        return "simulated";
    }

    @Override
    public boolean isSimulated() {
        return true;
    }

    @Override
    public List<DeviceReading> devices() {
        DeviceModel model = DeviceModel.h200();
        return List.of(new DeviceReading.Builder()
                .put(DeviceField.INDEX, "sim0")
                .put(DeviceField.KIND, kind())
                .put(DeviceField.NAME, model.name())
                .put(DeviceField.SMS, model.sms())
                .put(DeviceField.MEMORY_TOTAL, model.memoryBytes() >> MIB_BITS)
                .build());
    }

    @Override
    public List<Check> checks() {
        return List.of(Check.ok("simulated device", "always there"));
    }
}

package dev.gbpf.cuda.plane;

import dev.gbpf.cuda.layout.HostControlLayout;
import dev.gbpf.cuda.layout.TenantConfigLayout;
import dev.gbpf.host.device.SensorReading;
import java.lang.foreign.MemorySegment;

/** What the host tells the control block: {@code struct gbpf_host_control}. It is read at each tick. */
final class HostControl {
    /** {@code GBPF_RUN}, {@code GBPF_LEAVE}, {@code GBPF_DRAIN}. */
    enum Stop {
        RUN,
        LEAVE,
        DRAIN
    }

    private final MemorySegment memory;
    private volatile TablePlace published = new TablePlace(0, 0);

    HostControl(MemorySegment memory) {
        this.memory = memory;
    }

    void stop(Stop how) {
        Words.releaseInt(memory, HostControlLayout.STOP, how.ordinal());
    }

    /** From one thread at a time. */
    void configure(int tenant, TenantConfig config) {
        long at = HostControlLayout.TENANTS + tenant * TenantConfigLayout.BYTES;
        Words.opaqueInt(memory, at + TenantConfigLayout.WEIGHT, config.weight());
        Words.opaqueInt(memory, at + TenantConfigLayout.PRIORITY, config.priority());
        Words.opaqueLong(memory, at + TenantConfigLayout.QUOTA_NS, config.quotaNs());
        Words.opaqueInt(memory, at + TenantConfigLayout.VSLICES, config.vslices());
        long version = Words.acquireLong(memory, HostControlLayout.CONFIG_VERSION);
        Words.releaseLong(memory, HostControlLayout.CONFIG_VERSION, version + 1);
    }

    void publish(long table, long epoch) {
        Words.releaseLong(memory, HostControlLayout.POLICY_ADDRESS, table);
        Words.releaseLong(memory, HostControlLayout.POLICY_EPOCH, epoch);
        published = new TablePlace(table, epoch);
    }

    /** What was published last. */
    TablePlace published() {
        return published;
    }

    void changeMap(long change, long number) {
        Words.releaseLong(memory, HostControlLayout.MAP_CHANGE_ADDRESS, change);
        Words.releaseLong(memory, HostControlLayout.MAP_CHANGE, number);
    }

    void sense(SensorReading reading) {
        Words.opaqueInt(memory, HostControlLayout.TEMPERATURE_C, reading.temperatureC());
        Words.opaqueInt(memory, HostControlLayout.CLOCK_MHZ, reading.clockMhz());
        Words.opaqueInt(memory, HostControlLayout.MAX_CLOCK_MHZ, reading.maxClockMhz());
        Words.opaqueLong(memory, HostControlLayout.POWER_MW, reading.powerMilliwatts());
        Words.opaqueLong(memory, HostControlLayout.POWER_LIMIT_MW, reading.powerLimitMilliwatts());
    }
}

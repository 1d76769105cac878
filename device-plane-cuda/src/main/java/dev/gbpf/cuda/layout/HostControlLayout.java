package dev.gbpf.cuda.layout;

import static dev.gbpf.cuda.layout.Structs.many;
import static dev.gbpf.cuda.layout.Structs.offset;
import static dev.gbpf.cuda.layout.Structs.struct;
import static dev.gbpf.cuda.layout.Structs.u32;
import static dev.gbpf.cuda.layout.Structs.u64;
import static dev.gbpf.cuda.layout.Structs.unused;

import dev.gbpf.abi.Constants;
import java.lang.foreign.StructLayout;

/** What the host writes for the control block: {@code struct gbpf_host_control}. */
public final class HostControlLayout {
    public static final StructLayout LAYOUT = struct(
            "gbpf_host_control",
            u32("stop"),
            u32("temperature_c"),
            u32("clock_mhz"),
            u32("max_clock_mhz"),
            u64("power_mw"),
            u64("power_limit_mw"),
            u64("policy_address"),
            u64("policy_epoch"),
            u64("config_version"),
            u64("map_change_address"),
            u64("map_change"),
            unused(56),
            many("tenants", Constants.MAX_TENANTS, TenantConfigLayout.LAYOUT));
    public static final long BYTES = LAYOUT.byteSize();

    public static final long STOP = offset(LAYOUT, "stop");
    public static final long TEMPERATURE_C = offset(LAYOUT, "temperature_c");
    public static final long CLOCK_MHZ = offset(LAYOUT, "clock_mhz");
    public static final long MAX_CLOCK_MHZ = offset(LAYOUT, "max_clock_mhz");
    public static final long POWER_MW = offset(LAYOUT, "power_mw");
    public static final long POWER_LIMIT_MW = offset(LAYOUT, "power_limit_mw");
    public static final long POLICY_ADDRESS = offset(LAYOUT, "policy_address");
    public static final long POLICY_EPOCH = offset(LAYOUT, "policy_epoch");
    public static final long CONFIG_VERSION = offset(LAYOUT, "config_version");
    public static final long MAP_CHANGE_ADDRESS = offset(LAYOUT, "map_change_address");
    public static final long MAP_CHANGE = offset(LAYOUT, "map_change");
    public static final long TENANTS = offset(LAYOUT, "tenants");

    private HostControlLayout() {}
}

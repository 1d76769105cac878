package dev.gbpf.cuda.layout;

import static dev.gbpf.cuda.layout.Structs.offset;
import static dev.gbpf.cuda.layout.Structs.struct;
import static dev.gbpf.cuda.layout.Structs.u32;
import static dev.gbpf.cuda.layout.Structs.u32s;
import static dev.gbpf.cuda.layout.Structs.u64;

import dev.gbpf.abi.Constants;
import java.lang.foreign.StructLayout;

/** How a plane is laid out and run: {@code struct gbpf_params}. */
public final class ParamsLayout {
    public static final StructLayout LAYOUT = struct(
            "gbpf_params",
            u32("version"),
            u32("workers"),
            u32("warps"),
            u32("tenants"),
            u32("vslices"),
            u32("ring_capacity"),
            u32("local_capacity"),
            u32("dependencies"),
            u32("own_dependencies"),
            u32("descriptors"),
            u32("functions"),
            u32("host_rings"),
            u32("host_mailboxes"),
            u32("tick_ns"),
            u32("refresh_ns"),
            u32("idle_nap_ns"),
            u32s("vslice_end", Constants.MAX_VSLICES),
            u64("control_address"),
            u64("status_address"),
            u64("mailbox_address"),
            u64("host_ring_address"),
            u64("completion_address"),
            u64("functions_address"));
    public static final long BYTES = LAYOUT.byteSize();

    public static final long VERSION = offset(LAYOUT, "version");
    public static final long WORKERS = offset(LAYOUT, "workers");
    public static final long WARPS = offset(LAYOUT, "warps");
    public static final long TENANTS = offset(LAYOUT, "tenants");
    public static final long VSLICES = offset(LAYOUT, "vslices");
    public static final long RING_CAPACITY = offset(LAYOUT, "ring_capacity");
    public static final long LOCAL_CAPACITY = offset(LAYOUT, "local_capacity");
    public static final long DEPENDENCIES = offset(LAYOUT, "dependencies");
    public static final long OWN_DEPENDENCIES = offset(LAYOUT, "own_dependencies");
    public static final long DESCRIPTORS = offset(LAYOUT, "descriptors");
    public static final long FUNCTIONS = offset(LAYOUT, "functions");
    public static final long HOST_RINGS = offset(LAYOUT, "host_rings");
    public static final long HOST_MAILBOXES = offset(LAYOUT, "host_mailboxes");
    public static final long TICK_NS = offset(LAYOUT, "tick_ns");
    public static final long REFRESH_NS = offset(LAYOUT, "refresh_ns");
    public static final long IDLE_NAP_NS = offset(LAYOUT, "idle_nap_ns");
    public static final long VSLICE_END = offset(LAYOUT, "vslice_end");
    public static final long CONTROL_ADDRESS = offset(LAYOUT, "control_address");
    public static final long STATUS_ADDRESS = offset(LAYOUT, "status_address");
    public static final long MAILBOX_ADDRESS = offset(LAYOUT, "mailbox_address");
    public static final long HOST_RING_ADDRESS = offset(LAYOUT, "host_ring_address");
    public static final long COMPLETION_ADDRESS = offset(LAYOUT, "completion_address");
    public static final long FUNCTIONS_ADDRESS = offset(LAYOUT, "functions_address");

    private ParamsLayout() {}
}

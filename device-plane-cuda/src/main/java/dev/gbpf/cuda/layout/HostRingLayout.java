package dev.gbpf.cuda.layout;

import static dev.gbpf.cuda.layout.Structs.offset;
import static dev.gbpf.cuda.layout.Structs.struct;
import static dev.gbpf.cuda.layout.Structs.u32;
import static dev.gbpf.cuda.layout.Structs.u64;
import static dev.gbpf.cuda.layout.Structs.unused;

import java.lang.foreign.StructLayout;

/** Tasks from one producer of the host: {@code struct gbpf_host_ring}. */
public final class HostRingLayout {
    public static final StructLayout LAYOUT = struct(
            "gbpf_host_ring",
            u64("tail"),
            unused(120),
            u64("taken"),
            unused(120),
            u64("slots_address"),
            u32("capacity"),
            u32("task_bytes"),
            u32("tenant"),
            unused(108));
    public static final long BYTES = LAYOUT.byteSize();

    public static final long TAIL = offset(LAYOUT, "tail");
    public static final long TAKEN = offset(LAYOUT, "taken");
    public static final long SLOTS_ADDRESS = offset(LAYOUT, "slots_address");
    public static final long CAPACITY = offset(LAYOUT, "capacity");
    public static final long TASK_BYTES = offset(LAYOUT, "task_bytes");
    public static final long TENANT = offset(LAYOUT, "tenant");

    private HostRingLayout() {}
}

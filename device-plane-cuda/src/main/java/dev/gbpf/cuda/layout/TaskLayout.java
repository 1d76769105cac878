package dev.gbpf.cuda.layout;

import static dev.gbpf.cuda.layout.Structs.offset;
import static dev.gbpf.cuda.layout.Structs.struct;
import static dev.gbpf.cuda.layout.Structs.u16;
import static dev.gbpf.cuda.layout.Structs.u32;
import static dev.gbpf.cuda.layout.Structs.u64;
import static dev.gbpf.cuda.layout.Structs.u64s;
import static dev.gbpf.cuda.layout.Structs.u8;

import java.lang.foreign.StructLayout;

/** A task with everything: {@code struct gbpf_task}. */
public final class TaskLayout {
    public static final StructLayout LAYOUT = struct(
            "gbpf_task",
            u32("function"),
            u16("tenant"),
            u8("kind"),
            u8("flags"),
            u32("counter"),
            u32("cost_ns"),
            u64("submitted_ns"),
            u64("tag"),
            u64s("args", 4));
    public static final long BYTES = LAYOUT.byteSize();

    public static final long FUNCTION = offset(LAYOUT, "function");
    public static final long TENANT = offset(LAYOUT, "tenant");
    public static final long KIND = offset(LAYOUT, "kind");
    public static final long FLAGS = offset(LAYOUT, "flags");
    public static final long COUNTER = offset(LAYOUT, "counter");
    public static final long COST_NS = offset(LAYOUT, "cost_ns");
    public static final long SUBMITTED_NS = offset(LAYOUT, "submitted_ns");
    public static final long TAG = offset(LAYOUT, "tag");
    public static final long ARGS = offset(LAYOUT, "args");

    private TaskLayout() {}
}

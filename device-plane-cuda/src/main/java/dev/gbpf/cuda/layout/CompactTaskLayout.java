package dev.gbpf.cuda.layout;

import static dev.gbpf.cuda.layout.Structs.offset;
import static dev.gbpf.cuda.layout.Structs.struct;
import static dev.gbpf.cuda.layout.Structs.u16;
import static dev.gbpf.cuda.layout.Structs.u32;
import static dev.gbpf.cuda.layout.Structs.u64;
import static dev.gbpf.cuda.layout.Structs.u8;

import java.lang.foreign.StructLayout;

/** A task as it travels: {@code struct gbpf_compact_task}. */
public final class CompactTaskLayout {
    public static final StructLayout LAYOUT =
            struct("gbpf_compact_task", u16("function"), u8("tenant"), u8("flags"), u32("a"), u64("b"));
    public static final long BYTES = LAYOUT.byteSize();

    public static final long FUNCTION = offset(LAYOUT, "function");
    public static final long TENANT = offset(LAYOUT, "tenant");
    public static final long FLAGS = offset(LAYOUT, "flags");
    public static final long A = offset(LAYOUT, "a");
    public static final long B = offset(LAYOUT, "b");

    private CompactTaskLayout() {}
}

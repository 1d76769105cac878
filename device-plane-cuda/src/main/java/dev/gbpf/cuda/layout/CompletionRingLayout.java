package dev.gbpf.cuda.layout;

import static dev.gbpf.cuda.layout.Structs.offset;
import static dev.gbpf.cuda.layout.Structs.struct;
import static dev.gbpf.cuda.layout.Structs.u32;
import static dev.gbpf.cuda.layout.Structs.u64;
import static dev.gbpf.cuda.layout.Structs.unused;

import java.lang.foreign.StructLayout;

/** A tenant's completion records: {@code struct gbpf_completion_ring}. */
public final class CompletionRingLayout {
    public static final StructLayout LAYOUT = struct(
            "gbpf_completion_ring", u64("consumed"), unused(120), u64("records_address"), u32("capacity"), unused(116));
    public static final long BYTES = LAYOUT.byteSize();

    public static final long CONSUMED = offset(LAYOUT, "consumed");
    public static final long RECORDS_ADDRESS = offset(LAYOUT, "records_address");
    public static final long CAPACITY = offset(LAYOUT, "capacity");

    private CompletionRingLayout() {}
}

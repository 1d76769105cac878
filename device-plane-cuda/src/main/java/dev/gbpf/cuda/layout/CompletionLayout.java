package dev.gbpf.cuda.layout;

import static dev.gbpf.cuda.layout.Structs.offset;
import static dev.gbpf.cuda.layout.Structs.struct;
import static dev.gbpf.cuda.layout.Structs.u32;
import static dev.gbpf.cuda.layout.Structs.u64;

import java.lang.foreign.StructLayout;

/** How one task ended: {@code struct gbpf_completion}. */
public final class CompletionLayout {
    public static final StructLayout LAYOUT =
            struct("gbpf_completion", u64("tag"), u64("result"), u32("status"), u32("function"), u64("sequence"));
    public static final long BYTES = LAYOUT.byteSize();

    public static final long TAG = offset(LAYOUT, "tag");
    public static final long RESULT = offset(LAYOUT, "result");
    public static final long STATUS = offset(LAYOUT, "status");
    public static final long FUNCTION = offset(LAYOUT, "function");
    public static final long SEQUENCE = offset(LAYOUT, "sequence");

    private CompletionLayout() {}
}

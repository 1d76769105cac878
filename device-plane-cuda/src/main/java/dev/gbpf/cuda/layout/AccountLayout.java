package dev.gbpf.cuda.layout;

import static dev.gbpf.cuda.layout.Structs.offset;
import static dev.gbpf.cuda.layout.Structs.struct;
import static dev.gbpf.cuda.layout.Structs.u64;
import static dev.gbpf.cuda.layout.Structs.unused;

import java.lang.foreign.StructLayout;

/** What a tenant had in one vSlice: {@code struct gbpf_account}. */
public final class AccountLayout {
    public static final StructLayout LAYOUT = struct(
            "gbpf_account",
            u64("used_cycles"),
            u64("paused_cycles"),
            u64("started"),
            u64("finished"),
            u64("failed"),
            unused(24));
    public static final long BYTES = LAYOUT.byteSize();

    public static final long FINISHED = offset(LAYOUT, "finished");
    public static final long FAILED = offset(LAYOUT, "failed");

    private AccountLayout() {}
}

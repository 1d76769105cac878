package dev.gbpf.cuda.layout;

import static dev.gbpf.cuda.layout.Structs.offset;
import static dev.gbpf.cuda.layout.Structs.struct;
import static dev.gbpf.cuda.layout.Structs.u64;
import static dev.gbpf.cuda.layout.Structs.unused;

import java.lang.foreign.StructLayout;

/** The root of a plane in device memory, {@code struct gbpf_plane}: what the host reads of it. It begins with the parameters. */
public final class PlaneLayout {
    public static final StructLayout LAYOUT = struct(
            "gbpf_plane",
            ParamsLayout.LAYOUT.withName("params"),
            u64("board_address"),
            unused(11 * Long.BYTES), // rings, dependencies, descriptors, mail, heartbeats
            u64("accounts_address"),
            unused(7 * Long.BYTES), // grants, vSlices, pools, positions, what blocks keep
            u64("saved_bytes"),
            u64("bytes"),
            u64("tick"),
            u64("launches"),
            u64("policy_epochs_address"),
            u64("copies_address"),
            u64("copy_links_address"));
    public static final long BYTES = LAYOUT.byteSize();

    public static final long PARAMS = offset(LAYOUT, "params");
    public static final long BOARD_ADDRESS = offset(LAYOUT, "board_address");
    public static final long ACCOUNTS_ADDRESS = offset(LAYOUT, "accounts_address");
    /** Bytes of the whole plane. */
    public static final long SIZE = offset(LAYOUT, "bytes");

    private PlaneLayout() {}
}

package dev.gbpf.cuda.layout;

import static dev.gbpf.cuda.layout.Structs.offset;
import static dev.gbpf.cuda.layout.Structs.struct;
import static dev.gbpf.cuda.layout.Structs.u32;
import static dev.gbpf.cuda.layout.Structs.u64;
import static dev.gbpf.cuda.layout.Structs.unused;

import java.lang.foreign.StructLayout;

/** The words that all of the plane looks at: {@code struct gbpf_board}. */
public final class BoardLayout {
    private static final int REST_OF_LINE = Limits.LINE - Long.BYTES;

    public static final StructLayout LAYOUT = struct(
            "gbpf_board",
            u32("stop"),
            u32("leave"),
            unused(REST_OF_LINE),
            u64("activity"),
            unused(REST_OF_LINE),
            u64("backlog"),
            unused(REST_OF_LINE),
            u64("urgent"),
            unused(REST_OF_LINE),
            u64("handed_over"),
            u64("refused"),
            u64("misused"),
            u64("records_lost"),
            u64("fatal"),
            unused(88));
    public static final long BYTES = LAYOUT.byteSize();

    public static final long HANDED_OVER = offset(LAYOUT, "handed_over");
    public static final long REFUSED = offset(LAYOUT, "refused");
    public static final long MISUSED = offset(LAYOUT, "misused");
    public static final long RECORDS_LOST = offset(LAYOUT, "records_lost");
    public static final long FATAL = offset(LAYOUT, "fatal");

    private BoardLayout() {}
}

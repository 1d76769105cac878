package dev.gbpf.cuda.layout;

import static dev.gbpf.cuda.layout.Structs.offset;
import static dev.gbpf.cuda.layout.Structs.struct;
import static dev.gbpf.cuda.layout.Structs.u64s;

import java.lang.foreign.StructLayout;

/** One task at a time, for latency: {@code struct gbpf_host_mailbox}. */
public final class MailboxLayout {
    private static final int LINE_WORDS = 16;

    /** How often a request is there: once for each warp that may poll. */
    public static final int COPIES = 3;

    public static final StructLayout LAYOUT =
            struct("gbpf_host_mailbox", u64s("request", COPIES * LINE_WORDS), u64s("answer", LINE_WORDS));
    public static final long BYTES = LAYOUT.byteSize();
    public static final long COPY_BYTES = (long) LINE_WORDS * Long.BYTES;

    public static final long REQUEST = offset(LAYOUT, "request");
    public static final long ANSWER = offset(LAYOUT, "answer");

    private MailboxLayout() {}
}

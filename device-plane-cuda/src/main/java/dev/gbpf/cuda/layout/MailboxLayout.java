package dev.gbpf.cuda.layout;

import static dev.gbpf.cuda.layout.Structs.offset;
import static dev.gbpf.cuda.layout.Structs.struct;
import static dev.gbpf.cuda.layout.Structs.u64s;

import java.lang.foreign.StructLayout;

/** One task at a time, for latency: {@code struct gbpf_host_mailbox}. */
public final class MailboxLayout {
    public static final StructLayout LAYOUT = struct("gbpf_host_mailbox", u64s("request", 16), u64s("answer", 16));
    public static final long BYTES = LAYOUT.byteSize();

    public static final long REQUEST = offset(LAYOUT, "request");
    public static final long ANSWER = offset(LAYOUT, "answer");

    private MailboxLayout() {}
}

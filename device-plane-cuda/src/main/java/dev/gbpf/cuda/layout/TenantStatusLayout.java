package dev.gbpf.cuda.layout;

import static dev.gbpf.cuda.layout.Structs.offset;
import static dev.gbpf.cuda.layout.Structs.struct;
import static dev.gbpf.cuda.layout.Structs.u64;

import java.lang.foreign.StructLayout;

/** What a tenant had: {@code struct gbpf_tenant_status}. */
public final class TenantStatusLayout {
    public static final StructLayout LAYOUT = struct(
            "gbpf_tenant_status", u64("finished"), u64("failed"), u64("used_ns"), u64("queued"), u64("copied_bytes"));
    public static final long BYTES = LAYOUT.byteSize();

    public static final long FINISHED = offset(LAYOUT, "finished");
    public static final long FAILED = offset(LAYOUT, "failed");
    public static final long USED_NS = offset(LAYOUT, "used_ns");
    public static final long QUEUED = offset(LAYOUT, "queued");
    public static final long COPIED_BYTES = offset(LAYOUT, "copied_bytes");

    private TenantStatusLayout() {}
}

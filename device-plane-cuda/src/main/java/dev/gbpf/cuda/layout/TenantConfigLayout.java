package dev.gbpf.cuda.layout;

import static dev.gbpf.cuda.layout.Structs.offset;
import static dev.gbpf.cuda.layout.Structs.struct;
import static dev.gbpf.cuda.layout.Structs.u32;
import static dev.gbpf.cuda.layout.Structs.u64;
import static dev.gbpf.cuda.layout.Structs.unused;

import java.lang.foreign.StructLayout;

/** What the host says about a tenant: {@code struct gbpf_tenant_config}. */
public final class TenantConfigLayout {
    public static final StructLayout LAYOUT =
            struct("gbpf_tenant_config", u32("weight"), u32("priority"), u64("quota_ns"), u32("vslices"), unused(12));
    public static final long BYTES = LAYOUT.byteSize();

    public static final long WEIGHT = offset(LAYOUT, "weight");
    public static final long PRIORITY = offset(LAYOUT, "priority");
    public static final long QUOTA_NS = offset(LAYOUT, "quota_ns");
    public static final long VSLICES = offset(LAYOUT, "vslices");

    private TenantConfigLayout() {}
}

/* colocate in C; see colocate.gbpf. */
#include "gbpf.h"

GBPF_POLICY("colocate");

#define FIRST 1000000
#define REST 1
#define GRACE 300000
#define HARVEST 2000000

/* When the last burst of a tenant with a priority was over, ns. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, 1);
} quiet SEC(".maps");

static __always_inline void gate(__u64 tenants, __u64 credit)
{
    __u64 t;

    for (t = 0; t < tenants; t++)
        if (gbpf_tenant_priority(t) == 0)
            gbpf_gate_set(t, credit);
}

GBPF_HOOK(init, ctx)
{
    __u64 t;

    for (t = 0; t < ctx->tenants; t++) {
        if (gbpf_tenant_priority(t) > 0) {
            gbpf_timeslice_set(t, FIRST);
        } else {
            gbpf_timeslice_set(t, REST);
            gbpf_gate_set(t, HARVEST);
        }
    }
    return 0;
}

GBPF_HOOK(on_submit, ctx)
{
    if (ctx->priority > 0) {
        gbpf_timeslice_set(ctx->tenant, FIRST);
        gate(GBPF_MAX_TENANTS, 0);
    } else {
        gbpf_timeslice_set(ctx->tenant, REST);
    }
    return GBPF_ENQUEUE;
}

GBPF_HOOK(on_retire, ctx)
{
    __u32 zero = 0;
    __u64 *at = bpf_map_lookup_elem(&quiet, &zero);

    if (at && ctx->priority > 0)
        *at = ctx->now_ns;
    return 0;
}

GBPF_HOOK(on_tick, ctx)
{
    __u32 zero = 0;
    __u64 *at = bpf_map_lookup_elem(&quiet, &zero);
    int urgent = 0;
    __u64 t;

    for (t = 0; t < ctx->tenants; t++)
        if (gbpf_tenant_priority(t) > 0 && gbpf_tenant_busy(t) == 1)
            urgent = 1;
    if (urgent)
        gate(ctx->tenants, 0);
    else if (at && ctx->now_ns >= *at + GRACE)
        gate(ctx->tenants, HARVEST);
    return 0;
}

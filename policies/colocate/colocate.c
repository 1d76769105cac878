/* colocate in C; see colocate.gbpf. */
#include "gbpf.h"

GBPF_POLICY("colocate");

#define FIRST 1000000
#define REST 10000
#define GRACE 300000
#define PIECE 500000

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

static __always_inline void welcome(__u64 tenant, __s64 priority)
{
    if (priority > 0) {
        gbpf_timeslice_set(tenant, FIRST);
    } else {
        gbpf_timeslice_set(tenant, REST);
        gbpf_stop_points_set(tenant, PIECE);
    }
}

GBPF_HOOK(init, ctx)
{
    __u64 t;

    for (t = 0; t < ctx->tenants; t++)
        welcome(t, gbpf_tenant_priority(t));
    return 0;
}

GBPF_HOOK(on_submit, ctx)
{
    welcome(ctx->tenant, ctx->priority);
    if (ctx->priority > 0)
        gate(GBPF_MAX_TENANTS, 0);
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
        gate(ctx->tenants, GBPF_OPEN);
    return 0;
}

/* stand_aside in C; see stand_aside.gbpf. */
#include "gbpf.h"

GBPF_POLICY("stand_aside");

#define SLICE 2000
#define PIECE 100000

static __always_inline void gate(__u64 tenants, __u64 credit)
{
    __u64 t;

    for (t = 0; t < tenants; t++)
        if (gbpf_tenant_priority(t) == 0)
            gbpf_gate_set(t, credit);
}

static __always_inline void welcome(__u64 tenant, __s64 priority)
{
    if (priority == 0) {
        gbpf_timeslice_set(tenant, SLICE);
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
    if (ctx->priority > 0 && gbpf_tenant_busy(ctx->tenant) == 0)
        gate(GBPF_MAX_TENANTS, GBPF_OPEN);
    return 0;
}

GBPF_HOOK(on_tick, ctx)
{
    int urgent = 0;
    __u64 t;

    for (t = 0; t < ctx->tenants; t++)
        if (gbpf_tenant_priority(t) > 0 && gbpf_tenant_busy(t) == 1)
            urgent = 1;
    gate(ctx->tenants, urgent ? 0 : GBPF_OPEN);
    return 0;
}

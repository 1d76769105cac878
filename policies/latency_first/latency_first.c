/* latency_first in C; see latency_first.gbpf. */
#include "gbpf.h"

GBPF_POLICY("latency_first");

#define FIRST 1000000
#define REST 1

static __always_inline void place(__u64 tenant, int urgent)
{
    gbpf_timeslice_set(tenant, urgent ? FIRST : REST);
}

GBPF_HOOK(init, ctx)
{
    __u64 t;

    for (t = 0; t < ctx->tenants; t++)
        place(t, gbpf_tenant_priority(t) > 0);
    return 0;
}

GBPF_HOOK(on_submit, ctx)
{
    place(ctx->tenant, ctx->priority > 0);
    return GBPF_ENQUEUE;
}

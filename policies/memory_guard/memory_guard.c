/* memory_guard in C; see memory_guard.gbpf. */
#include "gbpf.h"

GBPF_POLICY("memory_guard");

#define SHARE (16ULL << 30)
#define EVERY 100

/* Tenant -> bytes; 0: SHARE, or no limit for a tenant with a priority. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, GBPF_MAX_TENANTS);
} limits SEC(".maps");

static __always_inline void guard(__u32 tenant, int urgent)
{
    __u64 *limit = bpf_map_lookup_elem(&limits, &tenant);

    gbpf_quota_set(tenant, limit && *limit > 0 ? *limit : urgent ? 0 : SHARE);
}

GBPF_HOOK(init, ctx)
{
    __u32 t;

    for (t = 0; t < ctx->tenants; t++)
        guard(t, gbpf_tenant_priority(t) > 0);
    return 0;
}

GBPF_HOOK(on_tick, ctx)
{
    __u32 t;

    if (ctx->tick % EVERY == 0)
        for (t = 0; t < ctx->tenants; t++)
            guard(t, gbpf_tenant_priority(t) > 0);
    return 0;
}

GBPF_HOOK(on_submit, ctx)
{
    guard(ctx->tenant, ctx->priority > 0);
    return GBPF_ENQUEUE;
}

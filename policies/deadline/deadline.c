/* deadline in C; see deadline.gbpf. */
#include "gbpf.h"

GBPF_POLICY("deadline");

#define PIECE 500000

struct Target {
    __u64 period_ns;
    __u64 work_ns;
};

/* Tenant -> what it is to get; a period of 0: it has no target. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, struct Target);
    __uint(max_entries, GBPF_MAX_TENANTS);
} targets SEC(".maps");

/* Tenant -> when its present period ends, ns. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, GBPF_MAX_TENANTS);
} ends SEC(".maps");

/* Tenant -> its device time when the period began, ns. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, GBPF_MAX_TENANTS);
} before SEC(".maps");

static __always_inline __u64 due(__u32 tenant, __u64 now)
{
    struct Target *target = bpf_map_lookup_elem(&targets, &tenant);
    __u64 *end = bpf_map_lookup_elem(&ends, &tenant);
    __u64 *had = bpf_map_lookup_elem(&before, &tenant);
    __s64 result = gbpf_tenant_used_ns(tenant);
    __u64 used = result < 0 ? 0 : result;

    if (!target || !end || !had || target->period_ns == 0)
        return GBPF_NONE;
    if (now >= *end) {
        *end = now + target->period_ns;
        *had = used;
    }
    if (used - *had < target->work_ns && gbpf_tenant_busy(tenant) == 1)
        return *end;
    return GBPF_NONE;
}

GBPF_HOOK(init, ctx)
{
    __u32 t;

    for (t = 0; t < ctx->tenants; t++)
        gbpf_stop_points_set(t, PIECE);
    return 0;
}

GBPF_HOOK(on_submit, ctx)
{
    gbpf_stop_points_set(ctx->tenant, PIECE);
    return GBPF_ENQUEUE;
}

GBPF_HOOK(on_tick, ctx)
{
    __u64 soonest = GBPF_NONE;
    __u64 first = GBPF_NONE;
    __u32 t;

    for (t = 0; t < ctx->tenants; t++) {
        __u64 end = due(t, ctx->now_ns);

        if (end < soonest) {
            soonest = end;
            first = t;
        }
    }
    for (t = 0; t < ctx->tenants; t++)
        gbpf_gate_set(t, first == GBPF_NONE || t == first ? GBPF_OPEN : 0);
    return 0;
}

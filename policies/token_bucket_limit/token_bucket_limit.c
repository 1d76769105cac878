/* token_bucket_limit in C; see token_bucket_limit.gbpf. */
#include "gbpf.h"

GBPF_POLICY("token_bucket_limit");

#define FIRST_QUEUE 1
#define RATE 10
#define BURST 50000000ULL
#define UNKNOWN_COST 100000ULL

/* Tenant -> when its bucket is full again, ns. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, GBPF_MAX_TENANTS);
} full_at SEC(".maps");

/* The tenant that was served last. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, 1);
} turn SEC(".maps");

GBPF_HOOK(init, ctx)
{
    for (__u32 t = 0; t < GBPF_MAX_TENANTS && t < ctx->tenants; t++)
        gbpf_dsq_create(FIRST_QUEUE + t, GBPF_DSQ_FIFO);
    return GBPF_OK;
}

GBPF_HOOK(on_submit, ctx)
{
    gbpf_dsq_insert(FIRST_QUEUE + (__u64)ctx->tenant);
    return GBPF_ENQUEUE;
}

GBPF_HOOK(on_dispatch, ctx)
{
    __u32 zero = 0;
    __u64 *last = bpf_map_lookup_elem(&turn, &zero);
    __u64 first;

    if (!last)
        return GBPF_IDLE;
    first = *last + 1;
    for (__u32 i = 0; i < GBPF_MAX_TENANTS && i < ctx->tenants; i++) {
        __u64 t = (first + i) % ctx->tenants;

        if (gbpf_dsq_peek(FIRST_QUEUE + t, GBPF_JOB_ID) != GBPF_NONE) {
            *last = t;
            return FIRST_QUEUE + t;
        }
    }
    return GBPF_IDLE;
}

GBPF_HOOK(on_admit, ctx)
{
    __u32 tenant = ctx->tenant;
    __u64 *full_at_tenant = bpf_map_lookup_elem(&full_at, &tenant);
    __u64 full = full_at_tenant ? *full_at_tenant : 0;
    __u64 cost = ctx->cost_ns;

    if (full < ctx->now_ns)
        full = ctx->now_ns;
    if (full - ctx->now_ns > BURST) {
        ctx->defer_until_ns = full - BURST;
        return GBPF_DEFER;
    }
    if (cost == 0)
        cost = UNKNOWN_COST;
    if (full_at_tenant)
        *full_at_tenant = full + cost * 100 / ((__u64)ctx->weight * RATE);
    return GBPF_ADMIT;
}

GBPF_HOOK(on_retire, ctx)
{
    __u32 tenant = ctx->tenant;
    __u64 charged = ctx->cost_ns;
    __u64 *full = bpf_map_lookup_elem(&full_at, &tenant);

    if (charged == 0)
        charged = UNKNOWN_COST;
    if (full) {
        *full += ctx->run_ns * 100 / ((__u64)ctx->weight * RATE);
        *full -= charged * 100 / ((__u64)ctx->weight * RATE);
    }
    return GBPF_OK;
}

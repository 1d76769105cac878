/* weighted_fair in C; see weighted_fair.gbpf. */
#include "gbpf.h"

GBPF_POLICY("weighted_fair");

#define QUEUE 1
#define SCALE 1024
#define UNKNOWN_COST 100000ULL

/* Tenant -> virtual time at which its charged work ends. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, GBPF_MAX_TENANTS);
} finish SEC(".maps");

/* Greatest virtual start that went to the device. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, 1);
} clock SEC(".maps");

GBPF_HOOK(init, ctx)
{
    __u32 zero = 0;
    __u64 *now = bpf_map_lookup_elem(&clock, &zero);

    gbpf_dsq_create(QUEUE, GBPF_DSQ_VTIME);
    if (now && gbpf_dsq_len(QUEUE) == 0) {
        for (__u32 t = 0; t < GBPF_MAX_TENANTS; t++) {
            __u64 *end = bpf_map_lookup_elem(&finish, &t);

            if (end)
                *end = *now;
        }
    }
    return GBPF_OK;
}

GBPF_HOOK(on_submit, ctx)
{
    __u32 zero = 0;
    __u32 tenant = ctx->tenant;
    __u64 *now = bpf_map_lookup_elem(&clock, &zero);
    __u64 *end = bpf_map_lookup_elem(&finish, &tenant);
    __u64 start = end ? *end : 0;
    __u64 cost = ctx->cost_ns;

    if (now && start < *now)
        start = *now;
    if (cost == 0)
        cost = UNKNOWN_COST;
    if (end)
        *end = start + cost * SCALE / ctx->weight;
    gbpf_dsq_insert_vtime(QUEUE, start);
    return GBPF_ENQUEUE;
}

GBPF_HOOK(on_dispatch, ctx)
{
    __u32 zero = 0;
    __u64 *now = bpf_map_lookup_elem(&clock, &zero);
    __u64 start = gbpf_dsq_peek(QUEUE, GBPF_JOB_VTIME);

    if (start == GBPF_NONE)
        return GBPF_IDLE;
    if (now && start > *now)
        *now = start;
    return QUEUE;
}

GBPF_HOOK(on_retire, ctx)
{
    __u32 tenant = ctx->tenant;
    __u64 charged = ctx->cost_ns;
    __u64 *end = bpf_map_lookup_elem(&finish, &tenant);

    if (charged == 0)
        charged = UNKNOWN_COST;
    if (end) {
        *end += ctx->run_ns * SCALE / ctx->weight;
        *end -= charged * SCALE / ctx->weight;
    }
    return GBPF_OK;
}

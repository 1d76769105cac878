/* bounded_share.gbpf in C. */
#include "gbpf.h"

GBPF_POLICY("bounded_share");

#define QUEUE 1
#define CAP 4         /* jobs of a tenant that the device may hold */
#define RETRY 1000000 /* ns */
#define SCALE 1024
#define TOO_LATE 1 /* reason of a reject */

struct { /* tenant -> device time that it has had, by weight */
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, GBPF_MAX_TENANTS);
} used SEC(".maps");

struct { /* greatest value that went to the device */
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, 1);
} mark SEC(".maps");

static __u64 *mark_value(void)
{
    __u32 zero = 0;

    return bpf_map_lookup_elem(&mark, &zero);
}

GBPF_HOOK(init, ctx)
{
    gbpf_dsq_create(QUEUE, GBPF_DSQ_VTIME);
    return GBPF_OK;
}

GBPF_HOOK(on_submit, ctx)
{
    if (ctx->deadline_ns != 0 && ctx->deadline_ns < ctx->now_ns) {
        ctx->reason = TOO_LATE;
        return GBPF_REJECT;
    }

    __u32 tenant = ctx->tenant;
    __u64 *time = bpf_map_lookup_elem(&used, &tenant);
    __u64 start = time ? *time : 0;
    __u64 *least = mark_value();

    if (least && start < *least)
        start = *least;
    gbpf_dsq_insert_vtime(QUEUE, start);
    return GBPF_ENQUEUE;
}

GBPF_HOOK(on_admit, ctx)
{
    if (ctx->tenant_running >= CAP) {
        ctx->defer_until_ns = ctx->now_ns + RETRY;
        return GBPF_DEFER;
    }
    return GBPF_ADMIT;
}

GBPF_HOOK(on_dispatch, ctx)
{
    __u64 head = gbpf_dsq_peek(QUEUE, GBPF_JOB_VTIME);
    __u64 *least = mark_value();

    if (head == GBPF_NONE)
        return GBPF_IDLE;
    if (least && head > *least)
        *least = head;
    return QUEUE;
}

GBPF_HOOK(on_retire, ctx)
{
    __u32 tenant = ctx->tenant;
    __u32 weight = ctx->weight;
    __u64 charge = weight ? ctx->run_ns * SCALE / weight : 0;
    __u64 *time = bpf_map_lookup_elem(&used, &tenant);

    if (time) {
        *time += charge;
    } else {
        __u64 *least = mark_value();
        __u64 first = (least ? *least : 0) + charge;

        bpf_map_update_elem(&used, &tenant, &first, BPF_ANY);
    }
    return GBPF_OK;
}

GBPF_HOOK(on_tick, ctx)
{
    for (__u64 tenant = 0; tenant < GBPF_MAX_TENANTS; tenant++) {
        __u32 key = tenant;
        __u64 *time = bpf_map_lookup_elem(&used, &key);

        if (time)
            *time -= *time / 8;
    }
    return GBPF_OK;
}

/*
 * deadline: the job that must be finished first goes first. A job without a deadline gets one that is far away, so it
 * waits, but not for ever.
 */
#include "gbpf.h"

GBPF_POLICY("deadline");

#define QUEUE 1

/* How long a job without a deadline may be overtaken, ns. A parameter: it can be read in the object. */
const volatile __u64 patience = 200000000;

/* Jobs of each tenant that were finished too late: an array map, indexed by tenant. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, GBPF_MAX_TENANTS);
} late SEC(".maps");

GBPF_HOOK(init, ctx)
{
    gbpf_dsq_create(QUEUE, GBPF_DSQ_VTIME);
    return GBPF_OK;
}

GBPF_HOOK(on_submit, ctx)
{
    __u64 due = ctx->deadline_ns;

    if (due == 0)
        due = ctx->submitted_ns + patience;
    gbpf_dsq_insert_vtime(QUEUE, due);
    return GBPF_ENQUEUE;
}

GBPF_HOOK(on_dispatch, ctx)
{
    return QUEUE;
}

GBPF_HOOK(on_retire, ctx)
{
    __u32 tenant = ctx->tenant;
    __u64 *count = bpf_map_lookup_elem(&late, &tenant);

    if (count && ctx->deadline_ns != 0 && ctx->now_ns > ctx->deadline_ns)
        ++*count;
    return GBPF_OK;
}

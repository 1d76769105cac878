/* Whoever has had the least device time goes first. */
#include "gbpf.h"

GBPF_POLICY("least_served");

#define QUEUE 1

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, GBPF_MAX_TENANTS);
} used SEC(".maps");

GBPF_HOOK(init, ctx)
{
    gbpf_dsq_create(QUEUE, GBPF_DSQ_VTIME);
    return GBPF_OK;
}

GBPF_HOOK(on_submit, ctx)
{
    __u32 tenant = ctx->tenant;
    __u64 *time = bpf_map_lookup_elem(&used, &tenant);

    gbpf_dsq_insert_vtime(QUEUE, time ? *time : 0);
    return GBPF_ENQUEUE;
}

GBPF_HOOK(on_dispatch, ctx)
{
    return QUEUE;
}

GBPF_HOOK(on_retire, ctx)
{
    __u32 tenant = ctx->tenant;
    __u64 run = ctx->run_ns;
    __u64 *time = bpf_map_lookup_elem(&used, &tenant);

    if (time)
        *time += run;
    else
        bpf_map_update_elem(&used, &tenant, &run, BPF_ANY);
    return GBPF_OK;
}

char _license[] SEC("license") = "GPL";

/* device_allowance in C; see device_allowance.gbpf. */
#include "gbpf.h"

GBPF_POLICY("device_allowance");

#define FACTOR 1000

/* Tenant -> worker time that it may use, ns; 0: any. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, GBPF_MAX_TENANTS);
} allowance SEC(".maps");

/* Tenant -> worker time that it has used, ns. */
struct {
    __uint(type, BPF_MAP_TYPE_COUNTERS);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, GBPF_MAX_TENANTS);
} used SEC(".maps");

/* Tenant -> 1 when it has used what it is allowed. */
struct {
    __uint(type, BPF_MAP_TYPE_SNAPSHOT);
    __type(key, __u32);
    __type(value, __u32);
    __uint(max_entries, GBPF_MAX_TENANTS);
} spent SEC(".maps");

GBPF_HOOK(on_tick, ctx)
{
    for (__u32 tenant = 0; tenant < GBPF_MAX_TENANTS; tenant++) {
        __u64 *allowed = bpf_map_lookup_elem(&allowance, &tenant);
        __u64 *ns = bpf_map_lookup_elem(&used, &tenant);
        __u32 *is_spent = bpf_map_lookup_elem(&spent, &tenant);

        if (allowed && ns && is_spent)
            *is_spent = *allowed > 0 && *ns >= *allowed;
    }
    return GBPF_OK;
}

GBPF_HOOK(sm_tick, ctx)
{
    __u32 tenant = ctx->tenant;
    __u64 *ns = bpf_map_lookup_elem(&used, &tenant);
    __u32 *is_spent = bpf_map_lookup_elem(&spent, &tenant);
    __u64 full = (__u64)ctx->weight * FACTOR;

    if (ns)
        __sync_fetch_and_add(ns, ctx->used_ns);
    if (is_spent)
        ctx->share = full ^ ((full ^ 1) & (0 - (__u64)*is_spent));
    return GBPF_REFILL;
}

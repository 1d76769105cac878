/* device_stealing in C; see device_stealing.gbpf. */
#include "gbpf.h"

GBPF_POLICY("device_stealing");

#define FACTOR 1000
#define STEAL_FROM 4

/* Hides from the compiler what a number is, which would make a branch of it. */
#define opaque(number) __asm__ volatile("" : "+r"(number))

/* Tenant -> 1 + its vSlice; 0: everywhere. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, GBPF_MAX_TENANTS);
} home SEC(".maps");

/* 1 when a and b are the same, without a branch. */
static __always_inline __u64 equal(__u64 a, __u64 b)
{
    __u64 difference = a ^ b;
    __u64 negative = 0 - difference;

    opaque(negative);
    return 1 - ((difference | negative) >> 63);
}

GBPF_HOOK(sm_tick, ctx)
{
    __u32 tenant = ctx->tenant;
    __u64 *place = bpf_map_lookup_elem(&home, &tenant);
    __u64 own, full = (__u64)ctx->weight * FACTOR;

    if (!place)
        return GBPF_REFILL;
    own = equal(*place, 0) | equal(*place, (__u64)ctx->vslice + 1);
    opaque(own);
    ctx->share = 1 ^ ((1 ^ full) & (0 - own));
    return GBPF_REFILL;
}

GBPF_HOOK(cta_admit, ctx)
{
    __u32 tenant = ctx->tenant;
    __u64 *place = bpf_map_lookup_elem(&home, &tenant);

    if (!place || *place == 0 || *place == (__u64)ctx->vslice + 1 || ctx->queued_tasks >= STEAL_FROM)
        return GBPF_START;
    return GBPF_PARK;
}

/* device_priority in C; see device_priority.gbpf. */
#include "gbpf.h"

GBPF_POLICY("device_priority");

#define FACTOR 1000
#define PAUSE 2000

/* Hides from the compiler what a number is, which would make a branch of it. */
#define opaque(number) __asm__ volatile("" : "+r"(number))

/* Tenant -> tasks of a greater priority that wait. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, GBPF_MAX_TENANTS);
} outranked SEC(".maps");

GBPF_HOOK(sm_tick, ctx)
{
    __u32 tenant = ctx->tenant;
    __u64 *tasks = bpf_map_lookup_elem(&outranked, &tenant);
    __u64 behind, negative, full = (__u64)ctx->weight * FACTOR;

    if (!tasks)
        return GBPF_REFILL;
    behind = *tasks;
    negative = 0 - behind;
    opaque(negative);
    behind = 0 - ((behind | negative) >> 63); /* all ones when somebody is before it */
    ctx->share = full ^ ((full ^ 1) & behind);
    return GBPF_REFILL;
}

GBPF_HOOK(warp_throttle_tick, ctx)
{
    __u32 tenant = ctx->tenant;
    __u64 *tasks = bpf_map_lookup_elem(&outranked, &tenant);

    if (tasks)
        *tasks = ctx->urgent_tasks;
    return ctx->urgent_tasks > 0 ? PAUSE : GBPF_NO_PAUSE;
}

/* device_edf in C; see device_edf.gbpf. */
#include "gbpf.h"

GBPF_POLICY("device_edf");

#define GREATEST 1000000
#define HALF 15

/* Hides from the compiler what a number is, which would make a branch of it. */
#define opaque(number) __asm__ volatile("" : "+r"(number))

/* Tenant -> when its tasks are due; ~0: never. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, GBPF_MAX_TENANTS);
} due SEC(".maps");

/* 1 when a < b, without a branch. */
static __always_inline __u64 less(__u64 a, __u64 b)
{
    __u64 result = ((~a & b) | ((~a | b) & (a - b))) >> 63;

    opaque(result);
    return result;
}

GBPF_HOOK(cta_admit, ctx)
{
    __u32 tenant = ctx->tenant;
    __u64 *when = bpf_map_lookup_elem(&due, &tenant);

    if (when)
        *when = ctx->tag ? ctx->tag : GBPF_NONE;
    return GBPF_START;
}

GBPF_HOOK(sm_tick, ctx)
{
    __u32 tenant = ctx->tenant;
    __u64 *when = bpf_map_lookup_elem(&due, &tenant);
    __u64 now = ctx->now_ns, left;

    if (!when)
        return GBPF_REFILL;
    left = *when;
    left = ((left - now) & (less(left, now) - 1)) >> HALF;
    left = 20 ^ ((20 ^ left) & (0 - less(left, 20)));
    ctx->share = (GREATEST >> left) | 1;
    return GBPF_REFILL;
}

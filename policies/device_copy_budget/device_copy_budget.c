/* device_copy_budget in C; see device_copy_budget.gbpf. */
#include "gbpf.h"

GBPF_POLICY("device_copy_budget");

#define MOST 1000000
#define MOST_RATE 1000000
#define PARTS 1000

/* Tenant -> what its copies may move, MB/s; 0: no limit. */
struct {
    __uint(type, BPF_MAP_TYPE_SNAPSHOT);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, GBPF_MAX_TENANTS);
} budget SEC(".maps");

/* Tenant and direction -> what is left of a byte, thousandths. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, 2 * GBPF_MAX_TENANTS);
} rest SEC(".maps");

GBPF_HOOK(dma_tick, ctx)
{
    __u32 tenant = ctx->tenant;
    __u64 *wanted = bpf_map_lookup_elem(&budget, &tenant);
    __u64 rate, period, parts, *left;
    __u32 way;

    if (!wanted)
        return GBPF_REFILL;
    rate = *wanted < MOST_RATE ? *wanted : MOST_RATE;
    if (rate == 0)
        return GBPF_REFILL;
    way = 2 * tenant + ctx->kind - GBPF_KIND_COPY_H2D;
    left = bpf_map_lookup_elem(&rest, &way);
    if (!left)
        return GBPF_REFILL;
    period = ctx->period_ns < MOST ? ctx->period_ns : MOST;
    parts = *left + period * rate;
    *left = parts % PARTS;
    ctx->budget_bytes = parts / PARTS;
    return parts < PARTS ? GBPF_WITHHOLD : GBPF_REFILL;
}

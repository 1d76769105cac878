/* copy_budget in C; see copy_budget.gbpf. */
#include "gbpf.h"

GBPF_POLICY("copy_budget");

#define CHUNK (1ULL << 20)
#define MEGA 1000000
#define EVERY 100

/* Tenant -> what it may copy; 0 for no limit. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, struct gbpf_io_budget);
    __uint(max_entries, GBPF_MAX_TENANTS);
} IO_BUDGETS SEC(".maps");

/* Tenant -> when its bucket is full again, ns. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, GBPF_MAX_TENANTS);
} full_at SEC(".maps");

static __always_inline void tell(__u64 tenants)
{
    __u32 t;

    for (t = 0; t < tenants && t < GBPF_MAX_TENANTS; t++) {
        struct gbpf_io_budget *budget = bpf_map_lookup_elem(&IO_BUDGETS, &t);

        gbpf_copy_rate_set(t, budget ? budget->bytes_per_second : 0);
    }
}

GBPF_HOOK(init, ctx)
{
    tell(ctx->tenants);
    return 0;
}

GBPF_HOOK(on_tick, ctx)
{
    if (ctx->tick % EVERY == 0)
        tell(ctx->tenants);
    return 0;
}

GBPF_HOOK(on_copy_enqueue, ctx)
{
    __u32 tenant = ctx->tenant;
    struct gbpf_io_budget *budget = bpf_map_lookup_elem(&IO_BUDGETS, &tenant);
    __u64 *full_at_tenant = bpf_map_lookup_elem(&full_at, &tenant);
    __u64 rate = budget ? budget->bytes_per_second / MEGA : 0;

    ctx->chunk_bytes = CHUNK;
    if (budget && rate > 0) {
        __u64 burst = budget->burst_bytes < CHUNK ? CHUNK : budget->burst_bytes;
        __u64 full = full_at_tenant ? *full_at_tenant : 0;
        __u64 next;

        if (full < ctx->now_ns)
            full = ctx->now_ns;
        next = full + (ctx->bytes * 1000 + rate - 1) / rate;
        if (full_at_tenant)
            *full_at_tenant = next;
        if (next - ctx->now_ns > burst * 1000 / rate) {
            __u64 ahead = (burst - CHUNK) * 1000 / rate;

            ctx->not_before_ns = (full < ahead ? ahead : full) - ahead;
            ctx->rate_mbps = rate;
            return GBPF_PACE;
        }
    }
    return ctx->priority > 0 && ctx->bytes <= CHUNK ? GBPF_ALLOW : GBPF_SPLIT;
}

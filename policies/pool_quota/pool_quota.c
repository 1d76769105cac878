/* pool_quota in C; see pool_quota.gbpf. */
#include "gbpf.h"

GBPF_POLICY("pool_quota");

#define OVER_HARD_LIMIT 1

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, struct gbpf_mempool);
    __uint(max_entries, GBPF_MAX_TENANTS);
} MEMPOOL SEC(".maps");

static __always_inline int promised(__u32 tenant)
{
    for (__u32 t = 0; t < GBPF_MAX_TENANTS; t++) {
        struct gbpf_mempool *other = bpf_map_lookup_elem(&MEMPOOL, &t);

        if (other && t != tenant && other->waits > 0 && other->used < other->soft)
            return 1;
    }
    return 0;
}

GBPF_HOOK(on_mem_alloc, ctx)
{
    __u32 tenant = ctx->tenant;
    __u64 after = ctx->tenant_used + (ctx->bytes + GBPF_PAGE_64K - 1) / GBPF_PAGE_64K * GBPF_PAGE_64K;
    struct gbpf_mempool *mine = bpf_map_lookup_elem(&MEMPOOL, &tenant);

    if (mine) {
        if (mine->hard > 0 && after > mine->hard) {
            ctx->reason = OVER_HARD_LIMIT;
            return GBPF_DENY;
        }
        if (mine->soft > 0 && after > mine->soft && promised(tenant))
            return GBPF_POSTPONE;
    }
    return GBPF_ALLOW;
}

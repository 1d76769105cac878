/* oversubscribe in C; see oversubscribe.gbpf. */
#include "gbpf.h"

GBPF_POLICY("oversubscribe");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, struct gbpf_mempool);
    __uint(max_entries, GBPF_MAX_TENANTS);
} MEMPOOL SEC(".maps");

GBPF_HOOK(on_mem_fault, ctx)
{
    return ctx->reason == GBPF_MEM_FULL ? GBPF_SHRINK : GBPF_WAIT;
}

GBPF_HOOK(on_reclaim, ctx)
{
    __u32 tenant = ctx->tenant;
    struct gbpf_mempool *owner = bpf_map_lookup_elem(&MEMPOOL, &tenant);

    if (owner) {
        __u64 stays = owner->used - owner->leaving;

        if (stays > owner->soft)
            ctx->rank = stays - owner->soft;
    }
    return GBPF_EVICT;
}

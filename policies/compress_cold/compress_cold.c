/* compress_cold in C; see compress_cold.gbpf. */
#include "gbpf.h"

GBPF_POLICY("compress_cold");

#define COLD_AFTER 100000000ULL
#define WORTH 4
#define FIRST (1ULL << 62)

GBPF_HOOK(on_mem_alloc, ctx)
{
    if (ctx->access == GBPF_MEM_COLD && ctx->compressed_to * WORTH <= 1000 * (WORTH - 1))
        ctx->compress = 1;
    return GBPF_ALLOW;
}

GBPF_HOOK(on_mem_fault, ctx)
{
    return ctx->reason == GBPF_MEM_FULL ? GBPF_SHRINK : GBPF_WAIT;
}

GBPF_HOOK(on_reclaim, ctx)
{
    __u64 now = ctx->now_ns;
    __u64 last = ctx->last_use_ns;
    __u64 idle = now > last ? now - last : 0;
    __u64 saves = ctx->saves;

    if (saves > 0 && saves >= ctx->bytes / WORTH && idle >= COLD_AFTER) {
        ctx->rank = FIRST | idle;
        return GBPF_COMPRESS;
    }
    ctx->rank = idle;
    return GBPF_EVICT;
}

/* page_size in C; see page_size.gbpf. */
#include "gbpf.h"

GBPF_POLICY("page_size");

#define PAGES 8

GBPF_HOOK(on_mem_alloc, ctx)
{
    int rarely = ctx->access == GBPF_MEM_COLD && !(ctx->flags & GBPF_MEM_RANDOM);
    __u64 bytes = ctx->bytes;
    __u64 size = GBPF_PAGE_4K;

    if (bytes >= PAGES * GBPF_PAGE_64K)
        size = GBPF_PAGE_64K;
    if (bytes >= PAGES * GBPF_PAGE_2M && !rarely)
        size = GBPF_PAGE_2M;
    ctx->page_size = size;
    return GBPF_ALLOW;
}

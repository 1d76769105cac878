/* round_robin in C; see round_robin.gbpf. */
#include "gbpf.h"

GBPF_POLICY("round_robin");

#define FIRST_QUEUE 1

/* The tenant that was served last. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, 1);
} turn SEC(".maps");

GBPF_HOOK(init, ctx)
{
    for (__u32 t = 0; t < GBPF_MAX_TENANTS && t < ctx->tenants; t++)
        gbpf_dsq_create(FIRST_QUEUE + t, GBPF_DSQ_FIFO);
    return GBPF_OK;
}

GBPF_HOOK(on_submit, ctx)
{
    gbpf_dsq_insert(FIRST_QUEUE + (__u64)ctx->tenant);
    return GBPF_ENQUEUE;
}

GBPF_HOOK(on_dispatch, ctx)
{
    __u32 zero = 0;
    __u64 *last = bpf_map_lookup_elem(&turn, &zero);
    __u64 first;

    if (!last)
        return GBPF_IDLE;
    first = *last + 1;
    for (__u32 i = 0; i < GBPF_MAX_TENANTS && i < ctx->tenants; i++) {
        __u64 t = (first + i) % ctx->tenants;

        if (gbpf_dsq_peek(FIRST_QUEUE + t, GBPF_JOB_ID) != GBPF_NONE) {
            *last = t;
            return FIRST_QUEUE + t;
        }
    }
    return GBPF_IDLE;
}

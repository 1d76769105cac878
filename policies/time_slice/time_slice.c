/* time_slice in C; see time_slice.gbpf. */
#include "gbpf.h"

GBPF_POLICY("time_slice");

#define QUEUE 1
#define SLICE 1000000

GBPF_HOOK(init, ctx)
{
    gbpf_dsq_create(QUEUE, GBPF_DSQ_FIFO);
    return GBPF_OK;
}

GBPF_HOOK(on_submit, ctx)
{
    gbpf_dsq_insert(QUEUE);
    return GBPF_ENQUEUE;
}

GBPF_HOOK(on_dispatch, ctx)
{
    ctx->budget_ns = SLICE;
    return QUEUE;
}

GBPF_HOOK(on_preempt, ctx)
{
    if (ctx->reason == GBPF_PREEMPT_BUDGET && ctx->queued > 0)
        return GBPF_YIELD;
    ctx->budget_ns = SLICE;
    return GBPF_CONTINUE;
}

/* thermal_guard in C; see thermal_guard.gbpf. */
#include "gbpf.h"

GBPF_POLICY("thermal_guard");

#define URGENT 1
#define OTHERS 2
#define MARGIN 10000
#define LEAST_CAP 100

GBPF_HOOK(init, ctx)
{
    gbpf_dsq_create(URGENT, GBPF_DSQ_FIFO);
    gbpf_dsq_create(OTHERS, GBPF_DSQ_FIFO);
    return GBPF_OK;
}

GBPF_HOOK(on_submit, ctx)
{
    gbpf_dsq_insert(ctx->priority > 0 ? URGENT : OTHERS);
    return GBPF_ENQUEUE;
}

GBPF_HOOK(on_dispatch, ctx)
{
    __u64 queue = ctx->vslice == 0 ? URGENT : OTHERS;

    return gbpf_dsq_len(queue) > 0 ? queue : GBPF_IDLE;
}

GBPF_HOOK(on_thermal, ctx)
{
    __u64 temperature = ctx->temperature_mc;
    __u64 limit = ctx->limit_mc;
    __u64 cap;

    if (ctx->vslice == 0 || temperature + MARGIN <= limit)
        return GBPF_UNCAPPED;
    if (temperature >= limit)
        return LEAST_CAP;
    cap = LEAST_CAP + (limit - temperature) * (1000 - LEAST_CAP) / MARGIN;
    return cap < 1000 ? cap : 1000;
}

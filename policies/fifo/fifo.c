/* fifo in C; see fifo.gbpf. */
#include "gbpf.h"

GBPF_POLICY("fifo");

#define QUEUE 1

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
    return QUEUE;
}

/* preempt_priority in C; see preempt_priority.gbpf. */
#include "gbpf.h"

GBPF_POLICY("preempt_priority");

#define FIRST_QUEUE 1

GBPF_HOOK(init, ctx)
{
    for (__u32 t = 0; t < GBPF_MAX_TENANTS && t < ctx->tenants; t++)
        gbpf_dsq_create(FIRST_QUEUE + t, GBPF_DSQ_VTIME);
    return GBPF_OK;
}

GBPF_HOOK(on_submit, ctx)
{
    gbpf_dsq_insert_vtime(FIRST_QUEUE + (__u64)ctx->tenant, ctx->submitted_ns);
    return GBPF_ENQUEUE;
}

GBPF_HOOK(on_dispatch, ctx)
{
    __s64 best = GBPF_IDLE;
    __u64 best_priority = 0;
    __u64 oldest = GBPF_NONE;

    for (__u32 t = 0; t < GBPF_MAX_TENANTS && t < ctx->tenants; t++) {
        __u64 queue = FIRST_QUEUE + t;
        __u64 submitted = gbpf_dsq_peek(queue, GBPF_JOB_SUBMITTED_NS);
        __u64 priority;

        if (submitted == GBPF_NONE)
            continue;
        priority = gbpf_dsq_peek(queue, GBPF_JOB_PRIORITY);
        if (best == GBPF_IDLE || priority > best_priority ||
            (priority == best_priority && submitted < oldest)) {
            best = queue;
            best_priority = priority;
            oldest = submitted;
        }
    }
    return best;
}

GBPF_HOOK(on_preempt, ctx)
{
    return ctx->reason == GBPF_PREEMPT_URGENT ? GBPF_YIELD : GBPF_CONTINUE;
}

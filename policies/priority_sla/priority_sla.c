/* priority_sla in C; see priority_sla.gbpf. */
#include "gbpf.h"

GBPF_POLICY("priority_sla");

#define FIRST_QUEUE 1
#define GUARD 5000000000ULL

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
    __s64 best = GBPF_IDLE;
    __s64 starved = GBPF_IDLE;
    __u64 best_priority = 0;
    __u64 best_deadline = GBPF_NONE;
    __u64 oldest = GBPF_NONE;

    for (__u32 t = 0; t < GBPF_MAX_TENANTS && t < ctx->tenants; t++) {
        __u64 queue = FIRST_QUEUE + t;
        __u64 submitted = gbpf_dsq_peek(queue, GBPF_JOB_SUBMITTED_NS);
        __u64 priority, deadline;

        if (submitted == GBPF_NONE)
            continue;
        if (submitted < oldest && ctx->now_ns - submitted > GUARD) {
            oldest = submitted;
            starved = queue;
        }
        priority = gbpf_dsq_peek(queue, GBPF_JOB_PRIORITY);
        deadline = gbpf_dsq_peek(queue, GBPF_JOB_DEADLINE_NS);
        if (deadline == 0)
            deadline = GBPF_NONE;
        if (best == GBPF_IDLE || priority > best_priority ||
            (priority == best_priority && deadline < best_deadline)) {
            best = queue;
            best_priority = priority;
            best_deadline = deadline;
        }
    }
    return starved != GBPF_IDLE ? starved : best;
}

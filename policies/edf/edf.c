/* edf in C; see edf.gbpf. */
#include "gbpf.h"

GBPF_POLICY("edf");

#define TIMELY 1
#define LATE 2
#define PATIENCE 1000000000ULL
#define MOST_LATE 64

/* Tenant -> jobs that ended after their deadline. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __type(key, __u32);
    __type(value, __u64);
    __uint(max_entries, GBPF_MAX_TENANTS);
} missed SEC(".maps");

GBPF_HOOK(init, ctx)
{
    gbpf_dsq_create(TIMELY, GBPF_DSQ_VTIME);
    gbpf_dsq_create(LATE, GBPF_DSQ_VTIME);
    return GBPF_OK;
}

GBPF_HOOK(on_submit, ctx)
{
    __u64 due = ctx->deadline_ns;

    if (due == 0)
        due = ctx->now_ns + PATIENCE;
    gbpf_dsq_insert_vtime(TIMELY, due);
    return GBPF_ENQUEUE;
}

GBPF_HOOK(on_dispatch, ctx)
{
    for (__u32 i = 0; i < MOST_LATE; i++) {
        __u64 deadline = gbpf_dsq_peek(TIMELY, GBPF_JOB_DEADLINE_NS);

        if (deadline == 0 || deadline >= ctx->now_ns)
            break;
        gbpf_dsq_move(TIMELY, LATE, deadline);
    }
    return gbpf_dsq_len(TIMELY) > 0 ? TIMELY : LATE;
}

GBPF_HOOK(on_retire, ctx)
{
    if (ctx->deadline_ns != 0 && ctx->now_ns > ctx->deadline_ns) {
        __u32 tenant = ctx->tenant;
        __u64 *jobs = bpf_map_lookup_elem(&missed, &tenant);

        if (jobs)
            *jobs += 1;
    }
    return GBPF_OK;
}

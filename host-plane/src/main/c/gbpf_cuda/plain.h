/*
 * A kernel's launch that is only counted and charged: nothing waits, is measured, reported or written down. It has a path of its own, which is short:
 * after each call of the driver, code and data are found in the second level of caches and not the first. Whatever else is to be done goes the way of
 * calls.h, from the beginning.
 */
#ifndef GBPF_CUDA_PLAIN_H
#define GBPF_CUDA_PLAIN_H

#include "calls.h"

struct gbpf_plain_launch {
    struct gbpf_segment_stream *stream;
    uint64_t cost_ns;
    uint32_t lane;
};

/* Charges a plain launch under orders; false: it is not plain, and nothing has been done. */
bool gbpf_plain_charge(
    struct gbpf_segment *segment, const struct gbpf_known_stream *known, CUfunction f, uint64_t blocks, uint64_t threads, uint64_t *cost_ns);

/* After one that the driver has refused, or of a thread that has no lane of its own. */
void gbpf_plain_end_otherwise(const struct gbpf_plain_launch *launch, CUresult result);

/* Whether the launch is a plain one; else nothing has been done. */
static inline __attribute__((always_inline)) bool gbpf_plain_begin(struct gbpf_plain_launch *launch, CUstream stream,
    enum gbpf_default_stream ds, CUfunction f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz) {
    struct gbpf_segment *segment = LOAD_ACQUIRE(&gbpf_process.segment);
    const CUstream named = gbpf_stream_named(stream, ds);
    const struct gbpf_known_stream *known = gbpf_stream_slot(named);
    if (UNLIKELY(!gbpf_stream_is_known(known, named) || LOAD(&gbpf_process.captures) != 0)) return false;
    launch->stream = &segment->streams[known->place];
    launch->lane = known->lane;
    launch->cost_ns = 0;
    if (LIKELY(!gbpf_is_observed(&segment->orders))) return true;
    uint64_t cost_ns;
    if (!gbpf_plain_charge(segment, known, f, (uint64_t)gx * gy * gz, (uint64_t)bx * by * bz, &cost_ns)) return false;
    launch->cost_ns = cost_ns;
    return true;
}

static inline __attribute__((always_inline)) void gbpf_plain_end(const struct gbpf_plain_launch *launch, CUresult result) {
    if (LIKELY(result == CUDA_SUCCESS) && LIKELY(launch->lane != GBPF_SHARED_LANE)) {
        gbpf_count_alone(&launch->stream->launched[launch->lane], 1);
        gbpf_count_alone(&launch->stream->kernels[launch->lane], 1);
    } else {
        gbpf_plain_end_otherwise(launch, result);
    }
}

#endif

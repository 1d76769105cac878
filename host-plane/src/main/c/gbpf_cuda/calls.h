/*
 * What is done around a call that brings work to a stream: begin before the driver is called, end after. Both are in line and short while
 * nothing is asked of the process; what policies need is behind them, in calls.c.
 */
#ifndef GBPF_CUDA_CALLS_H
#define GBPF_CUDA_CALLS_H

#include "capture.h"
#include "process.h"
#include "streams.h"
#include "wrappers.h"

enum gbpf_call_state {
    GBPF_CALL_PLAIN = 0,    /* only counted */
    GBPF_CALL_CAPTURED = 1, /* went into a capture: no work yet */
    GBPF_CALL_OBSERVED = 2, /* measured, charged, reported or held */
};

struct gbpf_work {
    enum gbpf_event_kind kind;
    uintptr_t identity; /* of the function or graph; 0: a copy or another operation */
    uint64_t blocks;
    uint64_t threads; /* of a block */
    uint64_t bytes;
    bool overlaps; /* launched so that it may begin before its predecessor ends: nothing may come between the two */
};

struct gbpf_call {
    struct gbpf_segment *segment;
    enum gbpf_call_state state;
    uint32_t place;
    uint32_t lane;
    CUstream stream;
    enum gbpf_default_stream ds;
    uint64_t cost_ns;
    uint64_t held_ns;
    uint64_t called_ns; /* when the driver was called; 0: nobody records */
    uint64_t key;
    struct gbpf_segment_function *function;
    bool passes; /* was held, and is not yet among the launched ones */
    uint32_t sample; /* 1 + index of the measurement under way; 0: none */
};

/* Whether the daemon asks for more than counting. */
static inline bool gbpf_is_observed(const struct gbpf_segment_orders *orders) {
    return (LOAD(&orders->mode) | LOAD(&orders->track_every) | LOAD(&orders->track_ns) | LOAD(&orders->sample_every)
               | LOAD(&orders->record))
        != 0;
}

void gbpf_call_begin_observed(struct gbpf_call *call, const struct gbpf_work *work);
void gbpf_call_end_observed(struct gbpf_call *call, const struct gbpf_work *work, CUresult result);

/* The driver has taken it. */
static inline void gbpf_call_count(const struct gbpf_call *call, const struct gbpf_work *work) {
    struct gbpf_segment_stream *stream = &call->segment->streams[call->place];
    if (work->kind == GBPF_EVENT_KERNEL) GBPF_COUNT(stream, kernels, call->lane, 1);
    if (work->kind == GBPF_EVENT_GRAPH) ADD(&call->segment->report.graph_launches, 1);
    GBPF_COUNT(stream, launched, call->lane, 1);
}

static inline void gbpf_call_begin(struct gbpf_call *call, const struct gbpf_work *work, CUstream stream, enum gbpf_default_stream ds) {
    struct gbpf_segment *segment = LOAD_ACQUIRE(&gbpf_process.segment);
    call->segment = segment;
    call->stream = stream;
    call->ds = ds;
    call->state = GBPF_CALL_PLAIN;
    if (UNLIKELY(LOAD(&gbpf_process.captures) != 0) && gbpf_is_capturing(stream, ds)) {
        call->state = GBPF_CALL_CAPTURED;
        gbpf_captured(segment, work->kind, work->identity);
        return;
    }
    const struct gbpf_known_stream *known = gbpf_stream_of(stream, ds);
    call->place = known->place;
    call->lane = known->lane;
    if (UNLIKELY(gbpf_is_observed(&segment->orders))) gbpf_call_begin_observed(call, work);
}

static inline void gbpf_call_end(struct gbpf_call *call, const struct gbpf_work *work, CUresult result) {
    if (LIKELY(call->state == GBPF_CALL_PLAIN)) {
        if (LIKELY(result == CUDA_SUCCESS)) gbpf_call_count(call, work);
    } else if (call->state == GBPF_CALL_OBSERVED) {
        gbpf_call_end_observed(call, work, result);
    }
}

#endif

#include "calls.h"

#include "completion.h"
#include "functions.h"
#include "gate.h"
#include "pacing.h"
#include "record.h"
#include "samples.h"
#include "stops.h"

static bool is_launch(const struct gbpf_work *work) { return work->kind == GBPF_EVENT_KERNEL || work->kind == GBPF_EVENT_GRAPH; }

/* Copies between memories of one device occupy it; those to and from the host occupy a copy engine, which credits do not count. */
static uint64_t copy_cost_ns(const struct gbpf_work *work) {
    return work->kind == GBPF_EVENT_COPY_D2D || work->kind == GBPF_EVENT_SET ? work->bytes / 1024 : 0;
}

static bool is_collective(const struct gbpf_call *call, const struct gbpf_work *work) {
    if ((LOAD(&gbpf_places[call->place].flags) & GBPF_STREAM_COLLECTIVE) != 0) return true;
    const bool collective = work->kind == GBPF_EVENT_KERNEL ? gbpf_is_collective((CUfunction)work->identity)
                                                            : gbpf_graph_is_collective((CUgraphExec)work->identity);
    if (collective && call->place != GBPF_OTHER_STREAMS) gbpf_stream_flag(call->place, GBPF_STREAM_COLLECTIVE, true);
    return collective;
}

static uint64_t launch_cost_ns(const struct gbpf_call *call, const struct gbpf_work *work) {
    const bool unmeasured = call->function == NULL || LOAD(&call->function->estimate_ns) == 0;
    if (unmeasured && work->kind == GBPF_EVENT_GRAPH) return gbpf_graph_cost_ns((CUgraphExec)work->identity);
    return call->function == NULL ? GBPF_UNMEASURED_NS : gbpf_function_cost_ns(call->function);
}

static void begin_launch(struct gbpf_call *call, const struct gbpf_work *work) {
    struct gbpf_segment *segment = call->segment;
    struct gbpf_segment_stream *stream = &segment->streams[call->place];
    call->key = gbpf_function_key(work->identity, work->blocks, work->threads);
    call->function = gbpf_function_find(segment, call->key);
    call->cost_ns = launch_cost_ns(call, work);
    if (LOAD(&segment->orders.mode) == GBPF_MODE_POLICY) {
        if (UNLIKELY(is_collective(call, work))) {
            ADD(&segment->report.collectives, 1);
        } else {
            if (call->function != NULL && work->kind == GBPF_EVENT_KERNEL) gbpf_function_set_plain(call->function, call->key);
            if (UNLIKELY(!gbpf_gate_is_open(stream))) call->passes = gbpf_gate_wait(segment, call->place, call->cost_ns, &call->held_ns);
        }
        if (LOAD(&segment->orders.stop_every_ns) != 0 && (LOAD(&gbpf_places[call->place].flags) & GBPF_STREAM_COLLECTIVE) == 0) gbpf_stop_point(call);
    }
    GBPF_COUNT(stream, launched_ns, call->lane, call->cost_ns);
    if (call->function != NULL) {
        const uint64_t launches = LOAD(&call->function->launches);
        STORE(&call->function->launches, launches + 1);
        if (gbpf_sample_is_due(LOAD(&segment->orders.sample_every), LOAD(&call->function->samples), launches) && !work->overlaps)
            call->sample = gbpf_sample_begin(call);
    }
}

void gbpf_call_begin_observed(struct gbpf_call *call, const struct gbpf_work *work) {
    call->state = GBPF_CALL_OBSERVED;
    call->cost_ns = 0;
    call->held_ns = 0;
    call->passes = false;
    call->key = 0;
    call->function = NULL;
    call->sample = 0;
    if (is_launch(work)) {
        begin_launch(call, work);
    } else {
        if (work->bytes != 0) call->held_ns = gbpf_pace(call->segment, work->kind, work->bytes, gbpf_now_ns());
        call->cost_ns = copy_cost_ns(work);
        GBPF_COUNT(&call->segment->streams[call->place], launched_ns, call->lane, call->cost_ns);
    }
    call->called_ns = LOAD(&call->segment->orders.record) != 0 ? gbpf_now_ns() : 0;
}

void gbpf_call_end_observed(struct gbpf_call *call, const struct gbpf_work *work, CUresult result) {
    struct gbpf_segment *segment = call->segment;
    struct gbpf_segment_stream *stream = &segment->streams[call->place];
    if (call->sample != 0) gbpf_sample_end(call, result == CUDA_SUCCESS);
    const bool made = result == CUDA_SUCCESS;
    if (LIKELY(made)) {
        gbpf_call_count(call, work);
    } else {
        GBPF_COUNT(stream, launched_ns, call->lane, -call->cost_ns);
    }
    if (UNLIKELY(call->passes)) gbpf_gate_passed(stream);
    if (UNLIKELY(!made)) return;
    const uint64_t launched = GBPF_COUNTED(stream, launched);
    gbpf_completion_ask(call, launched);
    if (call->called_ns != 0) gbpf_record_work(call, work, launched);
}

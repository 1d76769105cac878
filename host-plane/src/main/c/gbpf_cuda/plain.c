#include "plain.h"

#include "completion.h"
#include "functions.h"
#include "gate.h"
#include "samples.h"
#include "stops.h"

/* Whether a policy lets a launch pass as it is. */
static inline bool passes(
    const struct gbpf_segment_orders *orders, const struct gbpf_segment_stream *stream, const struct gbpf_place *place, uint64_t launched_ns) {
    const uint64_t stop_every_ns = LOAD(&orders->stop_every_ns);
    return (LOAD(&place->flags) & GBPF_STREAM_COLLECTIVE) == 0 && gbpf_gate_is_open(stream)
        && (stop_every_ns == 0 || !gbpf_stop_is_due(place, stop_every_ns, launched_ns));
}

bool gbpf_plain_charge(
    struct gbpf_segment *segment, const struct gbpf_known_stream *known, CUfunction f, uint64_t blocks, uint64_t threads, uint64_t *cost) {
    const struct gbpf_segment_orders *orders = &segment->orders;
    struct gbpf_segment_stream *stream = &segment->streams[known->place];
    const struct gbpf_place *place = &gbpf_places[known->place];
    if (UNLIKELY(LOAD(&orders->record) != 0)) return false;
    const uint64_t key = gbpf_function_key((uintptr_t)f, blocks, threads);
    struct gbpf_segment_function *function = gbpf_function_near(segment, key);
    if (UNLIKELY(function == NULL)) return false;
    const uint64_t launches = LOAD(&function->launches);
    if (UNLIKELY(gbpf_sample_is_due(LOAD(&orders->sample_every), LOAD(&function->samples), launches))) return false;
    const bool shares = LOAD(&place->shares) != 0;
    const uint64_t launched_ns = GBPF_COUNTED_KNOWING(stream, launched_ns, shares);
    if (LIKELY(LOAD(&orders->mode) == GBPF_MODE_POLICY)
        && UNLIKELY(!gbpf_function_is_plain(function, key) || !passes(orders, stream, place, launched_ns)))
        return false;
    const uint64_t cost_ns = gbpf_function_cost_ns(function);
    if (UNLIKELY(gbpf_completion_is_due(orders, place, GBPF_COUNTED_KNOWING(stream, launched, shares) + 1, launched_ns + cost_ns))) return false;
    if (UNLIKELY(gbpf_completion_is_awaited(place))) gbpf_completion_relay(segment, known->place);
    /* Threads that launch it at once may count one launch for two: it says which functions matter, and when to measure. */
    STORE(&function->launches, launches + 1);
    GBPF_COUNT(stream, launched_ns, known->lane, cost_ns);
    *cost = cost_ns;
    return true;
}

void gbpf_plain_end_otherwise(const struct gbpf_plain_launch *launch, CUresult result) {
    if (result == CUDA_SUCCESS) {
        GBPF_COUNT(launch->stream, launched, launch->lane, 1);
        GBPF_COUNT(launch->stream, kernels, launch->lane, 1);
    } else {
        GBPF_COUNT(launch->stream, launched_ns, launch->lane, -launch->cost_ns);
    }
}

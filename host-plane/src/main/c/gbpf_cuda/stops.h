/* Stop points: where a stream's work that is launched already lets the device look whether it is to go on. */
#ifndef GBPF_CUDA_STOPS_H
#define GBPF_CUDA_STOPS_H

#include "calls.h"

/* Whether a stream that has launched so much has a stop point before its next launch; every: how much estimated work is between two. */
static inline bool gbpf_stop_is_due(const struct gbpf_place *place, uint64_t every, uint64_t launched_ns) {
    const uint64_t last = LOAD(&place->stopped_ns);
    /* Of a segment before this one when it is ahead. */
    return launched_ns - (last > launched_ns ? 0 : last) >= every;
}

/* Before a launch that is not in a capture: makes a stop point of it when one is due. */
void gbpf_stop_point(const struct gbpf_call *call);

/*
 * Carries out what the orders say now: streams wait at their stop points, or go on. Returns how long the steward may wait before it
 * looks again, ns. The steward's only.
 */
uint64_t gbpf_stops_apply(const struct gbpf_segment_orders *orders, bool governed, uint64_t now, uint64_t wait_ns);

/* A context is about to go, and what was allocated in it. */
void gbpf_stops_context_gone(void);

void gbpf_stops_forget(void);

#endif

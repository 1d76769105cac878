/* What the device itself reports: a stream writes the number of its last launch into the segment when it gets there. */
#ifndef GBPF_CUDA_COMPLETION_H
#define GBPF_CUDA_COMPLETION_H

#include "calls.h"

/* Whether the daemon wants a report by now, of a stream that has launched so much. */
static inline bool gbpf_completion_is_due(
    const struct gbpf_segment_orders *orders, const struct gbpf_place *place, uint64_t launched, uint64_t launched_ns) {
    const uint32_t every = LOAD(&orders->track_every);
    const uint32_t ns = LOAD(&orders->track_ns);
    return (every != 0 && launched >= LOAD(&place->tracked) + every) || (ns != 0 && launched_ns >= LOAD(&place->tracked_ns) + ns);
}

/* Whether a report is under way that gbpf_completion_relay may have to bring in. */
static inline bool gbpf_completion_is_awaited(const struct gbpf_place *place) { return LOAD(&place->arrived) != (uint32_t)LOAD(&place->tracked); }

/* After a launch, the stream's launched-th: asks for a report if the daemon wants one by now. */
void gbpf_completion_ask(const struct gbpf_call *call, uint64_t launched);

/* Where the device cannot write into the segment: brings in what it reported for a place, or for all. False: it can, and nothing is to be done. */
bool gbpf_completion_relay(struct gbpf_segment *segment, uint32_t place);
bool gbpf_completion_relay_all(struct gbpf_segment *segment);

/* A context is about to go, and what was allocated or registered in it. */
void gbpf_completion_context_gone(void);

void gbpf_completion_forget(void);

#endif

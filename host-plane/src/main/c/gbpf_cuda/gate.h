/* The gate: whether a call may pass now, and the wait if not. */
#ifndef GBPF_CUDA_GATE_H
#define GBPF_CUDA_GATE_H

#include "streams.h"

enum {
    GBPF_HOLD_MAX_MS = 2000,  /* whatever the daemon says */
    GBPF_LEASE_MAX_MS = 2000,
};

/* Whether what is in the orders holds at now. */
static inline bool gbpf_lease_holds(const struct gbpf_segment_orders *orders, uint64_t now) {
    const uint64_t heartbeat = LOAD(&orders->heartbeat_ns);
    const uint64_t lease = gbpf_min(LOAD(&orders->lease_ns), GBPF_LEASE_MAX_MS * GBPF_MILLISECOND);
    /* A heartbeat of the future is as good as one of now, but one of the far future is nonsense. */
    return heartbeat <= now ? now - heartbeat <= lease : heartbeat - now <= lease;
}

static inline uint64_t gbpf_hold_limit_ns(const struct gbpf_segment_orders *orders) {
    return gbpf_min(LOAD(&orders->hold_limit_ns), GBPF_HOLD_MAX_MS * GBPF_MILLISECOND);
}

/* Waits until the stream's credit covers cost_ns more, or something opens the gate. Returns for how long, ns. */
uint64_t gbpf_gate_wait(struct gbpf_segment *segment, uint32_t place, uint64_t cost_ns);

static inline bool gbpf_gate_is_open(const struct gbpf_segment_stream *stream, uint64_t cost_ns) {
    const uint64_t granted = LOAD(&stream->granted_ns);
    if (granted == GBPF_UNLIMITED) return true;
    const uint64_t launched = LOAD(&stream->launched_ns);
    return launched <= granted && cost_ns <= granted - launched;
}

#endif

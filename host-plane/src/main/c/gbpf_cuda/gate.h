/* The gate: whether a call may pass now, and the wait if not. */
#ifndef GBPF_CUDA_GATE_H
#define GBPF_CUDA_GATE_H

#include "streams.h"

enum {
    GBPF_HOLD_MAX_MS = 2000,  /* whatever the daemon says */
    GBPF_LEASE_MAX_MS = 2000,
};

/* How long what is in the orders holds from now on, unless the daemon says more; 0: it does not. Who waits for longer finds the lease over. */
static inline uint64_t gbpf_lease_left_ns(const struct gbpf_segment_orders *orders, uint64_t now) {
    const uint64_t heartbeat = LOAD(&orders->heartbeat_ns);
    const uint64_t lease = gbpf_min(LOAD(&orders->lease_ns), GBPF_LEASE_MAX_MS * GBPF_MILLISECOND);
    /* A heartbeat of the future is as good as one of now, but one of the far future is nonsense. */
    if (heartbeat > now) return heartbeat - now <= lease ? heartbeat - now + lease + 1 : 0;
    return now - heartbeat <= lease ? lease - (now - heartbeat) + 1 : 0;
}

/* Whether what is in the orders holds at now. */
static inline bool gbpf_lease_holds(const struct gbpf_segment_orders *orders, uint64_t now) { return gbpf_lease_left_ns(orders, now) != 0; }

static inline uint64_t gbpf_hold_limit_ns(const struct gbpf_segment_orders *orders) {
    return gbpf_min(LOAD(&orders->hold_limit_ns), GBPF_HOLD_MAX_MS * GBPF_MILLISECOND);
}

/*
 * Waits until the stream has credit left, or something opens the gate. cost_ns is what the daemon is told that the call asks for. Returns whether the
 * call was held, and how long, ns: then it counts as passing until gbpf_gate_passed.
 */
bool gbpf_gate_wait(struct gbpf_segment *segment, uint32_t place, uint64_t cost_ns, uint64_t *held_ns);

/* A call that was held is among the launched ones, or has failed. */
static inline void gbpf_gate_passed(struct gbpf_segment_stream *stream) { SUBTRACT_RELEASE(&stream->passing, 1); }

/*
 * Whether the place's owner has credit left. The last call that passes may take more than is: one kernel or graph that is longer than all that a policy
 * ever grants would else wait for as long as a call can be held, again and again.
 */
static inline bool gbpf_gate_is_open(const struct gbpf_segment_stream *stream) {
    if (LOAD_ACQUIRE(&stream->taken) != LOAD(&stream->owner)) return false;
    const uint64_t granted = LOAD(&stream->granted_ns);
    return granted == GBPF_UNLIMITED || GBPF_COUNTED(stream, launched_ns) < granted;
}

#endif

/*
 * Work that cannot or need not be in the partition of its stream: grids that must be on the device as a whole and clusters, which are larger than
 * it, and copies and sets that are captured as part of a condition's body, all of which must be in one context. They would run on a plain stream; so
 * they do, between two events that keep the order of their own.
 */
#ifndef GBPF_CUDA_DETOUR_H
#define GBPF_CUDA_DETOUR_H

#include "calls.h"

struct gbpf_detour {
    CUstream from, by;
    CUevent before, after;
    int priority;
};

/* Whether the driver's answer to a launch may be due to a partition. */
static inline bool gbpf_is_too_large(CUresult result) {
    return result == CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE || result == CUDA_ERROR_INVALID_CLUSTER_SIZE;
}

/* Whether a cooperative launch has no room in the partition of its stream. Outside captures the driver says so; in one it does not, and the
 * graph would never end. */
bool gbpf_detour_is_needed(CUstream stream, CUfunction f, const struct gbpf_work *work, size_t shared);

/* Whether a copy or set, captured or not, has no place in a partition. */
static inline bool gbpf_copy_detours(const struct gbpf_call *call) {
    return UNLIKELY(call->state == GBPF_CALL_CAPTURED) && LOAD(&gbpf_bodies) != 0;
}

/* Puts a plain stream in the place of *stream, when that has a partition. false: it has none, or there can be no detour. */
bool gbpf_detour_begin(struct gbpf_detour *detour, CUstream *stream);

/* After the call, which had this result: what follows on the stream comes after it. Returns the result. */
CUresult gbpf_detour_end(const struct gbpf_detour *detour, CUresult result);

/* A context goes, and with it what was kept there; and in a child after fork. */
void gbpf_detours_forget(void);

#endif

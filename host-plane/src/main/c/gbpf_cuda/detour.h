/*
 * Launches that are larger than the partition of their stream: grids that must be on the device as a whole, and clusters. They would run on a
 * plain stream; so they do, between two events that keep the order of their own.
 */
#ifndef GBPF_CUDA_DETOUR_H
#define GBPF_CUDA_DETOUR_H

#include "calls.h"

struct gbpf_detour {
    CUstream from, by;
    CUevent before, after;
};

/* Whether the driver's answer to a launch may be due to a partition. */
static inline bool gbpf_is_too_large(CUresult result) {
    return result == CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE || result == CUDA_ERROR_INVALID_CLUSTER_SIZE;
}

/* Whether a cooperative launch has no room in the partition of its stream. Outside captures the driver says so; in one it does not, and the
 * graph would never end. */
bool gbpf_detour_is_needed(CUstream stream, CUfunction f, const struct gbpf_work *work, size_t shared);

/* Puts a plain stream in the place of *stream, when that has a partition. false: it has none, or there can be no detour. */
bool gbpf_detour_begin(struct gbpf_detour *detour, CUstream *stream);

/* After the launch, which had this result: what follows on the stream comes after it. Returns the result. */
CUresult gbpf_detour_end(const struct gbpf_detour *detour, CUresult result);

/* A context goes, and with it what was kept there; and in a child after fork. */
void gbpf_detours_forget(void);

#endif

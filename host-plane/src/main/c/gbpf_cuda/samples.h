/* Measurements of single launches by two events of the device around each. */
#ifndef GBPF_CUDA_SAMPLES_H
#define GBPF_CUDA_SAMPLES_H

#include "calls.h"

/*
 * Whether a function's launch after so many is to be measured: each so many of them are, a power of two. Fewer once its time is known, since each
 * measurement keeps the device from overlapping the launch with its neighbours. The first may load the function: it is not what later ones take.
 */
static inline bool gbpf_sample_is_due(uint32_t ordered, uint32_t samples, uint64_t launches) {
    if (ordered == 0 || launches == 0) return false;
    const uint32_t every = samples < 32 || ordered > UINT32_MAX / 16 ? ordered : ordered * 16;
    return ((launches - 1) & ((1ull << (31 - __builtin_clz(every))) - 1)) == 0;
}

/* Puts an event before the call's launch; the number to keep, or 0: none can be had now. */
uint32_t gbpf_sample_begin(const struct gbpf_call *call);

/* Puts the other behind it; or gives up, if it failed. */
void gbpf_sample_end(const struct gbpf_call *call, bool launched);

/* A context goes, and its events with it. */
void gbpf_samples_context_destroyed(CUcontext context);

void gbpf_samples_forget(void);

#endif

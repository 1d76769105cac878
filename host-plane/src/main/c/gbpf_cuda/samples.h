/* Measurements of single launches by two events of the device around each. */
#ifndef GBPF_CUDA_SAMPLES_H
#define GBPF_CUDA_SAMPLES_H

#include "calls.h"

/* Each so many launches of a function are measured: fewer once its time is known, since each measurement keeps the device from overlapping the
 * launch with its neighbours. */
static inline uint32_t gbpf_sample_every(uint32_t ordered, uint32_t samples) {
    return samples < 32 || ordered > UINT32_MAX / 16 ? ordered : ordered * 16;
}

/* Puts an event before the call's launch; the number to keep, or 0: none can be had now. */
uint32_t gbpf_sample_begin(const struct gbpf_call *call);

/* Puts the other behind it; or gives up, if it failed. */
void gbpf_sample_end(const struct gbpf_call *call, bool launched);

/* A context goes, and its events with it. */
void gbpf_samples_context_destroyed(CUcontext context);

void gbpf_samples_forget(void);

#endif

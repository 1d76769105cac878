/* Measurements of single launches by two events of the device around each. */
#ifndef GBPF_CUDA_SAMPLES_H
#define GBPF_CUDA_SAMPLES_H

#include "calls.h"

/* Puts an event before the call's launch; the number to keep, or 0: none can be had now. */
uint32_t gbpf_sample_begin(const struct gbpf_call *call);

/* Puts the other behind it; or gives up, if it failed. */
void gbpf_sample_end(const struct gbpf_call *call, bool launched);

/* A context goes, and its events with it. */
void gbpf_samples_context_destroyed(CUcontext context);

void gbpf_samples_forget(void);

#endif

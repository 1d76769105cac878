/*
 * Staying on the device between launches. Where contexts take turns, a context that has nothing to run loses its turn, however long its time
 * slice is, and gets it back after a switch that takes 0.2 ms and more. A process that is asked to stay keeps one thread on the device while
 * it has work under way and for orders.stay_us after: then its next launch finds the device its own.
 */
#ifndef GBPF_CUDA_STAY_H
#define GBPF_CUDA_STAY_H

#include "cuda_types.h"
#include "process.h"

/* Work was launched, in the calling thread's context. */
void gbpf_stay_launched(struct gbpf_segment *segment);

/* The application has waited for what it launched. */
void gbpf_stay_idle(void);

/* The application is about to make the driver wait for everything: nothing of the library's may be in the way. */
void gbpf_stay_leave(void);

/* After such a wait. */
void gbpf_stay_return(struct gbpf_segment *segment);

void gbpf_stay_context_destroyed(CUcontext context);
void gbpf_stay_forget(void);

/* What the thread runs, PTX. */
extern const char gbpf_stay_kernel[];

#endif

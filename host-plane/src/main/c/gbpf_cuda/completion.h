/* What the device itself reports: a stream writes the number of its last launch into the segment when it gets there. */
#ifndef GBPF_CUDA_COMPLETION_H
#define GBPF_CUDA_COMPLETION_H

#include "calls.h"

/* After a launch, the stream's launched-th: asks for a report if the daemon wants one by now. */
void gbpf_completion_ask(const struct gbpf_call *call, uint64_t launched);

/* Where the device cannot write into the segment: brings in what it reported for a place, or for all. False: it can, and nothing is to be done. */
bool gbpf_completion_relay(struct gbpf_segment *segment, uint32_t place);
bool gbpf_completion_relay_all(struct gbpf_segment *segment);

/* A context is about to go, and what was allocated or registered in it. */
void gbpf_completion_context_gone(void);

void gbpf_completion_forget(void);

#endif

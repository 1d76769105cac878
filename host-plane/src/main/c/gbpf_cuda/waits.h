/* What the application's own waiting tells about its streams. */
#ifndef GBPF_CUDA_WAITS_H
#define GBPF_CUDA_WAITS_H

#include "process.h"

/* The first launched launches of a stream are over. */
void gbpf_synchronized(struct gbpf_segment *segment, uint32_t place, uint32_t owner, uint64_t launched);

void gbpf_waits_forget(void);

#endif

/* The library's one thread. It attaches to the daemon, sees to the lease, and sets timeslices. It never calls CUDA. */
#ifndef GBPF_CUDA_STEWARD_H
#define GBPF_CUDA_STEWARD_H

#include "process.h"

/* After cuInit; once. Without anything to do there is no thread. */
void gbpf_steward_start(void);

/* Has it look now. */
void gbpf_steward_wake(void);

/* In a child after fork. */
void gbpf_steward_forget(void);

#endif

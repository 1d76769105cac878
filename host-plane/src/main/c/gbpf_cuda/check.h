/* The library's own account of itself. */
#ifndef GBPF_CUDA_CHECK_H
#define GBPF_CUDA_CHECK_H

#include "process.h"

/* Writes to the descriptor what is wrapped, what of it this driver has, and what was counted. Returns how many rows of the table the driver
 * has; -1: no driver is loaded. */
GBPF_EXPORT int gbpf_cuda_check(int to);

#endif

/* The attachment to the daemon: one message each way, and then a connection that stands for the process. */
#ifndef GBPF_CUDA_ATTACH_H
#define GBPF_CUDA_ATTACH_H

#include "process.h"

/* Tries once; waits no longer than a second. On success the process counts in the daemon's segment. Returns the connection, or -1. */
int gbpf_attach(const char *path, uint32_t attachment);

/* Whether the daemon has hung up. */
bool gbpf_attach_is_over(int connection);

#endif

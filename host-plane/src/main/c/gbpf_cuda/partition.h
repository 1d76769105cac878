/*
 * Partitions of the SMs. A stream that the application makes non-blocking has no order with the default stream, and is what a green context
 * makes streams as: it is made there, on the SMs that its tenant has at that time. All other streams are made as they always were.
 *
 * A partition is a word: first SM << 16 | how many; 0: none.
 */
#ifndef GBPF_CUDA_PARTITION_H
#define GBPF_CUDA_PARTITION_H

#include "process.h"
#include "wrappers.h"

/* The partition that text says, FIRST-LAST; 0 when it says none. */
uint32_t gbpf_partition_read(const char *text);

/* Makes the stream that the application asks for in its partition. false: it has none, or it cannot be done, which is counted; the driver makes
 * the stream as asked. */
bool gbpf_partition_create(CUstream *stream, unsigned flags, int priority);

/* The partition that the stream was made in. Asks the driver. */
uint32_t gbpf_partition_of(CUstream stream);

/* How many SMs that partition has; 0: the stream was made in none. */
uint32_t gbpf_partition_sms(CUstream stream);

/* Whether there ever was a partition in this process. */
bool gbpf_partition_is_used(void);

/* Where the context is a partition's, the one that the application knows; else null. */
CUcontext gbpf_partition_primary(CUcontext context);

/* A device's primary context cannot be reset while there are green contexts of it. Ends the library's; whether there were any. */
bool gbpf_partition_device_goes(CUdevice device);

/* After it went, and what was made in it. */
void gbpf_partition_device_gone(CUdevice device);

/* What the lever is, for a segment that is new. */
void gbpf_partition_report(void);

/* In a child after fork. */
void gbpf_partition_forget(void);

#endif

/* The process's channel groups (the hardware's time slice groups), as seen in its own ioctls, and their timeslices. */
#ifndef GBPF_CUDA_CHANNELS_H
#define GBPF_CUDA_CHANNELS_H

#include "process.h"

enum { GBPF_TIMESLICE_MAX_US = 10000000 };

/* Grows with each change in the set of groups. */
extern uint32_t gbpf_channels_changes;

/*
 * Sets the timeslice of all groups; 0: back to what the driver gave them. Groups that have it are only looked at again if check is set, since
 * the driver changes timeslices by itself. Writes to the segment's report. Control calls take long: goes_on is asked before those of each group,
 * and when it says no the rest is left, and false is returned. The steward's.
 */
bool gbpf_channels_apply(uint32_t timeslice_us, bool check, bool (*goes_on)(void *), void *argument);

void gbpf_channels_forget(void);

#endif

/* A resource manager without hardware: answers the ioctls of a descriptor that the fake driver opened. It must come after libgbpf_cuda.so. */
#ifndef FAKE_RM_H
#define FAKE_RM_H

#include <stdbool.h>
#include <stdint.h>

enum { FAKE_RM_DEFAULT_US = 2048, FAKE_RM_GROUPS = 64 };

/* Opens a descriptor whose ioctls are answered here. */
int fake_rm_open(void);

/* Timeslice of the i-th group that lives, us; 0: there are not so many. */
uint64_t fake_rm_timeslice(uint32_t i);
void fake_rm_set_timeslice(uint32_t i, uint64_t us);

/* Control calls so far, and whether to refuse them from now on. */
uint32_t fake_rm_controls(void);
void fake_rm_refuse(bool refuse);

/* Called on the caller's thread when a control call begins; null: nothing is. */
void fake_rm_on_control(void (*called)(void));

#endif

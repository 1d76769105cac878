/* What holds for the process as a whole: what its environment says, whether the library does anything, and the segment that it counts in. */
#ifndef GBPF_CUDA_PROCESS_H
#define GBPF_CUDA_PROCESS_H

#include <pthread.h>

#include "segment.h"
#include "word.h"

#define GBPF_EXPORT __attribute__((visibility("default")))

/* From the environment, read once:
 *   GBPF_DISABLE=1         every call goes straight to the driver, and nothing else happens
 *   GBPF_ATTACH            the daemon's socket; without it the process is never under policy
 *   GBPF_TENANT            whose process it is (default: "default")
 *   GBPF_CLASS             latency or best-effort (default)
 *   GBPF_TIMESLICE_US      for measuring without a daemon: the timeslice of the process's channel groups while none says one
 *   GBPF_SMS=FIRST-LAST    the SMs of its non-blocking streams, where no policy says others
 *   GBPF_CHECK=1           at the end of the process, what was wrapped and counted goes to standard error
 */
struct gbpf_settings {
    const char *attach;
    const char *tenant;
    enum gbpf_class class_;
    uint32_t timeslice_us;
    uint32_t partition;
    bool check;
};

extern struct gbpf_settings gbpf_settings;

/* What every call looks at, in a line of its own: it is written when something changes, and not by calls that bring work. */
struct gbpf_process {
    /* What everything is counted in: the segment that the daemon shares, else one of the process's own; never null. It may be exchanged at any
     * time; each stays mapped, so that who still has the old one writes to nobody. */
    struct gbpf_segment *segment;
    uint32_t captures;      /* streams in capture now */
    uint32_t streams_epoch; /* never 0; grows when what threads remember of streams no longer holds */
    uint32_t state;         /* GBPF_STATE_... */
} __attribute__((aligned(64)));

extern struct gbpf_process gbpf_process;

/* Which of the segments it is, from 0, the process's own: tells segments of different attachments apart. */
uint32_t gbpf_segment_number(const struct gbpf_segment *segment);

enum { GBPF_STATE_UNKNOWN = 0, GBPF_STATE_ON = 1, GBPF_STATE_OFF = 2 };
uint32_t gbpf_read_settings(void);

/* GBPF_DISABLE=1. Right also before the library's constructor has run. */
static inline bool gbpf_disabled(void) {
    uint32_t state = LOAD(&gbpf_process.state);
    if (UNLIKELY(state == GBPF_STATE_UNKNOWN)) state = gbpf_read_settings();
    return state == GBPF_STATE_OFF;
}

/* Counts a driver function that the application asked for and that is not in the table, if its name says that it would matter. */
void gbpf_count_unwrapped(const char *name);

/* A short critical section; no driver call, no wait and no system call within. */
struct gbpf_lock {
    uint32_t word;
};
void gbpf_lock_slowly(struct gbpf_lock *lock);
static inline void gbpf_acquire(struct gbpf_lock *lock) {
    uint32_t free = 0;
    if (UNLIKELY(!COMPARE_EXCHANGE(&lock->word, &free, 1))) gbpf_lock_slowly(lock);
}
static inline void gbpf_release(struct gbpf_lock *lock) { STORE_RELEASE(&lock->word, 0); }

#endif

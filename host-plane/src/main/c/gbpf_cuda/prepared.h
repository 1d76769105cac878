/* What the driver has to prepare before the library can use it, in an application's own thread and outside captures: memory for streams. */
#ifndef GBPF_CUDA_PREPARED_H
#define GBPF_CUDA_PREPARED_H

#include "process.h"

enum gbpf_preparation {
    GBPF_UNPREPARED = 0,
    GBPF_BEING_PREPARED = 1, /* by another thread: nobody waits for it */
    GBPF_PREPARED = 2,
    GBPF_NOT_PREPARABLE = 3 /* the driver refused: it is not asked again */
};

struct gbpf_prepared {
    uint32_t state; /* enum gbpf_preparation */
};

bool gbpf_prepare_slowly(struct gbpf_prepared *prepared, enum gbpf_lever lever, bool usable, bool (*prepare)(void *), void *argument);

/*
 * Whether it can be used: has it prepared by this thread if nobody has yet and no capture is under way. usable says whether the driver has the
 * functions for it. A lever for which it is not to be had is reported as absent or refused.
 */
static inline bool gbpf_prepare(
    struct gbpf_prepared *prepared, enum gbpf_lever lever, bool usable, bool (*prepare)(void *), void *argument) {
    return LIKELY(LOAD_ACQUIRE(&prepared->state) == GBPF_PREPARED) || gbpf_prepare_slowly(prepared, lever, usable, prepare, argument);
}

/* The driver refuses to use it. */
void gbpf_prepared_refused(struct gbpf_prepared *prepared, enum gbpf_lever lever);

/* It goes with a context: it is prepared again when it is used again. */
void gbpf_prepared_gone(struct gbpf_prepared *prepared);

/* In a child after fork. */
static inline void gbpf_prepared_forget(struct gbpf_prepared *prepared) { STORE(&prepared->state, GBPF_UNPREPARED); }

#endif

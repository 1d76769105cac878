/* What the library found out about each lever, for the daemon to show. */
#ifndef GBPF_CUDA_LEVERS_H
#define GBPF_CUDA_LEVERS_H

#include "process.h"

static inline void gbpf_lever_report(enum gbpf_lever lever, enum gbpf_lever_state state) {
    STORE(&LOAD_ACQUIRE(&gbpf_process.segment)->report.levers[lever], (uint8_t)state);
}

#endif

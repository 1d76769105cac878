/* A launch as work. */
#ifndef GBPF_CUDA_LAUNCHES_H
#define GBPF_CUDA_LAUNCHES_H

#include "calls.h"

/* Whether the launch may begin before what precedes it on the stream ends (programmatic dependent launch). */
bool gbpf_launch_overlaps(const CUlaunchConfig *config);

/* Whether its grid must be on the device as a whole. */
bool gbpf_launch_is_cooperative(const CUlaunchConfig *config);

static inline struct gbpf_work gbpf_kernel(CUfunction f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz) {
    return (struct gbpf_work){.kind = GBPF_EVENT_KERNEL, .identity = (uintptr_t)f, .blocks = (uint64_t)gx * gy * gz,
        .threads = (uint64_t)bx * by * bz};
}

static inline struct gbpf_work gbpf_kernel_of(CUfunction f, const CUlaunchConfig *config) {
    struct gbpf_work work = gbpf_kernel(f, config->gridDimX, config->gridDimY, config->gridDimZ, config->blockDimX, config->blockDimY,
        config->blockDimZ);
    work.overlaps = config->numAttrs != 0 && gbpf_launch_overlaps(config);
    return work;
}

static inline struct gbpf_work gbpf_graph(CUgraphExec graph) {
    return (struct gbpf_work){.kind = GBPF_EVENT_GRAPH, .identity = (uintptr_t)graph};
}

#endif

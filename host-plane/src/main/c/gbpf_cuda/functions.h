/* How long functions and graphs take: estimates by function and shape, in the segment. */
#ifndef GBPF_CUDA_FUNCTIONS_H
#define GBPF_CUDA_FUNCTIONS_H

#include "cuda_types.h"
#include "process.h"

/* What is not yet measured is taken to need so long. */
#define GBPF_UNMEASURED_NS 20000ull

/* Never 0. */
static inline uint64_t gbpf_function_key(uintptr_t identity, uint64_t blocks, uint64_t threads) {
    uint64_t key = (identity ^ blocks << 40 ^ blocks >> 24 ^ threads << 20) * 0x9E3779B97F4A7C15ull;
    key ^= key >> 32;
    return key | 1;
}

/* Where key is looked for first. */
static inline struct gbpf_segment_function *gbpf_function_at(struct gbpf_segment *segment, uint64_t key) {
    return &segment->functions[(key >> 1) % GBPF_SEGMENT_FUNCTIONS];
}

/*
 * The place of key, which is made if there is none: where all are taken that it may have, it drives out one that has not been launched for as
 * many misses as it had launches before, halved each time. Null: this miss found none to drive out. A place may go to another key at any time;
 * who keeps a pointer compares the key.
 */
struct gbpf_segment_function *gbpf_function_find(struct gbpf_segment *segment, uint64_t key, enum gbpf_event_kind kind);

/* A launch took ns, perhaps with interruptions by others. */
void gbpf_function_measured(struct gbpf_segment_function *function, uint64_t ns);

/* Whether function takes part in collective operations between processes, by its name; asked of the driver once. */
bool gbpf_is_collective(CUfunction function);

/* Functions whose names were asked for: the handle, with the answer in the highest bit, which no address has. A place that is taken over costs
 * a question more. */
enum { GBPF_ASKED_FUNCTIONS = 2048 };
extern uint64_t gbpf_asked_functions[GBPF_ASKED_FUNCTIONS];

static inline uint64_t *gbpf_asked_function(uint64_t handle) { return &gbpf_asked_functions[(handle >> 4 ^ handle >> 13) % GBPF_ASKED_FUNCTIONS]; }

/* Whether it is known to take no part in them. */
static inline bool gbpf_is_plain_function(CUfunction function) { return LOAD(gbpf_asked_function((uintptr_t)function)) == (uintptr_t)function; }

#endif

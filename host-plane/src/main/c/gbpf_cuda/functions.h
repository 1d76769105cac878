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

/* Where key is looked for as the i-th place. The first two are in one line. A product's high bits depend on all bits of its factors. */
static inline struct gbpf_segment_function *gbpf_function_at(struct gbpf_segment *segment, uint64_t key, uint32_t i) {
    const uint64_t first = key >> 48;
    return &segment->functions[(i < 2 ? first ^ i : (first & ~1ull) + i) % GBPF_SEGMENT_FUNCTIONS];
}

/* The place of key, when it is one of the first two; null: it may be another. */
static inline struct gbpf_segment_function *gbpf_function_near(struct gbpf_segment *segment, uint64_t key) {
    struct gbpf_segment_function *function = gbpf_function_at(segment, key, 0);
    if (LIKELY(LOAD_ACQUIRE(&function->key) == key)) return function;
    function = gbpf_function_at(segment, key, 1);
    return LOAD_ACQUIRE(&function->key) == key ? function : NULL;
}

/* Whether the function in the place of key is known to take no part in collective operations. What was known of an earlier key holds for that one
 * only. */
static inline bool gbpf_function_is_plain(const struct gbpf_segment_function *function, uint64_t key) {
    return LOAD(&function->plain) == (uint32_t)key;
}
static inline void gbpf_function_set_plain(struct gbpf_segment_function *function, uint64_t key) {
    STORE(&function->plain, (uint32_t)key);
}

/*
 * The place of key, which is made if there is none: where all are taken that it may have, it drives out one that has not been launched for as
 * many misses as it had launches before, halved each time. Null: this miss found none to drive out. A place may go to another key at any time;
 * who keeps a pointer compares the key.
 */
struct gbpf_segment_function *gbpf_function_find(struct gbpf_segment *segment, uint64_t key);

/* What a launch takes alone, as far as it is known. */
static inline uint64_t gbpf_function_cost_ns(const struct gbpf_segment_function *function) {
    const uint64_t estimate = LOAD(&function->estimate_ns);
    return LIKELY(estimate != 0) ? estimate : GBPF_UNMEASURED_NS;
}

/* A launch took ns, perhaps with interruptions by others. */
void gbpf_function_measured(struct gbpf_segment_function *function, uint64_t ns);

/* Whether function takes part in collective operations between processes, by its name; asked of the driver once. */
bool gbpf_is_collective(CUfunction function);

#endif

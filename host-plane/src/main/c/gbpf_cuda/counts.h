/*
 * Counts of a stream: launches and their estimated time. The first threads that launch on it count in words of their own, by plain additions: a
 * locked one waits for the driver's doorbell to leave the core. All others share a word, by locked ones. The count is the sum.
 */
#ifndef GBPF_CUDA_COUNTS_H
#define GBPF_CUDA_COUNTS_H

#include "segment.h"
#include "word.h"

/* Where threads count that have no words of their own. */
enum { GBPF_SHARED_LANE = GBPF_SEGMENT_LANES };

/* Adds to a count of the stream what this thread, whose lane is, has done; field is launched, launched_ns or kernels. */
#define GBPF_COUNT(stream, field, lane, change) gbpf_count((stream)->field, &(stream)->shared_##field, lane, change)

/* What all threads have counted. */
#define GBPF_COUNTED(stream, field) gbpf_counted((stream)->field, &(stream)->shared_##field)

/* The same where it is known whether any thread shares the word: that is in a line of its own, which most streams need not look at. */
#define GBPF_COUNTED_KNOWING(stream, field, shares) gbpf_counted_knowing((stream)->field, &(stream)->shared_##field, shares)

/* Begins anew. */
#define GBPF_COUNT_FROM_0(stream, field) gbpf_count_from_0((stream)->field, &(stream)->shared_##field)

/* By the only thread that writes it. */
static inline void gbpf_count_alone(uint64_t *count, uint64_t change) { STORE(count, LOAD(count) + change); }

static inline void gbpf_count(uint64_t *lanes, uint64_t *shared, uint32_t lane, uint64_t change) {
    if (LIKELY(lane != GBPF_SHARED_LANE)) {
        gbpf_count_alone(&lanes[lane], change);
    } else {
        ADD(shared, change);
    }
}

static inline uint64_t gbpf_counted_knowing(const uint64_t *lanes, const uint64_t *shared, bool shares) {
    uint64_t sum = UNLIKELY(shares) ? LOAD(shared) : 0;
    for (int lane = 0; lane < GBPF_SEGMENT_LANES; lane++) sum += LOAD(&lanes[lane]);
    return sum;
}

static inline uint64_t gbpf_counted(const uint64_t *lanes, const uint64_t *shared) { return gbpf_counted_knowing(lanes, shared, true); }

static inline void gbpf_count_from_0(uint64_t *lanes, uint64_t *shared) {
    STORE(shared, 0);
    for (int lane = 0; lane < GBPF_SEGMENT_LANES; lane++) STORE(&lanes[lane], 0);
}

#endif

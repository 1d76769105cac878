/* Words that several threads or processes read and write as a whole. Orders are relaxed unless the name says more. */
#ifndef GBPF_CUDA_WORD_H
#define GBPF_CUDA_WORD_H

#include <linux/futex.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define LOAD(p) __atomic_load_n(p, __ATOMIC_RELAXED)
#define STORE(p, v) __atomic_store_n(p, v, __ATOMIC_RELAXED)
#define ADD(p, v) __atomic_fetch_add(p, v, __ATOMIC_RELAXED)
#define SUBTRACT(p, v) __atomic_fetch_sub(p, v, __ATOMIC_RELAXED)
#define SUBTRACT_RELEASE(p, v) __atomic_fetch_sub(p, v, __ATOMIC_RELEASE)
#define OR(p, v) __atomic_fetch_or(p, v, __ATOMIC_RELAXED)
#define AND(p, v) __atomic_fetch_and(p, v, __ATOMIC_RELAXED)
#define LOAD_ACQUIRE(p) __atomic_load_n(p, __ATOMIC_ACQUIRE)
#define STORE_RELEASE(p, v) __atomic_store_n(p, v, __ATOMIC_RELEASE)
#define EXCHANGE(p, v) __atomic_exchange_n(p, v, __ATOMIC_ACQ_REL)
#define COMPARE_EXCHANGE(p, expected, v) \
    __atomic_compare_exchange_n(p, expected, v, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)

#define LIKELY(condition) __builtin_expect_with_probability(!!(condition), 1, 0.9999)
#define UNLIKELY(condition) __builtin_expect_with_probability(!!(condition), 0, 0.9999)

#define GBPF_SECOND 1000000000ull
#define GBPF_MILLISECOND 1000000ull

static inline uint64_t gbpf_now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * GBPF_SECOND + (uint64_t)now.tv_nsec;
}

/* The larger of what is there and value stays. */
static inline void gbpf_raise(uint64_t *word, uint64_t value) {
    uint64_t old = LOAD(word);
    while (old < value && !COMPARE_EXCHANGE(word, &old, value)) {}
}

static inline uint64_t gbpf_min(uint64_t a, uint64_t b) { return a < b ? a : b; }
static inline uint64_t gbpf_max(uint64_t a, uint64_t b) { return a > b ? a : b; }
static inline uint64_t gbpf_clamp(uint64_t value, uint64_t low, uint64_t high) { return gbpf_min(gbpf_max(value, low), high); }

/* Waits while *word is value, no longer than ns, or for less: callers look again. Shared with the daemon, hence not a private futex. */
static inline void gbpf_futex_wait(uint32_t *word, uint32_t value, uint64_t ns) {
    const struct timespec limit = {.tv_sec = (time_t)(ns / GBPF_SECOND), .tv_nsec = (long)(ns % GBPF_SECOND)};
    syscall(SYS_futex, word, FUTEX_WAIT, value, &limit, NULL, 0);
}

static inline void gbpf_futex_wake(uint32_t *word) { syscall(SYS_futex, word, FUTEX_WAKE, INT32_MAX, NULL, NULL, 0); }

#endif

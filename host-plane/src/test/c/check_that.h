/* What the native tests share: checks that say where they failed, and waiting for what must come true. */
#ifndef CHECK_THAT_H
#define CHECK_THAT_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "word.h"

#define CHECK(condition)                                                                               \
    do {                                                                                               \
        if (!(condition)) {                                                                            \
            fprintf(stderr, "%s:%d: %s: failed: %s\n", __FILE__, __LINE__, __func__, #condition);      \
            abort();                                                                                   \
        }                                                                                              \
    } while (0)

#define CHECK_EQUAL(actual, expected)                                                                                       \
    do {                                                                                                                    \
        const long long actual_ = (long long)(actual), expected_ = (long long)(expected);                                   \
        if (actual_ != expected_) {                                                                                         \
            fprintf(stderr, "%s:%d: %s: %s is %lld, not %lld\n", __FILE__, __LINE__, __func__, #actual, actual_, expected_); \
            abort();                                                                                                        \
        }                                                                                                                   \
    } while (0)

static inline void sleep_ms(unsigned ms) {
    const struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    nanosleep(&pause, NULL);
}

/* Waits for the condition, up to ten seconds: a limit against hanging, no measure of speed. */
#define EVENTUALLY(condition)                                                       \
    do {                                                                            \
        const uint64_t began_ = gbpf_now_ns();                                      \
        while (!(condition)) {                                                      \
            if (gbpf_now_ns() - began_ > 10 * GBPF_SECOND) CHECK(condition);        \
            sleep_ms(1);                                                            \
        }                                                                           \
    } while (0)

#endif

// Task functions of `gbpf bench device`, as an application would write them: what they did is in bench_words, by which the host knows
// that each task ran once.
#include "include/gbpf_task.h"

#if !defined(__CUDACC__)
#include <atomic>
#include <ctime>
#endif

struct bench_counts {
    unsigned long long ran;       // tasks
    unsigned long long sum;       // of mix(b)
    unsigned long long began_ns;  // when the link of a chain with a = began began
    unsigned long long ended_ns;  // when its last link began
    unsigned long long began;
};
GBPF_EXPORT_VARIABLE(bench_counts, bench_words)

namespace {

#if defined(__CUDACC__)
__device__ unsigned long long now() {
    unsigned long long ns;
    asm volatile("mov.u64 %0, %globaltimer;" : "=l"(ns));
    return ns;
}
__device__ unsigned lane() { return threadIdx.x % 32; }
__device__ void add(unsigned long long &to, unsigned n) { atomicAdd(&to, static_cast<unsigned long long>(n)); }

/** Adds up what the threads have that are here together: one atomic for all of them. */
__device__ void add_together(unsigned long long &to, unsigned n) {
    const unsigned here = __activemask();
    const unsigned total = __reduce_add_sync(here, n);
    if (lane() == static_cast<unsigned>(__ffs(static_cast<int>(here)) - 1)) add(to, total);
}
#else
unsigned long long now() {
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return static_cast<unsigned long long>(t.tv_sec) * 1000000000u + static_cast<unsigned long long>(t.tv_nsec);
}
unsigned lane() { return 0; }
void add(unsigned long long &to, unsigned n) { std::atomic_ref<unsigned long long>(to).fetch_add(n, std::memory_order_relaxed); }
void add_together(unsigned long long &to, unsigned n) { add(to, n); }
#endif

/** 27 bits of a number, none of which says much of another: the sum over many numbers tells which they were. */
__device__ unsigned mix(uint64_t b) { return (static_cast<uint32_t>(b) * 0x9e3779b1u) >> 5; }

}  // namespace

/** Nothing. */
__device__ uint64_t bench_nop(gbpf_env *, uint64_t, uint64_t) { return 0; }
GBPF_EXPORT_TASK(bench_nop)

/** Counts itself and its payload; a lane task. */
__device__ uint64_t bench_count_lane(gbpf_env *, uint64_t a, uint64_t b) {
    add_together(bench_words.ran, 1);
    add_together(bench_words.sum, mix(b));
    return a + b;
}
GBPF_EXPORT_TASK(bench_count_lane)

/** The same as a warp task. */
__device__ uint64_t bench_count_warp(gbpf_env *, uint64_t a, uint64_t b) {
    if (lane() == 0) {
        add(bench_words.ran, 1);
        add(bench_words.sum, mix(b));
    }
    return a + b;
}
GBPF_EXPORT_TASK(bench_count_warp)

/** Its answer is the sum of its arguments. */
__device__ uint64_t bench_echo(gbpf_env *, uint64_t a, uint64_t b) { return a + b; }
GBPF_EXPORT_TASK(bench_echo)

/** A link of a chain of warp tasks with a more links; b: its own number << 32 | where the next one runs (GBPF_HERE, ...). */
__device__ uint64_t bench_hop(gbpf_env *env, uint64_t a, uint64_t b) {
    if (lane() == 0 && a == bench_words.began) bench_words.began_ns = now();
    if (a == 0) {
        if (lane() == 0) {
            bench_words.ended_ns = now();
            add(bench_words.ran, 1);
        }
    } else {
        gbpf_spawn_at(env, static_cast<uint32_t>(b), static_cast<uint32_t>(b >> 32), GBPF_TASK_WARP, static_cast<uint32_t>(a - 1), b);
    }
    return 0;
}
GBPF_EXPORT_TASK(bench_hop)

/** A lane task that makes its successor until a is 0; where there is no room it does the work itself. b as in bench_hop. */
__device__ uint64_t bench_churn(gbpf_env *env, uint64_t a, uint64_t b) {
    unsigned done = 1;
    while (a > 0
        && !gbpf_spawn_at(env, static_cast<uint32_t>(b), static_cast<uint32_t>(b >> 32), GBPF_TASK_LANE, static_cast<uint32_t>(a - 1), b)) {
        --a;
        ++done;
    }
    add_together(bench_words.ran, done);
    return 0;
}
GBPF_EXPORT_TASK(bench_churn)

/** Takes a ns; how long it took. */
__device__ uint64_t bench_spin(gbpf_env *, uint64_t a, uint64_t) {
    const unsigned long long start = now();
    while (now() - start < a) {}
    return now() - start;
}
GBPF_EXPORT_TASK(bench_spin)

#if defined(__CUDACC__)
/** Answers n requests, each by its number: the least that a way to the GPU and back takes. One thread. */
extern "C" __global__ void gbpf_bench_echo(volatile uint32_t *request, volatile uint32_t *reply, uint32_t n, uint64_t limit_ns) {
    const unsigned long long start = now();
    for (uint32_t i = 1; i <= n; ++i) {
        uint32_t spins = 0;
        while (*request != i) {
            if ((++spins & 255) == 0 && now() - start > limit_ns) return;
        }
        *reply = i;
    }
}
#endif

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
    unsigned long long began_ns;  // when the links of a chain that are measured began
    unsigned long long ended_ns;  // when they had ended
    unsigned long long stop;      // not 0: chains of bench_relay end
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
__device__ void together() { __syncwarp(); }
__device__ void add(unsigned long long &to, unsigned long long n) { atomicAdd(&to, n); }

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
void together() {}
void add(unsigned long long &to, unsigned long long n) { std::atomic_ref<unsigned long long>(to).fetch_add(n, std::memory_order_relaxed); }
void add_together(unsigned long long &to, unsigned n) { add(to, n); }
#endif

/** 27 bits of a number, none of which says much of another: the sum over many numbers tells which they were. */
__device__ unsigned mix(uint64_t b) { return (static_cast<uint32_t>(b) * 0x9e3779b1u) >> 5; }

/** What a tree of tasks of bench_storm adds up. */
__device__ unsigned long long sum_of_tree(uint64_t depth) {
    unsigned long long sum = 0;
    for (uint64_t level = 0; level <= depth; ++level) sum += static_cast<unsigned long long>(mix(depth - level)) << level;
    return sum;
}

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

/** The same as a block task. */
__device__ uint64_t bench_count_block(gbpf_env *env, uint64_t a, uint64_t b) {
    if (gbpf_place_in_group(env) == 0 && lane() == 0) {
        add(bench_words.ran, 1);
        add(bench_words.sum, mix(b));
    }
    return a + b;
}
GBPF_EXPORT_TASK(bench_count_block)

/**
 * A node of a binary tree of tasks with a more levels below it; each adds mix(a). b: its own number << 32 | flags of the task << 8 | where
 * the next ones run. Where there is no room it does the work of what it could not make.
 */
__device__ uint64_t bench_storm(gbpf_env *env, uint64_t a, uint64_t b) {
    const uint32_t flags = static_cast<uint32_t>(b >> 8) & 0xff;
    unsigned long long ran = 1, sum = mix(a);
    for (int child = 0; a > 0 && child < 2; ++child) {
        if (!gbpf_spawn_at(env, static_cast<uint32_t>(b) & 0xff, static_cast<uint32_t>(b >> 32), flags, static_cast<uint32_t>(a - 1), b)) {
            ran += (1ull << a) - 1;
            sum += sum_of_tree(a - 1);
        }
    }
    if (flags == GBPF_TASK_LANE || lane() == 0) {
        add(bench_words.ran, ran);
        add(bench_words.sum, sum);
    }
    return 0;
}
GBPF_EXPORT_TASK(bench_storm)

/** Counts itself, and counts down the counter a. */
__device__ uint64_t bench_signal(gbpf_env *env, uint64_t a, uint64_t b) {
    if (lane() == 0) {
        add(bench_words.ran, 1);
        add(bench_words.sum, mix(b));
    }
    gbpf_signal(env, static_cast<uint32_t>(a));
    return 0;
}
GBPF_EXPORT_TASK(bench_signal)

/**
 * Makes a tasks of bench_signal and one of bench_count_warp that waits for them; a warp task. b: number of bench_signal << 48 | number of
 * bench_count_warp << 32 | payload of all. Where there is no room it does the work of what it could not make.
 */
__device__ uint64_t bench_join(gbpf_env *env, uint64_t a, uint64_t b) {
    const uint32_t payload = static_cast<uint32_t>(b), counter = gbpf_dependency_take(env);
    unsigned long long ran = 1;
    if (counter == 0) {
        ran += a + 1;
    } else {
        gbpf_dependency_arm(env, counter, static_cast<uint32_t>(a), static_cast<uint32_t>(b >> 32) & 0xffff, GBPF_TASK_WARP, 0, payload);
        for (uint64_t i = 0; i < a; ++i) {
            if (!gbpf_spawn(env, static_cast<uint32_t>(b >> 48), GBPF_TASK_WARP, counter, payload)) {
                gbpf_signal(env, counter);
                ++ran;
            }
        }
    }
    if (lane() == 0) {
        add(bench_words.ran, ran);
        add(bench_words.sum, ran * mix(payload));
    }
    return 0;
}
GBPF_EXPORT_TASK(bench_join)

/** Its answer is the sum of its arguments. */
__device__ uint64_t bench_echo(gbpf_env *, uint64_t a, uint64_t b) { return a + b; }
GBPF_EXPORT_TASK(bench_echo)

// Chains of warp tasks, in the same SM or from one to another. b has a chain's function << 48 | how many links are measured << 16 | the number
// of bench_mark, which comes before and after these. A link reads no memory: on an SM where others poll that would take as long as what is measured.

template <uint32_t WHERE, uint32_t FLAGS = 0> __device__ bool next_link(gbpf_env *env, uint64_t a, uint64_t b) {
    return gbpf_spawn_at(env, WHERE, static_cast<uint32_t>(a > 0 ? b >> 48 : b & 0xffff), GBPF_TASK_WARP | FLAGS, static_cast<uint32_t>(a - 1), b);
}

/** A link with a more behind it, in the same SM. */
__device__ uint64_t bench_hop_here(gbpf_env *env, uint64_t a, uint64_t b) { return next_link<GBPF_HERE>(env, a, b) ? 1 : 0; }
GBPF_EXPORT_TASK(bench_hop_here)

/** The same, in another SM. */
__device__ uint64_t bench_hop_elsewhere(gbpf_env *env, uint64_t a, uint64_t b) { return next_link<GBPF_ELSEWHERE>(env, a, b) ? 1 : 0; }
GBPF_EXPORT_TASK(bench_hop_elsewhere)

/** The same, of tasks to which their arguments say all. */
__device__ uint64_t bench_hop_elsewhere_pure(gbpf_env *env, uint64_t a, uint64_t b) {
    return next_link<GBPF_ELSEWHERE, GBPF_TASK_PURE>(env, a, b) ? 1 : 0;
}
GBPF_EXPORT_TASK(bench_hop_elsewhere_pure)

/** Notes when the links that are measured begin, and makes them; the second time that they have ended. */
__device__ uint64_t bench_mark(gbpf_env *env, uint64_t, uint64_t b) {
    const bool begins = *static_cast<volatile unsigned long long *>(&bench_words.began_ns) == 0;
    together();
    if (lane() == 0) {
        (begins ? bench_words.began_ns : bench_words.ended_ns) = now();
        if (!begins) add(bench_words.ran, 1);
    }
    if (begins) gbpf_spawn(env, static_cast<uint32_t>(b >> 48), GBPF_TASK_WARP, static_cast<uint32_t>(b >> 16) - 1, b);
    return 0;
}
GBPF_EXPORT_TASK(bench_mark)

/** A link of chain a of warp tasks, which has no end until it is told to; b: its own number << 32 | where the next one runs. Counts ends, and adds up which chains they are of. */
__device__ uint64_t bench_relay(gbpf_env *env, uint64_t a, uint64_t b) {
    const volatile unsigned long long *stop = &bench_words.stop;
    while (*stop == 0) {
        if (gbpf_spawn_at(env, static_cast<uint32_t>(b), static_cast<uint32_t>(b >> 32), GBPF_TASK_WARP, static_cast<uint32_t>(a), b)) return 0;
    }
    if (lane() == 0) {
        add(bench_words.ran, 1);
        add(bench_words.sum, mix(a));
    }
    return 0;
}
GBPF_EXPORT_TASK(bench_relay)

/** A lane task that makes its successor until a is 0; where there is no room it does the work itself. b as in bench_relay. */
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

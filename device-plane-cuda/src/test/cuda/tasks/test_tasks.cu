// Task functions for tests of the runtime's Java side, compiled for the CPU by the tests themselves.
#include <atomic>
#include <sched.h>

#include "gbpf_task.h"

constexpr unsigned SEEN = 1 << 20;

struct test_state {
    unsigned long long ran, sum, twice;
    unsigned int let_go;
    unsigned char seen[SEEN];
};
GBPF_EXPORT_VARIABLE(test_state, test_words)

/** How often starts_all was asked. */
GBPF_EXPORT_VARIABLE(unsigned long long, code_runs)

namespace {
unsigned long long add(unsigned long long &to, unsigned long long n) { return std::atomic_ref<unsigned long long>(to).fetch_add(n); }
}

/** Task b, of which there must be one. */
__device__ uint64_t mark(gbpf_env *, uint64_t a, uint64_t b) {
    if (std::atomic_ref<unsigned char>(test_words.seen[b % SEEN]).exchange(1) != 0) add(test_words.twice, 1);
    add(test_words.ran, 1);
    add(test_words.sum, a);
    return b + 1;
}
GBPF_EXPORT_TASK(mark)

__device__ uint64_t sum_of_descriptor(gbpf_env *env, uint64_t a, uint64_t) {
    const gbpf_task *task = gbpf_descriptor(env);
    return task == nullptr ? a : task->args[0] + task->args[1] + task->args[2] + task->args[3];
}
GBPF_EXPORT_TASK(sum_of_descriptor)

__device__ uint64_t fails(gbpf_env *env, uint64_t, uint64_t) {
    gbpf_fail(env);
    return 7;
}
GBPF_EXPORT_TASK(fails)

/** Does not come back before it is let go. */
__device__ uint64_t stuck(gbpf_env *, uint64_t, uint64_t) {
    while (std::atomic_ref<unsigned int>(test_words.let_go).load() == 0) sched_yield();
    return 0;
}
GBPF_EXPORT_TASK(stuck)

/** A tree of lane tasks of height a; b is the function's own number. Where there is no room a child runs here. */
__device__ uint64_t tree(gbpf_env *env, uint64_t a, uint64_t b) {
    add(test_words.ran, 1);
    for (int child = 0; a > 0 && child < 2; ++child) {
        if (!gbpf_spawn(env, static_cast<uint32_t>(b), GBPF_TASK_LANE, static_cast<uint32_t>(a - 1), b)) tree(env, a - 1, b);
    }
    return 0;
}
GBPF_EXPORT_TASK(tree)

/** What machine code of a policy is on a GPU, of which only cta_admit is compiled: it starts all tasks. */
static uint64_t starts_all(void *, uint64_t, uint32_t, uint64_t) {
    add(code_runs, 1);
    return 0;
}
extern "C" {
__attribute__((visibility("default"))) uint64_t (*gbpf_code[6])(void *, uint64_t, uint32_t, uint64_t) = {nullptr, starts_all};
}

// What the tests of whole planes share: task functions, what those count, and how a test asks and begins.
#pragma once

#include <array>
#include <atomic>
#include <cstring>

#include "check.h"
#include "test_plane.h"

namespace plane_tasks {

using namespace gbpf;

/** What the functions count. */
inline std::atomic<uint64_t> ran, sum, inside, refused;
inline std::vector<std::atomic<uint8_t>> seen;

inline void reset(size_t tasks) {
    ran = sum = inside = refused = 0;
    seen = std::vector<std::atomic<uint8_t>>(tasks);
}

inline uint64_t add(gbpf_env *, uint64_t a, uint64_t b) {
    ran.fetch_add(1, relaxed);
    sum.fetch_add(a + b, relaxed);
    return a + b;
}

inline uint64_t mark_once(gbpf_env *, uint64_t, uint64_t b) {
    CHECK(seen[b].fetch_add(1, relaxed) == 0);
    ran.fetch_add(1, relaxed);
    return b;
}

/** A binary tree of tasks below a root of height a; what finds no room is run here. */
inline uint64_t tree(gbpf_env *env, uint64_t a, uint64_t b) {
    ran.fetch_add(1, relaxed);
    for (uint32_t child = 0; a > 0 && child < 2; ++child) {
        if (gbpf_spawn(env, 2, static_cast<uint32_t>(b), static_cast<uint32_t>(a - 1), b)) continue;
        refused.fetch_add(1, relaxed);
        tree(env, a - 1, b);
    }
    return 0;
}

inline uint64_t fail(gbpf_env *env, uint64_t, uint64_t) {
    gbpf_fail(env);
    return 77;
}

inline uint64_t whole_block(gbpf_env *env, uint64_t, uint64_t) {
    ran.fetch_add(1, relaxed);
    sum.fetch_add(gbpf_place_in_group(env), relaxed);
    return 0;
}

/** One of many that a last one waits for. */
inline uint64_t part(gbpf_env *env, uint64_t a, uint64_t b) {
    ran.fetch_add(1, relaxed);
    sum.fetch_add(b, relaxed);
    CHECK(gbpf_signal(env, static_cast<uint32_t>(a)));
    return 0;
}

/** Takes a counter, spawns a parts and lets itself wait for them as `joined`. */
inline uint64_t fork(gbpf_env *env, uint64_t a, uint64_t b) {
    const uint32_t counter = gbpf_dependency_take(env);
    CHECK(counter != 0);
    gbpf_dependency_arm(env, counter, static_cast<uint32_t>(a), 7, GBPF_TASK_WARP, static_cast<uint32_t>(a), b);
    for (uint64_t i = 0; i < a; ++i) {
        while (!gbpf_spawn(env, 5, i % 2 == 0 ? GBPF_TASK_LANE : GBPF_TASK_WARP, counter, i)) sched_yield();
    }
    return 0;
}

inline uint64_t joined(gbpf_env *, uint64_t, uint64_t b) {
    inside.fetch_add(1, relaxed);
    CHECK(seen[b].fetch_add(1, relaxed) == 0);
    return 0;
}

inline std::atomic<bool> released;

/** A task that does not come back until it is let go. */
inline uint64_t stuck(gbpf_env *, uint64_t, uint64_t) {
    inside.fetch_add(1, relaxed);
    while (!released) nap(100000);
    return 0;
}

/** Counts the workers that ran it: bit of its block in `sum`. */
inline uint64_t where(gbpf_env *env, uint64_t, uint64_t) {
    ran.fetch_add(1, relaxed);
    sum.fetch_or(uint64_t{1} << env->block->index, relaxed);
    return 0;
}

inline uint64_t yielding(gbpf_env *env, uint64_t, uint64_t) {
    for (int i = 0; i < 20; ++i) {
        nap(200000);
        gbpf_yield(env);
    }
    return 0;
}

/** Submits a full task that waits for nothing and counts down what another one armed. */
inline uint64_t submitting(gbpf_env *env, uint64_t a, uint64_t b) {
    gbpf_task next{};
    next.function = 1;
    next.kind = GBPF_TASK_WARP;
    next.flags = GBPF_TASK_NOTIFY;
    next.counter = static_cast<uint32_t>(a);
    next.tag = b;
    next.args[1] = b;
    gbpf_dependency_arm(env, static_cast<uint32_t>(a), 1, 1, GBPF_TASK_WARP, 0, b + 1);
    if (!gbpf_submit(env, &next)) inside.fetch_add(1, relaxed);
    return 0;
}

constexpr uint32_t CHAINS = 64;
inline std::array<std::atomic<uint64_t>, CHAINS> chain_at; // the link that comes next
inline std::array<std::atomic<uint32_t>, CHAINS> chain_worker;
inline std::array<std::atomic<uint32_t>, CHAINS> chain_block;
inline std::atomic<uint64_t> moves; // links that ran in another warp than the one before
inline std::atomic<uint64_t> leaps; // and in another block
inline std::atomic<uint32_t> chain_where; // GBPF_HERE, ...: where the next link runs

/** A link of chain b, which has a more links: they run one after the other. */
inline uint64_t link(gbpf_env *env, uint64_t a, uint64_t b) {
    CHECK(chain_at[b].exchange(a - 1, relaxed) == a);
    moves.fetch_add(chain_worker[b].exchange(env->worker, relaxed) != env->worker ? 1 : 0, relaxed);
    leaps.fetch_add(chain_block[b].exchange(env->block->index, relaxed) != env->block->index ? 1 : 0, relaxed);
    ran.fetch_add(1, relaxed);
    if (a > 0) CHECK(gbpf_spawn_at(env, chain_where, 13, GBPF_TASK_WARP, static_cast<uint32_t>(a - 1), b));
    return 0;
}

/** A chain that ends when it is told to. */
inline uint64_t endless(gbpf_env *env, uint64_t a, uint64_t b) {
    inside.fetch_add(1, relaxed);
    if (!released) CHECK(gbpf_spawn_at(env, GBPF_HERE, 14, GBPF_TASK_WARP, static_cast<uint32_t>(a), b));
    return 0;
}

/** Makes two tasks on this SM, of height a - 1. */
inline uint64_t branch(gbpf_env *env, uint64_t a, uint64_t) {
    ran.fetch_add(1, relaxed);
    for (uint32_t child = 0; a > 0 && child < 2; ++child) {
        if (gbpf_spawn_at(env, GBPF_HERE, 15, GBPF_TASK_WARP, static_cast<uint32_t>(a - 1), 0)) continue;
        refused.fetch_add(1, relaxed);
        branch(env, a - 1, 0);
    }
    return 0;
}

/** Lets a task of its tenant wait for a PART that names counter a. */
inline uint64_t waiting(gbpf_env *env, uint64_t a, uint64_t b) {
    gbpf_dependency_arm(env, static_cast<uint32_t>(a), 1, 1, GBPF_TASK_WARP, 0, b);
    inside.fetch_add(1, relaxed);
    return 0;
}

inline const std::vector<gbpf_function> FUNCTIONS = {add, mark_once, tree, fail, whole_block, part, fork, joined, nullptr, stuck, where, yielding,
    submitting, link, endless, branch, waiting};
enum : uint16_t { ADD, MARK_ONCE, TREE, FAIL, WHOLE_BLOCK, PART, FORK, JOINED, MISSING, STUCK, WHERE, YIELDING, SUBMITTING, LINK, ENDLESS, BRANCH, WAITING };

/** A plane with these functions. */
struct plane_of_tasks : test_plane {
    explicit plane_of_tasks(uint32_t ring_capacity = 1024, uint32_t local_capacity = 256, uint32_t vslices = 1, uint32_t workers = 3)
    : test_plane(FUNCTIONS, ring_capacity, local_capacity, vslices, workers) {}
};

/** A launch that leaves after so many ns, whatever it is at. */
inline void run_for(plane_of_tasks &p, uint32_t ns) {
    auto launch = p.start();
    nap(ns);
    p.stop(GBPF_LEAVE);
    CHECK(launch->join() == GBPF_STATE_LEFT);
}

/** Puts a request into the mailbox and waits for its answer. */
inline std::array<uint64_t, 4> ask(test_plane &p, uint32_t sequence, const gbpf_compact_task &t) {
    gbpf_host_mailbox &mail = p.mailboxes[0];
    const task_words w = words_of(t);
    const uint32_t halves[4] = {static_cast<uint32_t>(w.word0), static_cast<uint32_t>(w.word0 >> 32), static_cast<uint32_t>(w.word1),
        static_cast<uint32_t>(w.word1 >> 32)};
    for (auto &copy : mail.request) {
        for (uint32_t i = 0; i < 4; ++i) system_atomic<uint64_t>(copy[i]).store(uint64_t{sequence} << 32 | halves[i], release);
    }
    std::array<uint64_t, 4> answer;
    for (uint32_t i = 0; i < 4; ++i) {
        do {
            answer[i] = system_atomic<uint64_t>(mail.answer[i]).load(acquire);
            sched_yield();
        } while (answer[i] >> 32 != sequence);
    }
    return answer;
}

/** Puts the first links of so many chains into the ring. */
inline void begin_chains(plane_of_tasks &p, uint32_t chains, uint32_t links, uint32_t where = GBPF_HERE) {
    reset(0);
    moves = 0;
    leaps = 0;
    chain_where = where;
    for (uint32_t c = 0; c < chains; ++c) {
        chain_at[c] = links;
        p.submit(0, task(LINK, GBPF_TASK_WARP, links, c));
    }
}

/** Counts what cta_admit is asked about. */
struct asked_policy : fair_policy {
    std::atomic<uint64_t> *asked;
    explicit asked_policy(std::atomic<uint64_t> *count) : asked(count) {}
    bool has(uint32_t hook) const { return hook == GBPF_HOOK_CTA_ADMIT; }
    template <uint32_t HOOK, class Context> uint64_t ask(Context *, uint64_t otherwise) {
        if constexpr (HOOK == GBPF_HOOK_CTA_ADMIT) asked->fetch_add(1, relaxed);
        return otherwise;
    }
};

}  // namespace plane_tasks

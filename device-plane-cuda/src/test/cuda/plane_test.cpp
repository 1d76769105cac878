// Whole planes on the CPU: threads for warps, tasks by the hundred thousand, graphs, storms, stops and returns, faults.
#include <atomic>
#include <cstring>

#include "check.h"
#include "cpu/launch.h"
#include "tests.h"

using namespace gbpf;

namespace {

constexpr uint64_t MINUTE = 60000000000u;

/** What the functions count. */
std::atomic<uint64_t> ran, sum, inside, refused;
std::vector<std::atomic<uint8_t>> seen;

void reset(size_t tasks) {
    ran = sum = inside = refused = 0;
    seen = std::vector<std::atomic<uint8_t>>(tasks);
}

uint64_t add(gbpf_env *, uint64_t a, uint64_t b) {
    ran.fetch_add(1, relaxed);
    sum.fetch_add(a + b, relaxed);
    return a + b;
}

uint64_t mark_once(gbpf_env *, uint64_t, uint64_t b) {
    CHECK(seen[b].fetch_add(1, relaxed) == 0);
    ran.fetch_add(1, relaxed);
    return b;
}

/** A binary tree of tasks below a root of height a; what finds no room is run here. */
uint64_t tree(gbpf_env *env, uint64_t a, uint64_t b) {
    ran.fetch_add(1, relaxed);
    for (uint32_t child = 0; a > 0 && child < 2; ++child) {
        if (gbpf_spawn(env, 2, static_cast<uint32_t>(b), static_cast<uint32_t>(a - 1), b)) continue;
        refused.fetch_add(1, relaxed);
        tree(env, a - 1, b);
    }
    return 0;
}

uint64_t fail(gbpf_env *env, uint64_t, uint64_t) {
    gbpf_fail(env);
    return 77;
}

uint64_t whole_block(gbpf_env *env, uint64_t, uint64_t) {
    ran.fetch_add(1, relaxed);
    sum.fetch_add(gbpf_place_in_group(env), relaxed);
    return 0;
}

/** One of many that a last one waits for. */
uint64_t part(gbpf_env *env, uint64_t a, uint64_t b) {
    ran.fetch_add(1, relaxed);
    sum.fetch_add(b, relaxed);
    CHECK(gbpf_signal(env, static_cast<uint32_t>(a)));
    return 0;
}

/** Takes a counter, spawns a parts and lets itself wait for them as `joined`. */
uint64_t fork(gbpf_env *env, uint64_t a, uint64_t b) {
    const uint32_t counter = gbpf_dependency_take(env);
    CHECK(counter != 0);
    gbpf_dependency_arm(env, counter, static_cast<uint32_t>(a), 7, GBPF_TASK_WARP, static_cast<uint32_t>(a), b);
    for (uint64_t i = 0; i < a; ++i) {
        while (!gbpf_spawn(env, 5, i % 2 == 0 ? GBPF_TASK_LANE : GBPF_TASK_WARP, counter, i)) sched_yield();
    }
    return 0;
}

uint64_t joined(gbpf_env *, uint64_t, uint64_t b) {
    inside.fetch_add(1, relaxed);
    CHECK(seen[b].fetch_add(1, relaxed) == 0);
    return 0;
}

const std::vector<gbpf_function> FUNCTIONS = {add, mark_once, tree, fail, whole_block, part, fork, joined, nullptr};
enum : uint16_t { ADD, MARK_ONCE, TREE, FAIL, WHOLE_BLOCK, PART, FORK, JOINED, MISSING };

/** A plane and all that the host has of it. */
struct test_plane {
    gbpf_params params{};
    gbpf_host_control control{};
    gbpf_host_status status{};
    std::vector<gbpf_host_mailbox> mailboxes{std::vector<gbpf_host_mailbox>(1)};
    std::vector<gbpf_host_ring> rings{std::vector<gbpf_host_ring>(3)};
    std::vector<std::vector<gbpf_compact_task>> compact;
    std::vector<gbpf_task> full;
    std::vector<gbpf_completion_ring> completions{std::vector<gbpf_completion_ring>(4)};
    std::vector<std::vector<gbpf_completion>> records;
    void *memory = nullptr;
    gbpf_plane *plane = nullptr;
    uint32_t launches = 0;

    explicit test_plane(uint32_t ring_capacity = 1024, uint32_t local_capacity = 256) {
        params.version = GBPF_LAYOUT_VERSION;
        params.workers = 2;
        params.warps = 4;
        params.tenants = 4;
        params.vslices = 1;
        params.ring_capacity = ring_capacity;
        params.local_capacity = local_capacity;
        params.dependencies = 4096;
        params.own_dependencies = 1024;
        params.descriptors = 256;
        params.functions = static_cast<uint32_t>(FUNCTIONS.size());
        params.host_rings = 3;
        params.host_mailboxes = 1;
        params.tick_ns = 100000;
        params.refresh_ns = 20000;
        params.vslice_end[0] = 2;
        params.control_address = reinterpret_cast<uint64_t>(&control);
        params.status_address = reinterpret_cast<uint64_t>(&status);
        params.mailbox_address = reinterpret_cast<uint64_t>(mailboxes.data());
        params.host_ring_address = reinterpret_cast<uint64_t>(rings.data());
        params.completion_address = reinterpret_cast<uint64_t>(completions.data());
        params.functions_address = reinterpret_cast<uint64_t>(FUNCTIONS.data());
        for (auto &tenant : control.tenants) tenant = gbpf_tenant_config{1, 0, UINT64_MAX, 0xffff, {0, 0, 0}};
        compact.resize(2, std::vector<gbpf_compact_task>(1024));
        full.resize(1024);
        records.resize(4, std::vector<gbpf_completion>(1024));
        for (uint32_t i = 0; i < 3; ++i) {
            rings[i].slots_address = i < 2 ? reinterpret_cast<uint64_t>(compact[i].data()) : reinterpret_cast<uint64_t>(full.data());
            rings[i].capacity = 1024;
            rings[i].task_bytes = i < 2 ? 16 : 64;
            rings[i].tenant = i;
        }
        for (uint32_t t = 0; t < 4; ++t) {
            completions[t].records_address = reinterpret_cast<uint64_t>(records[t].data());
            completions[t].capacity = 1024;
        }
        const uint64_t bytes = plane_bytes(params);
        memory = std::aligned_alloc(256, (bytes + 255) / 256 * 256);
        std::memset(memory, 0, bytes);
        plane = make_plane(memory, params);
    }
    ~test_plane() { std::free(memory); }
    test_plane(const test_plane &) = delete;
    test_plane &operator=(const test_plane &) = delete;

    void stop(uint32_t how) { system_atomic<uint32_t>(control.stop).store(how, release); }

    template <class Policy = fair_policy> std::unique_ptr<cpu_launch<Policy>> start(const Policy &policy = Policy{}) {
        stop(GBPF_RUN);
        return std::make_unique<cpu_launch<Policy>>(plane, MINUTE, ++launches, policy);
    }

    /** Puts a task into a host ring, when there is room. */
    template <class Task> void submit(uint32_t ring, const Task &task) {
        gbpf_host_ring &r = rings[ring];
        while (r.tail - system_atomic<uint64_t>(r.taken).load(acquire) >= r.capacity) nap(20000);
        reinterpret_cast<Task *>(r.slots_address)[r.tail & (r.capacity - 1)] = task;
        system_atomic<uint64_t>(r.tail).store(r.tail + 1, release);
    }

    void drain() {
        auto launch = start();
        stop(GBPF_DRAIN);
        CHECK(launch->join() == GBPF_STATE_DRAINED);
    }

    uint64_t finished(uint32_t tenant) const {
        return at<gbpf_account>(plane->accounts_address)[tenant].finished;
    }
};

gbpf_compact_task task(uint16_t function, uint32_t flags, uint32_t a, uint64_t b) {
    return gbpf_compact_task{function, 0, static_cast<uint8_t>(flags), a, b};
}

void plane_withNothingToDo_drains() {
    test_plane p;
    p.drain();
    p.drain();
    CHECK(p.status.tick > 0 && p.status.state == GBPF_STATE_DRAINED);
}

void hostRings_withTasksOfAllKinds_runEachOnce() {
    constexpr uint32_t EACH = 20000;
    reset(2 * EACH);
    test_plane p;
    auto launch = p.start();
    in_threads(2, [&](unsigned me) {
        random_numbers random(me);
        for (uint32_t i = 0; i < EACH; ++i) {
            const uint32_t flags = random.below(3) != 0 ? GBPF_TASK_LANE : GBPF_TASK_WARP | (random.below(3) << 2);
            p.submit(me, task(MARK_ONCE, flags, 0, me * EACH + i));
        }
    });
    p.stop(GBPF_DRAIN);
    CHECK(launch->join() == GBPF_STATE_DRAINED);
    CHECK(ran == 2 * EACH);
    CHECK(p.finished(0) == EACH && p.finished(1) == EACH);
    CHECK(p.rings[0].taken == EACH);
    CHECK(p.status.refused == 0 && p.status.misused == 0);
}

void stopAndReturn_underLoad_losesNothing() {
    constexpr uint32_t EACH = 20000;
    reset(2 * EACH);
    test_plane p(64, 64);
    std::atomic<bool> fed = false;
    std::thread feeder([&] {
        in_threads(2, [&](unsigned me) {
            for (uint32_t i = 0; i < EACH; ++i) p.submit(me, task(MARK_ONCE, i % 3 == 0 ? GBPF_TASK_WARP : GBPF_TASK_LANE, 0, me * EACH + i));
        });
        fed = true;
    });
    uint32_t returns = 0;
    while (!fed || returns < 5) {
        auto launch = p.start();
        nap(3000000);
        p.stop(GBPF_LEAVE);
        CHECK(launch->join() == GBPF_STATE_LEFT);
        ++returns;
    }
    feeder.join();
    p.drain();
    CHECK(ran == 2 * EACH);
}

void spawnStorm_inSmallQueues_runsAll() {
    for (const uint32_t flags : {uint32_t{GBPF_TASK_LANE}, uint32_t{GBPF_TASK_WARP}}) {
        reset(0);
        test_plane p(64, 64);
        p.submit(0, task(TREE, flags, 13, flags));
        p.submit(1, task(TREE, flags, 13, flags));
        auto launch = p.start();
        p.stop(GBPF_DRAIN);
        CHECK(launch->join() == GBPF_STATE_DRAINED);
        CHECK(ran == 2 * ((1 << 14) - 1));
        CHECK(p.status.refused == refused);
        CHECK(p.finished(0) + p.finished(1) + refused == ran);
    }
}

void spawnStorm_stoppedInTheMiddle_runsAll() {
    reset(0);
    test_plane p;
    p.submit(0, task(TREE, GBPF_TASK_LANE, 14, GBPF_TASK_LANE));
    for (int i = 0; i < 6; ++i) {
        auto launch = p.start();
        nap(1000000);
        p.stop(GBPF_LEAVE);
        CHECK(launch->join() == GBPF_STATE_LEFT);
    }
    p.drain();
    CHECK(ran == (1 << 15) - 1);
}

void fullTasks_withRecords_tellHowTheyEnded() {
    constexpr uint32_t TASKS = 300;
    reset(TASKS);
    test_plane p;
    for (uint32_t i = 1; i < TASKS; ++i) {
        p.submit(2, gbpf_task{MARK_ONCE, 0, GBPF_TASK_WARP, GBPF_TASK_NOTIFY, 0, 0, 0, 1000 + i, {0, i, 0, 0}});
    }
    p.submit(2, gbpf_task{FAIL, 0, GBPF_TASK_LANE, GBPF_TASK_NOTIFY, 0, 0, 0, 5, {0, 0, 0, 0}});
    p.submit(2, gbpf_task{MISSING, 0, GBPF_TASK_WARP, GBPF_TASK_NOTIFY, 0, 0, 0, 6, {0, 0, 0, 0}});
    p.submit(2, gbpf_task{60000, 0, GBPF_TASK_WARP, GBPF_TASK_NOTIFY, 4095, 0, 0, 7, {0, 0, 0, 0}});
    p.drain();
    CHECK(ran == TASKS - 1);
    uint32_t done = 0, failed = 0, missing = 0;
    for (uint32_t i = 0; i < TASKS + 2; ++i) {
        const gbpf_completion &r = p.records[2][i];
        CHECK(r.sequence == i + 1);
        if (r.status == GBPF_DONE) {
            CHECK(r.function == MARK_ONCE && r.tag == 1000 + r.result);
            ++done;
        } else if (r.status == GBPF_FAILED) {
            CHECK(r.tag == 5 && r.result == 77);
            ++failed;
        } else {
            CHECK(r.status == GBPF_NO_FUNCTION && (r.tag == 6 || r.tag == 7));
            ++missing;
        }
    }
    CHECK(done == TASKS - 1 && failed == 1 && missing == 2);
    CHECK(at<gbpf_account>(p.plane->accounts_address)[2].failed == 3);
    CHECK(p.status.misused == 3); // two functions, one counter
}

void dependencies_forkedAndJoined_releaseOnce() {
    constexpr uint32_t FORKS = 300, PARTS = 20;
    reset(FORKS);
    test_plane p;
    for (uint32_t i = 0; i < FORKS; ++i) p.submit(i % 2, task(FORK, i % 3 == 0 ? GBPF_TASK_WARP : GBPF_TASK_LANE, PARTS, i));
    p.drain();
    CHECK(ran == FORKS * PARTS);
    CHECK(inside == FORKS);
    CHECK(sum == FORKS * (PARTS * (PARTS - 1) / 2));
    CHECK(p.status.misused == 0);
}

void blockTasks_amongOthers_runInAllWarps() {
    reset(0);
    test_plane p;
    for (uint32_t i = 0; i < 60; ++i) p.submit(0, task(WHOLE_BLOCK, GBPF_TASK_BLOCK, 0, 0));
    for (uint32_t i = 0; i < 500; ++i) p.submit(1, task(ADD, GBPF_TASK_WARP, 0, 0));
    p.drain();
    CHECK(ran == 60 * 4 + 500);
    CHECK(sum == 60 * (0 + 1 + 2 + 3));
    CHECK(p.finished(0) == 60);
}

void mailbox_answers_inlineAndFromAWorker() {
    reset(0);
    test_plane p;
    auto launch = p.start();
    gbpf_host_mailbox &mail = p.mailboxes[0];
    for (uint32_t sequence = 1; sequence <= 60; ++sequence) {
        const uint32_t inline_flag = sequence % 2 == 0 ? GBPF_TASK_URGENT : 0;
        gbpf_compact_task t = task(ADD, GBPF_TASK_WARP | inline_flag | (sequence % 3 == 0 ? GBPF_TASK_PURE : 0), sequence, uint64_t{5} << 32);
        const task_words w = words_of(t);
        const uint32_t halves[4] = {static_cast<uint32_t>(w.word0), static_cast<uint32_t>(w.word0 >> 32), static_cast<uint32_t>(w.word1),
            static_cast<uint32_t>(w.word1 >> 32)};
        for (uint32_t i = 0; i < 4; ++i) system_atomic<uint64_t>(mail.request[i]).store(uint64_t{sequence} << 32 | halves[i], release);
        uint64_t answer[4];
        for (uint32_t i = 0; i < 4; ++i) {
            do {
                answer[i] = system_atomic<uint64_t>(mail.answer[i]).load(acquire);
                sched_yield();
            } while (answer[i] >> 32 != sequence);
        }
        CHECK((answer[0] & 0xffffffff) == sequence && (answer[1] & 0xffffffff) == 5);
        CHECK((answer[2] & 0xffffffff) == GBPF_DONE);
        const uint32_t worker = static_cast<uint32_t>(answer[3]);
        CHECK((worker >= 2 * 4) == (inline_flag != 0)); // the control block comes after the workers
    }
    p.stop(GBPF_DRAIN);
    CHECK(launch->join() == GBPF_STATE_DRAINED);
    CHECK(ran == 60);
}

/** Withholds from tenant 1, and lets no task of tenant 0 start whose argument is odd until `open`. */
struct stern_policy : fair_policy {
    std::atomic<bool> *open;
    explicit stern_policy(std::atomic<bool> *flag) : open(flag) {}
    bool has(uint32_t hook) const { return hook == GBPF_HOOK_CTA_ADMIT; }
    template <uint32_t HOOK, class Context> uint64_t ask(Context *ctx, uint64_t otherwise) {
        if constexpr (HOOK == GBPF_HOOK_SM_TICK) {
            if (ctx->tenant == 1 && !*open) {
                ctx->refill_ns = 0;
                return GBPF_WITHHOLD;
            }
        }
        if constexpr (HOOK == GBPF_HOOK_CTA_ADMIT) {
            CHECK(ctx->tenant != 1 || *open);
            if (ctx->tenant == 0 && !*open && ctx->tag % 2 == 1) {
                ctx->next = 3;
                return ctx->tag % 4 == 1 ? GBPF_SKIP : GBPF_PARK;
            }
        }
        return otherwise;
    }
};

void policy_thatWithholdsAndSkips_isObeyed() {
    reset(0);
    test_plane p;
    std::atomic<bool> open = false;
    for (uint32_t i = 0; i < 200; ++i) {
        p.submit(0, task(ADD, GBPF_TASK_WARP, 0, i));
        p.submit(1, task(ADD, GBPF_TASK_WARP, 0, 1000));
        p.submit(2, gbpf_task{ADD, 0, GBPF_TASK_WARP, 0, 0, 0, 0, 0, {0, 0, 0, 0}});
    }
    auto launch = p.start(stern_policy(&open));
    while (ran < 100 + 200) nap(50000);
    nap(3000000);
    CHECK(ran == 100 + 200); // the even ones of tenant 0, all of tenant 2
    CHECK(sum == 99 * 100);
    open = true;
    p.stop(GBPF_DRAIN);
    CHECK(launch->join() == GBPF_STATE_DRAINED);
    CHECK(ran == 600);
}

void launch_pastItsDeadline_leaves() {
    reset(0);
    test_plane p;
    cpu_launch<fair_policy> launch(p.plane, 20000000, 1, fair_policy{});
    CHECK(launch.join() == GBPF_STATE_DEADLINE);
    p.launches = 1;
    p.submit(0, task(ADD, GBPF_TASK_WARP, 1, 2));
    p.drain();
    CHECK(ran == 1 && sum == 3);
}

}  // namespace

const std::vector<test_case> PLANE_TESTS = {
    {"plane_withNothingToDo_drains", plane_withNothingToDo_drains},
    {"hostRings_withTasksOfAllKinds_runEachOnce", hostRings_withTasksOfAllKinds_runEachOnce},
    {"stopAndReturn_underLoad_losesNothing", stopAndReturn_underLoad_losesNothing},
    {"spawnStorm_inSmallQueues_runsAll", spawnStorm_inSmallQueues_runsAll},
    {"spawnStorm_stoppedInTheMiddle_runsAll", spawnStorm_stoppedInTheMiddle_runsAll},
    {"fullTasks_withRecords_tellHowTheyEnded", fullTasks_withRecords_tellHowTheyEnded},
    {"dependencies_forkedAndJoined_releaseOnce", dependencies_forkedAndJoined_releaseOnce},
    {"blockTasks_amongOthers_runInAllWarps", blockTasks_amongOthers_runInAllWarps},
    {"mailbox_answers_inlineAndFromAWorker", mailbox_answers_inlineAndFromAWorker},
    {"policy_thatWithholdsAndSkips_isObeyed", policy_thatWithholdsAndSkips_isObeyed},
    {"launch_pastItsDeadline_leaves", launch_pastItsDeadline_leaves},
};

// Policies in C++ whose hooks withhold, skip, pause, refuse, and limit the blocks that run.
#include <atomic>

#include "plane_tasks.h"
#include "tests.h"

using namespace gbpf;
using namespace plane_tasks;

namespace {

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
    plane_of_tasks p;
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

/** Answers one hook with a number. */
template <uint32_t ASKED> struct one_answer : fair_policy {
    uint64_t verdict;
    explicit one_answer(uint64_t v) : verdict(v) {}
    bool has(uint32_t hook) const { return hook == ASKED; }
    template <uint32_t HOOK, class Context> uint64_t ask(Context *, uint64_t otherwise) { return HOOK == ASKED ? verdict : otherwise; }
};

void thermTick_thatAllowsOneBlock_keepsOthersIdle() {
    reset(0);
    plane_of_tasks p;
    for (uint32_t i = 0; i < 300; ++i) p.submit(0, task(WHERE, i % 2 == 0 ? GBPF_TASK_LANE : GBPF_TASK_WARP, 0, 0));
    auto launch = p.start(one_answer<GBPF_HOOK_THERM_TICK>(1));
    p.stop(GBPF_DRAIN);
    CHECK(launch->join() == GBPF_STATE_DRAINED);
    CHECK(ran == 300 && sum == 1);
}

/** Requests of the mailbox too, which the control block hands over, stay in the blocks that may run. */
void thermTick_thatAllowsOneBlockOfEachVslice_keepsRequestsOutOfOthers() {
    constexpr uint32_t BLOCKS = 4, WARPS = 4; // one block in the first vSlice, three in the second
    reset(0);
    plane_of_tasks p(1024, 256, 2, BLOCKS);
    auto launch = p.start(one_answer<GBPF_HOOK_THERM_TICK>(1));
    const uint64_t begun = system_atomic<uint64_t>(p.status.tick).load(acquire);
    while (system_atomic<uint64_t>(p.status.tick).load(acquire) < begun + 10) nap(100000); // all blocks know it
    for (uint32_t sequence = 1; sequence <= 200; ++sequence) {
        const auto answer = ask(p, sequence, task(ADD, GBPF_TASK_WARP, sequence, 0));
        CHECK((answer[0] & 0xffffffff) == sequence && static_cast<uint32_t>(answer[3]) / WARPS < 2);
    }
    p.stop(GBPF_DRAIN);
    CHECK(launch->join() == GBPF_STATE_DRAINED);
}

/** The attendant is in the last block, which may not run anything. */
void thermTick_thatAllowsOneBlock_keepsRequestsFromTheAttendant() {
    constexpr uint32_t WARPS = 8;
    reset(0);
    plane_of_tasks p(1024, 256, 1, 3);
    p.params.warps = WARPS;
    p.make();
    auto launch = p.start(one_answer<GBPF_HOOK_THERM_TICK>(1));
    const uint64_t begun = system_atomic<uint64_t>(p.status.tick).load(acquire);
    while (system_atomic<uint64_t>(p.status.tick).load(acquire) < begun + 10) nap(100000); // all blocks know it
    for (uint32_t sequence = 1; sequence <= 20; ++sequence) {
        const auto answer = ask(p, sequence, task(ADD, GBPF_TASK_WARP, sequence, 0));
        CHECK(static_cast<uint32_t>(answer[3]) < WARPS); // of the first block
    }
    p.stop(GBPF_DRAIN);
    CHECK(launch->join() == GBPF_STATE_DRAINED);
}

/** What tasks make goes to idle blocks, of which only those count that may run. */
void thermTick_thatAllowsOneBlock_keepsWhatTasksMakeOutOfOthers() {
    constexpr uint32_t LINKS = 500;
    plane_of_tasks p(1024, 256, 1, 4);
    auto launch = p.start(one_answer<GBPF_HOOK_THERM_TICK>(1));
    const uint64_t begun = system_atomic<uint64_t>(p.status.tick).load(acquire);
    while (system_atomic<uint64_t>(p.status.tick).load(acquire) < begun + 10) nap(100000); // all blocks know it
    begin_chains(p, 1, LINKS, GBPF_ELSEWHERE);
    p.stop(GBPF_DRAIN);
    CHECK(launch->join() == GBPF_STATE_DRAINED);
    CHECK(ran == LINKS + 1 && leaps <= 1);
}

/** Writes down how many blocks of each vSlice are busy. */
struct watching_policy : fair_policy {
    std::atomic<uint32_t> *busy;
    explicit watching_policy(std::atomic<uint32_t> *b) : busy(b) {}
    bool has(uint32_t hook) const { return hook == GBPF_HOOK_THERM_TICK; }
    template <uint32_t HOOK, class Context> uint64_t ask(Context *ctx, uint64_t otherwise) {
        if constexpr (HOOK == GBPF_HOOK_THERM_TICK) busy[ctx->vslice].store(ctx->busy_workers, relaxed);
        return otherwise;
    }
};

void thermTick_isToldHowManyBlocksOfEachVsliceAreBusy() {
    constexpr uint32_t BLOCKS = 4, WARPS = 4; // one block in the first vSlice
    reset(0);
    plane_of_tasks p(1024, 256, 2, BLOCKS);
    p.params.refresh_ns = 20'000'000; // so that all warps of a block become busy between two times that it looks at the plane
    p.make();
    std::atomic<uint32_t> busy[2] = {99, 99};
    auto launch = p.start(watching_policy(busy));
    const auto become = [&](uint32_t first, uint32_t second) {
        const uint64_t limit = now_ns() + 10'000'000'000;
        while (busy[0] != first || busy[1] != second) {
            CHECK(now_ns() < limit);
            nap(100000);
        }
    };
    become(0, 0);
    for (uint32_t round = 0; round < 10; ++round) {
        released = false;
        for (uint32_t i = 0; i < BLOCKS * WARPS; ++i) p.submit(0, task(STUCK, GBPF_TASK_WARP, 0, 0));
        become(1, BLOCKS - 1);
        released = true;
        become(0, 0);
    }
    p.stop(GBPF_DRAIN);
    CHECK(launch->join() == GBPF_STATE_DRAINED);
}

/** A limit of workers that changes. */
struct changing_limit : fair_policy {
    std::atomic<uint64_t> *limit;
    explicit changing_limit(std::atomic<uint64_t> *l) : limit(l) {}
    bool has(uint32_t hook) const { return hook == GBPF_HOOK_THERM_TICK; }
    template <uint32_t HOOK, class Context> uint64_t ask(Context *, uint64_t otherwise) {
        return HOOK == GBPF_HOOK_THERM_TICK ? limit->load(relaxed) : otherwise;
    }
};

void thermTick_thatLowersTheLimit_keepsAChainInTheBlocksThatAreLeft() {
    reset(0);
    std::atomic<uint64_t> limit{4};
    plane_of_tasks p(1024, 256, 1, 4);
    auto launch = p.start(changing_limit(&limit));
    begin_chains(p, 1, 1u << 30, GBPF_ELSEWHERE);
    const auto run_on = [&] {
        const uint64_t enough = ran + 200;
        while (ran < enough) nap(100000);
    };
    run_on();
    CHECK(leaps > 100);
    limit = 1;
    const uint64_t lowered = system_atomic<uint64_t>(p.status.tick).load(acquire);
    while (system_atomic<uint64_t>(p.status.tick).load(acquire) < lowered + 10) nap(100000); // all blocks know it
    run_on();
    leaps = 0;
    run_on();
    CHECK(leaps == 0);
    p.stop(GBPF_LEAVE);
    CHECK(launch->join() == GBPF_STATE_LEFT);
}

void thermTick_thatLowersTheLimit_leavesNoTaskBehind() {
    reset(0);
    plane_of_tasks p;
    std::atomic<uint64_t> limit = GBPF_UNLIMITED;
    p.submit(0, task(TREE, GBPF_TASK_LANE, 14, GBPF_TASK_LANE));
    auto launch = p.start(changing_limit(&limit));
    for (int i = 0; i < 10; ++i) {
        nap(300000);
        limit = i % 2 == 0 ? 1 : GBPF_UNLIMITED;
    }
    limit = 1;
    p.stop(GBPF_DRAIN);
    CHECK(launch->join() == GBPF_STATE_DRAINED);
    CHECK(ran == (1 << 15) - 1);
}

void warpThrottleTick_thatPauses_pausesAtYieldPoints() {
    reset(0);
    plane_of_tasks p;
    for (uint32_t i = 0; i < 20; ++i) p.submit(1, task(YIELDING, GBPF_TASK_WARP, 0, 0));
    auto launch = p.start(one_answer<GBPF_HOOK_WARP_THROTTLE_TICK>(5000));
    p.stop(GBPF_DRAIN);
    CHECK(launch->join() == GBPF_STATE_DRAINED);
    CHECK(at<gbpf_account>(p.plane->accounts_address)[1].paused_cycles >= 5000);
}

void memEvent_thatRefuses_holdsFullTasksBack() {
    for (const uint64_t verdict : {uint64_t{GBPF_REFUSE}, uint64_t{GBPF_GRANT}}) {
        reset(0);
        released = false;
        plane_of_tasks p;
        for (uint32_t i = 0; i < 150; ++i) p.submit(2, gbpf_task{STUCK, 0, GBPF_TASK_WARP, 0, 0, 0, 0, 0, {0, 0, 0, 0}});
        auto launch = p.start(one_answer<GBPF_HOOK_MEM_EVENT>(verdict));
        const uint64_t most = verdict == GBPF_REFUSE ? first_allowance(p.params) : 150;
        while (system_atomic<uint64_t>(p.rings[2].taken).load(acquire) < most) nap(100000);
        nap(3000000);
        CHECK(system_atomic<uint64_t>(p.rings[2].taken).load(acquire) == most);
        released = true;
        p.stop(GBPF_DRAIN);
        CHECK(launch->join() == GBPF_STATE_DRAINED);
        CHECK(p.finished(2) == 150);
        CHECK(at<gbpf_ring>(p.plane->free_rings_address)[0].items == static_cast<int32_t>(p.params.descriptors));
        const gbpf_pool &pool = at<gbpf_pool>(p.plane->pools_address)[2];
        CHECK(pool.allowance == static_cast<int32_t>(pool.granted));
    }
}

}  // namespace

const std::vector<test_case> HOOKS_TESTS = {
    {"thermTick_thatAllowsOneBlock_keepsRequestsFromTheAttendant", thermTick_thatAllowsOneBlock_keepsRequestsFromTheAttendant},
    {"policy_thatWithholdsAndSkips_isObeyed", policy_thatWithholdsAndSkips_isObeyed},
    {"thermTick_thatAllowsOneBlock_keepsOthersIdle", thermTick_thatAllowsOneBlock_keepsOthersIdle},
    {"thermTick_thatAllowsOneBlock_keepsWhatTasksMakeOutOfOthers", thermTick_thatAllowsOneBlock_keepsWhatTasksMakeOutOfOthers},
    {"thermTick_thatAllowsOneBlockOfEachVslice_keepsRequestsOutOfOthers", thermTick_thatAllowsOneBlockOfEachVslice_keepsRequestsOutOfOthers},
    {"thermTick_isToldHowManyBlocksOfEachVsliceAreBusy", thermTick_isToldHowManyBlocksOfEachVsliceAreBusy},
    {"thermTick_thatLowersTheLimit_keepsAChainInTheBlocksThatAreLeft", thermTick_thatLowersTheLimit_keepsAChainInTheBlocksThatAreLeft},
    {"thermTick_thatLowersTheLimit_leavesNoTaskBehind", thermTick_thatLowersTheLimit_leavesNoTaskBehind},
    {"warpThrottleTick_thatPauses_pausesAtYieldPoints", warpThrottleTick_thatPauses_pausesAtYieldPoints},
    {"memEvent_thatRefuses_holdsFullTasksBack", memEvent_thatRefuses_holdsFullTasksBack},
};

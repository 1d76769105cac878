// Partners: what two blocks of a cluster do with each other's memory, and planes whose blocks are partners.
#include <atomic>

#include "check.h"
#include "gbpf/worker.cuh"
#include "test_plane.h"
#include "tests.h"

using namespace gbpf;

namespace {

/** Two worker blocks that are partners and the control block with a third one, of which no warp runs. */
struct still_blocks {
    test_plane p{{}, 1024, 256, 1, 3};
    block_memory m[4];

    still_blocks() {
        for (uint32_t b = 0; b < 4; ++b) enter_block(m[b], p.plane, b, reinterpret_cast<uint64_t>(&m[b ^ 1].state), now_ns() + LAUNCH_NS, 1, table_place{0, 0});
        for (auto &block : m) poke(block.state.known.partner_eligible, uint64_t{0xf});
    }
};

gbpf_compact_task task(uint32_t a, uint64_t b) { return gbpf_compact_task{7, 1, GBPF_TASK_WARP | GBPF_TASK_VALID, a, b}; }

void partners_areTwoWorkersOfOneVslice() {
    still_blocks all;
    CHECK(all.m[0].state.hands_over == 1 && all.m[1].state.hands_over == 1);
    CHECK(all.m[2].state.hands_over == 0 && all.m[3].state.hands_over == 0); // the control block is the other one
    test_plane two({}, 1024, 256, 2, 3); // the first vSlice has one block
    CHECK(!are_partners(two.params, 0) && !are_partners(two.params, 1));
    test_plane single({}, 1024, 256, 1, 3);
    block_memory alone;
    enter_block(alone, single.plane, 0, 0, now_ns() + LAUNCH_NS, 1, table_place{0, 0});
    CHECK(alone.state.hands_over == 0);
}

void task_forThePartner_isGivenOnceForEachOpening() {
    still_blocks all;
    block_state &from = all.m[0].state, &to = all.m[1].state;
    gbpf_env &sender = all.m[0].envs[2];
    begin_work(from); // the sender's task
    CHECK(!hand_over_to_partner(sender, task(1, 2)));
    open_to_partner(to, 3);
    CHECK(hand_over_to_partner(sender, task(3, uint64_t{4} << 40)));
    CHECK(!hand_over_to_partner(sender, task(5, 6)));
    task_words words;
    CHECK(own_place::look(to.from_partner, to.opening, words) && to.from_partner.ready[3] == to.opening);
    const gbpf_compact_task got = task_of(words);
    CHECK(got.function == 7 && got.tenant == 1 && got.a == 3 && got.b == uint64_t{4} << 40);
    CHECK(!own_place::close(to)); // it is there
    CHECK(from.handed_over == 1 && to.handed_over == 0);
}

void task_thatHasNothingToShow_isNotWaitedFor() {
    still_blocks all;
    block_state &to = all.m[1].state;
    open_to_partner(to, 3);
    gbpf_compact_task pure = task(3, 4);
    pure.flags |= GBPF_TASK_PURE;
    CHECK(hand_over_to_partner(all.m[0].envs[2], pure));
    task_words words;
    CHECK(own_place::look(to.from_partner, to.opening, words) && to.from_partner.ready[3] != to.opening);
    const gbpf_compact_task got = task_of(words);
    CHECK(got.a == 3 && got.b == 4 && shows_nothing(got) && !shows_nothing(task(3, 4)));
}

void watcher_isAskedFor_whenATaskFindsNone() {
    still_blocks all;
    block_state &from = all.m[0].state, &to = all.m[1].state;
    CHECK(to.wanted == 0 && !hand_over_to_partner(all.m[0].envs[0], task(1, 1)));
    CHECK(to.wanted == 1 && from.partner_asked == 1 && from.wanted == 0);
    to.wanted = 0;
    CHECK(!hand_over_to_partner(all.m[0].envs[0], task(1, 1)) && to.wanted == 0); // told once
    to.wanted = 1;
    stop_watching(to); // nothing came
    CHECK(to.wanted == 0 && from.partner_asked == 0);
    CHECK(!hand_over_to_partner(all.m[0].envs[0], task(1, 1)) && to.wanted == 1);
    poke(all.m[2].state.known.partner_eligible, uint64_t{0}); // as it is in the control block's partner
    CHECK(!hand_over_to_partner(all.m[2].envs[0], task(1, 1)) && all.m[3].state.wanted == 0);
}

void opening_isNeverZero_norTheLastOne() {
    still_blocks all;
    block_state &from = all.m[0].state, &to = all.m[1].state;
    to.opening = UINT32_MAX; // of warp 31, the last number that there is
    open_to_partner(to, 0);
    CHECK(to.opening == 1u << OPENING_SHIFT && from.partner_opened == to.opening);
    open_to_partner(to, 5);
    CHECK(to.opening == (2u << OPENING_SHIFT | 5) && from.partner_opened == to.opening && warp_of(to.opening) == 5);
}

void senderCountsForATask_untilThePartnerDoes() {
    still_blocks all;
    block_state &from = all.m[0].state, &to = all.m[1].state;
    const auto active = [&] { return device_atomic<uint64_t>(from.plane.board->activity).load(relaxed) & 0xffffffff; };
    begin_work(from);
    open_to_partner(to, 3);
    CHECK(hand_over_to_partner(all.m[0].envs[0], task(1, 1)));
    end_work(from); // the task that made it
    count_out(from);
    CHECK(active() == 1); // the partner has it, and is not counted
    block_atomic<uint32_t>(to.presence).fetch_add(ONE_PRESENT, relaxed); // as its watcher does
    to.owed = 1;
    settle_with_partner(to);
    CHECK(active() == 2 && to.owed == 0 && from.presence == IS_COUNTED);
    settle_with_partner(to); // once
    end_work(to);
    count_out(to);
    CHECK(active() == 1 && to.presence == 0);
    count_partner_out(to); // all of its warps may have left before
    CHECK(active() == 0 && from.presence == 0);
    count_partner_out(to); // once
    CHECK(active() == 0);
}

void task_forAPartnerThatClosed_isNotGiven() {
    still_blocks all;
    block_state &from = all.m[0].state, &to = all.m[1].state;
    begin_work(from);
    open_to_partner(to, 3);
    CHECK(own_place::close(to));
    CHECK(!hand_over_to_partner(all.m[0].envs[0], task(1, 1)));
    task_words words;
    CHECK(!own_place::look(to.from_partner, to.opening, words) && from.partner_opened == 0);
    CHECK(from.presence == (ONE_PRESENT | IS_COUNTED) && from.handed_over == 0);
    open_to_partner(to, 3); // another opening is tried again
    CHECK(hand_over_to_partner(all.m[0].envs[1], task(2, 2)));
}

void task_ofATenantThatThePartnerMayNotServe_staysHere() {
    still_blocks all;
    open_to_partner(all.m[1].state, 3);
    poke(all.m[0].state.known.partner_eligible, uint64_t{0xd}); // not tenant 1
    CHECK(!hand_over_to_partner(all.m[0].envs[0], task(1, 1)));
    poke(all.m[0].state.known.partner_eligible, uint64_t{0x2});
    CHECK(hand_over_to_partner(all.m[0].envs[0], task(1, 1)));
}

void request_thatNoAttendantCameTo_isTakenAnew() {
    still_blocks all;
    block_state &control = all.m[3].state;
    CHECK(control.is_control() && attended_nearby(control, 0));
    CHECK(attendants_block(all.p.params, 0, true) == all.p.params.workers); // with four warps there is none to spare
    gbpf_request &last = control.plane.requests[0];
    last.sequence_and_a = 9 | uint64_t{5} << 32;
    control.attended[0] = 9;
    control.attended_end[0] = 9;
    return_requests(control);
    CHECK(static_cast<uint32_t>(last.sequence_and_a) == 9); // it has ended
    control.attended_end[0] = 8;
    return_requests(control);
    CHECK(static_cast<uint32_t>(last.sequence_and_a) == 8);
}

// ---- planes ----

std::atomic<uint64_t> ran, away;
std::atomic<uint32_t> last_block;

/** A link of a chain for other blocks, a to go, b: flags of each; counts those that went to the partner of the block before. */
uint64_t link(gbpf_env *env, uint64_t a, uint64_t b) {
    const uint32_t here = env->block->index, before = last_block.exchange(here, relaxed);
    if ((here ^ 1) == before) away.fetch_add(1, relaxed);
    ran.fetch_add(1, relaxed);
    if (a > 0) CHECK(gbpf_spawn_at(env, GBPF_ELSEWHERE, 0, GBPF_TASK_WARP | static_cast<uint32_t>(b), static_cast<uint32_t>(a - 1), b));
    return 0;
}

/** Makes a tree of tasks for other blocks: each of a height above 0 two, of which one waits until what was written before is seen. */
uint64_t branch(gbpf_env *env, uint64_t a, uint64_t b) {
    ran.fetch_add(1, relaxed);
    for (uint32_t child = 0; a > 0 && child < 2; ++child) {
        const uint32_t flags = child == 0 ? GBPF_TASK_WARP : GBPF_TASK_WARP | GBPF_TASK_PURE;
        if (!gbpf_spawn_at(env, GBPF_ELSEWHERE, 1, flags, static_cast<uint32_t>(a - 1), b)) branch(env, a - 1, b);
    }
    return 0;
}

const std::vector<gbpf_function> FUNCTIONS = {link, branch};

void chain_forOtherBlocks_goesToThePartner() {
    constexpr uint32_t LINKS = 2000;
    for (const uint32_t flags : {0u, uint32_t{GBPF_TASK_PURE}}) {
        ran = away = 0;
        test_plane p(FUNCTIONS, 1024, 256, 1, 5);
        p.submit(0, gbpf_compact_task{0, 0, GBPF_TASK_WARP, LINKS, flags});
        p.drain();
        CHECK(ran == LINKS + 1 && away > LINKS / 4); // four other blocks are idle too
        CHECK(p.status.handed_over > LINKS / 2 && p.status.refused == 0);
    }
}

void trees_forOtherBlocks_runOnce_throughLeavesAndReturns() {
    constexpr uint32_t TREES = 20, HEIGHT = 9;
    ran = 0;
    test_plane p(FUNCTIONS, 4096, 256, 1, 3);
    for (uint32_t i = 0; i < TREES; ++i) p.submit(i % 2, gbpf_compact_task{1, 0, GBPF_TASK_WARP, HEIGHT, i});
    for (uint32_t launches = 0; launches < 8; ++launches) {
        auto launch = p.start();
        nap(3000000);
        p.stop(GBPF_LEAVE);
        CHECK(launch->join() == GBPF_STATE_LEFT);
    }
    p.drain();
    CHECK(ran == TREES * ((1u << (HEIGHT + 1)) - 1));
}

}  // namespace

extern const std::vector<test_case> PARTNER_TESTS = {
    {"partners_areTwoWorkersOfOneVslice", partners_areTwoWorkersOfOneVslice},
    {"task_forThePartner_isGivenOnceForEachOpening", task_forThePartner_isGivenOnceForEachOpening},
    {"task_thatHasNothingToShow_isNotWaitedFor", task_thatHasNothingToShow_isNotWaitedFor},
    {"watcher_isAskedFor_whenATaskFindsNone", watcher_isAskedFor_whenATaskFindsNone},
    {"opening_isNeverZero_norTheLastOne", opening_isNeverZero_norTheLastOne},
    {"senderCountsForATask_untilThePartnerDoes", senderCountsForATask_untilThePartnerDoes},
    {"task_forAPartnerThatClosed_isNotGiven", task_forAPartnerThatClosed_isNotGiven},
    {"task_ofATenantThatThePartnerMayNotServe_staysHere", task_ofATenantThatThePartnerMayNotServe_staysHere},
    {"request_thatNoAttendantCameTo_isTakenAnew", request_thatNoAttendantCameTo_isTakenAnew},
    {"chain_forOtherBlocks_goesToThePartner", chain_forOtherBlocks_goesToThePartner},
    {"trees_forOtherBlocks_runOnce_throughLeavesAndReturns", trees_forOtherBlocks_runOnce_throughLeavesAndReturns},
};

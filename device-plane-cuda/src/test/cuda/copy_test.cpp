// Copies under the kernel: what they move, and what dma_tick lets them move.
#include <atomic>
#include <cstddef>
#include <cstring>

#include "gbpf/copy.cuh"
#include "test_tables.h"
#include "tests.h"

using namespace gbpf;

namespace {

uint64_t nothing(gbpf_env *, uint64_t, uint64_t) { return 0; }
const std::vector<gbpf_function> FUNCTIONS = {nothing};

std::vector<uint8_t> rubbish(size_t bytes, uint64_t seed) {
    random_numbers random(seed);
    std::vector<uint8_t> out(bytes);
    for (auto &b : out) b = static_cast<uint8_t>(random.next());
    return out;
}

/** A plane whose tenants 0 and 1 have full tasks too, and room for results. */
struct copying_plane : test_plane {
    host_tables tables{*this};
    std::vector<gbpf_task> tasks[2] = {std::vector<gbpf_task>(1024), std::vector<gbpf_task>(1024)};

    copying_plane() : test_plane(FUNCTIONS) {
        for (uint32_t t = 0; t < 2; ++t) {
            rings[t].slots_address = reinterpret_cast<uint64_t>(tasks[t].data());
            rings[t].task_bytes = sizeof(gbpf_task);
        }
    }

    void copy(uint32_t tenant, const void *from, void *to, uint64_t bytes, uint64_t tag, uint64_t way = 0) {
        gbpf_task t{};
        t.function = GBPF_FUNCTION_COPY;
        t.kind = GBPF_TASK_WARP;
        t.flags = GBPF_TASK_NOTIFY;
        t.tag = tag;
        t.args[0] = reinterpret_cast<uint64_t>(to);
        t.args[1] = reinterpret_cast<uint64_t>(from);
        t.args[2] = bytes;
        t.args[3] = way;
        submit(tenant, t);
    }

    /** How many of a tenant's copies are done. */
    uint64_t done(uint32_t tenant) {
        uint64_t n = 0;
        while (n < 1024 && system_atomic<uint64_t>(records[tenant][n].sequence).load(acquire) == n + 1) ++n;
        return n;
    }

    gbpf_copies &copies(uint32_t tenant, uint32_t way) { return at<gbpf_copies>(plane->copies_address)[2 * tenant + way]; }
};

void bytes_ofAnyAlignment_areCopied_andNoOthers() {
    random_numbers random(3);
    const std::vector<uint8_t> from = rubbish(5000, 1);
    for (uint32_t i = 0; i < 3000; ++i) {
        std::vector<uint8_t> to = rubbish(5000, i), expected = to;
        const uint32_t a = random.below(70), b = random.below(70), n = i < 500 ? random.below(70) : random.below(4900);
        std::memcpy(expected.data() + b, from.data() + a, n);
        copy_bytes(reinterpret_cast<uint64_t>(to.data() + b), reinterpret_cast<uint64_t>(from.data() + a), n);
        CHECK(to == expected);
    }
}

void copies_ofAnySizes_areMade_andSaySo() {
    constexpr uint32_t COPIES = 200;
    copying_plane p;
    random_numbers random(5);
    std::vector<std::vector<uint8_t>> from, to;
    uint64_t bytes[2] = {0, 0};
    for (uint32_t i = 0; i < COPIES; ++i) {
        const uint32_t n = i % 7 == 0 ? 0 : i % 7 == 1 ? 3 * GBPF_COPY_PIECE + random.below(1000) : random.below(9000);
        from.push_back(rubbish(n + 16, i));
        to.push_back(std::vector<uint8_t>(n + 16));
    }
    auto launch = p.start(table_policy{});
    for (uint32_t i = 0; i < COPIES; ++i) {
        const uint64_t n = from[i].size() - 16;
        p.copy(i % 2, from[i].data() + i % 5, to[i].data() + i % 3, n, i, i % 4 < 2 ? 0 : GBPF_COPY_TO_HOST);
        bytes[i % 2] += n;
    }
    p.stop(GBPF_DRAIN);
    CHECK(launch->join() == GBPF_STATE_DRAINED);
    for (uint32_t i = 0; i < COPIES; ++i) CHECK(std::memcmp(from[i].data() + i % 5, to[i].data() + i % 3, from[i].size() - 16) == 0);
    for (uint32_t t = 0; t < 2; ++t) {
        CHECK(p.done(t) == COPIES / 2 && p.finished(t) == COPIES / 2);
        for (uint32_t i = 0; i < COPIES / 2; ++i) {
            const gbpf_completion &r = p.records[t][i];
            CHECK(r.status == GBPF_DONE && r.function == GBPF_FUNCTION_COPY && r.result == from[r.tag].size() - 16);
        }
        CHECK(p.copies(t, 0).moved + p.copies(t, 1).moved == bytes[t] && p.status.tenants[t].copied_bytes == bytes[t]);
        CHECK(p.copies(t, 0).held == 0 && p.copies(t, 0).active == 0 && p.copies(t, 0).waiting == 0);
    }
}

void copy_withoutADescriptor_isNoFunction() {
    copying_plane p;
    p.rings[0].task_bytes = sizeof(gbpf_compact_task);
    p.rings[0].slots_address = reinterpret_cast<uint64_t>(p.compact[0].data());
    p.submit(0, task(GBPF_FUNCTION_COPY, GBPF_TASK_WARP | GBPF_TASK_NOTIFY, 0, 7));
    p.drain();
    CHECK(p.done(0) == 1 && p.records[0][0].status == GBPF_NO_FUNCTION && p.records[0][0].tag == 7);
}

/** Until dma_tick says how much may be copied. */
void await_limits(copying_plane &p) {
    while (device_atomic<uint32_t>(at<gbpf_board>(p.plane->board_address)->copies_limited).load(relaxed) == 0) nap(20000);
}

constexpr uint64_t BUDGET = 50000;

/** Tenant 0 gets so many bytes in each tick, and what it moved is logged; the others get what they want. */
code budget_of_tenant_0() {
    return {move(6, 1), load32(7, 6, offsetof(gbpf_dma_tick_ctx, tenant)), if_not(7, 0, 6), set(2, BUDGET),
        store64(6, offsetof(gbpf_dma_tick_ctx, budget_bytes), 2), load32(1, 6, offsetof(gbpf_dma_tick_ctx, kind)),
        load64(2, 6, offsetof(gbpf_dma_tick_ctx, moved_bytes)), helper(GBPF_HELPER_LOG), set(0, GBPF_REFILL), set(0, GBPF_REFILL), leave()};
}

void budget_ofATenant_isKeptInEachTick_andHoldsNobodyElseUp() {
    constexpr uint32_t COPIES = 12, BYTES = 200000;
    copying_plane p;
    const std::vector<uint8_t> from = rubbish(BYTES, 1);
    std::vector<std::vector<uint8_t>> to(2 * COPIES, std::vector<uint8_t>(BYTES));
    p.tables.publish({{GBPF_HOOK_DMA_TICK, budget_of_tenant_0()}});
    auto launch = p.start(table_policy{});
    await_limits(p); // before the first tick is over nothing is limited
    for (uint32_t i = 0; i < 2 * COPIES; ++i) p.copy(i % 2, from.data(), to[i].data(), BYTES, i);
    while (p.done(1) < COPIES) nap(20000);
    p.stop(GBPF_DRAIN);
    CHECK(launch->join() == GBPF_STATE_DRAINED);
    CHECK(p.done(0) == COPIES && p.done(1) == COPIES && p.status.policy_faults == 0);
    for (const auto &t : to) CHECK(t == from);
    // Whatever moved by a tick had been granted at those before it, but for a piece that was too much. How much of it ends in which tick is up to
    // the threads, so that a log whose beginning is lost says nothing.
    if (p.tables.log.count > GBPF_LOG_ENTRIES) return;
    uint64_t sum = 0;
    for (uint64_t i = 0; i < p.tables.log.count; ++i) {
        const gbpf_log_entry &entry = p.tables.log.entries[i];
        sum += entry.value;
        CHECK(entry.tag == GBPF_KIND_COPY_H2D && sum <= i * BUDGET + GBPF_COPY_PIECE);
    }
    CHECK(sum == uint64_t{COPIES} * BYTES);
}

void copies_thatAreWithheld_waitThroughALeave() {
    constexpr uint32_t COPIES = 40;
    copying_plane p;
    const std::vector<uint8_t> from = rubbish(100, 1);
    std::vector<std::vector<uint8_t>> to(COPIES, std::vector<uint8_t>(100));
    p.tables.publish({{GBPF_HOOK_DMA_TICK, answer(GBPF_WITHHOLD)}});
    auto launch = p.start(table_policy{});
    p.tables.settled();
    await_limits(p);
    for (uint32_t i = 0; i < COPIES; ++i) p.copy(0, from.data(), to[i].data(), 100, i);
    while (device_atomic<uint32_t>(p.copies(0, 0).held).load(relaxed) < COPIES) nap(20000);
    for (int i = 0; i < 20; ++i) nap(50000);
    p.stop(GBPF_LEAVE);
    CHECK(launch->join() == GBPF_STATE_LEFT);
    CHECK(p.done(0) == 0 && p.copies(0, 0).moved == 0 && p.copies(0, 0).waiting == COPIES * 100);
    p.tables.publish({{GBPF_HOOK_DMA_TICK, answer(GBPF_REFILL)}});
    p.drain<table_policy>();
    CHECK(p.done(0) == COPIES);
    for (const auto &t : to) CHECK(t == from);
    CHECK(p.copies(0, 0).held == 0 && p.copies(0, 0).waiting == 0);
}

/** A policy that says something else at each tick: nothing is lost or copied twice, across swaps and leaves. */
void copies_underChangingBudgets_areAllMade() {
    constexpr uint32_t COPIES = 60, ROUNDS = 6;
    copying_plane p;
    random_numbers random(11);
    std::vector<std::vector<uint8_t>> from, to;
    for (uint32_t i = 0; i < COPIES; ++i) {
        const uint32_t n = 1 + random.below(3 * GBPF_COPY_PIECE);
        from.push_back(rubbish(n, i));
        to.push_back(std::vector<uint8_t>(n));
    }
    // A budget of the low bits of the clock, and every other time none.
    const code moody = {load64(2, 1, offsetof(gbpf_dma_tick_ctx, tick)), move(3, 2), op(GBPF_OP_AND64_I, 3, 3, 0, 1),
        op(GBPF_OP_MUL64_I, 2, 2, 0, 7919), op(GBPF_OP_AND64_I, 2, 2, 0, 0xffff), store64(1, offsetof(gbpf_dma_tick_ctx, budget_bytes), 2),
        set(0, GBPF_REFILL), if_is(3, 0, 1), set(0, GBPF_WITHHOLD), leave()};
    for (uint32_t round = 0; round < ROUNDS; ++round) {
        if (round % 3 == 2) p.tables.publish({{GBPF_HOOK_SM_TICK, answer(GBPF_REFILL)}});
        else p.tables.publish({{GBPF_HOOK_DMA_TICK, moody}});
        auto launch = p.start(table_policy{});
        for (uint32_t i = round * COPIES / ROUNDS; i < (round + 1) * COPIES / ROUNDS; ++i) {
            p.copy(i % 2, from[i].data(), to[i].data(), from[i].size(), i, i % 3 == 0 ? GBPF_COPY_TO_HOST : 0);
        }
        for (int i = 0; i < 10; ++i) nap(100000);
        const bool last = round + 1 == ROUNDS;
        p.stop(last ? GBPF_DRAIN : GBPF_LEAVE);
        CHECK(launch->join() == (last ? GBPF_STATE_DRAINED : GBPF_STATE_LEFT));
    }
    CHECK(p.done(0) == COPIES / 2 && p.done(1) == COPIES / 2 && p.finished(0) == COPIES / 2);
    for (uint32_t i = 0; i < COPIES; ++i) CHECK(from[i] == to[i]);
}

}  // namespace

const std::vector<test_case> COPY_TESTS = {
    {"bytes_ofAnyAlignment_areCopied_andNoOthers", bytes_ofAnyAlignment_areCopied_andNoOthers},
    {"copies_ofAnySizes_areMade_andSaySo", copies_ofAnySizes_areMade_andSaySo},
    {"copy_withoutADescriptor_isNoFunction", copy_withoutADescriptor_isNoFunction},
    {"budget_ofATenant_isKeptInEachTick_andHoldsNobodyElseUp", budget_ofATenant_isKeptInEachTick_andHoldsNobodyElseUp},
    {"copies_thatAreWithheld_waitThroughALeave", copies_thatAreWithheld_waitThroughALeave},
    {"copies_underChangingBudgets_areAllMade", copies_underChangingBudgets_areAllMade},
};

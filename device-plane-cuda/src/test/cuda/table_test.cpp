// The policy table: programs that decide, new ones under load, faults.
#include <atomic>
#include <cstddef>
#include <initializer_list>

#include "test_tables.h"
#include "tests.h"

using namespace gbpf;

namespace {

std::atomic<uint64_t> ran;
std::vector<std::atomic<uint8_t>> seen;

void reset(size_t tasks) {
    ran = 0;
    seen = std::vector<std::atomic<uint8_t>>(tasks);
}

uint64_t once(gbpf_env *, uint64_t, uint64_t b) {
    CHECK(seen[b].fetch_add(1, relaxed) == 0);
    ran.fetch_add(1, relaxed);
    return 0;
}
const std::vector<gbpf_function> FUNCTIONS = {once};

struct plane_with_tables : test_plane {
    host_tables tables{*this};
    std::unique_ptr<cpu_launch<table_policy>> launch;

    plane_with_tables() : test_plane(FUNCTIONS) {}
    void begin() {
        launch = start(table_policy{});
        tables.running = true;
    }
    void end(uint32_t how) {
        stop(how);
        CHECK(launch->join() == (how == GBPF_DRAIN ? GBPF_STATE_DRAINED : GBPF_STATE_LEFT));
        tables.running = false;
    }
    void await(uint64_t tasks) {
        while (ran < tasks) nap(50000);
    }
    void submit_warps(uint32_t from, uint32_t to) {
        for (uint32_t i = from; i < to; ++i) submit(i % 2, task(0, GBPF_TASK_WARP, 0, i));
    }
};

// ---- tests ----

void table_fromTheFirstTaskOn_decides() {
    reset(100);
    plane_with_tables p;
    // Tenant 1 waits; of tenant 0 what has an even tag starts.
    p.tables.publish({{GBPF_HOOK_SM_TICK, {load32(2, 1, offsetof(gbpf_sm_tick_ctx, tenant)), set(0, GBPF_REFILL), if_not(2, 1, 1), set(0, GBPF_WITHHOLD), leave()}},
        {GBPF_HOOK_CTA_ADMIT, {load64(2, 1, offsetof(gbpf_cta_admit_ctx, tag)), set(0, GBPF_START), op(GBPF_OP_AND64_I, 2, 2, 0, 2), if_is(2, 0, 1),
            set(0, GBPF_PARK), leave()}}});
    p.submit_warps(0, 100);
    p.begin();
    p.await(25);
    nap(2000000);
    CHECK(ran == 25);
    for (uint32_t i = 0; i < 100; ++i) CHECK(seen[i] == (i % 4 == 0 ? 1 : 0));
    // The kernel leaves and comes back; the policy stays.
    p.end(GBPF_LEAVE);
    p.begin();
    nap(2000000);
    CHECK(ran == 25);
    const uint64_t epoch = p.tables.publish({});
    p.await(100);
    p.tables.settled();
    p.end(GBPF_DRAIN);
    CHECK(p.status.policy_epoch == epoch && p.status.policy_settled == epoch);
    CHECK(p.status.policy_faults == 0 && p.status.policy_ejected == 0);
}

void share_ofSmTick_reachesTheBlocks() {
    reset(0);
    plane_with_tables p;
    // share = 10 * (tenant + 1), refill = 0: the quota.
    p.tables.publish({{GBPF_HOOK_SM_TICK, {load32(2, 1, offsetof(gbpf_sm_tick_ctx, tenant)), op(GBPF_OP_ADD64_I, 2, 2, 0, 1), op(GBPF_OP_MUL64_I, 2, 2, 0, 10),
        store64(1, offsetof(gbpf_sm_tick_ctx, share), 2), set(0, GBPF_REFILL), leave()}}});
    p.begin();
    p.tables.settled();
    p.end(GBPF_DRAIN);
    for (uint32_t t = 0; t < 4; ++t) CHECK(at<gbpf_grant>(p.plane->grants_address)[t].share == 10 * (t + 1));
}

std::atomic<uint64_t> compiled_runs;

/** Lets all tasks start, as machine code. */
uint64_t starts_all(void *context, uint64_t now, uint32_t cpu, uint64_t log) {
    const auto &ctx = *static_cast<const gbpf_cta_admit_ctx *>(context);
    CHECK(now == ctx.now_ns && cpu < 2 && log != 0);
    compiled_runs.fetch_add(1, relaxed);
    return GBPF_START;
}

void compiledProgram_inPlaceOfAnInterpretedOne_decides() {
    reset(80);
    compiled_runs = 0;
    plane_with_tables p;
    uint64_t code[GBPF_TABLE_HOOKS] = {};
    code[table_index(GBPF_HOOK_CTA_ADMIT)] = reinterpret_cast<uint64_t>(starts_all);
    // What is interpreted parks everything; ticks have no code, and are interpreted still.
    const auto publish = [&](const uint64_t *compiled) {
        return p.tables.publish({{GBPF_HOOK_CTA_ADMIT, answer(GBPF_PARK)},
            {GBPF_HOOK_SM_TICK, {set(2, 7), store64(1, offsetof(gbpf_sm_tick_ctx, share), 2), set(0, GBPF_REFILL), leave()}}}, {}, compiled);
    };
    publish(nullptr);
    p.submit_warps(0, 60);
    p.begin();
    p.tables.settled();
    nap(2000000);
    CHECK(ran == 0 && compiled_runs == 0);
    // It comes in while the kernel is away.
    p.end(GBPF_LEAVE);
    publish(code);
    p.begin();
    p.await(60);
    p.tables.settled();
    CHECK(compiled_runs >= 60);
    CHECK(device_atomic<uint32_t>(at<gbpf_grant>(p.plane->grants_address)[0].share).load(relaxed) == 7);
    // The next policy is interpreted at once.
    publish(nullptr);
    p.tables.settled();
    const uint64_t before = compiled_runs;
    p.submit_warps(60, 80);
    nap(2000000);
    CHECK(ran == 60 && compiled_runs == before);
    p.tables.publish({});
    p.end(GBPF_DRAIN);
    CHECK(ran == 80 && p.status.policy_faults == 0);
}

/** Counts in runs[0] whether it is the same program from beginning to end, else in runs[1]. */
code consistent(uint64_t number, uint64_t *runs) {
    return {set(6, number), set(5, 40), op(GBPF_OP_ADD64_I, 5, 5, 0, UINT64_MAX), if_not(5, 0, -2), set(7, number), set(3, 1), address(2, &runs[1]),
        op(GBPF_OP_JEQ64, 6, 7, 1, uint64_t{GBPF_OP_JUMP_NEGATED} << 32), address(2, &runs[0]), count(2, 3), set(0, GBPF_START), leave()};
}

void swaps_underLoad_loseNothing_andNoAnswerIsOfTwoEpochs() {
    constexpr uint32_t MOST = 500000, SWAPS = 150;
    reset(2 * MOST);
    plane_with_tables p;
    uint64_t runs[2] = {0, 0}, ticks[2] = {0, 0};
    const auto program = [&](uint64_t number) {
        return p.tables.publish({{GBPF_HOOK_CTA_ADMIT, consistent(number, runs)}, {GBPF_HOOK_SM_TICK, consistent(number, ticks)}});
    };
    program(1);
    p.begin();
    std::atomic<bool> enough = false;
    std::atomic<uint64_t> fed = 0;
    std::thread feeder([&] {
        in_threads(2, [&](unsigned me) {
            uint32_t i = 0;
            for (; i < MOST && !enough; ++i) {
                p.submit(me, task(0, i % 3 == 0 ? GBPF_TASK_LANE : GBPF_TASK_WARP, 0, me * MOST + i));
                if (i % 64 == 0) nap(100000);
            }
            fed.fetch_add(i);
        });
    });
    uint64_t epoch = 0;
    for (uint32_t swap = 0; swap < SWAPS; ++swap) epoch = swap % 10 == 8 ? p.tables.publish({}) : program(1000 + swap);
    enough = true;
    feeder.join();
    p.tables.settled();
    p.end(GBPF_DRAIN);
    CHECK(ran == fed);
    CHECK(runs[0] > 0 && runs[1] == 0 && ticks[0] > 0 && ticks[1] == 0);
    CHECK(p.status.policy_faults == 0 && p.status.policy_epoch == epoch);
    CHECK(p.status.refused == 0 && p.status.misused == 0);
}

void swap_waitsForNoTick() {
    constexpr uint32_t TRIES = 10; // a tick may come in between
    reset(TRIES);
    plane_with_tables p;
    p.params.tick_ns = 100000000;
    p.make();
    p.begin();
    uint64_t runs = 0;
    bool held = false;
    for (uint32_t i = 0; i < TRIES && !held; ++i) {
        p.tables.settled(); // that the other table is free waits for a tick
        const uint64_t tick = system_atomic<uint64_t>(p.status.tick).load(acquire);
        const uint64_t epoch = p.tables.publish({{GBPF_HOOK_CTA_ADMIT, {address(2, &runs), set(3, 1), count(2, 3), set(0, GBPF_START), leave()}}});
        while (system_atomic<uint64_t>(p.status.policy_epoch).load(acquire) != epoch) nap(5000);
        const uint64_t *told = at<uint64_t>(p.plane->policy_epochs_address);
        for (uint32_t b = 0; b < 2; ++b) {
            while (device_atomic<uint64_t>(const_cast<uint64_t &>(told[b])).load(acquire) != epoch) nap(5000);
        }
        const uint64_t before = device_atomic<uint64_t>(runs).load(relaxed);
        p.submit_warps(i, i + 1);
        p.await(i + 1);
        CHECK(device_atomic<uint64_t>(runs).load(relaxed) > before);
        held = system_atomic<uint64_t>(p.status.tick).load(acquire) == tick;
    }
    CHECK(held);
    p.end(GBPF_DRAIN);
}

void fault_inATick_ejectsThePolicy_untilANewerOne() {
    reset(60);
    plane_with_tables p;
    const code parks = answer(GBPF_PARK);
    // Withholds, and in the end divides tenants: tenant 2 comes to an operation that there is none of.
    const uint64_t bad = p.tables.publish({{GBPF_HOOK_SM_TICK,
        {set(3, 77), store64(1, offsetof(gbpf_sm_tick_ctx, share), 3), load32(2, 1, offsetof(gbpf_sm_tick_ctx, tenant)), if_not(2, 2, 1), op(127, 0, 0, 0, 0),
            set(0, GBPF_WITHHOLD), leave()}}, {GBPF_HOOK_CTA_ADMIT, parks}});
    p.submit_warps(0, 20);
    p.begin();
    p.await(20); // by the fair policy
    const gbpf_policy_fault &f = p.tables.fault(bad);
    CHECK(f.kind == GBPF_FAULT_OPERATION && f.hook == GBPF_HOOK_SM_TICK && f.at == 4 && f.tenant == 2 && f.vslice == 0 && f.block == p.params.workers);
    CHECK(f.registers[3] == 77 && f.registers[2] == 2 && f.now_ns > 0);
    while (system_atomic<uint64_t>(p.status.policy_ejected).load(acquire) != bad) nap(5000);
    p.tables.settled();
    CHECK(system_atomic<uint64_t>(p.status.policy_faults).load(acquire) == 1);
    CHECK(device_atomic<uint32_t>(at<gbpf_grant>(p.plane->grants_address)[2].share).load(relaxed) == 1); // not what it said before

    // Out it stays when the kernel comes back.
    p.end(GBPF_LEAVE);
    p.begin();
    p.submit_warps(20, 40);
    p.await(40);
    CHECK(system_atomic<uint64_t>(p.status.policy_faults).load(acquire) == 1);

    const uint64_t good = p.tables.publish({{GBPF_HOOK_CTA_ADMIT, parks}});
    p.tables.settled();
    p.submit_warps(40, 60);
    nap(2000000);
    CHECK(ran == 40);
    CHECK(system_atomic<uint64_t>(p.status.policy_ejected).load(acquire) == bad && good > bad);
    p.tables.publish({});
    p.end(GBPF_DRAIN);
    CHECK(ran == 60);
}

void overrun_ofAWorkersProgram_ejectsThePolicy() {
    reset(200);
    plane_with_tables p;
    const uint64_t bad = p.tables.publish({{GBPF_HOOK_CTA_ADMIT, {set(6, 5), jump(-1)}, 300}, {GBPF_HOOK_SM_TICK, answer(GBPF_REFILL)}});
    p.submit_warps(0, 200);
    p.begin();
    p.await(200);
    const gbpf_policy_fault &f = p.tables.fault(bad);
    CHECK(f.kind == GBPF_FAULT_OVERRUN && f.hook == GBPF_HOOK_CTA_ADMIT && f.at == 1 && f.block < p.params.workers && f.registers[6] == 5);
    p.end(GBPF_DRAIN);
    CHECK(p.status.policy_ejected == bad && p.status.policy_faults >= 1);
}

void table_withoutRoom_ejectsItself() {
    for (const uint32_t hook : {uint32_t{GBPF_HOOK_CTA_ADMIT}, uint32_t{GBPF_HOOK_THERM_TICK}}) {
        reset(40);
        plane_with_tables p;
        code large(hook == GBPF_HOOK_CTA_ADMIT ? GBPF_TABLE_ADMIT_ROOM : GBPF_TABLE_TICK_ROOM, set(0, 1));
        const uint64_t bad = p.tables.publish({{hook, large}, {GBPF_HOOK_SM_TICK, answer(GBPF_WITHHOLD)}});
        p.submit_warps(0, 40);
        p.begin();
        p.await(40);
        CHECK(p.tables.fault(bad).kind == GBPF_FAULT_TABLE);
        p.end(GBPF_DRAIN);
    }
}

void helpers_ofAProgram_reachMapsAndLog() {
    reset(10);
    plane_with_tables p;
    alignas(128) uint64_t array[4] = {0, 0, 0, 0};
    alignas(128) uint64_t own[4][16] = {}; // of three workers and the control block
    const std::vector<gbpf_map> maps = {{GBPF_MAP_ARRAY, 4, 8, 4, reinterpret_cast<uint64_t>(array), 0, 1},
        {GBPF_MAP_PERCPU_ARRAY, 4, 8, 2, reinterpret_cast<uint64_t>(own), 0, 4}};
    const auto add_one_at = [](uint64_t map, uint64_t key) { // to the value of a key, which is there
        return code{op(GBPF_OP_STORE64_I, 0, 10, -8, key), set(1, MAP_HANDLE ^ map), move(2, 10), op(GBPF_OP_ADD64_I, 2, 2, 0, static_cast<uint64_t>(-8)),
            helper(GBPF_HELPER_MAP_LOOKUP_ELEM), if_is(0, 0, 2), set(3, 1), count(0, 3)};
    };
    code admit{move(6, 1)};
    for (const auto &part : {add_one_at(0, 3), add_one_at(1, 1), add_one_at(0, 4)}) admit.insert(admit.end(), part.begin(), part.end());
    const code end{set(1, 42), load64(2, 6, offsetof(gbpf_cta_admit_ctx, tag)), helper(GBPF_HELPER_LOG), helper(GBPF_HELPER_KTIME_GET_NS), set(0, GBPF_START), leave()};
    admit.insert(admit.end(), end.begin(), end.end());
    p.tables.publish({{GBPF_HOOK_CTA_ADMIT, admit}}, maps);
    p.submit_warps(0, 10);
    p.begin();
    p.await(10);
    p.end(GBPF_DRAIN);
    CHECK(p.status.policy_faults == 0);
    CHECK(array[3] == 10 && array[0] == 0 && own[0][1] + own[1][1] + own[2][1] == 10 && own[3][1] == 0);
    CHECK(p.tables.log.count == 10);
    uint64_t tags = 0;
    for (uint32_t i = 0; i < 10; ++i) {
        const gbpf_log_entry &e = p.tables.log.entries[i];
        CHECK(e.position == i + 1 && e.tag == 42 && e.now_ns > 0);
        tags += e.value;
    }
    CHECK(tags == 45);
}

void unknownHelper_ejectsThePolicy() {
    reset(4);
    plane_with_tables p;
    const uint64_t bad = p.tables.publish({{GBPF_HOOK_CTA_ADMIT, {helper(999), leave()}}});
    p.submit_warps(0, 4);
    p.begin();
    p.await(4);
    CHECK(p.tables.fault(bad).kind == GBPF_FAULT_HELPER);
    p.end(GBPF_DRAIN);
}

/** A hash that admission counts tags in, by whoever sees one first; the control block sees it too. */
void hash_ofAPolicy_countsUnderLoad() {
    constexpr uint32_t TASKS = 3000, TAGS = 16;
    reset(TASKS);
    plane_with_tables p;
    std::vector<uint64_t> memory(sizeof(gbpf_hash) / 8 + 1 + TAGS + TAGS * 4);
    gbpf_hash &hash = *reinterpret_cast<gbpf_hash *>(memory.data());
    hash.map = gbpf_map{GBPF_MAP_HASH, 8, 8, TAGS, reinterpret_cast<uint64_t>(memory.data()), 0, 4};
    const auto at = [](uint32_t r, uint64_t offset) { return op(GBPF_OP_ADD64_I, r, 10, 0, offset); };
    const code count_tag = {
        load64(6, 1, offsetof(gbpf_cta_admit_ctx, tag)), op(GBPF_OP_AND64_I, 6, 6, 0, TAGS - 1), store64(10, uint64_t(-8), 6), set(7, 77),
        set(1, MAP_HANDLE), at(2, uint64_t(-8)), helper(GBPF_HELPER_MAP_LOOKUP_ELEM), if_not(0, 0, 8),
        set(3, 0), store64(10, uint64_t(-16), 3), set(1, MAP_HANDLE), at(2, uint64_t(-8)), at(3, uint64_t(-16)), set(4, 1),
        helper(GBPF_HELPER_MAP_UPDATE_ELEM), jump(-12),
        set(1, 1), count(0, 1), set(0, GBPF_START), if_is(7, 77, 1), set(0, GBPF_PARK), leave()};
    p.tables.publish({{GBPF_HOOK_CTA_ADMIT, count_tag}, {GBPF_HOOK_SM_TICK, answer(GBPF_REFILL)}}, {hash.map});
    p.begin();
    p.submit_warps(0, TASKS);
    p.await(TASKS);
    // The host's change is done by the control block.
    uint64_t key = 3, value = 1000000;
    gbpf_map_change change{hash.map.address, GBPF_HELPER_MAP_UPDATE_ELEM, reinterpret_cast<uint64_t>(&key), reinterpret_cast<uint64_t>(&value), 2};
    system_atomic<uint64_t>(p.control.map_change_address).store(reinterpret_cast<uint64_t>(&change), release);
    system_atomic<uint64_t>(p.control.map_change).store(1, release);
    while (system_atomic<uint64_t>(p.status.map_change).load(acquire) != 1) nap(5000);
    CHECK(system_atomic<uint64_t>(p.status.map_answer).load(relaxed) == 0);
    p.end(GBPF_DRAIN);
    CHECK(hash.call != 0);
    uint64_t sum = 0;
    for (uint64_t tag = 0; tag < TAGS; ++tag) {
        const uint64_t found = call_hash(hash.map.address, GBPF_HELPER_MAP_LOOKUP_ELEM, reinterpret_cast<uint64_t>(&tag), 0, 0);
        CHECK(found != 0);
        if (tag == key) CHECK(*reinterpret_cast<uint64_t *>(found) == value);
        else sum += *reinterpret_cast<uint64_t *>(found);
    }
    CHECK(sum >= TASKS - TASKS / TAGS - 1 && p.status.policy_faults == 0);
}

}  // namespace

const std::vector<test_case> TABLE_TESTS = {
    {"table_fromTheFirstTaskOn_decides", table_fromTheFirstTaskOn_decides},
    {"share_ofSmTick_reachesTheBlocks", share_ofSmTick_reachesTheBlocks},
    {"compiledProgram_inPlaceOfAnInterpretedOne_decides", compiledProgram_inPlaceOfAnInterpretedOne_decides},
    {"swaps_underLoad_loseNothing_andNoAnswerIsOfTwoEpochs", swaps_underLoad_loseNothing_andNoAnswerIsOfTwoEpochs},
    {"swap_waitsForNoTick", swap_waitsForNoTick},
    {"fault_inATick_ejectsThePolicy_untilANewerOne", fault_inATick_ejectsThePolicy_untilANewerOne},
    {"overrun_ofAWorkersProgram_ejectsThePolicy", overrun_ofAWorkersProgram_ejectsThePolicy},
    {"table_withoutRoom_ejectsItself", table_withoutRoom_ejectsItself},
    {"helpers_ofAProgram_reachMapsAndLog", helpers_ofAProgram_reachMapsAndLog},
    {"unknownHelper_ejectsThePolicy", unknownHelper_ejectsThePolicy},
    {"hash_ofAPolicy_countsUnderLoad", hash_ofAPolicy_countsUnderLoad},
};

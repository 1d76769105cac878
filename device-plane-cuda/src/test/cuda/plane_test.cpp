// Whole planes on the CPU: threads for warps, tasks by the hundred thousand, graphs, storms, stops and returns, faults.
#include <array>
#include <atomic>
#include <cstring>

#include "check.h"
#include "test_plane.h"
#include "tests.h"

using namespace gbpf;

namespace {

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

std::atomic<bool> released;

/** A task that does not come back until it is let go. */
uint64_t stuck(gbpf_env *, uint64_t, uint64_t) {
    inside.fetch_add(1, relaxed);
    while (!released) nap(100000);
    return 0;
}

/** Counts the workers that ran it: bit of its block in `sum`. */
uint64_t where(gbpf_env *env, uint64_t, uint64_t) {
    ran.fetch_add(1, relaxed);
    sum.fetch_or(uint64_t{1} << env->block->index, relaxed);
    return 0;
}

uint64_t yielding(gbpf_env *env, uint64_t, uint64_t) {
    for (int i = 0; i < 20; ++i) {
        nap(200000);
        gbpf_yield(env);
    }
    return 0;
}

/** Submits a full task that waits for nothing and counts down what another one armed. */
uint64_t submitting(gbpf_env *env, uint64_t a, uint64_t b) {
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
std::array<std::atomic<uint64_t>, CHAINS> chain_at; // the link that comes next
std::array<std::atomic<uint32_t>, CHAINS> chain_worker;
std::array<std::atomic<uint32_t>, CHAINS> chain_block;
std::atomic<uint64_t> moves; // links that ran in another warp than the one before
std::atomic<uint64_t> leaps; // and in another block
std::atomic<uint32_t> chain_where; // GBPF_HERE, ...: where the next link runs

/** A link of chain b, which has a more links: they run one after the other. */
uint64_t link(gbpf_env *env, uint64_t a, uint64_t b) {
    CHECK(chain_at[b].exchange(a - 1, relaxed) == a);
    moves.fetch_add(chain_worker[b].exchange(env->worker, relaxed) != env->worker ? 1 : 0, relaxed);
    leaps.fetch_add(chain_block[b].exchange(env->block->index, relaxed) != env->block->index ? 1 : 0, relaxed);
    ran.fetch_add(1, relaxed);
    if (a > 0) CHECK(gbpf_spawn_at(env, chain_where, 13, GBPF_TASK_WARP, static_cast<uint32_t>(a - 1), b));
    return 0;
}

/** A chain that ends when it is told to. */
uint64_t endless(gbpf_env *env, uint64_t a, uint64_t b) {
    inside.fetch_add(1, relaxed);
    if (!released) CHECK(gbpf_spawn_at(env, GBPF_HERE, 14, GBPF_TASK_WARP, static_cast<uint32_t>(a), b));
    return 0;
}

/** Makes two tasks on this SM, of height a - 1. */
uint64_t branch(gbpf_env *env, uint64_t a, uint64_t) {
    ran.fetch_add(1, relaxed);
    for (uint32_t child = 0; a > 0 && child < 2; ++child) {
        if (gbpf_spawn_at(env, GBPF_HERE, 15, GBPF_TASK_WARP, static_cast<uint32_t>(a - 1), 0)) continue;
        refused.fetch_add(1, relaxed);
        branch(env, a - 1, 0);
    }
    return 0;
}

/** Lets a task of its tenant wait for a PART that names counter a. */
uint64_t waiting(gbpf_env *env, uint64_t a, uint64_t b) {
    gbpf_dependency_arm(env, static_cast<uint32_t>(a), 1, 1, GBPF_TASK_WARP, 0, b);
    inside.fetch_add(1, relaxed);
    return 0;
}

const std::vector<gbpf_function> FUNCTIONS = {add, mark_once, tree, fail, whole_block, part, fork, joined, nullptr, stuck, where, yielding,
    submitting, link, endless, branch, waiting};
enum : uint16_t { ADD, MARK_ONCE, TREE, FAIL, WHOLE_BLOCK, PART, FORK, JOINED, MISSING, STUCK, WHERE, YIELDING, SUBMITTING, LINK, ENDLESS, BRANCH, WAITING };

/** A plane with these functions. */
struct plane_of_tasks : test_plane {
    explicit plane_of_tasks(uint32_t ring_capacity = 1024, uint32_t local_capacity = 256, uint32_t vslices = 1, uint32_t workers = 3)
    : test_plane(FUNCTIONS, ring_capacity, local_capacity, vslices, workers) {}
};

void plane_withNothingToDo_drains() {
    plane_of_tasks p;
    p.drain();
    p.drain();
    CHECK(p.status.tick > 0 && p.status.state == GBPF_STATE_DRAINED);
}

void hostRings_withTasksOfAllKinds_runEachOnce() {
    constexpr uint32_t EACH = 20000;
    reset(2 * EACH);
    plane_of_tasks p;
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

/** Batches find no room all the time, and what was claimed behind them is claimed anew. */
void hostRing_withManyWarpsAndLittleRoom_runsEachOnce() {
    constexpr uint32_t EACH = 30000;
    reset(EACH);
    plane_of_tasks p(64, 64);
    p.params.warps = 8;
    p.make();
    auto launch = p.start();
    for (uint32_t i = 0; i < EACH; ++i) p.submit(0, task(MARK_ONCE, GBPF_TASK_LANE, 0, i));
    p.stop(GBPF_DRAIN);
    CHECK(launch->join() == GBPF_STATE_DRAINED);
    CHECK(ran == EACH && p.rings[0].taken == EACH);
}

/** A launch that leaves after so many ns, whatever it is at. */
void run_for(plane_of_tasks &p, uint32_t ns) {
    auto launch = p.start();
    nap(ns);
    p.stop(GBPF_LEAVE);
    CHECK(launch->join() == GBPF_STATE_LEFT);
}

void stopAndReturn_underLoad_losesNothing() {
    constexpr uint32_t EACH = 4000;
    reset(2 * EACH);
    plane_of_tasks p(64, 64);
    std::atomic<bool> fed = false;
    std::thread feeder([&] {
        in_threads(2, [&](unsigned me) {
            for (uint32_t i = 0; i < EACH; ++i) p.submit(me, task(MARK_ONCE, i % 3 == 0 ? GBPF_TASK_WARP : GBPF_TASK_LANE, 0, me * EACH + i));
        });
        fed = true;
    });
    uint32_t returns = 0;
    while (!fed || returns < 5) {
        run_for(p, 3000000);
        ++returns;
    }
    feeder.join();
    p.drain();
    CHECK(ran == 2 * EACH);
}

void spawnStorm_inSmallQueues_runsAll() {
    for (const uint32_t flags : {uint32_t{GBPF_TASK_LANE}, uint32_t{GBPF_TASK_WARP}}) {
        reset(0);
        plane_of_tasks p(64, 64);
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
    plane_of_tasks p;
    p.submit(0, task(TREE, GBPF_TASK_LANE, 14, GBPF_TASK_LANE));
    for (int i = 0; i < 6; ++i) run_for(p, 1000000);
    p.drain();
    CHECK(ran == (1 << 15) - 1);
}

void fullTasks_withRecords_tellHowTheyEnded() {
    constexpr uint32_t TASKS = 300;
    reset(TASKS);
    plane_of_tasks p;
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

/** A ring has 64 slots, and there are 8 warps: more are released than both can hold. */
void releasedTasks_ofATenantThatIsNotServed_keepNobodyBusy() {
    constexpr uint32_t TASKS = 500;
    reset(TASKS);
    plane_of_tasks p(64, 64);
    auto launch = p.start();
    for (uint32_t i = 0; i < TASKS; ++i) p.submit(0, task(WAITING, GBPF_TASK_WARP, i + 1, i));
    while (inside < TASKS) nap(100000);
    p.stop(GBPF_LEAVE);
    CHECK(launch->join() == GBPF_STATE_LEFT);
    p.control.tenants[0].vslices = 0;
    launch = p.start();
    for (uint32_t i = 0; i < TASKS; ++i) p.submit(1, task(PART, i % 2 == 0 ? GBPF_TASK_LANE : GBPF_TASK_WARP, i + 1, 0));
    while (ran < TASKS) nap(100000);
    p.submit(1, task(ADD, GBPF_TASK_WARP, 0, 0));
    while (ran < TASKS + 1) nap(100000);
    p.stop(GBPF_LEAVE);
    CHECK(launch->join() == GBPF_STATE_LEFT);
    p.control.tenants[0].vslices = 0xffff;
    p.drain();
    CHECK(ran == 2 * TASKS + 1);
}

void dependencies_forkedAndJoined_releaseOnce() {
    constexpr uint32_t FORKS = 300, PARTS = 20;
    reset(FORKS);
    plane_of_tasks p;
    for (uint32_t i = 0; i < FORKS; ++i) p.submit(i % 2, task(FORK, i % 3 == 0 ? GBPF_TASK_WARP : GBPF_TASK_LANE, PARTS, i));
    p.drain();
    CHECK(ran == FORKS * PARTS);
    CHECK(inside == FORKS);
    CHECK(sum == FORKS * (PARTS * (PARTS - 1) / 2));
    CHECK(p.status.misused == 0);
}

void blockTasks_amongOthers_runInAllWarps() {
    reset(0);
    plane_of_tasks p;
    for (uint32_t i = 0; i < 60; ++i) p.submit(0, task(WHOLE_BLOCK, GBPF_TASK_BLOCK, 0, 0));
    for (uint32_t i = 0; i < 500; ++i) p.submit(1, task(ADD, GBPF_TASK_WARP, 0, 0));
    p.drain();
    CHECK(ran == 60 * 4 + 500);
    CHECK(sum == 60 * (0 + 1 + 2 + 3));
    CHECK(p.finished(0) == 60);
}

/** Puts a request into the mailbox and waits for its answer. */
std::array<uint64_t, 4> ask(test_plane &p, uint32_t sequence, const gbpf_compact_task &t) {
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

void mailbox_answers_inlineAndFromAWorker() {
    reset(0);
    plane_of_tasks p;
    auto launch = p.start();
    for (uint32_t sequence = 1; sequence <= 60; ++sequence) {
        const uint32_t inline_flag = sequence % 2 == 0 ? GBPF_TASK_URGENT : 0;
        const auto answer = ask(p, sequence,
            task(ADD, GBPF_TASK_WARP | inline_flag | (sequence % 3 == 0 ? GBPF_TASK_PURE : 0), sequence, uint64_t{5} << 32));
        CHECK((answer[0] & 0xffffffff) == sequence && (answer[1] & 0xffffffff) == 5);
        CHECK((answer[2] & 0xffffffff) == GBPF_DONE);
        const uint32_t worker = static_cast<uint32_t>(answer[3]);
        CHECK((worker >= p.params.workers * 4) == (inline_flag != 0)); // the control block comes after the workers
    }
    p.stop(GBPF_DRAIN);
    CHECK(launch->join() == GBPF_STATE_DRAINED);
    CHECK(ran == 60);
}

void urgentWork_whileAllOthersAreBusy_findsTheReservedWarp() {
    constexpr uint32_t OTHERS = GBPF_RESERVE_EVERY * 4 - 1;
    reset(0);
    released = false;
    plane_of_tasks p(1024, 256, 1, GBPF_RESERVE_EVERY);
    auto launch = p.start();
    for (uint32_t i = 0; i < OTHERS + 2; ++i) p.submit(0, task(STUCK, GBPF_TASK_WARP, 0, 0));
    while (inside < OTHERS) nap(100000);
    for (uint32_t sequence = 1; sequence <= 10; ++sequence) {
        const auto answer = ask(p, sequence, task(ADD, GBPF_TASK_WARP, sequence, 0));
        CHECK((answer[0] & 0xffffffff) == sequence && static_cast<uint32_t>(answer[3]) == OTHERS);
    }
    p.submit(1, task(ADD, GBPF_TASK_WARP | GBPF_TASK_URGENT, 0, 0));
    while (ran < 11) nap(100000);
    CHECK(inside == OTHERS); // what is not urgent waits
    released = true;
    p.stop(GBPF_DRAIN);
    CHECK(launch->join() == GBPF_STATE_DRAINED);
    CHECK(inside == OTHERS + 2);
}

/** Puts the first links of so many chains into the ring. */
void begin_chains(plane_of_tasks &p, uint32_t chains, uint32_t links, uint32_t where = GBPF_HERE) {
    reset(0);
    moves = 0;
    leaps = 0;
    chain_where = where;
    for (uint32_t c = 0; c < chains; ++c) {
        chain_at[c] = links;
        p.submit(0, task(LINK, GBPF_TASK_WARP, links, c));
    }
}

void chain_ofWarpTasks_staysInItsWarp() {
    constexpr uint32_t LINKS = 20000;
    plane_of_tasks p;
    begin_chains(p, 1, LINKS);
    p.drain();
    CHECK(ran == LINKS + 1 && moves < LINKS / 4);
    const gbpf_account &account = at<gbpf_account>(p.plane->accounts_address)[0];
    CHECK(account.started == LINKS + 1 && account.finished == LINKS + 1);
}

/** More than there are warps: each waits for the others' turns in the ring. */
void chains_moreThanWarps_runEachLinkInItsOrder() {
    constexpr uint32_t LINKS = 2000;
    plane_of_tasks p;
    begin_chains(p, CHAINS, LINKS);
    p.drain();
    CHECK(ran == CHAINS * (LINKS + 1) && p.status.refused == 0);
}

void chains_stoppedInTheMiddle_goOnWhereTheyWere() {
    constexpr uint32_t LINKS = 2000;
    plane_of_tasks p;
    begin_chains(p, CHAINS / 2, LINKS);
    for (int i = 0; i < 6; ++i) run_for(p, 1000000);
    p.drain();
    CHECK(ran == CHAINS / 2 * (LINKS + 1));
}

void chain_acrossBlocks_leapsFromOneToTheOther() {
    constexpr uint32_t LINKS = 2000;
    plane_of_tasks p(1024, 256, 1, 4);
    begin_chains(p, 1, LINKS, GBPF_ELSEWHERE);
    p.drain();
    CHECK(ran == LINKS + 1 && leaps > LINKS / 2);
    CHECK(p.status.handed_over > LINKS / 2 && p.status.refused == 0);
}

/** More than there are warps, so that blocks that seem idle often are not. */
void chains_acrossBlocks_runEachLinkOnce_alsoWhenStopped() {
    constexpr uint32_t LINKS = 500;
    plane_of_tasks p(1024, 256, 1, 4);
    begin_chains(p, CHAINS, LINKS, GBPF_ELSEWHERE);
    for (int i = 0; i < 4; ++i) run_for(p, 1000000);
    p.drain();
    CHECK(ran == CHAINS * (LINKS + 1));
}

void endlessChains_inAllWarps_letOthersRun() {
    reset(0);
    released = false;
    plane_of_tasks p;
    for (uint32_t i = 0; i < 16; ++i) p.submit(0, task(ENDLESS, GBPF_TASK_WARP, 0, 0));
    auto launch = p.start();
    while (inside < 10000) nap(100000);
    for (uint32_t i = 0; i < 50; ++i) p.submit(1, task(ADD, i % 2 == 0 ? GBPF_TASK_WARP : GBPF_TASK_LANE, 1, 0));
    while (ran < 50) nap(100000);
    p.submit(1, task(WHOLE_BLOCK, GBPF_TASK_BLOCK, 0, 0));
    while (ran < 54) nap(100000); // a block has four warps
    released = true;
    p.stop(GBPF_DRAIN);
    CHECK(launch->join() == GBPF_STATE_DRAINED);
    CHECK(at<gbpf_account>(p.plane->accounts_address)[0].finished == inside);
}

void tree_onOneSm_runsAll() {
    reset(0);
    plane_of_tasks p(64, 64);
    p.submit(0, task(BRANCH, GBPF_TASK_WARP, 13, 0));
    p.drain();
    CHECK(ran == (1 << 14) - 1);
    CHECK(p.finished(0) + refused == ran);
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

void chain_underAPolicyThatAdmits_isAskedAboutEachLink() {
    constexpr uint32_t LINKS = 2000;
    plane_of_tasks p;
    std::atomic<uint64_t> asked = 0;
    begin_chains(p, 2, LINKS);
    auto launch = p.start(asked_policy(&asked));
    p.stop(GBPF_DRAIN);
    CHECK(launch->join() == GBPF_STATE_DRAINED);
    CHECK(ran == 2 * (LINKS + 1) && asked >= ran);
}

/** A block with warps to spare keeps one for the mailbox; tasks of the whole block, leaves and admission by a policy come in between. */
void answer_withAnAttendant(uint32_t blocks) {
    constexpr uint32_t WARPS = 8;
    reset(0);
    plane_of_tasks p(1024, 256, 1, blocks);
    p.params.warps = WARPS;
    p.make();
    const uint32_t attendant = attendants_block(p.params, 0, blocks % 2 == 1) * WARPS + WARPS - 2;
    uint32_t sequence = 0, by_attendant = 0;
    const auto some = [&] {
        for (uint32_t i = 0; i < 40; ++i) {
            ++sequence;
            if (i % 8 == 0) p.submit(0, task(ADD, GBPF_TASK_BLOCK, 0, 0));
            const auto answer = ask(p, sequence, task(ADD, GBPF_TASK_WARP | (i % 3 == 0 ? GBPF_TASK_PURE : 0), sequence, uint64_t{5} << 32));
            CHECK((answer[0] & 0xffffffff) == sequence && (answer[1] & 0xffffffff) == 5 && (answer[2] & 0xffffffff) == GBPF_DONE);
            const uint32_t worker = static_cast<uint32_t>(answer[3]);
            CHECK(worker < blocks * WARPS);
            by_attendant += worker == attendant ? 1 : 0;
        }
    };
    for (uint32_t launches = 0; launches < 3; ++launches) {
        auto launch = p.start();
        some();
        p.stop(launches == 2 ? GBPF_DRAIN : GBPF_LEAVE);
        CHECK(launch->join() == (launches == 2 ? GBPF_STATE_DRAINED : GBPF_STATE_LEFT));
    }
    CHECK(by_attendant > sequence / 2); // the others came before it had said that it is free again
    CHECK(ran == sequence + 15 * WARPS);
    std::atomic<uint64_t> asked = 0;
    auto launch = p.start(asked_policy(&asked));
    some();
    p.stop(GBPF_DRAIN);
    CHECK(launch->join() == GBPF_STATE_DRAINED);
    CHECK(asked >= 40);
    CHECK(ran == sequence + 20 * WARPS);
}

void mailbox_ofAPlaneWithManyWarps_isAttended() {
    answer_withAnAttendant(2);
    answer_withAnAttendant(3); // beside the control block
}

/** A tenant of the first vSlice has an attendant there. */
void mailbox_ofSeveralVslices_isAttendedWhereItsTenantIs() {
    constexpr uint32_t WARPS = 8, BLOCKS = 11;
    reset(0);
    plane_of_tasks p(1024, 256, 2, BLOCKS);
    p.params.warps = WARPS;
    p.params.vslice_end[0] = BLOCKS - 1;
    p.make();
    p.control.tenants[0].vslices = 1;
    const uint32_t attendant = attendants_block(p.params, 0, false) * WARPS + WARPS - 2;
    uint32_t by_attendant = 0;
    auto launch = p.start();
    for (uint32_t sequence = 1; sequence <= 40; ++sequence) {
        const auto answer = ask(p, sequence, task(ADD, GBPF_TASK_WARP, sequence, 0));
        by_attendant += static_cast<uint32_t>(answer[3]) == attendant ? 1 : 0;
    }
    p.stop(GBPF_DRAIN);
    CHECK(launch->join() == GBPF_STATE_DRAINED);
    CHECK(by_attendant > 10);
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

void launch_pastItsDeadline_leaves() {
    reset(0);
    plane_of_tasks p;
    cpu_launch<fair_policy> launch(p.plane, 20000000, 1, fair_policy{}, table_place{0, 0});
    CHECK(launch.join() == GBPF_STATE_DEADLINE);
    p.launches = 1;
    p.submit(0, task(ADD, GBPF_TASK_WARP, 1, 2));
    p.drain();
    CHECK(ran == 1 && sum == 3);
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

void vslices_ofATenant_aloneServeIt() {
    reset(0);
    plane_of_tasks p(1024, 256, 2);
    p.control.tenants[0].vslices = 2;
    for (uint32_t i = 0; i < 300; ++i) p.submit(0, task(WHERE, i % 2 == 0 ? GBPF_TASK_LANE : GBPF_TASK_WARP, 0, 0));
    p.drain();
    CHECK(ran == 300 && sum != 0 && (sum & 1) == 0); // not by the first block
    CHECK(at<gbpf_account>(p.plane->accounts_address)[4].finished == 300); // vSlice 1, tenant 0
}

void slowTask_isNamed() {
    reset(0);
    released = false;
    plane_of_tasks p;
    auto launch = p.start();
    p.submit(1, task(STUCK, GBPF_TASK_WARP, 0, 0));
    while (system_atomic<uint64_t>(p.status.slow_ns).load(acquire) < GBPF_SLOW_TASK_NS) nap(100000);
    CHECK(system_atomic<uint32_t>(p.status.slow_what).load(acquire) == (uint32_t{STUCK} << 16 | 1));
    released = true;
    p.stop(GBPF_DRAIN);
    CHECK(launch->join() == GBPF_STATE_DRAINED);
}

void submit_ofFullTasks_countsDownAndGivesDescriptorsBack() {
    constexpr uint32_t TASKS = 500; // twice as many as there are descriptors
    reset(2 * TASKS);
    plane_of_tasks p;
    for (uint32_t i = 0; i < TASKS; ++i) p.submit(0, task(SUBMITTING, i % 2 == 0 ? GBPF_TASK_LANE : GBPF_TASK_WARP, i + 1, 2 * i));
    p.drain();
    CHECK(ran == 2 * (TASKS - inside));
    CHECK(p.status.refused == inside);
    CHECK(p.status.misused == 0);
    gbpf_ring &free = at<gbpf_ring>(p.plane->free_rings_address)[0];
    CHECK(free.items == static_cast<int32_t>(p.params.descriptors));
}

}  // namespace

const std::vector<test_case> PLANE_TESTS = {
    {"plane_withNothingToDo_drains", plane_withNothingToDo_drains},
    {"hostRings_withTasksOfAllKinds_runEachOnce", hostRings_withTasksOfAllKinds_runEachOnce},
    {"hostRing_withManyWarpsAndLittleRoom_runsEachOnce", hostRing_withManyWarpsAndLittleRoom_runsEachOnce},
    {"stopAndReturn_underLoad_losesNothing", stopAndReturn_underLoad_losesNothing},
    {"spawnStorm_inSmallQueues_runsAll", spawnStorm_inSmallQueues_runsAll},
    {"spawnStorm_stoppedInTheMiddle_runsAll", spawnStorm_stoppedInTheMiddle_runsAll},
    {"fullTasks_withRecords_tellHowTheyEnded", fullTasks_withRecords_tellHowTheyEnded},
    {"releasedTasks_ofATenantThatIsNotServed_keepNobodyBusy", releasedTasks_ofATenantThatIsNotServed_keepNobodyBusy},
    {"dependencies_forkedAndJoined_releaseOnce", dependencies_forkedAndJoined_releaseOnce},
    {"blockTasks_amongOthers_runInAllWarps", blockTasks_amongOthers_runInAllWarps},
    {"mailbox_answers_inlineAndFromAWorker", mailbox_answers_inlineAndFromAWorker},
    {"mailbox_ofAPlaneWithManyWarps_isAttended", mailbox_ofAPlaneWithManyWarps_isAttended},
    {"thermTick_thatAllowsOneBlock_keepsRequestsFromTheAttendant", thermTick_thatAllowsOneBlock_keepsRequestsFromTheAttendant},
    {"mailbox_ofSeveralVslices_isAttendedWhereItsTenantIs", mailbox_ofSeveralVslices_isAttendedWhereItsTenantIs},
    {"urgentWork_whileAllOthersAreBusy_findsTheReservedWarp", urgentWork_whileAllOthersAreBusy_findsTheReservedWarp},
    {"chain_ofWarpTasks_staysInItsWarp", chain_ofWarpTasks_staysInItsWarp},
    {"chains_moreThanWarps_runEachLinkInItsOrder", chains_moreThanWarps_runEachLinkInItsOrder},
    {"chains_stoppedInTheMiddle_goOnWhereTheyWere", chains_stoppedInTheMiddle_goOnWhereTheyWere},
    {"chain_acrossBlocks_leapsFromOneToTheOther", chain_acrossBlocks_leapsFromOneToTheOther},
    {"chains_acrossBlocks_runEachLinkOnce_alsoWhenStopped", chains_acrossBlocks_runEachLinkOnce_alsoWhenStopped},
    {"endlessChains_inAllWarps_letOthersRun", endlessChains_inAllWarps_letOthersRun},
    {"tree_onOneSm_runsAll", tree_onOneSm_runsAll},
    {"chain_underAPolicyThatAdmits_isAskedAboutEachLink", chain_underAPolicyThatAdmits_isAskedAboutEachLink},
    {"policy_thatWithholdsAndSkips_isObeyed", policy_thatWithholdsAndSkips_isObeyed},
    {"launch_pastItsDeadline_leaves", launch_pastItsDeadline_leaves},
    {"thermTick_thatAllowsOneBlock_keepsOthersIdle", thermTick_thatAllowsOneBlock_keepsOthersIdle},
    {"thermTick_thatAllowsOneBlock_keepsWhatTasksMakeOutOfOthers", thermTick_thatAllowsOneBlock_keepsWhatTasksMakeOutOfOthers},
    {"thermTick_thatAllowsOneBlockOfEachVslice_keepsRequestsOutOfOthers", thermTick_thatAllowsOneBlockOfEachVslice_keepsRequestsOutOfOthers},
    {"thermTick_isToldHowManyBlocksOfEachVsliceAreBusy", thermTick_isToldHowManyBlocksOfEachVsliceAreBusy},
    {"thermTick_thatLowersTheLimit_keepsAChainInTheBlocksThatAreLeft", thermTick_thatLowersTheLimit_keepsAChainInTheBlocksThatAreLeft},
    {"thermTick_thatLowersTheLimit_leavesNoTaskBehind", thermTick_thatLowersTheLimit_leavesNoTaskBehind},
    {"warpThrottleTick_thatPauses_pausesAtYieldPoints", warpThrottleTick_thatPauses_pausesAtYieldPoints},
    {"memEvent_thatRefuses_holdsFullTasksBack", memEvent_thatRefuses_holdsFullTasksBack},
    {"vslices_ofATenant_aloneServeIt", vslices_ofATenant_aloneServeIt},
    {"slowTask_isNamed", slowTask_isNamed},
    {"submit_ofFullTasks_countsDownAndGivesDescriptorsBack", submit_ofFullTasks_countsDownAndGivesDescriptorsBack},
};

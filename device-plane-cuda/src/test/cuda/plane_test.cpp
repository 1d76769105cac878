// Whole planes on the CPU: threads for warps, tasks by the hundred thousand, graphs, storms, stops and returns, faults.

#include "plane_tasks.h"
#include "tests.h"

using namespace gbpf;
using namespace plane_tasks;

namespace {

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
    {"launch_pastItsDeadline_leaves", launch_pastItsDeadline_leaves},
    {"vslices_ofATenant_aloneServeIt", vslices_ofATenant_aloneServeIt},
    {"slowTask_isNamed", slowTask_isNamed},
    {"submit_ofFullTasks_countsDownAndGivesDescriptorsBack", submit_ofFullTasks_countsDownAndGivesDescriptorsBack},
};

// Tasks that follow each other, in a warp and across blocks.

#include "plane_tasks.h"
#include "tests.h"

using namespace gbpf;
using namespace plane_tasks;

namespace {

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

}  // namespace

const std::vector<test_case> CHAIN_TESTS = {
    {"chain_ofWarpTasks_staysInItsWarp", chain_ofWarpTasks_staysInItsWarp},
    {"chains_moreThanWarps_runEachLinkInItsOrder", chains_moreThanWarps_runEachLinkInItsOrder},
    {"chains_stoppedInTheMiddle_goOnWhereTheyWere", chains_stoppedInTheMiddle_goOnWhereTheyWere},
    {"chain_acrossBlocks_leapsFromOneToTheOther", chain_acrossBlocks_leapsFromOneToTheOther},
    {"chains_acrossBlocks_runEachLinkOnce_alsoWhenStopped", chains_acrossBlocks_runEachLinkOnce_alsoWhenStopped},
    {"endlessChains_inAllWarps_letOthersRun", endlessChains_inAllWarps_letOthersRun},
    {"tree_onOneSm_runsAll", tree_onOneSm_runsAll},
    {"chain_underAPolicyThatAdmits_isAskedAboutEachLink", chain_underAPolicyThatAdmits_isAskedAboutEachLink},
};

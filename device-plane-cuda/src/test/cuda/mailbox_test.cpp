// Requests of the mailbox: answered by the polling warp, by another one, and by the attendant.
#include <array>

#include "plane_tasks.h"
#include "tests.h"

using namespace gbpf;
using namespace plane_tasks;

namespace {

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

}  // namespace

const std::vector<test_case> MAILBOX_TESTS = {
    {"mailbox_answers_inlineAndFromAWorker", mailbox_answers_inlineAndFromAWorker},
    {"mailbox_ofAPlaneWithManyWarps_isAttended", mailbox_ofAPlaneWithManyWarps_isAttended},
    {"mailbox_ofSeveralVslices_isAttendedWhereItsTenantIs", mailbox_ofSeveralVslices_isAttendedWhereItsTenantIs},
    {"urgentWork_whileAllOthersAreBusy_findsTheReservedWarp", urgentWork_whileAllOthersAreBusy_findsTheReservedWarp},
};

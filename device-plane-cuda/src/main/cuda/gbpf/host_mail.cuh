// One task at a time from the host, for latency: the warp that polls the mailbox runs it itself, or hands it to the mailbox's attendant, or,
// while that one is busy, to an idle worker.
#pragma once

#include "attendant.cuh"
#include "run.cuh"

namespace gbpf {

/**
 * Looks at a host mailbox once, and serves the request that is there; returns whether there was one. Called by a whole warp.
 *
 * @param copy which copy of the request it reads; no other warp reads that one
 */
GBPF_DEVICE bool serve_mailbox(gbpf_env &env, uint32_t box, uint32_t copy) {
    block_state &s = block_of(env);
    plane_view &plane = s.plane;
    gbpf_host_mailbox &mail = at<gbpf_host_mailbox>(plane.params.mailbox_address)[box];
    gbpf_request &last = plane.requests[box];
    lane_array<uint64_t> words{};
    // Whether the attendant is free is read with it: that takes no longer than the host's words.
    for_lanes(0x1f, [&](uint32_t lane) {
        words[lane] = lane < 4 ? system_atomic<uint64_t>(mail.request[copy][lane]).load(together_acquire) : device_atomic<uint64_t>(last.attended).load(relaxed);
    });
    const uint32_t sequence = static_cast<uint32_t>(from_lane(ALL_LANES, words, 0) >> 32);
    const uint32_t whole = lanes::all().ballot([&](uint32_t lane) { return lane < 4 && words[lane] >> 32 == sequence; });
    if (whole != 0xf) return false;
    // Several warps poll, so that one of them reads every few hundred ns; the next request in turn is taken by one of them.
    const uint32_t taken = lanes::all().leader([&]() -> uint32_t {
        uint32_t before = sequence - 1;
        return block_atomic<uint32_t>(s.mailbox_sequence[box]).compare_exchange_strong(before, sequence, relaxed, relaxed) ? 1 : 0;
    });
    if (taken == 0) return false;
    uint64_t half[4];
    for (uint32_t i = 0; i < 4; ++i) half[i] = static_cast<uint32_t>(from_lane(ALL_LANES, words, i));
    gbpf_compact_task task = task_of(task_words{half[0] | half[1] << 32, half[2] | half[3] << 32});
    const uint64_t request = sequence | uint64_t{task.a} << 32;
    const bool inline_task = (task.flags & GBPF_TASK_URGENT) && (task.flags & GBPF_TASK_KIND) != GBPF_TASK_BLOCK;
    task.flags = static_cast<uint8_t>((task.flags & ~uint32_t{GBPF_TASK_DESCRIBED}) | GBPF_TASK_VALID);
    if (!inline_task) task.flags |= GBPF_TASK_URGENT; // when no mail is open, its ring is one that reserved warps look into
    if (task.tenant >= plane.params.tenants) {
        lanes::all().once([&] {
            device_atomic<uint64_t>(last.sequence_and_a).store(request, relaxed);
            answer(plane, box, sequence, 0, GBPF_FAILED, UINT32_MAX, true);
        });
        return true;
    }
    const bool nearby = attended_nearby(s, box);
    const uint32_t block = attendants_block(plane.params, box, nearby);
    const bool attended = !inline_task && (task.flags & GBPF_TASK_KIND) != GBPF_TASK_BLOCK && block != plane.params.workers;
    const uint32_t ended = nearby ? peek(s.attended_end[box]) : static_cast<uint32_t>(from_lane(ALL_LANES, words, 4));
    if (lanes::all().leader([&]() -> uint32_t { return attended && peek(s.attended[box]) == ended && serves(s, block, task.tenant) ? 1 : 0; }) != 0) {
        if (nearby) {
            lane_array<uint32_t> halves{};
            for_lanes(0xf, [&](uint32_t lane) { halves[lane] = static_cast<uint32_t>(lane == 0 ? words_of(task).word0 : words[lane]); });
            post_nearby(s, box, sequence, halves);
        }
        lanes::all().once([&] {
            if (!nearby) post_to_attendant(last, sequence, task);
            poke(s.attended[box], sequence);
            device_atomic<uint64_t>(last.sequence_and_a).store(request, relaxed);
        });
        return true;
    }
    lanes::all().once([&] {
        count_activity(plane, 1);
        device_atomic<uint64_t>(last.sequence_and_a).store(request, relaxed);
    });
    if (inline_task) {
        set_task(env, task, nullptr);
        begin_task(env, task.function, task.tenant, 1);
        run_unfolded(env, task, task_end{0, 0, 0, box + 1, sequence}, task.a, task.b);
    } else if (!place_by_warp(env, mailed(task, box, sequence), placement::anywhere)) {
        lanes::all().once([&] { answer(plane, box, sequence, 0, GBPF_NO_DESCRIPTOR, UINT32_MAX, true); });
    }
    lanes::all().once([&] { count_activity(plane, -1); });
    return true;
}

}  // namespace gbpf

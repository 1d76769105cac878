// A mailbox's attendant: one worker warp that runs the mailbox's requests and nothing else.
//
// What any idle warp may get must be given by a compare-and-swap, after a search for one that is idle. The attendant waits for one sender only,
// at a place of its own, so that plain stores do: each unit has the request's number in it, by which the attendant knows that it is whole. The
// sender posts the next one when it has been told that the last one has ended; until then requests go to any idle warp. In clusters the first
// mailboxes have their attendants in the control block's partner, and the place is in its shared memory; elsewhere it is in device memory.
#pragma once

#include "partner.cuh"

namespace gbpf {

constexpr uint32_t WARPS_FOR_ATTENDANTS = 8; // blocks with fewer have none to spare

/** The worker block that has a mailbox's attendant; `workers`: it has none. */
GBPF_DEVICE uint32_t attendants_block(const gbpf_params &q, uint32_t box, bool nearby) {
    return q.warps < WARPS_FOR_ATTENDANTS ? q.workers : nearby ? q.workers ^ 1 : (box * GBPF_RESERVE_EVERY + GBPF_RESERVE_EVERY / 2) % q.workers;
}

/** Which mailbox a worker warp attends; GBPF_MAX_HOST_MAILBOXES: none. The last warp of a block may be the one for what is urgent. */
GBPF_DEVICE uint32_t attended_by(const block_state &s, uint32_t warp) {
    const gbpf_params &q = s.plane.params;
    for (uint32_t box = 0; box < q.host_mailboxes; ++box) {
        if (s.index == attendants_block(q, box, attended_nearby(s, box)) && warp == q.warps - 2 - box) return box;
    }
    return GBPF_MAX_HOST_MAILBOXES;
}

/** What lies at the attendant's place. */
struct attended_task {
    uint32_t sequence;
    bool whole; // all of it is of one request
    gbpf_compact_task task;
};

/** Puts a request where its attendant in the partner finds it; `halves`: the task's words in the first four lanes. Called by a whole warp. */
GBPF_DEVICE void post_nearby(block_state &s, uint32_t box, uint32_t sequence, const lane_array<uint32_t> &halves) {
    for_lanes(0xf, [&](uint32_t lane) { partner_memory(s).word(s.requests[box][lane]).store(uint64_t{sequence} << 32 | halves[lane]); });
}

/** Looks at the attendant's place in this block. */
GBPF_DEVICE attended_task look_nearby(const block_state &s, uint32_t box) {
    const uint64_t *words = s.requests[box];
    const uint64_t w0 = peek(words[0]), w1 = peek(words[1]), w2 = peek(words[2]), w3 = peek(words[3]);
    const uint64_t other = (w0 ^ w1) | (w0 ^ w2) | (w0 ^ w3);
    return attended_task{static_cast<uint32_t>(w0 >> 32), other >> 32 == 0, task_of(task_words{static_cast<uint32_t>(w0) | w1 << 32, static_cast<uint32_t>(w2) | w3 << 32})};
}

/** Lets the next launch take a request anew that no attendant in the partner came to; called by a warp of the control block when the partner has ended. */
GBPF_DEVICE void return_requests(block_state &s) {
    lanes::all().once([&] {
        for (uint32_t box = 0; box < s.plane.params.host_mailboxes && attended_nearby(s, box); ++box) {
            if (s.attended[box] != s.attended_end[box]) s.plane.requests[box].sequence_and_a = s.attended[box] - 1;
        }
    });
}

/** Puts a request where its attendant finds it, who has ended the one before; called by one lane. What the host wrote is all that it shows. */
GBPF_DEVICE void post_to_attendant(gbpf_request &to, uint32_t sequence, const gbpf_compact_task &task) {
    const task_words words = words_of(task);
    const uint64_t tag = uint64_t{sequence} << 32;
    const uint64_t first = tag | static_cast<uint32_t>(words.word0), second = tag | words.word0 >> 32;
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
    store_unit(&to.task[2], second, 0);
    store_unit(&to.task[0], first, words.word1);
#else
    device_atomic<uint64_t>(to.task[2]).store(second, relaxed);
    device_atomic<uint64_t>(to.task[1]).store(words.word1, relaxed);
    device_atomic<uint64_t>(to.task[0]).store(first, release);
#endif
}

/**
 * Looks at the attendant's place; called by all lanes of a warp.
 *
 * @param acquires whether what was written before the request is seen after this; else after device_mail::settle()
 */
GBPF_DEVICE attended_task look_for_request(gbpf_request &from, bool acquires) {
    uint64_t word[3];
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
    [[maybe_unused]] uint64_t nothing;
    load_unit(&from.task[2], word[2], nothing);
    if (acquires) {
        load_unit_acquire(&from.task[0], word[0], word[1]);
    } else {
        load_unit(&from.task[0], word[0], word[1]);
    }
#else
    (void)acquires;
    word[0] = device_atomic<uint64_t>(from.task[0]).load(acquire);
    word[1] = device_atomic<uint64_t>(from.task[1]).load(relaxed);
    word[2] = device_atomic<uint64_t>(from.task[2]).load(relaxed);
#endif
    return attended_task{static_cast<uint32_t>(word[0] >> 32), word[0] >> 32 == word[2] >> 32,
        task_of(task_words{static_cast<uint32_t>(word[0]) | word[2] << 32, word[1]})};
}

}  // namespace gbpf

// A mailbox's attendant: one worker warp that runs the mailbox's requests and nothing else.
//
// What any idle warp may get must be given by a compare-and-swap, after a search for one that is idle. The attendant waits for one sender only,
// at a place of its own, so that plain stores do: each unit of 16 bytes has the request's number in it, by which the attendant knows that
// it is whole. The sender posts the next one when `attended` says that the last one has ended; until then requests go to any idle warp.
#pragma once

#include "layout.h"
#include "mail.cuh"

namespace gbpf {

constexpr uint32_t WARPS_FOR_ATTENDANTS = 8; // blocks with fewer have none to spare

/** The worker block that has a mailbox's attendant; `workers`: it has none. */
GBPF_DEVICE uint32_t attendants_block(const gbpf_params &q, uint32_t box) {
    return q.warps < WARPS_FOR_ATTENDANTS ? q.workers : (box * GBPF_RESERVE_EVERY + GBPF_RESERVE_EVERY / 2) % q.workers;
}

/** Which mailbox a worker warp attends; GBPF_MAX_HOST_MAILBOXES: none. The last warp of a block may be the one for what is urgent. */
GBPF_DEVICE uint32_t attended_by(const gbpf_params &q, uint32_t block, uint32_t warp) {
    for (uint32_t box = 0; box < q.host_mailboxes; ++box) {
        if (block == attendants_block(q, box) && warp == q.warps - 2 - box) return box;
    }
    return GBPF_MAX_HOST_MAILBOXES;
}

/** What lies at the attendant's place. */
struct attended_task {
    uint64_t word[3];
    GBPF_DEVICE uint32_t sequence() const { return static_cast<uint32_t>(word[0] >> 32); }
    /** Whether all of it is of one request. */
    GBPF_DEVICE bool whole() const { return word[0] >> 32 == word[2] >> 32; }
    GBPF_DEVICE gbpf_compact_task task() const {
        return task_of(task_words{static_cast<uint32_t>(word[0]) | word[2] << 32, word[1]});
    }
};

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
    attended_task t;
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
    [[maybe_unused]] uint64_t nothing;
    load_unit(&from.task[2], t.word[2], nothing);
    if (acquires) {
        load_unit_acquire(&from.task[0], t.word[0], t.word[1]);
    } else {
        load_unit(&from.task[0], t.word[0], t.word[1]);
    }
#else
    (void)acquires;
    t.word[0] = device_atomic<uint64_t>(from.task[0]).load(acquire);
    t.word[1] = device_atomic<uint64_t>(from.task[1]).load(relaxed);
    t.word[2] = device_atomic<uint64_t>(from.task[2]).load(relaxed);
#endif
    return t;
}

}  // namespace gbpf

// A mailbox's attendant: one worker warp that runs the mailbox's requests and nothing else.
//
// What any idle warp may get must be given by a compare-and-swap, after a search for one that is idle. The attendant waits for one sender only,
// at a place of its own, so that plain stores do: each unit of 16 bytes has the request's number in it, by which the attendant knows that
// it is whole. The sender posts the next one when `attended` says that the last one has ended; until then requests go to any idle warp.
#pragma once

#include "plane.cuh"

namespace gbpf {

constexpr uint32_t WARPS_FOR_ATTENDANTS = 8; // blocks with fewer have none to spare

constexpr uint32_t CANDIDATES = GBPF_GPU ? 8 : 1;
constexpr uint64_t CHOOSING_CYCLES = 100000; // for that all candidates of a launch have begun

/** Which mailbox a worker warp may attend; GBPF_MAX_HOST_MAILBOXES: none. The last warp of a block may be the one for what is urgent. */
GBPF_DEVICE uint32_t candidate_for(const gbpf_params &q, uint32_t block, uint32_t warp) {
    if (q.warps < WARPS_FOR_ATTENDANTS || block % GBPF_RESERVE_EVERY != GBPF_RESERVE_EVERY / 2 % q.workers || block / GBPF_RESERVE_EVERY >= CANDIDATES) {
        return GBPF_MAX_HOST_MAILBOXES;
    }
    const uint32_t box = q.warps - 2 - warp;
    return warp < q.warps - 1 && box < q.host_mailboxes ? box : GBPF_MAX_HOST_MAILBOXES;
}

/** How long a read of the host's memory takes from here, cycles, at most 65,535: from some SMs an answer takes a microsecond more than from others. */
GBPF_DEVICE uint32_t way_to_host(gbpf_host_mailbox &mail) {
    uint64_t least = UINT16_MAX;
    for (uint32_t round = 0; round < 3; ++round) {
        const uint64_t start = cycles();
        uint32_t next = 0;
        for (uint32_t i = 0; i < 5; ++i) next = system_atomic<uint64_t>(mail.request[next]).load(relaxed) == UINT64_MAX ? 1 : 0; // each waits for the one before
        const uint64_t used = (cycles() - start) / 4; // the last one is not waited for
        least = used < least ? used : least;
    }
    return static_cast<uint32_t>(least);
}

/** Whether this warp, a candidate, is the mailbox's attendant in this launch: the one nearest to the host, of those that have begun. Called by one lane. */
GBPF_OUTLINE bool becomes_attendant(const plane_view &plane, uint32_t box, uint32_t block) {
    gbpf_request &of = plane.requests[box];
    if (CANDIDATES > 1) {
        const uint64_t start = cycles(), near = UINT16_MAX - way_to_host(at<gbpf_host_mailbox>(plane.params.mailbox_address)[box]);
        const uint64_t own = uint64_t{plane.launch & 0xffff} << 48 | near << 16 | block;
        device_atomic<uint64_t> nearest(of.nearest);
        uint64_t before = nearest.load(relaxed);
        while ((before >> 48 != own >> 48 || before < own) && !nearest.compare_exchange_weak(before, own, relaxed, relaxed)) {}
        while (cycles() - start < CHOOSING_CYCLES) nap(1000);
        if (nearest.load(relaxed) != own) return false;
    }
    device_atomic<uint64_t> attendant(of.attendant); // once in a launch, whoever begins how late
    uint64_t was = attendant.load(relaxed);
    return was >> 32 != plane.launch && attendant.compare_exchange_strong(was, uint64_t{plane.launch} << 32 | block, relaxed, relaxed);
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
    asm volatile("{\n .reg .b128 v;\n mov.b128 v, {%1, %2};\n st.relaxed.gpu.global.b128 [%0], v;\n}" ::"l"(&to.task[2]), "l"(second), "l"(uint64_t{0}) : "memory");
    asm volatile("{\n .reg .b128 v;\n mov.b128 v, {%1, %2};\n st.relaxed.gpu.global.b128 [%0], v;\n}" ::"l"(&to.task[0]), "l"(first), "l"(words.word1) : "memory");
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
    asm volatile("{\n .reg .b128 v;\n ld.relaxed.gpu.global.b128 v, [%2];\n mov.b128 {%0, %1}, v;\n}" : "=l"(t.word[2]), "=l"(nothing) : "l"(&from.task[2]) : "memory");
    if (acquires) {
        asm volatile("{\n .reg .b128 v;\n ld.acquire.gpu.global.b128 v, [%2];\n mov.b128 {%0, %1}, v;\n}" : "=l"(t.word[0]), "=l"(t.word[1]) : "l"(&from.task[0]) : "memory");
    } else {
        asm volatile("{\n .reg .b128 v;\n ld.relaxed.gpu.global.b128 v, [%2];\n mov.b128 {%0, %1}, v;\n}" : "=l"(t.word[0]), "=l"(t.word[1]) : "l"(&from.task[0]) : "memory");
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

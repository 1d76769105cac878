// One task at a time from the host, for latency: the warp that polls the mailbox runs it itself, or hands it to the mailbox's attendant, or,
// while that one is busy, to an idle worker.
#pragma once

#include "attendant.cuh"
#include "run.cuh"

namespace gbpf {

/** A warp that polls a mailbox. Several may poll one, each reading a copy of its own, so that one of them reads every few hundred ns. */
class mailbox_poller {
public:
    GBPF_DEVICE mailbox_poller(gbpf_env &env, uint32_t box, uint32_t copy)
    : env_(env), box_(box), copy_(copy), seen_(agreed(block_of(env).mailbox_sequence[box])) {}

    /** Serves requests until the launch is to end. */
    GBPF_DEVICE void run() {
        for (uint32_t quiet = 0; lanes::all().ballot([&](uint32_t) { return peek(block().known.leave) != 0; }) == 0;) {
            quiet = look() ? 0 : quiet + 1;
            if (quiet == LOOKS_OF_THE_BUSY) settle();
#if !GBPF_GPU
            if (quiet > 4) nap(20000);
#endif
        }
        settle();
    }

private:
    static constexpr uint32_t LOOKS_OF_THE_BUSY = 16;
    static constexpr uint32_t REQUEST_LANES = 0xf;

    GBPF_DEVICE block_state &block() const { return block_of(env_); }
    GBPF_DEVICE gbpf_request &last() const { return block().plane.requests[box_]; }

    /** Looks once, and serves the request that is there; whether there was one. */
    GBPF_DEVICE bool look() {
        gbpf_host_mailbox &mail = at<gbpf_host_mailbox>(block().plane.params.mailbox_address)[box_];
        const bool nearby = attended_nearby(block(), box_);
        lane_array<uint64_t> words{}, ended{};
        // Whether the attendant is free is read before: that takes no longer than the host's words.
        if (!nearby) for_lanes(1, [&](uint32_t lane) { ended[lane] = device_atomic<uint64_t>(last().attended).load(relaxed); });
        for_lanes(REQUEST_LANES, [&](uint32_t lane) { words[lane] = system_atomic<uint64_t>(mail.request[copy_][lane]).load(together_acquire); });
        lane_array<uint32_t> halves, numbers;
        lanes::all().each([&](uint32_t lane) {
            halves[lane] = static_cast<uint32_t>(words[lane]);
            numbers[lane] = static_cast<uint32_t>(words[lane] >> 32);
        });
        const uint32_t sequence = from_lane(ALL_LANES, numbers, 0);
        const uint32_t whole = lanes::all().ballot([&](uint32_t lane) { return lane < 4 && numbers[lane] == sequence; });
        if (whole != REQUEST_LANES || sequence == seen_) return false;
        // Requests come one at a time, each after the answer to the one before: one that another poller took is over for this one.
        seen_ = sequence;
        const uint32_t taken = lanes::all().leader([&]() -> uint32_t {
            uint32_t before = sequence - 1;
            return block_atomic<uint32_t>(block().mailbox_sequence[box_]).compare_exchange_strong(before, sequence, relaxed, relaxed) ? 1 : 0;
        });
        if (taken == 0) return false;
        uint64_t half[4];
        for (uint32_t i = 0; i < 4; ++i) half[i] = from_lane(ALL_LANES, halves, i);
        gbpf_compact_task task = task_of(task_words{half[0] | half[1] << 32, half[2] | half[3] << 32});
        task.flags = static_cast<uint8_t>((task.flags & ~uint32_t{GBPF_TASK_DESCRIBED}) | GBPF_TASK_VALID);
        const bool in_block = (task.flags & GBPF_TASK_KIND) == GBPF_TASK_BLOCK;
        if (task.tenant >= block().plane.params.tenants) {
            note(sequence, task.a);
            refuse(sequence, GBPF_FAILED);
        } else if ((task.flags & GBPF_TASK_URGENT) != 0 && !in_block) {
            run_here(sequence, task);
        } else {
            task.flags |= GBPF_TASK_URGENT; // when no mail is open, its ring is one that reserved warps look into
            const uint32_t free = nearby ? 0 : static_cast<uint32_t>(from_lane(ALL_LANES, ended, 0));
            if (in_block || !attended(sequence, task, halves, nearby, free)) place(sequence, task);
        }
        return true;
    }

    /** Runs it in this warp. */
    GBPF_DEVICE void run_here(uint32_t sequence, const gbpf_compact_task &task) {
        write_task(env_, task, nullptr); // all lanes write the same: parting them takes longer
        lanes::all().once([&] {
            begin(sequence, task.a);
            begin_task_by_lane(env_, task.function, task.tenant, 1);
        });
        busy_ = true;
        run_unfolded(env_, task, task_end{0, 0, 0, box_ + 1, sequence}, task.a, task.b);
    }

    /** Gives it to the attendant, if that has nothing to do and may run it. `ended`: the last one that it has ended, of one that is not near. */
    GBPF_DEVICE bool attended(
        uint32_t sequence, const gbpf_compact_task &task, const lane_array<uint32_t> &halves, bool nearby, uint32_t ended) {
        block_state &s = block();
        const uint32_t at = attendants_block(s.plane.params, box_, nearby);
        if (at == s.plane.params.workers) return false;
        const uint32_t is_free = lanes::all().leader([&]() -> uint32_t {
            return peek(s.attended[box_]) == (nearby ? peek(s.attended_end[box_]) : ended) && serves(s, at, task.tenant) ? 1 : 0;
        });
        if (is_free == 0) return false;
        if (nearby) {
            lane_array<uint32_t> words{};
            for_lanes(REQUEST_LANES, [&](uint32_t lane) { words[lane] = lane == 0 ? static_cast<uint32_t>(words_of(task).word0) : halves[lane]; });
            post_nearby(s, box_, sequence, words);
        }
        lanes::all().once([&] {
            if (!nearby) post_to_attendant(last(), sequence, task);
            poke(s.attended[box_], sequence);
            tell(sequence, task.a);
        });
        return true;
    }

    /** Gives it to any worker. */
    GBPF_DEVICE void place(uint32_t sequence, const gbpf_compact_task &task) {
        lanes::all().once([&] { begin(sequence, task.a); });
        busy_ = true;
        if (!place_by_warp(env_, mailed(task, box_, sequence), placement::anywhere)) refuse(sequence, GBPF_NO_DESCRIPTOR);
    }

    GBPF_DEVICE void refuse(uint32_t sequence, uint32_t status) { answer(block().plane, box_, sequence, 0, status, UINT32_MAX, true); }

    /** Where a task finds the other half of its request, and the next launch which one was taken; called by one lane. */
    GBPF_DEVICE void tell(uint32_t sequence, uint32_t a) { device_atomic<uint64_t>(last().sequence_and_a).store(sequence | uint64_t{a} << 32, relaxed); }
    GBPF_DEVICE void note(uint32_t sequence, uint32_t a) {
        lanes::all().once([&] { tell(sequence, a); });
    }

    /** The same of one that makes this warp busy, which it is until nothing came for a while: to cease takes a fence. Called by one lane. */
    GBPF_DEVICE void begin(uint32_t sequence, uint32_t a) {
        if (!busy_) count_activity(block().plane, 1);
        tell(sequence, a);
    }

    GBPF_DEVICE void settle() {
        if (busy_) lanes::all().once([&] { count_activity(block().plane, -1); });
        busy_ = false;
    }

    gbpf_env &env_;
    const uint32_t box_;
    const uint32_t copy_;
    uint32_t seen_;
    bool busy_ = false; // the same in all lanes
};

}  // namespace gbpf

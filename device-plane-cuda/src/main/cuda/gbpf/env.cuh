// What a warp hands to the function that it runs, and how tasks that become ready find a worker.
#pragma once

#include "block.cuh"

/** Of one warp; its task's functions get it, and give it back with each call to the runtime. */
struct gbpf_env {
    gbpf::block_state *block;
    uint32_t warp;
    uint32_t worker; // block * warps + warp
    // The task that runs:
    uint32_t kind;
    uint32_t function;
    uint32_t tenant;
    uint32_t failed; // lanes (LANE), or not 0, that called gbpf_fail
    uint32_t lane;   // CPU: the lane whose turn it is
    uint32_t serial;  // counts its tasks, times 2
    uint64_t prepaid; // how far its tenant's pass was moved on when the task was picked
    const gbpf_task *described;
};

namespace gbpf {

enum class placement : uint32_t { anywhere, here, elsewhere, shared };

/** Marks a tenant as having tasks in rings. */
GBPF_DEVICE void mark(uint64_t &word, uint32_t tenant) {
    device_atomic<uint64_t> bits(word);
    const uint64_t bit = uint64_t{1} << tenant;
    if ((bits.load(relaxed) & bit) == 0) bits.fetch_or(bit, release);
}

/** Puts tasks of one tenant and one level into its ring; returns the lanes whose task went in. */
GBPF_DEVICE uint32_t enqueue(plane_view &plane, lanes who, const lane_array<gbpf_compact_task> &tasks, uint32_t tenant, uint32_t level) {
    const uint32_t taken = plane.ring_of(tenant, level).push(who, tasks, plane.limit());
    if (taken != 0) {
        who.once([&] {
            mark(plane.board->backlog, tenant);
            if (level == GBPF_RING_URGENT) mark(plane.board->urgent, tenant);
        });
    }
    return taken;
}

/** A warp begins (n = 1) or ceases (n = -1) to be busy. */
GBPF_DEVICE void count_activity(plane_view &plane, int32_t n) {
    device_atomic<uint64_t> activity(plane.board->activity);
    if (n > 0) {
        activity.fetch_add((uint64_t{1} << 32) + 1, relaxed);
    } else {
        activity.fetch_sub(1, release);
    }
}

/** Whether a block's vSlice serves the tenant. */
GBPF_DEVICE bool serves(plane_view &plane, uint32_t block, uint32_t tenant) {
    uint32_t v = 0;
    while (v + 1 < plane.params.vslices && block >= plane.params.vslice_end[v]) ++v;
    return device_atomic<uint64_t>(plane.vslices[v].eligible).load(relaxed) >> tenant & 1;
}

/** Hands a task to an idle warp of the own block, or of another that may serve the tenant; called by one lane. */
GBPF_DEVICE bool hand_over(block_state &s, uint32_t self, const gbpf_compact_task &task, placement where) {
    const task_words words = words_of(task);
    plane_view &plane = s.plane;
    if (!s.is_control() && (peek(s.known.eligible) >> task.tenant & 1) == 0) return false;
    if (where != placement::elsewhere && !s.is_control()) {
        for (uint32_t idle = peek(s.idle) & ~(1u << self); idle != 0; idle &= idle - 1) {
            const uint32_t warp = lowest_bit(idle);
            if (peek(s.mail[warp].word0) != GBPF_MAIL_OPEN) continue;
            count_activity(plane, 1);
            if (block_mail::post(s.mail[warp], words)) return true;
            count_activity(plane, -1);
        }
    }
    if (where == placement::here) return false;
    uint32_t first = 0, end = plane.params.workers;
    if (!s.is_control()) {
        first = s.vslice == 0 ? 0 : plane.params.vslice_end[s.vslice - 1];
        end = plane.params.vslice_end[s.vslice];
    }
    const uint32_t blocks = end - first;
    uint32_t block = first + (s.index * 7 + self * 3 + static_cast<uint32_t>(cycles() >> 6)) % blocks;
    for (uint32_t looked = 0, tried = 0; looked < blocks && tried < 3; ++looked, block = block + 1 == end ? first : block + 1) {
        if (block == s.index) continue;
        const uint32_t idle = peek(s.known.idle[block]);
        if (idle == 0) continue;
        const uint32_t warp = lowest_bit(idle);
        if (s.is_control() && !serves(plane, block, task.tenant)) continue;
        ++tried;
        count_activity(plane, 1);
        if (device_mail::post(plane.mail[block * s.warps + warp], words)) return true;
        count_activity(plane, -1);
        block_atomic<uint32_t>(s.known.idle[block]).fetch_and(~(1u << warp), relaxed);
    }
    return false;
}

/** Gives a warp or block task that is ready to a worker, at once if one is idle; false: there was no room. Called by one lane. */
GBPF_DEVICE bool place(gbpf_env &env, uint32_t lane, const gbpf_compact_task &task, placement where) {
    block_state &s = *env.block;
    if (where != placement::shared && ((task.flags & GBPF_TASK_KIND) != GBPF_TASK_LANE || where == placement::elsewhere)) {
        if (hand_over(s, env.warp, task, where)) {
            block_atomic<uint32_t>(s.handed_over).fetch_add(1, relaxed);
            return true;
        }
    }
    lane_array<gbpf_compact_task> one;
    one[lane] = task;
    return enqueue(s.plane, lanes{1u << lane}, one, task.tenant, level_of(task.flags)) != 0;
}

/** Places the tasks of these lanes; lane tasks stay on the SM while others have enough to do. Returns the lanes that found room. */
GBPF_DEVICE uint32_t place_lanes(gbpf_env &env, lanes who, const lane_array<gbpf_compact_task> &tasks, placement where) {
    block_state &s = *env.block;
    uint32_t placed = 0;
    const uint32_t small = who.ballot([&](uint32_t lane) {
        return (tasks[lane].flags & GBPF_TASK_KIND) == GBPF_TASK_LANE && where != placement::elsewhere;
    });
    if (small != 0 && !s.is_control() && where != placement::shared) {
        // Others are hungry: what is beyond a few turns of this block goes where they find it.
        const bool share = who.leader([&]() -> uint32_t {
            return where == placement::anywhere && peek(s.hungry) != 0 && s.local().size() > 4 * WARP_LANES * s.warps / 8 ? 1 : 0;
        }) != 0;
        if (!share) {
#if GBPF_GPU
            if (small >> lane_id() & 1) placed = s.local().push(lanes{small}, tasks, s.plane.limit());
            placed = who.ballot([&](uint32_t lane) { return (placed >> lane & 1) != 0; });
#else
            placed = s.local().push(lanes{small}, tasks, s.plane.limit());
#endif
            poke(s.local_tenant, env.tenant);
        }
    }
    const uint32_t rest = small & ~placed;
    uint32_t queued = 0;
    if (rest != 0) {
#if GBPF_GPU
        if (rest >> lane_id() & 1) queued = enqueue(s.plane, lanes{rest}, tasks, env.tenant, GBPF_RING_LANES);
        queued = who.ballot([&](uint32_t lane) { return (queued >> lane & 1) != 0; });
#else
        queued = enqueue(s.plane, lanes{rest}, tasks, env.tenant, GBPF_RING_LANES);
#endif
    }
    const uint32_t single = who.ballot([&](uint32_t lane) { return (small >> lane & 1) == 0 && place(env, lane, tasks[lane], where); });
    return placed | queued | single;
}

}  // namespace gbpf

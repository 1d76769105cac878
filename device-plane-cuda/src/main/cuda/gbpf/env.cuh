// What a warp hands to the function that it runs, and how tasks that become ready find a worker.
#pragma once

#include "block.cuh"
#include "include/gbpf_task.h"

/** Of one warp; its task's functions get it, and give it back with each call to the runtime. */
struct gbpf_env : gbpf_env_front {
    gbpf::block_state *block;
    uint32_t warp;
    uint32_t worker; // block * warps + warp
    // The task that runs:
    uint32_t failed; // lanes (LANE), or not 0, that called gbpf_fail
    uint32_t lane;   // CPU: the lane whose turn it is
    uint32_t lanes;  // of LANE tasks: that run
    uint64_t prepaid; // how far its tenant's pass was moved on when the task was picked
    const gbpf_task *described;
    // The worker's:
    uint32_t joined;  // the last call of the block that it came to
    uint32_t lookout; // 1: it is the block's lookout
    uint32_t watcher; // 1: it watches what comes from the partner
    uint32_t other;   // 1 + a block that seems idle, to which its next task for another SM goes first; 0: none
    uint32_t spared;  // how often it left what stirred to others, as a lookout
};

#if GBPF_GPU
extern __shared__ __align__(16) unsigned char gbpf_shared[];
#endif

namespace gbpf {

/** What the warps of a block use all the time: at the start of its shared memory. */
struct worker_memory {
    block_state state;
    gbpf_env envs[GBPF_MAX_WARPS];
};

// On the GPU these give what belongs to the calling warp by its place in shared memory, which takes shorter and faster instructions than a
// pointer, and nothing out of local memory, which the polls of idle warps empty the cache of.
#if GBPF_GPU
GBPF_DEVICE block_state &block_of(const gbpf_env &) { return reinterpret_cast<worker_memory *>(gbpf_shared)->state; }
GBPF_DEVICE gbpf_env &own(gbpf_env &) { return reinterpret_cast<worker_memory *>(gbpf_shared)->envs[threadIdx.x / WARP_LANES]; }
GBPF_DEVICE uint32_t own_warp(const gbpf_env &) { return threadIdx.x / WARP_LANES; }
#else
inline block_state &block_of(const gbpf_env &env) { return *env.block; }
inline gbpf_env &own(gbpf_env &env) { return env; }
inline uint32_t own_warp(const gbpf_env &env) { return env.warp; }
#endif

enum class placement : uint32_t { anywhere, here, elsewhere, shared };

/** Marks a tenant as having tasks in rings. Who sees the mark before the tasks takes it away, and the tick sets it again. */
template <class Order = decltype(release)> GBPF_DEVICE void mark(uint64_t &word, uint32_t tenant, Order order = release) {
    device_atomic<uint64_t> bits(word);
    const uint64_t bit = uint64_t{1} << tenant;
    if ((bits.load(relaxed) & bit) == 0) bits.fetch_or(bit, order);
}

/**
 * Puts tasks of one tenant and one level into its ring; returns the lanes whose task went in.
 *
 * @param kept how many slots they may fill of those that are kept for tasks that nobody else has
 */
template <class Who> GBPF_DEVICE uint32_t enqueue(
    plane_view &plane, Who who, lane_argument<gbpf_compact_task> tasks, uint32_t tenant, uint32_t level, uint32_t kept = 0) {
    const uint32_t taken = plane.ring_of(tenant, level).push_kept(who, tasks, kept, plane.limit());
    if (taken != 0) {
        who.once([&] {
            mark(plane.board->backlog, tenant);
            if (level == GBPF_RING_URGENT) mark(plane.board->urgent, tenant);
            if (level == GBPF_RING_RELEASED) mark(plane.board->released, tenant);
        });
    }
    return taken;
}

/** A warp of the control block begins (n = 1) or ceases (n = -1) to be busy. */
GBPF_DEVICE void count_activity(plane_view &plane, int32_t n) {
    device_atomic<uint64_t> activity(plane.board->activity);
    if (n > 0) {
        activity.fetch_add(WAKE + 1, relaxed);
    } else {
        activity.fetch_sub(1, release);
    }
}

/** Which place a block has in its vSlice. */
GBPF_DEVICE uint32_t place_of(const gbpf_params &q, uint32_t block) { return block - first_block_of(q, vslice_of(q, block)); }

/** Whether a block may run the tenant's tasks: its vSlice serves the tenant, and is not limited to blocks before it. */
GBPF_DEVICE bool serves(block_state &s, uint32_t block, uint32_t tenant) {
    plane_view &plane = s.plane;
    if (plane.params.vslices == 1) return peek(s.known.eligible) >> tenant & 1;
    gbpf_vslice_state &of = plane.vslices[vslice_of(plane.params, block)];
    const uint64_t eligible = device_atomic<uint64_t>(of.eligible).load(relaxed); // both loads are under way together
    const uint32_t limit = device_atomic<uint32_t>(of.worker_limit).load(relaxed);
    return (eligible >> tenant & 1) != 0 && block - of.first_block < limit;
}

/** Hands a task to one of these idle warps of the own block; called by one lane. */
GBPF_DEVICE bool hand_over_here(block_state &s, uint32_t self, uint32_t idle, const task_words &words) {
    for (idle &= ~(1u << self); idle != 0; idle &= idle - 1) {
        const uint32_t warp = lowest_bit(idle);
        block_atomic<uint32_t>(s.presence).fetch_add(ONE_PRESENT, relaxed);
        if (block_mail::post(s.mail[warp], words)) return true;
        block_atomic<uint32_t>(s.presence).fetch_sub(ONE_PRESENT, relaxed);
    }
    return false;
}

/** One of the blocks that this one hands tasks over to: any, so that senders seldom try the same one. */
GBPF_DEVICE uint32_t any_block(const block_state &s, uint32_t self) {
    const uint32_t dice = (static_cast<uint32_t>(cycles()) ^ s.index << 16 ^ self << 11) * 2654435761u;
    return s.first_block + static_cast<uint32_t>(uint64_t{dice} * s.blocks >> 32);
}

/** Hands a task to an idle warp of the own block, or of another that may serve the tenant, if it is one for that; called by one lane. */
GBPF_DEVICE bool hand_over(block_state &s, uint32_t self, const gbpf_compact_task &task, placement where) {
    if (where == placement::shared || ((task.flags & GBPF_TASK_KIND) == GBPF_TASK_LANE && where != placement::elsewhere)) return false;
    const task_words words = words_of(task);
    plane_view &plane = s.plane;
    const bool control = s.is_control();
    const uint64_t eligible = peek(s.known.eligible);
    const uint32_t idle = peek(s.idle), lookout = peek(s.lookout), hungry = peek(s.hungry);
    const uint32_t own = s.index, first = s.first_block, blocks = s.blocks;
    if (!control) {
        if ((eligible >> task.tenant & 1) == 0) return false;
        if (where != placement::elsewhere) {
            if (hand_over_here(s, self, idle, words) || (lookout != 0 && device_mail::post(plane.mail_of(own), words))) {
                block_atomic<uint32_t>(s.handed_over).fetch_add(1, relaxed);
                return true;
            }
            if (where == placement::here) return false;
        }
    }
    const uint32_t start = any_block(s, self);
    const auto give = [&](uint32_t block) {
        if (!device_mail::post(plane.mail_of(block), words)) return false;
        block_atomic<uint32_t>(s.handed_over).fetch_add(1, relaxed);
        return true;
    };
    if (hungry != 0) {
        uint32_t block = start;
        for (uint32_t looked = 0, tried = 0; looked < blocks && tried < 3; ++looked, block = block + 1 == first + blocks ? first : block + 1) {
            if (block == own || peek(s.known.idle[block]) == 0) continue;
            if (control && !serves(s, block, task.tenant)) continue;
            ++tried;
            if (give(block)) return true;
            poke(s.known.idle[block], 0u); // until the next refresh
        }
    }
    // Nobody is idle: what is urgent finds the warps that are kept for it.
    if ((task.flags & GBPF_TASK_URGENT) == 0 && !is_mailed(task)) return false;
    uint32_t block = start;
    for (uint32_t looked = 0; looked < blocks && looked < 4 * GBPF_RESERVE_EVERY; ++looked, block = block + 1 == first + blocks ? first : block + 1) {
        if (block == own || !is_reserve(place_of(plane.params, block)) || (control && !serves(s, block, task.tenant))) continue;
        if (give(block)) return true;
    }
    return false;
}

/** Looks for a block that seems idle, for the next task that goes to another SM; called by one lane of a worker block's warp. */
GBPF_DEVICE void choose_other(gbpf_env &env) {
    constexpr uint32_t LOOKS = 4;
    block_state &s = block_of(env);
    const uint32_t end = s.first_block + s.blocks;
    uint32_t block = any_block(s, own_warp(env)), other = 0;
    for (uint32_t looked = 0; looked < LOOKS && other == 0; ++looked, block = block + 1 == end ? s.first_block : block + 1) {
        if (block != s.index && peek(s.known.idle[block]) != 0) other = block + 1;
    }
    env.other = other;
}

/**
 * Hands a warp or block task to the block that this warp looked up while it was idle: one try, by which nothing is searched. False: there is none, or
 * it is not idle any more, and nothing was done. Called by a whole warp.
 */
GBPF_DEVICE bool hand_over_to_other(gbpf_env &env, const gbpf_compact_task &task) {
    block_state &s = block_of(env);
    const uint32_t other = peek(env.other);
    const bool fits = other != 0 && peek(s.known.idle[other - 1]) != 0 && (peek(s.known.eligible) >> task.tenant & 1) != 0; // still so
    if (lanes::all().ballot([&](uint32_t) { return fits; }) == 0) return false;
    return lanes::all().leader([&]() -> uint32_t {
        const bool given = device_mail::post(s.plane.mail_of(other - 1), words_of(task));
        poke(env.other, 0u);
        if (given) block_atomic<uint32_t>(s.handed_over).fetch_add(1, relaxed);
        return given ? 1 : 0;
    }) != 0;
}

/** Puts a task that is ready into a ring of its tenant; false: there was no room. Called by one lane. */
GBPF_OUTLINE bool enqueue_at(block_state &s, gbpf_compact_task task, uint32_t level, uint32_t kept) {
    lane_array<gbpf_compact_task> one;
    one[0] = task;
    return enqueue(s.plane, one_lane{0}, one, task.tenant, level, kept) != 0;
}
/** The same, into the ring of its level. */
GBPF_DEVICE bool enqueue_one(block_state &s, const gbpf_compact_task &task, uint32_t kept = 0) {
    return enqueue_at(s, task, level_of(task.flags), kept);
}

/** Whether a task is a warp task that has no descriptor and tells nobody how it ends. */
GBPF_DEVICE bool is_bare(const gbpf_compact_task &task) {
    return (task.flags & (GBPF_TASK_KIND | GBPF_TASK_DESCRIBED | GBPF_TASK_NOTIFY)) == GBPF_TASK_WARP;
}

/** The address of a function, if it is one of those that the block has at hand; else 0. */
GBPF_DEVICE uint64_t near_function(const block_state &s, uint32_t number) {
    const uint64_t address = s.functions[number % NEAR_FUNCTIONS]; // looked up in any case: without a branch
    return number < NEAR_FUNCTIONS ? address : 0;
}

/** The address of a bare task's function that the block has at hand; 0: it is not one. */
GBPF_DEVICE uint64_t bare_function(const block_state &s, const gbpf_compact_task &task) { return is_bare(task) ? near_function(s, task.function) : 0; }

/**
 * Keeps a task that became ready for this warp, which goes on with it when the one that runs ends (gbpf_keep()); false: it keeps one already, or
 * the task is another tenant's, or not one for that. Called by one lane.
 */
GBPF_DEVICE bool keep(gbpf_env &env, const gbpf_compact_task &task) {
    return task.tenant == env.tenant && gbpf_keep(&env, false, task.function, task.flags, task.a, task.b);
}

/** Gives a warp or block task that is ready to a worker, at once if one is idle; false: there was no room. Called by one lane. */
GBPF_OUTLINE bool place(gbpf_env &env, gbpf_compact_task task, placement where, uint32_t kept = 0) {
    return hand_over(block_of(env), own_warp(env), task, where) || enqueue_one(block_of(env), task, kept);
}

/**
 * The same for a task that nobody may refuse: it has slots that neither the host nor spawns fill, in the end a ring of its own. A warp that
 * waited here for a tenant's turn would be one less that serves the others, until all wait.
 */
GBPF_OUTLINE bool place_surely(gbpf_env &env, gbpf_compact_task task, placement where) {
    block_state &s = block_of(env);
    patience limit = s.plane.limit();
    while (!place(env, task, where, s.plane.kept_slots()) && !enqueue_at(s, task, GBPF_RING_RELEASED, 0)) {
        if (limit.wait()) continue;
        device_atomic<uint64_t>(s.plane.board->fatal).fetch_add(1, relaxed);
        return false;
    }
    return true;
}

/** As place(), called by a whole warp: on the way of a hand-over nothing is called, for a call by one lane parts it from the others. */
GBPF_DEVICE bool place_by_warp(gbpf_env &env, const gbpf_compact_task &task, placement where) {
    const lanes who = lanes::all();
    if (who.leader([&]() -> uint32_t { return hand_over(block_of(env), own_warp(env), task, where) ? 1 : 0; }) != 0) return true;
    return who.leader([&]() -> uint32_t { return enqueue_one(block_of(env), task) ? 1 : 0; }) != 0;
}

/**
 * Places the tasks of these lanes; lane tasks stay on the SM while others have enough to do. Returns the lanes that found room. Where they go may
 * differ from lane to lane, so all that decides which way the lanes go together is agreed on first.
 */
template <class Who>
GBPF_DEVICE uint32_t place_lanes(gbpf_env &env, Who who, lane_argument<gbpf_compact_task> tasks, lane_argument<placement> where) {
    block_state &s = block_of(env);
    uint32_t placed = 0;
    const uint32_t small = who.ballot([&](uint32_t lane) {
        return (tasks[lane].flags & GBPF_TASK_KIND) == GBPF_TASK_LANE && where[lane] != placement::elsewhere;
    });
    const uint32_t anywhere = small & who.ballot([&](uint32_t lane) { return where[lane] == placement::anywhere; });
    const uint32_t here = small & who.ballot([&](uint32_t lane) { return where[lane] == placement::here; });
    if ((anywhere | here) != 0 && !s.is_control()) {
        // Others are hungry: what is beyond a few turns of this block goes where they find it.
        const bool share = who.leader([&]() -> uint32_t {
            return peek(s.hungry) != 0 && s.local().size() > 4 * WARP_LANES * s.warps / 8 ? 1 : 0;
        }) != 0;
        const uint32_t stay = share ? here : anywhere | here;
        if (stay != 0) {
            placed = s.local().push(who.some(stay), tasks, s.plane.limit());
            poke(s.local_tenant, env.tenant);
        }
    }
    const uint32_t rest = small & ~placed;
    const uint32_t queued = rest == 0 ? 0 : enqueue(s.plane, who.some(rest), tasks, env.tenant, GBPF_RING_LANES);
    const uint32_t single = who.ballot([&](uint32_t lane) { return (small >> lane & 1) == 0 && place(env, tasks[lane], where[lane]); });
    return placed | queued | single;
}

}  // namespace gbpf

// Which task a free warp runs: urgent ones first, else the tenant whose virtual time is least.
//
// Each block schedules its own warps by stride scheduling (Waldspurger and Weihl, 1995): a tenant's virtual time moves by the cycles
// that it used over its share. That needs no word that blocks have in common, and since every block gives each backlogged
// tenant its share of this block, each gets its share of the vSlice. A tenant that was away comes back at most LAG_CYCLES behind.
#pragma once

#include "run.cuh"

namespace gbpf {

constexpr uint32_t LAG_CYCLES = 1 << 22;

/** The built-in fair policy: what is left out of every hook. Also the seam for policies from tables (table_policy.cuh). */
struct fair_policy {
    /** Called once by each warp, before anything else. */
    template <class Block, class Table> GBPF_DEVICE void attach(Block &, Table &) {}
    template <uint32_t HOOK, class Context> GBPF_DEVICE uint64_t ask(Context *, uint64_t otherwise) { return otherwise; }
    /** Whether a program answers this hook; what lanes see may differ where other warps bring new tables. */
    GBPF_DEVICE bool has(uint32_t) const { return false; }
    /** Whether the host's table is a new one, and whether all blocks have the last one; called again and again by the warp that reads the host's words. */
    GBPF_DEVICE void watch(uint64_t, uint64_t) {}
    /** Takes the newest table; called by the ticking warp at the start of a tick. */
    GBPF_DEVICE void adopt() {}
    /** Does the change of a map that the host asks for, when its number is a new one; called by the ticking warp. */
    GBPF_DEVICE void change_map(uint64_t, uint64_t) {}
    /** Whether a policy of a table decides; asked by the ticking warp. */
    GBPF_DEVICE bool decides() const { return false; }
    /** The policy lets none of the tasks start that wait, this tenant's first of all; called by one lane of the ticking warp. */
    GBPF_DEVICE void stalls(uint32_t) {}
    /** Takes the newest table; called by one warp of a worker block at a time, after a tick and when there is a table that it has not taken. */
    GBPF_DEVICE void follow() {}
};

/** Whether a program answers cta_admit, the same in all lanes of a whole warp. */
template <class Policy> GBPF_DEVICE bool decides_admission(const Policy &policy) {
    return lanes::all().ballot([&](uint32_t) { return policy.has(GBPF_HOOK_CTA_ADMIT); }) != 0;
}

/** Clears a tenant's bit, unless there is something after all; called by one lane. */
template <class Count> GBPF_DEVICE void unmark(uint64_t &word, uint64_t &known, uint32_t tenant, Count count) {
    const uint64_t bit = uint64_t{1} << tenant;
    if ((block_atomic<uint64_t>(known).fetch_and(~bit, relaxed) & bit) == 0) return; // another warp of the block does it
    device_atomic<uint64_t>(word).fetch_and(~bit, acq_rel);
    if (count() != 0) device_atomic<uint64_t>(word).fetch_or(bit, release);
}

// When nobody is idle a warp takes several warp or block tasks, for the way to a ring is long; not of a tenant whose last task here was
// long too, since the others would wait behind the first.
constexpr uint32_t TASKS_AT_ONCE = 4;
constexpr uint32_t SHORT_CYCLES = 20000;

/** Takes a tenant's next tasks out of its rings, or an urgent task only; returns the lanes that have one. */
GBPF_DEVICE uint32_t take(gbpf_env &env, uint32_t tenant, bool only_urgent, uint32_t most, lane_array<gbpf_compact_task> &out) {
    block_state &s = block_of(env);
    gbpf_board &board = *s.plane.board;
    const uint64_t urgent = agreed(s.known.urgent), released = agreed(s.known.released);
    GBPF_LOOP
    for (uint32_t level = 0; level < GBPF_RINGS; ++level) {
        if (level == GBPF_RING_URGENT && (urgent >> tenant & 1) == 0) continue;
        if (level == GBPF_RING_RELEASED && (released >> tenant & 1) == 0) continue;
        const task_ring from = s.plane.ring_of(tenant, level);
        const uint32_t taken = from.pop(level == GBPF_RING_LANES ? WARP_LANES : level == GBPF_RING_URGENT ? 1 : most, out, s.plane.limit());
        if (level == GBPF_RING_URGENT && taken == 0) {
            lanes::all().once([&] { unmark(board.urgent, s.known.urgent, tenant, [&] { return from.size(); }); });
        }
        if (level == GBPF_RING_RELEASED && taken == 0) {
            lanes::all().once([&] { unmark(board.released, s.known.released, tenant, [&] { return from.size(); }); });
        }
        if (taken != 0 || only_urgent) return taken;
    }
    lanes::all().once([&] { unmark(board.backlog, s.known.backlog, tenant, [&] { return s.plane.queued(tenant); }); });
    return 0;
}

/** The tenant to serve next: the one furthest behind, moved up first if it was away for long. */
GBPF_DEVICE uint32_t choose(block_state &s, uint64_t candidates) {
    const uint64_t now = peek(s.vtime);
    const auto ahead = [&](uint32_t t) { // of now; at least -lag
        const int64_t lag = static_cast<int64_t>(pass_of(s, t, LAG_CYCLES)), by = static_cast<int64_t>(peek(s.pass[t]) - now);
        return by < -lag ? -lag : by;
    };
    const uint32_t tenant = least_of_64([&](uint32_t t) {
        return candidates >> t & 1 ? static_cast<uint64_t>(ahead(t)) ^ uint64_t{1} << 63 : UINT64_MAX;
    });
    lanes::all().once([&] {
        const int64_t by = ahead(tenant);
        if (by > static_cast<int64_t>(peek(s.pass[tenant]) - now)) poke(s.pass[tenant], now + static_cast<uint64_t>(by));
        if (by > 0) poke(s.vtime, now + static_cast<uint64_t>(by));
    });
    return tenant;
}

/** Asks cta_admit about a task; `next` is the tenant to ask about after a SKIP, or 64. Called by a whole warp. */
template <class Policy>
GBPF_OUTLINE uint32_t admit(gbpf_env &env, Policy &policy, gbpf_compact_task task, uint32_t skipped, uint32_t &next) {
    next = GBPF_MAX_TENANTS;
    if (!decides_admission(policy)) return GBPF_START;
    block_state &s = block_of(env);
    const uint64_t answer = lanes::all().leader([&]() -> uint64_t {
        gbpf_grant &g = s.plane.grants[s.vslice * s.plane.params.tenants + task.tenant];
        const gbpf_task *d = (task.flags & GBPF_TASK_DESCRIBED) && !is_mailed(task) ? s.plane.descriptors + task.a : nullptr;
        gbpf_cta_admit_ctx ctx{};
        ctx.now_ns = now_ns();
        ctx.tenant = task.tenant;
        ctx.vslice = s.vslice;
        ctx.weight = device_atomic<uint32_t>(g.weight).load(relaxed);
        ctx.priority = device_atomic<uint32_t>(g.priority).load(relaxed);
        ctx.task_id = uint64_t{env.worker} << 32 | peek(s.beats[own_warp(env)].serial);
        ctx.submitted_ns = d == nullptr ? 0 : d->submitted_ns;
        ctx.cost_ns = d == nullptr ? 0 : d->cost_ns;
        const int64_t tokens = device_atomic<int64_t>(g.tokens_ns).load(relaxed);
        ctx.tokens_ns = tokens > 0 ? static_cast<uint64_t>(tokens) : 0;
        ctx.queued_tasks = s.plane.queued(task.tenant) + uint64_t{1};
        ctx.tag = d == nullptr ? task.b : d->tag;
        ctx.function = task.function;
        ctx.running_tasks = device_atomic<uint32_t>(g.running).load(relaxed);
        ctx.free_workers = 1 + count_bits(peek(s.idle));
        ctx.skipped = skipped < 63 ? skipped : 63;
        const uint64_t verdict = policy.template ask<GBPF_HOOK_CTA_ADMIT>(&ctx, GBPF_START);
        return verdict << 32 | (ctx.next == 0 || ctx.next > GBPF_MAX_TENANTS ? GBPF_MAX_TENANTS : ctx.next - 1);
    });
    next = static_cast<uint32_t>(answer);
    return static_cast<uint32_t>(answer >> 32);
}

/** Puts tasks back into their rings; returns those for which there is no room. Called by a whole warp. */
GBPF_OUTLINE uint32_t put_back(gbpf_env &env, uint32_t mask, lane_argument<gbpf_compact_task> tasks) {
    uint32_t left = 0;
    while (mask != 0) {
        const gbpf_compact_task first = from_lane(ALL_LANES, tasks, lowest_bit(mask));
        const uint32_t level = level_of(first.flags);
        const uint32_t group = lanes::all().ballot([&](uint32_t lane) {
            return (mask >> lane & 1) && tasks[lane].tenant == first.tenant && level_of(tasks[lane].flags) == level;
        });
        mask &= ~group;
        left |= group & ~enqueue(block_of(env).plane, lanes::all().some(group), tasks, first.tenant, level, block_of(env).plane.kept_slots());
    }
    return left;
}

/**
 * Asks cta_admit about tasks of one tenant that a warp took, lane tasks all at once; returns the lanes whose task may not start.
 * Called by a whole warp.
 */
template <class Policy>
GBPF_DEVICE uint32_t refuse(gbpf_env &env, Policy &policy, uint32_t taken, const lane_array<gbpf_compact_task> &tasks, uint32_t skipped,
    uint32_t &next, bool &park) {
    next = GBPF_MAX_TENANTS;
    if (!decides_admission(policy)) return 0;
    uint32_t refused = 0;
    for (uint32_t rest = taken; rest != 0;) {
        const gbpf_compact_task task = from_lane(ALL_LANES, tasks, lowest_bit(rest));
        const uint32_t these = (task.flags & GBPF_TASK_KIND) == GBPF_TASK_LANE ? rest : rest & (0 - rest);
        rest &= ~these;
        uint32_t after;
        const uint32_t verdict = admit(env, policy, task, skipped, after);
        if (verdict == GBPF_START) continue;
        refused |= these;
        next = after;
        park = verdict == GBPF_PARK;
        if (park) return refused | rest;
    }
    return refused;
}

/** Tasks for a free warp, or for one that is kept for what is urgent; returns the lanes that have one. */
template <class Policy> GBPF_DEVICE uint32_t pick(gbpf_env &env, Policy &policy, bool only_urgent, lane_array<gbpf_compact_task> &out) {
    block_state &s = block_of(env);
    if (agreed(s.known.parked) != 0) return 0;
    const uint64_t eligible = agreed(s.known.eligible);
    uint64_t waiting = agreed(s.known.backlog) & eligible;
    if (only_urgent) waiting &= agreed(s.known.urgent);
    const uint32_t own = agreed(s.local_tenant);
    const bool hungry = agreed(s.hungry) != 0;
    for (uint32_t skipped = 0, next = GBPF_MAX_TENANTS; skipped < GBPF_MAX_TENANTS; ++skipped) {
        const uint64_t urgent = waiting & agreed(s.known.urgent);
        const bool has_own = !only_urgent && urgent == 0 && lanes::all().leader([&] { return s.local().size(); }) != 0;
        const uint64_t candidates = only_urgent || urgent != 0 ? urgent : waiting | (has_own ? uint64_t{1} << own : 0);
        if (candidates == 0) return 0;
        const uint32_t tenant = next < GBPF_MAX_TENANTS && (candidates >> next & 1) ? next
            : (candidates & (candidates - 1)) == 0 ? lowest_bit(candidates) : choose(s, candidates);
        uint32_t taken = has_own && tenant == own ? s.local().pop(WARP_LANES, out, s.plane.limit()) : 0;
        if (taken != 0) {
            const uint32_t barred = lanes::all().ballot([&](uint32_t lane) {
                return (taken >> lane & 1) && (eligible >> out[lane].tenant & 1) == 0;
            });
            if (barred != 0) taken = (taken & ~barred) | put_back(env, barred, out);
            if (taken == 0) continue;
        } else if (waiting >> tenant & 1) {
            const uint32_t last = agreed(s.estimate[tenant]);
            taken = take(env, tenant, only_urgent, !hungry && last != 0 && last < SHORT_CYCLES ? TASKS_AT_ONCE : 1, out);
        }
        waiting &= ~(uint64_t{1} << tenant);
        if (taken == 0) continue;
        const gbpf_compact_task first = from_lane(ALL_LANES, out, lowest_bit(taken));
        bool park = false;
        const uint32_t refused = refuse(env, policy, taken, out, skipped, next, park);
        if (refused != 0) taken = (taken & ~refused) | put_back(env, refused, out);
        if (park) lanes::all().once([&] { poke(s.known.parked, 1u); });
        if (taken != 0) {
            lanes::all().once([&] {
                env.prepaid = pass_of(s, first.tenant, peek(s.estimate[first.tenant]));
                advance(s, first.tenant, env.prepaid);
            });
            return taken;
        }
        if (park) return 0;
    }
    return 0;
}

}  // namespace gbpf

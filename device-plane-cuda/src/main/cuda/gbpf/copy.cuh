// Copies: the one task function that the runtime has itself, and what its tenants may move.
//
// A copy is a task with a descriptor: args[0] where to, args[1] where from, args[2] how many bytes are left, args[3] GBPF_COPY_TO_HOST
// or 0, and from its begin on also how many there were. A warp moves it in pieces and asks before each whether its tenant may, so that
// neither a leave nor an end of the budget waits for more than a piece. One that may not go on is parked: its warp puts it on the stack
// of its tenant and direction, the tick moves that to the end of the queue of those parked, and puts them back into the tenant's rings, as
// many as the budget is for. While some are parked, or on their way back, others of the tenant line up behind them.
#pragma once

#include "pick.cuh"

namespace gbpf {

constexpr uint64_t COPY_COMES_BACK = 1; // b of a copy that was parked

GBPF_DEVICE bool is_copy(const gbpf_compact_task &task) {
    return task.function == GBPF_FUNCTION_COPY && (task.flags & GBPF_TASK_DESCRIBED) != 0 && !is_mailed(task);
}

/** Copies units of a type that both addresses are aligned for; called by a whole warp. */
template <class T> GBPF_DEVICE void copy_units(uint64_t to, uint64_t from, uint64_t units) {
    constexpr uint32_t AT_ONCE = 4; // loads of a lane that are under way together
    lanes::all().each([&](uint32_t lane) {
        for (uint64_t base = lane; base < units; base += AT_ONCE * WARP_LANES) {
            T some[AT_ONCE];
            GBPF_UNROLL
            for (uint32_t k = 0; k < AT_ONCE; ++k) {
                if (base + k * WARP_LANES < units) some[k] = at<const T>(from)[base + k * WARP_LANES];
            }
            GBPF_UNROLL
            for (uint32_t k = 0; k < AT_ONCE; ++k) {
                if (base + k * WARP_LANES < units) at<T>(to)[base + k * WARP_LANES] = some[k];
            }
        }
    });
}

/** Copies bytes of any alignment that do not overlap, by the largest units that both addresses allow; called by a whole warp. */
GBPF_OUTLINE void copy_bytes(uint64_t to, uint64_t from, uint64_t bytes) {
    const uint64_t apart = to ^ from;
    const uint64_t unit = (apart & 15) == 0 ? 16 : (apart & 3) == 0 ? 4 : 1;
    const uint64_t gap = (0 - to) & (unit - 1), head = gap < bytes ? gap : bytes;
    const uint64_t units = (bytes - head) / unit, tail = (bytes - head) % unit;
    copy_units<uint8_t>(to, from, head);
    if (unit == 16) {
        copy_units<uint4_words>(to + head, from + head, units);
    } else if (unit == 4) {
        copy_units<uint32_t>(to + head, from + head, units);
    } else {
        copy_units<uint8_t>(to + head, from + head, units);
    }
    copy_units<uint8_t>(to + bytes - tail, from + bytes - tail, tail);
}

/** A piece of a copy. */
struct copy_piece {
    uint64_t to;
    uint64_t from;
    uint64_t bytes; // 0: none
    uint64_t over;  // 1: nothing is left
};

/** How many bytes of those that are left a copy may move now; 0: none until the next tick. Called by one lane. */
GBPF_DEVICE uint64_t claim_piece(plane_view &plane, gbpf_copies &copies, uint64_t left) {
    const uint64_t piece = left < GBPF_COPY_PIECE ? left : GBPF_COPY_PIECE;
    if (device_atomic<uint32_t>(plane.board->copies_limited).load(relaxed) == 0) return piece;
    device_atomic<int64_t> tokens(copies.tokens);
    int64_t there = tokens.load(relaxed);
    while (there > 0) {
        if (tokens.compare_exchange_weak(there, there - static_cast<int64_t>(piece), relaxed, relaxed)) return piece;
    }
    return 0;
}

/** The next piece of a copy; called by one lane. */
GBPF_DEVICE copy_piece next_piece(plane_view &plane, gbpf_copies &copies, const gbpf_task &d) {
    if (d.args[2] == 0) return copy_piece{0, 0, 0, 1};
    if (plane.leaving()) return copy_piece{0, 0, 0, 0};
    return copy_piece{d.args[0], d.args[1], claim_piece(plane, copies, d.args[2]), 0};
}

/** Parks a copy; from here on it is not this warp's. Called by one lane. */
GBPF_DEVICE void park_copy(plane_view &plane, gbpf_copies &copies, uint32_t tenant, uint32_t descriptor) {
    device_atomic<uint64_t>(copies.waiting).fetch_add(plane.descriptors[descriptor].args[2], relaxed);
    device_atomic<uint32_t>(copies.held).fetch_add(1, relaxed);
    mark(plane.board->copying, tenant);
    device_atomic<uint32_t> top(copies.parked);
    uint32_t below = top.load(relaxed);
    do {
        plane.copy_links[descriptor] = below;
    } while (!top.compare_exchange_weak(below, descriptor + 1, release, relaxed));
}

/** Whether a copy may begin or go on, and not wait behind others: 0, 1 it goes on, 2 it begins. Called by one lane. */
GBPF_DEVICE uint32_t enter_copy(plane_view &plane, gbpf_copies &copies, const gbpf_compact_task &task, gbpf_task &d) {
    device_atomic<uint32_t> held(copies.held);
    if (task.b == COPY_COMES_BACK) {
        device_atomic<uint64_t>(copies.waiting).fetch_sub(d.args[2], relaxed);
        held.fetch_sub(1, relaxed);
    } else if (held.load(relaxed) != 0) {
        return 0;
    }
    device_atomic<uint32_t>(copies.active).fetch_add(1, relaxed);
    mark(plane.board->copying, task.tenant);
    if ((d.args[3] & ~GBPF_COPY_TO_HOST) != 0) return 1;
    d.args[3] |= d.args[2];
    return 2;
}

/** Runs a copy as far as it may now; called by a whole warp. */
GBPF_OUTLINE void run_copy(gbpf_env &env, gbpf_compact_task task) {
    plane_view &plane = block_of(env).plane;
    uint64_t a, b;
    const task_end end = unfold(env, task, a, b);
    gbpf_task &d = plane.descriptors[task.a];
    gbpf_copies &copies = plane.copies_of(task.tenant, d.args[3] >> 63);
    const uint64_t start = cycles();
    const uint32_t how = lanes::all().leader([&] { return enter_copy(plane, copies, task, d); });
    copy_piece piece{0, 0, 0, 0};
    if (how != 0) {
        begin_task(env, task.function, task.tenant, how == 2 ? 1 : 0);
        while (true) {
            piece = lanes::all().leader([&] { return next_piece(plane, copies, d); });
            if (piece.bytes == 0) break;
            copy_bytes(piece.to, piece.from, piece.bytes);
            lanes::all().once([&] {
                d.args[0] += piece.bytes;
                d.args[1] += piece.bytes;
                d.args[2] -= piece.bytes;
                device_atomic<uint64_t>(copies.moved).fetch_add(piece.bytes, relaxed);
            });
        }
    }
    const bool over = piece.over != 0;
    if (over) finish(env, task, end, lanes::all().leader([&] { return d.args[3] & ~GBPF_COPY_TO_HOST; }), GBPF_DONE);
    lanes::all().once([&] {
        charge(env, task.tenant, cycles() - start, over ? 1 : 0, 0);
        if (how != 0) beat(env);
        if (!over) park_copy(plane, copies, task.tenant, task.a);
        if (how != 0) device_atomic<uint32_t>(copies.active).fetch_sub(1, release); // after it is parked, so that it is never nowhere
    });
}

// ---- the tick ----

/** What dma_tick lets a tenant move in one direction until the next tick; called by its lane. */
template <class Policy>
GBPF_DEVICE void refill_copies(block_state &s, Policy &policy, const gbpf_tenant_config &config, uint32_t pair, gbpf_dma_tick_ctx ctx) {
    gbpf_copies &copies = s.plane.copies[pair];
    const uint64_t moved = device_atomic<uint64_t>(copies.moved).load(relaxed);
    const uint32_t active = device_atomic<uint32_t>(copies.active).load(relaxed);
    ctx.moved_bytes = moved - copies.moved_before;
    copies.moved_before = moved;
    uint64_t budget = 0;
    if (active != 0 || device_atomic<uint32_t>(copies.held).load(relaxed) != 0 || ctx.moved_bytes != 0) {
        constexpr uint64_t QUOTA = INT64_MAX; // none
        ctx.tenant = pair / 2;
        ctx.weight = config.weight < 1 ? 1 : config.weight;
        ctx.priority = config.priority;
        ctx.waiting_bytes = device_atomic<uint64_t>(copies.waiting).load(relaxed);
        ctx.quota_bytes = QUOTA;
        ctx.kind = pair % 2 == 0 ? GBPF_KIND_COPY_H2D : GBPF_KIND_COPY_D2H;
        ctx.active_copies = active < 65535 ? active : 65535;
        const uint64_t verdict = policy.template ask<GBPF_HOOK_DMA_TICK>(&ctx, GBPF_REFILL);
        if (verdict == GBPF_REFILL) budget = ctx.budget_bytes == 0 || ctx.budget_bytes > QUOTA ? QUOTA : ctx.budget_bytes;
    }
    // The last piece of the tick before may have gone beyond its budget; what was left of it is gone.
    device_atomic<int64_t> tokens(copies.tokens);
    int64_t there = tokens.load(relaxed);
    while (!tokens.compare_exchange_weak(there, (there < 0 ? there : 0) + static_cast<int64_t>(budget), relaxed, relaxed)) {}
}

/** Moves what was parked to the end of the queue, and puts copies from its front into the tenant's rings; called by one lane. */
GBPF_DEVICE void release_copies(block_state &s, uint32_t pair, bool limited) {
    constexpr uint32_t MOST = 32; // in one tick
    plane_view &plane = s.plane;
    gbpf_copies &copies = plane.copies[pair];
    uint32_t *links = plane.copy_links;
    const uint32_t newest = device_atomic<uint32_t>(copies.parked).exchange(0, acquire);
    uint32_t oldest = 0;
    for (uint32_t at = newest; at != 0;) {
        const uint32_t below = links[at - 1];
        links[at - 1] = oldest;
        oldest = at;
        at = below;
    }
    if (oldest != 0) {
        (copies.last == 0 ? copies.first : links[copies.last - 1]) = oldest;
        copies.last = newest;
    }
    int64_t rest = limited ? device_atomic<int64_t>(copies.tokens).load(relaxed) : INT64_MAX;
    for (uint32_t n = 0; n < MOST && copies.first != 0 && rest > 0; ++n) {
        const uint32_t descriptor = copies.first - 1, next = links[descriptor];
        const gbpf_task &d = plane.descriptors[descriptor];
        const uint64_t bytes = d.args[2];
        const gbpf_compact_task task{GBPF_FUNCTION_COPY, static_cast<uint8_t>(pair / 2),
            static_cast<uint8_t>((d.flags & ~GBPF_TASK_KIND) | d.kind | GBPF_TASK_DESCRIBED | GBPF_TASK_VALID), descriptor, COPY_COMES_BACK};
        if (!enqueue_one(s, task, plane.kept_slots())) return;
        copies.first = next;
        if (next == 0) copies.last = 0;
        rest -= bytes < static_cast<uint64_t>(rest) ? static_cast<int64_t>(bytes) : rest;
    }
}

/** Whether a tenant has copies in a direction, or had some since the tick before. */
GBPF_DEVICE bool is_copying(gbpf_copies &copies) {
    return device_atomic<uint32_t>(copies.active).load(acquire) != 0 || device_atomic<uint32_t>(copies.held).load(acquire) != 0
        || device_atomic<uint64_t>(copies.moved).load(relaxed) != copies.moved_before;
}

/** Releases a tenant's copies and tells the host what they moved; called by one lane. */
GBPF_DEVICE void serve_copies(block_state &s, uint32_t tenant, bool limited) {
    plane_view &plane = s.plane;
    gbpf_copies *both = plane.copies + 2 * tenant;
    for (uint32_t way = 0; way < 2; ++way) release_copies(s, 2 * tenant + way, limited);
    system_atomic<uint64_t>(plane.status().tenants[tenant].copied_bytes)
        .store(device_atomic<uint64_t>(both[0].moved).load(relaxed) + device_atomic<uint64_t>(both[1].moved).load(relaxed), relaxed);
    if (is_copying(both[0]) || is_copying(both[1])) return;
    device_atomic<uint64_t>(plane.board->copying).fetch_and(~(uint64_t{1} << tenant), acq_rel);
    if (is_copying(both[0]) || is_copying(both[1])) mark(plane.board->copying, tenant);
}

/** Asks dma_tick about all who copy, and lets go on what was parked; called by a whole warp. */
template <class Policy>
GBPF_OUTLINE void tick_copies(block_state &s, Policy &policy, const gbpf_tenant_config *tenants, gbpf_dma_tick_ctx ctx) {
    plane_view &plane = s.plane;
    gbpf_board &board = *plane.board;
    const uint32_t pairs = 2 * plane.params.tenants;
    const bool limited = lanes::all().leader([&]() -> uint32_t { return policy.has(GBPF_HOOK_DMA_TICK) ? 1 : 0; }) != 0;
    const uint64_t copying = lanes::all().leader([&] { return device_atomic<uint64_t>(board.copying).load(acquire); });
    for (uint32_t base = 0; copying != 0 && limited && base < pairs; base += WARP_LANES) {
        const uint32_t here = lanes::all().ballot([&](uint32_t lane) { return base + lane < pairs && (copying >> (base + lane) / 2 & 1) != 0; });
        for_lanes(here, [&](uint32_t lane) { refill_copies(s, policy, tenants[(base + lane) / 2], base + lane, ctx); });
    }
    if (!limited && copying != 0) {
        lanes::all().each([&](uint32_t lane) {
            for (uint32_t pair = lane; pair < pairs; pair += WARP_LANES) {
                plane.copies[pair].moved_before = device_atomic<uint64_t>(plane.copies[pair].moved).load(relaxed);
                device_atomic<int64_t>(plane.copies[pair].tokens).store(0, relaxed); // what the next policy begins with
            }
        });
    }
    lanes::all().once([&] {
        for (uint64_t rest = copying; rest != 0; rest &= rest - 1) serve_copies(s, lowest_bit(rest), limited);
        device_atomic<uint32_t>(board.copies_limited).store(limited ? 1 : 0, relaxed);
    });
}

}  // namespace gbpf

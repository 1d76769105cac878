// What the warps of one block share: the SM's own queue, mail, what the block knows of the plane, what it has to tell.
#pragma once

#include "mail.cuh"
#include "pool.cuh"

namespace gbpf {

/** Unit of copies. */
struct alignas(16) uint4_words {
    uint32_t word[4];
};

using local_ring = ring<gbpf_compact_task, block_scope>;

/** What a block keeps while no kernel runs: copied out when it leaves and in when it returns. */
struct block_kept {
    int32_t space;
    uint32_t tail;
    int32_t items;
    uint32_t head;
    uint32_t sequence[GBPF_LOCAL_CAPACITY];
    gbpf_compact_task slots[GBPF_LOCAL_CAPACITY];
};
static_assert(sizeof(block_kept) % 16 == 0, "copied in units of 16 bytes");

/** Sums for the tick, since they were last flushed. */
struct tenant_sums {
    uint32_t used_cycles;
    uint32_t paused_cycles;
    uint32_t started;
    uint32_t finished;
    uint32_t failed;
};

/** What the block knows of the plane: at most params.refresh_ns old. All are read and written by relaxed atomics. */
struct block_knowledge {
    uint64_t refreshed; // cycles()
    uint32_t refreshing; // 1: a warp is at it
    uint32_t leave;
    uint64_t tick;
    uint64_t eligible;
    uint64_t partner_eligible; // tenants whose tasks the partner may get
    uint64_t backlog;
    uint64_t urgent;
    uint64_t released;
    uint32_t parked; // 1: no task starts until the next tick
    uint32_t stride[GBPF_MAX_TENANTS]; // 2^32 over the tenant's share
    uint32_t pause_ns[GBPF_MAX_TENANTS];
    uint32_t idle[GBPF_MAX_WORKERS]; // of each block the warps that it shows as idle; the own one: what it showed last
    uint32_t policy; // low half of the epoch of the block's policy table, once nobody in it uses an older one
};

/** A task of the whole block. */
struct block_call {
    uint32_t state;   // bit 0: a call is under way; above: warps that left, times 2
    uint32_t number;  // counts calls
    uint32_t arrived;
    uint32_t go;      // the number of the call whose warps may start
    uint32_t done;
    gbpf_compact_task task;
    uint64_t a;
    uint64_t b;
    const gbpf_task *described;
};

/** A block's place for one task from its partner (partner.cuh), which writes all of it. */
struct alignas(16) partner_place {
    uint64_t units[4]; // the task's words in the lower halves, the opening it is for in the upper ones
    uint32_t ready[GBPF_MAX_WARPS]; // of each warp that took a task: the opening, when what was written before the task was made is seen
};

constexpr uint32_t NEAR_FUNCTIONS = 64;
constexpr uint32_t NEAR_ATTENDANTS = 2; // mailboxes whose attendant is in the control block's partner

struct block_state {
    block_kept kept;
    plane_view plane;
    block_knowledge known;
    tenant_sums sums[GBPF_MAX_TENANTS];
    uint64_t pass[GBPF_MAX_TENANTS]; // virtual time, 2^20 for a cycle at share 1; wraps around
    uint32_t estimate[GBPF_MAX_TENANTS]; // cycles of the tenant's last task
    gbpf_mail mail[GBPF_MAX_WARPS]; // from warps of this block
    uint32_t idle;     // bit w: warp w looks at its mail
    uint32_t lookout;  // 1 + the idle warp that looks at the block's mail from elsewhere; 0: none
    uint32_t presence; // busy warps, times 2; bit 0: the block is counted in board.activity
    // Between the two blocks of a cluster (partner.cuh):
    partner_place from_partner;
    uint64_t partner;       // 0: none; else where its memory is: on the GPU 1 + its rank in the cluster, on the CPU its address
    uint32_t hands_over;    // 1: tasks go to the partner and come from there
    uint32_t watcher;       // 1 + the idle warp that looks at from_partner; 0: none
    uint32_t opening;       // the last one of from_partner (partner.cuh)
    uint32_t owed;          // tasks from the partner for which it counts itself still
    uint32_t wanted;         // 1: the partner has tasks for this block; it writes this
    uint32_t partner_asked;  // 1: this block told the partner so
    uint32_t partner_opened; // the opening of the partner's place, which writes it; 0: there is none, or it is used
    alignas(16) uint64_t requests[NEAR_ATTENDANTS][4]; // of mailboxes, from the control block (attendant.cuh)
    uint32_t attended_end[NEAR_ATTENDANTS]; // control block: the last ones that have ended; the attendants write this
    gbpf_heartbeat beats[GBPF_MAX_WARPS];
    uint32_t index; // of the worker block; `workers` for the control block
    uint32_t vslice;
    uint32_t first_block; // to which it hands tasks over: those of its vSlice, or all
    uint32_t blocks;
    uint32_t warps;
    uint32_t reserved; // the warp for what is urgent; `warps`: none
    uint32_t hungry;      // 1: blocks of the vSlice have idle warps
    uint32_t handed_over; // since the last flush
    uint32_t refused;
    uint32_t local_tenant; // of the last task put into the own queue
    uint64_t vtime;       // the pass that was served last
    uint32_t mailbox_sequence[GBPF_MAX_HOST_MAILBOXES]; // of the last request taken; control block
    uint32_t attended[GBPF_MAX_HOST_MAILBOXES];         // of the last one given to the mailbox's attendant; control block
    uint64_t functions[NEAR_FUNCTIONS]; // the first ones of the function table
    block_call call;

    GBPF_DEVICE local_ring local() {
        return local_ring{&kept.space, &kept.tail, &kept.items, &kept.head, kept.sequence, kept.slots, plane.params.local_capacity};
    }
    GBPF_DEVICE bool is_control() const { return index == plane.params.workers; }
    GBPF_DEVICE gbpf_account &account(uint32_t tenant) {
        return plane.accounts[(is_control() ? 0 : vslice) * plane.params.tenants + tenant];
    }
};

/** How many cycles so many ns are, about: for periods of polling only. */
GBPF_DEVICE uint64_t cycles_of(uint32_t ns) { return GBPF_GPU ? ns * uint64_t{17} / 10 : ns; }
constexpr uint64_t REFRESH_OF_CONTROL = 1700; // cycles; ns on the CPU

/**
 * Relaxed access to a word that warps of a block share. Lanes may read at different times: where a warp's way depends on the word, one
 * lane reads it and tells the others (agreed()).
 */
template <class T> GBPF_DEVICE T peek(const T &word) { return block_atomic<T>(const_cast<T &>(word)).load(relaxed); }
/** Such a word, the same in all lanes of a whole warp. */
template <class T> GBPF_DEVICE T agreed(const T &word) {
    return lanes::all().leader([&] { return peek(word); });
}
template <class T> GBPF_DEVICE void poke(T &word, T value) { block_atomic<T>(word).store(value, relaxed); }

/** Writes a word by which others of the block go on, and see what this warp did to other words of it. */
template <class T> GBPF_DEVICE void hand_on(T &word, T value) {
#if GBPF_GPU
    poke(word, value); // a warp's accesses to shared memory take place in order
#else
    block_atomic<T>(word).store(value, release);
#endif
}

/** Adds once for a whole warp, which stays together: parting one lane takes longer. */
GBPF_DEVICE void add_once(uint32_t &word, uint32_t value) {
#if GBPF_GPU
    const uint32_t at = static_cast<uint32_t>(__cvta_generic_to_shared(&word));
    asm volatile(
        "{\n .reg .pred first;\n .reg .b32 lane;\n mov.u32 lane, %%laneid;\n setp.eq.u32 first, lane, 0;\n @first red.relaxed.cta.shared.add.u32 [%0], %1;\n}" ::"r"(at),
        "r"(value)
        : "memory");
#else
    block_atomic<uint32_t>(word).fetch_add(value, relaxed);
#endif
}

/** Access to a word in shared memory of which this warp is the only user: around others the assembler places yields, of 45 cycles each. */
template <class T> GBPF_DEVICE T peek_own(const T &word) {
#if GBPF_GPU
    T value;
    const uint32_t at = static_cast<uint32_t>(__cvta_generic_to_shared(&word));
    if constexpr (sizeof(T) == 8) {
        asm volatile("ld.shared.u64 %0, [%1];" : "=l"(value) : "r"(at) : "memory");
    } else {
        asm volatile("ld.shared.u32 %0, [%1];" : "=r"(value) : "r"(at) : "memory");
    }
    return value;
#else
    return word;
#endif
}
template <class T> GBPF_DEVICE void poke_own(T &word, T value) {
#if GBPF_GPU
    const uint32_t at = static_cast<uint32_t>(__cvta_generic_to_shared(&word));
    if constexpr (sizeof(T) == 8) {
        asm volatile("st.shared.u64 [%0], %1;" ::"r"(at), "l"(value) : "memory");
    } else {
        asm volatile("st.shared.u32 [%0], %1;" ::"r"(at), "r"(value) : "memory");
    }
#else
    word = value;
#endif
}

// A block counts its busy warps in `presence` and shows the plane only whether there are any. Whoever finds work in a ring counts the
// block before it takes the work. A warp that gets mail from elsewhere does not: the mail stays as it is until another warp looks at
// it, which counts the block first and marks a wake. So the tick sees one or the other, and who has a task at hand writes no word
// that a fence would wait for.
constexpr uint32_t ONE_PRESENT = 2, IS_COUNTED = 1;
constexpr uint64_t WAKE = uint64_t{1} << 32;

/** Counts the block if it is not; `wake`: marks that a warp woke, in any case. Called by one lane. */
GBPF_OUTLINE void count_block(block_state &s, bool wake) {
    const bool was = (block_atomic<uint32_t>(s.presence).fetch_or(IS_COUNTED, relaxed) & IS_COUNTED) != 0;
    if (wake || !was) device_atomic<uint64_t>(s.plane.board->activity).fetch_add(was ? WAKE : WAKE + 1, relaxed);
}

/** One lane's warp has become busy by itself: it is about to look into rings. */
GBPF_DEVICE void begin_work(block_state &s) {
    if ((block_atomic<uint32_t>(s.presence).fetch_add(ONE_PRESENT, relaxed) & IS_COUNTED) == 0) count_block(s, true);
}

/** One lane's warp has nothing to do. */
GBPF_DEVICE void end_work(block_state &s) { block_atomic<uint32_t>(s.presence).fetch_sub(ONE_PRESENT, acq_rel); }

/** Counts the block out if no warp is busy; called by one lane. */
GBPF_OUTLINE void count_out(block_state &s) {
    uint32_t only_counted = IS_COUNTED;
    if (!block_atomic<uint32_t>(s.presence).compare_exchange_strong(only_counted, 0, acq_rel, relaxed)) return;
    device_atomic<uint64_t>(s.plane.board->activity).fetch_sub(1, release);
}

/** Whether the block at this place of its vSlice has a warp for what is urgent. */
GBPF_DEVICE bool is_reserve(uint32_t place) { return place % GBPF_RESERVE_EVERY == GBPF_RESERVE_EVERY - 1; }

/** Whether the two blocks of a cluster hand tasks over to each other: both are workers of one vSlice. */
GBPF_DEVICE bool are_partners(const gbpf_params &q, uint32_t block) {
    const uint32_t other = block ^ 1;
    return block < q.workers && other < q.workers && vslice_of(q, block) == vslice_of(q, other);
}

/** Whether a mailbox's attendant is in the control block's partner; with several vSlices that one serves few tenants. */
GBPF_DEVICE bool attended_nearby(const block_state &s, uint32_t box) { return s.partner != 0 && box < NEAR_ATTENDANTS && s.plane.params.vslices == 1; }

/**
 * Sets the block up; called by its first warp before a barrier of the block and its partner.
 *
 * @param partner where the other block of its cluster is (block_state.partner), or 0
 */
GBPF_OUTLINE void open_block(block_state &s, gbpf_plane *plane, uint32_t index, uint64_t partner, uint64_t deadline_ns, uint32_t launch) {
    lanes::all().once([&] {
        s.plane.open(plane, deadline_ns, launch);
        const gbpf_params &q = s.plane.params;
        s.index = index;
        s.partner = partner;
        s.hands_over = partner != 0 && are_partners(q, index) ? 1 : 0;
        s.warps = q.warps;
        s.vslice = index < q.workers ? vslice_of(q, index) : 0;
        s.first_block = first_block_of(q, s.vslice);
        s.blocks = (s.is_control() ? q.workers : q.vslice_end[s.vslice]) - s.first_block;
        const uint32_t place = s.index - s.first_block;
        s.reserved = index < q.workers && q.warps > 1 && is_reserve(place) ? q.warps - 1 : q.warps;
        s.idle = 0;
        s.lookout = 0;
        s.presence = 0;
        s.from_partner = partner_place{};
        s.watcher = 0;
        s.opening = 0;
        s.owed = 0;
        s.wanted = 0;
        s.partner_asked = 0;
        s.partner_opened = 0;
        for (uint32_t box = 0; box < NEAR_ATTENDANTS; ++box) {
            for (uint64_t &word : s.requests[box]) word = 0;
            s.attended_end[box] = 0;
        }
        s.hungry = 0;
        s.handed_over = 0;
        s.refused = 0;
        s.local_tenant = 0;
        s.vtime = 0;
        for (uint32_t box = 0; box < GBPF_MAX_HOST_MAILBOXES; ++box) {
            s.mailbox_sequence[box] = static_cast<uint32_t>(s.plane.requests[box].sequence_and_a);
            s.attended[box] = attended_nearby(s, box) ? 0 : static_cast<uint32_t>(s.plane.requests[box].task[0] >> 32);
        }
        for (uint32_t f = 0; f < NEAR_FUNCTIONS; ++f) s.functions[f] = f < q.functions ? at<uint64_t>(q.functions_address)[f] : 0;
        s.call = block_call{};
        s.known.refreshed = 0;
        s.known.refreshing = 0;
        s.known.leave = 0;
        s.known.tick = 0;
        s.known.policy = 0;
        s.known.eligible = 0;
        s.known.partner_eligible = 0;
        s.known.backlog = 0;
        s.known.urgent = 0;
        s.known.released = 0;
        s.known.parked = 0;
    });
    lanes::all().each([&](uint32_t lane) {
        s.mail[lane] = gbpf_mail{GBPF_MAIL_CLOSED, 0};
        s.beats[lane] = gbpf_heartbeat{};
        for (uint32_t t = lane; t < GBPF_MAX_TENANTS; t += WARP_LANES) {
            s.sums[t] = tenant_sums{};
            s.pass[t] = 0;
            s.estimate[t] = 0;
            s.known.stride[t] = UINT32_MAX;
            s.known.pause_ns[t] = 0;
        }
        for (uint32_t b = lane; b < GBPF_MAX_WORKERS; b += WARP_LANES) s.known.idle[b] = 0;
    });
    if (launch > 1 && !s.is_control()) {
        const uint4_words *from = at<uint4_words>(plane->saved_address + s.index * plane->saved_bytes);
        uint4_words *to = reinterpret_cast<uint4_words *>(&s.kept);
        lanes::all().each([&](uint32_t lane) {
            for (uint32_t i = lane; i < sizeof(block_kept) / sizeof(uint4_words); i += WARP_LANES) to[i] = from[i];
        });
    } else {
        s.local().format();
    }
}

/** Keeps what must stay; called by one warp when all have stopped. */
GBPF_OUTLINE void save_block(block_state &s) {
    gbpf_plane *plane = s.plane.root;
    uint4_words *to = at<uint4_words>(plane->saved_address + s.index * plane->saved_bytes);
    const uint4_words *from = reinterpret_cast<const uint4_words *>(&s.kept);
    lanes::all().each([&](uint32_t lane) {
        for (uint32_t i = lane; i < sizeof(block_kept) / sizeof(uint4_words); i += WARP_LANES) to[i] = from[i];
    });
}

/** Adds the block's sums to the tenants' accounts; called by a whole warp. */
GBPF_OUTLINE void flush_sums(block_state &s) {
    const auto move = [](uint32_t &from, uint64_t &to) {
        if (peek(from) == 0) return;
        const uint32_t n = block_atomic<uint32_t>(from).exchange(0, relaxed);
        if (n != 0) device_atomic<uint64_t>(to).fetch_add(n, relaxed);
    };
    lanes::all().each([&](uint32_t lane) {
        for (uint32_t t = lane; t < s.plane.params.tenants; t += WARP_LANES) {
            gbpf_account &account = s.account(t);
            move(s.sums[t].used_cycles, account.used_cycles);
            move(s.sums[t].paused_cycles, account.paused_cycles);
            move(s.sums[t].started, account.started);
            move(s.sums[t].finished, account.finished);
            move(s.sums[t].failed, account.failed);
        }
    });
    lanes::all().once([&] {
        move(s.handed_over, s.plane.board->handed_over);
        move(s.refused, s.plane.board->refused);
    });
}

/**
 * The warps of the block that are idle, 0: none; asked by a warp that has just ceased to be one of them. Of two that cease at the same time one sees
 * that the other has, so that one of them shows what the block runs.
 */
GBPF_DEVICE uint32_t idle_warps(block_state &s) {
#if GBPF_GPU
    const uint32_t near = peek(s.idle); // the accesses of a warp to shared memory take place in order
#else
    const uint32_t near = block_atomic<uint32_t>(s.idle).fetch_or(0, acq_rel);
#endif
    return near | peek(s.lookout) | peek(s.watcher);
}

/** Shows the plane which warps are idle, and remembers it; called by one lane of a worker block. */
GBPF_DEVICE void show_idle(block_state &s, uint32_t warps) {
    device_atomic<uint32_t>(s.plane.idle[s.index]).store(warps, relaxed);
    poke(s.known.idle[s.index], warps);
}

/**
 * Shows the watch what each warp runs, and the plane that no warp is idle where it was told of some: nobody may come to tell it before a task
 * ends. Called by a whole warp of a worker block.
 */
GBPF_OUTLINE void show_work(block_state &s) {
    lanes::all().each([&](uint32_t lane) {
        if (lane >= s.warps) return;
        gbpf_heartbeat &to = s.plane.heartbeats[s.index * s.warps + lane];
        device_atomic<uint32_t>(to.what).store(peek(s.beats[lane].what), relaxed);
        device_atomic<uint32_t>(to.serial).store(peek(s.beats[lane].serial), relaxed);
    });
    lanes::all().once([&] {
        if (peek(s.known.idle[s.index]) != 0 && peek(s.presence) >= ONE_PRESENT && idle_warps(s) == 0) show_idle(s, 0);
    });
}

/** Whether what the block knows is old and nobody looks; then the caller, one lane, must let its warp look_again(). */
GBPF_DEVICE bool claim_refresh(block_state &s, uint64_t period_cycles) {
    block_knowledge &k = s.known;
    if (cycles() - peek(k.refreshed) < period_cycles) return false;
    return block_atomic<uint32_t>(k.refreshing).exchange(1, acquire) == 0;
}

/**
 * Tells the plane what this block did and looks at the plane; called by the warp that claimed it.
 *
 * @param after_news called by that warp when there was a tick, before what it granted is known to the block, and when there is another
 *     policy table than the block's
 */
template <class F> GBPF_OUTLINE void look_again(block_state &s, F after_news) {
    block_knowledge &k = s.known;
    gbpf_board &board = *s.plane.board;
    gbpf_vslice_state &v = s.plane.vslices[s.vslice];
    const uint32_t tenants = s.plane.params.tenants, workers = s.plane.params.workers;
    gbpf_grant *grants = s.plane.grants + s.vslice * tenants;
    // All loads are under way together.
    const uint64_t tick = device_atomic<uint64_t>(v.tick).load(relaxed), eligible = device_atomic<uint64_t>(v.eligible).load(relaxed);
    const uint32_t limit = device_atomic<uint32_t>(v.worker_limit).load(relaxed);
    const uint64_t backlog = device_atomic<uint64_t>(board.backlog).load(relaxed), urgent = device_atomic<uint64_t>(board.urgent).load(relaxed);
    const uint64_t released = device_atomic<uint64_t>(board.released).load(relaxed);
    const uint32_t policy = static_cast<uint32_t>(device_atomic<uint64_t>(board.policy_epoch).load(relaxed));
    const bool leaves = s.plane.leaving();
    const uint32_t others = lanes::all().ballot([&](uint32_t lane) {
        constexpr uint32_t SHARES = GBPF_MAX_TENANTS / WARP_LANES, IDLE = GBPF_MAX_WORKERS / WARP_LANES;
        uint32_t share[SHARES], pause[SHARES], warps[IDLE], found = 0;
        GBPF_UNROLL
        for (uint32_t i = 0; i < SHARES; ++i) {
            const uint32_t t = i * WARP_LANES + lane;
            share[i] = t < tenants ? device_atomic<uint32_t>(grants[t].share).load(relaxed) : 0;
            pause[i] = t < tenants ? device_atomic<uint32_t>(grants[t].pause_ns).load(relaxed) : 0;
        }
        GBPF_UNROLL
        for (uint32_t i = 0; i < IDLE; ++i) {
            const uint32_t b = i * WARP_LANES + lane;
            warps[i] = b < workers ? device_atomic<uint32_t>(s.plane.idle[b]).load(relaxed) : 0;
        }
        GBPF_UNROLL
        for (uint32_t i = 0; i < SHARES; ++i) {
            const uint32_t t = i * WARP_LANES + lane;
            if (t >= tenants) continue;
            poke(k.stride[t], share[i] < 2 ? UINT32_MAX : UINT32_MAX / share[i]);
            poke(k.pause_ns[t], pause[i]);
        }
        GBPF_UNROLL
        for (uint32_t i = 0; i < IDLE; ++i) {
            const uint32_t b = i * WARP_LANES + lane;
            // A worker block hands over within its vSlice, to the first so many blocks; the control block asks serves() about each.
            if (!s.is_control() && b - v.first_block >= limit) warps[i] = 0;
            if (b < workers) poke(k.idle[b], warps[i]);
            if (b != s.index) found |= warps[i];
        }
        return found != 0;
    });
    flush_sums(s);
    if (!s.is_control()) {
        lanes::all().once([&] {
            const uint32_t lookout = peek(s.lookout), watcher = peek(s.watcher);
            // Where nobody is busy all are idle, also who is at this now, and those that are kept for something else.
            const uint32_t idle = peek(s.presence) < ONE_PRESENT ? ALL_LANES >> (WARP_LANES - s.warps)
                : peek(s.idle) | (lookout == 0 || lookout == s.reserved + 1 ? 0 : 1u << (lookout - 1)) | (watcher == 0 ? 0 : 1u << (watcher - 1));
            show_idle(s, idle);
        });
        show_work(s); // after it: a warp that became busy meanwhile may not have seen what is shown now
    }
    const uint32_t news = lanes::all().leader([&]() -> uint32_t {
        if (tick == peek(k.tick)) return policy != peek(k.policy) ? 1 : 0;
        poke(k.tick, tick);
        poke(k.parked, uint32_t{0});
        return 1;
    });
    if (news != 0) after_news();
    lanes::all().once([&] {
        poke(k.eligible, s.index - v.first_block >= limit ? uint64_t{0} : eligible);
        poke(k.partner_eligible, s.hands_over == 0 || (s.index ^ 1) - v.first_block >= limit ? uint64_t{0} : eligible);
        poke(k.backlog, backlog);
        poke(k.urgent, urgent);
        poke(k.released, released);
        poke(k.leave, leaves || now_ns() > s.plane.deadline_ns ? 1u : 0u);
        poke(s.hungry, others != 0 ? 1u : 0u);
        poke(k.refreshed, cycles());
        block_atomic<uint32_t>(k.refreshing).store(0, release);
    });
}

/** Looks at the plane again if what the block knows is old, in one warp at a time; returns whether the block shall leave. */
template <class F> GBPF_DEVICE bool refresh(block_state &s, uint64_t period_cycles, F after_news) {
    if (lanes::all().leader([&]() -> uint32_t { return claim_refresh(s, period_cycles) ? 1 : 0; }) != 0) look_again(s, after_news);
    return agreed(s.known.leave) != 0;
}

}  // namespace gbpf

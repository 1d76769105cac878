// From host rings into the tenants' rings: batches that keep the link busy, with several warps at each ring.
//
// A read of host memory takes more than a microsecond, and while one is under way so does a fence of any warp of the SM. So warps
// claim batches of a ring one after the other, read them at the same time, claim their places in the tenant's ring in their turn, so
// that tasks keep their order, and fill them at the same time. When a batch finds no room, what is left stays in the host's ring:
// those who claimed behind it give up, and the next claim begins there: the last of them mends the feed, while nobody may enter.
#pragma once

#include "env.cuh"

namespace gbpf {

constexpr uint32_t INGRESS_ROWS = 16; // of 32 compact tasks: 8 KiB a batch
constexpr uint32_t INGRESS_WARPS = 10; // at most, at all rings

/** Where a warp's batch lies between host memory and the tenant's ring, in shared memory. */
struct ingress_stage {
    gbpf_compact_task tasks[INGRESS_ROWS * WARP_LANES];
};

/** What the warps at one host ring share; in the control block's shared memory. Positions in the ring. */
struct host_feed {
    uint64_t tail;    // the host's, as it was last seen
    uint64_t claimed; // whoever claims next begins here
    uint64_t taken;   // before this all have their places in the tenant's ring
    uint32_t polls;   // 1: a warp reads the host's tail
    uint32_t warps;   // that are inside: they look at `claimed`, or have a claim; FEED_MENDING: nobody may enter
    uint32_t broken;  // 1: a batch found no room; no claims until it is mended
    // What the host's ring says of itself, which does not change while a kernel runs: a read of host memory each time would take longer
    // than all else, and several at once keep others from L2.
    uint64_t slots_address;
    uint32_t capacity;
    uint32_t task_bytes;
    uint32_t tenant;
};

constexpr uint32_t FEED_MENDING = 0x80000000u;

/** Called by one lane before any warp moves anything. */
GBPF_DEVICE void open_feed(host_feed &feed, uint64_t taken, const gbpf_host_ring &from) {
    feed = host_feed{taken, taken, taken, 0, 0, 0, from.slots_address, from.capacity, from.task_bytes, from.tenant};
}

class ingress {
public:
    GBPF_DEVICE ingress(block_state &s, host_feed *feeds, ingress_stage &stage) : s_(s), feeds_(feeds), stage_(stage) {}

    /** Moves a batch of one host ring; returns how many tasks. */
    GBPF_DEVICE uint32_t move(uint32_t number) {
        host_feed &feed = feeds_[number];
        const batch mine = lanes::all().leader([&] { return claim(number, feed); });
        if (mine.count == 0) return 0;
        const uint32_t n = feed.task_bytes == sizeof(gbpf_task) ? described(number, mine) : compact(number, mine);
        lanes::all().once([&] {
            unclaim(feed);
            count_activity(plane(), -1);
        });
        return n;
    }

private:
    struct batch {
        uint64_t first;
        uint64_t count;
    };

    /** Claims the next batch; called by one lane. */
    GBPF_DEVICE batch claim(uint32_t number, host_feed &feed) {
        if ((block_atomic<uint32_t>(feed.warps).fetch_add(1, acq_rel) & FEED_MENDING) != 0) {
            block_atomic<uint32_t>(feed.warps).fetch_sub(1, relaxed);
            return batch{0, 0};
        }
        uint64_t first = peek(feed.claimed), tail = block_atomic<uint64_t>(feed.tail).load(acquire);
        if (static_cast<int64_t>(tail - first) <= 0 && block_atomic<uint32_t>(feed.polls).exchange(1, acquire) == 0) {
            // An acquire at each look would empty the L1 of those who have nothing to do with it.
            const uint64_t now = system_atomic<uint64_t>(ring(number).tail).load(together_acquire);
            if (now != peek(feed.tail)) {
                system_fence();
                block_atomic<uint64_t>(feed.tail).store(now, release);
                tail = now;
            }
            block_atomic<uint32_t>(feed.polls).store(0, release);
        }
        const int64_t there = static_cast<int64_t>(tail - first), most = feed.task_bytes == sizeof(gbpf_task) ? 2 * WARP_LANES : INGRESS_ROWS * WARP_LANES;
        if (there > 0 && peek(feed.broken) == 0) {
            const batch mine{first, static_cast<uint64_t>(there < most ? there : most)};
            count_activity(plane(), 1);
            if (block_atomic<uint64_t>(feed.claimed).compare_exchange_strong(first, first + mine.count, acq_rel, relaxed)) return mine;
            count_activity(plane(), -1);
        }
        unclaim(feed);
        return batch{0, 0};
    }

    /** Leaves a feed; the last one mends it if it is broken. Called by one lane. */
    GBPF_DEVICE void unclaim(host_feed &feed) {
        block_atomic<uint32_t> warps(feed.warps);
        uint32_t inside = warps.load(relaxed);
        bool last;
        do {
            last = inside == 1 && peek(feed.broken) != 0;
        } while (!warps.compare_exchange_weak(inside, last ? FEED_MENDING : inside - 1, acq_rel, relaxed));
        if (!last) return;
        poke(feed.claimed, peek(feed.taken));
        poke(feed.broken, 0u);
        warps.fetch_sub(FEED_MENDING, acq_rel); // some may have tried to enter, and are about to leave
    }

    /** Waits until all before the batch are in the tenant's ring; false: that will not be. Called by a whole warp. */
    GBPF_DEVICE bool my_turn(host_feed &feed, const batch &mine) {
        return lanes::all().leader([&]() -> uint32_t {
            patience limit = plane().limit();
            while (block_atomic<uint64_t>(feed.taken).load(acquire) != mine.first) {
                if (peek(feed.broken) != 0 || peek(s_.known.leave) != 0 || !limit.wait()) return 0;
            }
            return 1;
        }) != 0;
    }

    GBPF_DEVICE static uint32_t flags_of(uint32_t flags) { return (flags & ~uint32_t{GBPF_TASK_DESCRIBED}) | GBPF_TASK_VALID; }

    /** Ends this batch's turn: its first n tasks will be in the tenant's ring. Called by a whole warp. */
    GBPF_DEVICE void pass_on(uint32_t number, const batch &mine, uint32_t n) {
        host_feed &feed = feeds_[number];
        lanes::all().once([&] {
            if (n < mine.count) poke(feed.broken, 1u);
            if (n != 0) {
                device_atomic<uint64_t>(plane().taken[number]).store(mine.first + n, together_release);
                // The slots were read already, into shared memory or descriptors.
                system_atomic<uint64_t>(ring(number).taken).store(mine.first + n, together_release);
                block_atomic<uint64_t>(feed.taken).store(mine.first + n, release);
            }
        });
    }

    GBPF_DEVICE gbpf_host_ring &ring(uint32_t number) { return at<gbpf_host_ring>(plane().params.host_ring_address)[number]; }

    GBPF_DEVICE uint32_t compact(uint32_t number, const batch &mine) {
        const host_feed &from = feeds_[number];
        const gbpf_compact_task *slots = at<const gbpf_compact_task>(from.slots_address);
        const uint32_t n = static_cast<uint32_t>(mine.count), wrap = from.capacity - 1, tenant = from.tenant;
        lanes::all().each([&](uint32_t lane) {
            GBPF_UNROLL
            for (uint32_t i = lane; i < INGRESS_ROWS * WARP_LANES; i += WARP_LANES) {
                if (i < n) copy_16(&stage_.tasks[i], slots + ((mine.first + i) & wrap));
            }
            await_copies();
            for (uint32_t i = lane; i < n; i += WARP_LANES) {
                stage_.tasks[i].tenant = static_cast<uint8_t>(tenant);
                stage_.tasks[i].flags = static_cast<uint8_t>(flags_of(stage_.tasks[i].flags));
            }
        });
        const uint32_t level = level_of(stage_.tasks[0].flags);
        const uint32_t others = lanes::all().ballot([&](uint32_t lane) {
            bool other = false;
            for (uint32_t i = lane; i < n; i += WARP_LANES) other |= level_of(stage_.tasks[i].flags) != level;
            return other;
        });
        if (!my_turn(feeds_[number], mine)) return 0;
        if (others == 0) {
            const task_ring to = plane().ring_of(tenant, level);
            const ring_claim c = to.claim_room(n);
            pass_on(number, mine, c.count);
            to.template fill_room<INGRESS_ROWS>(c, [&](uint32_t i) { return stage_.tasks[i]; }, plane().limit());
            announce(tenant, level, c.count);
            return c.count;
        }
        uint32_t moved = 0;
        for (uint32_t row = 0; row < n && moved == row; row += WARP_LANES) {
            lane_array<gbpf_compact_task> tasks;
            lanes::all().each([&](uint32_t lane) { tasks[lane] = stage_.tasks[row + lane]; });
            moved += in_order(tasks, n - row < WARP_LANES ? n - row : WARP_LANES, tenant);
        }
        pass_on(number, mine, moved);
        return moved;
    }

    /** A row of n tasks of several levels: runs of one level, one after the other. Returns how many went in, from the first on. */
    GBPF_DEVICE uint32_t in_order(const lane_array<gbpf_compact_task> &row, uint32_t n, uint32_t tenant) {
        uint32_t mask = n == WARP_LANES ? ALL_LANES : (1u << n) - 1, moved = 0;
        for (bool room = true; room && mask != 0;) {
            const uint32_t level = level_of(from_lane(ALL_LANES, row, lowest_bit(mask)).flags);
            const uint32_t others = mask & lanes::all().ballot([&](uint32_t lane) { return level_of(row[lane].flags) != level; });
            const uint32_t run = others == 0 ? mask : mask & ((others & (0 - others)) - 1);
            const uint32_t in = enqueue(plane(), lanes::all().some(run), row, tenant, level);
            moved += count_bits(in);
            room = in == run;
            mask &= ~run;
        }
        return moved;
    }

    /** Tasks of 64 bytes: 64 of them, 4 KiB, each into a descriptor. */
    GBPF_OUTLINE uint32_t described(uint32_t number, const batch &mine) {
        if (!my_turn(feeds_[number], mine)) return 0;
        const uint32_t n = describe(feeds_[number], mine);
        pass_on(number, mine, n);
        return n;
    }

    GBPF_DEVICE uint32_t describe(const host_feed &from, const batch &mine) {
        const gbpf_task *slots = at<const gbpf_task>(from.slots_address);
        const uint64_t there = mine.count;
        uint32_t moved = 0;
        for (uint32_t r = 0; r < 2; ++r) {
            const uint64_t left = there > r * WARP_LANES ? there - r * WARP_LANES : 0;
            const uint32_t want = left < WARP_LANES ? static_cast<uint32_t>(left) : WARP_LANES;
            lane_array<uint32_t> numbers;
            const uint32_t takers = want == WARP_LANES ? ALL_LANES : (1u << want) - 1;
            const uint32_t got = want == 0 ? 0 : take_descriptors(plane(), lanes::all().some(takers), from.tenant, numbers);
            if (got == 0) return moved;
            lane_array<gbpf_compact_task> tasks;
            for_lanes(got, [&](uint32_t lane) {
                gbpf_task task = slots[(mine.first + r * WARP_LANES + lane) & (from.capacity - 1)];
                task.tenant = static_cast<uint16_t>(from.tenant);
                plane().descriptors[numbers[lane]] = task;
                const uint32_t flags = flags_of(task.flags & ~uint32_t{GBPF_TASK_KIND}) | (task.kind & GBPF_TASK_KIND) | GBPF_TASK_DESCRIBED;
                tasks[lane] = gbpf_compact_task{static_cast<uint16_t>(task.function), static_cast<uint8_t>(from.tenant),
                    static_cast<uint8_t>(flags), numbers[lane], 0};
            });
            uint32_t mask = got;
            bool room = true;
            while (room && mask != 0) {
                const uint32_t level = level_of(from_lane(ALL_LANES, tasks, lowest_bit(mask)).flags);
                const uint32_t others = mask & lanes::all().ballot([&](uint32_t lane) {
                    return (got >> lane & 1) && level_of(tasks[lane].flags) != level;
                });
                const uint32_t run = others == 0 ? mask : mask & ((others & (0 - others)) - 1);
                const uint32_t in = enqueue(plane(), lanes::all().some(run), tasks, from.tenant, level);
                moved += count_bits(in);
                mask &= ~in;
                room = in == run;
            }
            if (mask != 0) { // no room for these: they are read again later
                give_descriptors(plane(), lanes::all().some(mask), from.tenant, numbers);
                return moved;
            }
            if (count_bits(got) < want) return moved; // the next row begins after what was not taken here
        }
        return moved;
    }

    GBPF_DEVICE void announce(uint32_t tenant, uint32_t level, uint32_t n) {
        if (n == 0) return;
        lanes::all().once([&] {
            mark(plane().board->backlog, tenant, together_release);
            if (level == GBPF_RING_URGENT) mark(plane().board->urgent, tenant, together_release);
        });
    }

    GBPF_DEVICE plane_view &plane() { return s_.plane; }

    block_state &s_;
    host_feed *feeds_;
    ingress_stage &stage_;
};

}  // namespace gbpf

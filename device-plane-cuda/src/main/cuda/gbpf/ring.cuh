// A bounded queue for many producers and many consumers, in device or shared memory, used by warps.
//
// Two counts and two tickets. `space` and `items` say how many slots may still be claimed by producers and by consumers; whoever
// subtracts more than there is puts the rest back. A claim of n then draws n consecutive positions from `tail` or `head`, with
// one atomic operation for up to 32 items. Position p uses slot p mod capacity, and the slot's sequence number says whose turn it
// is: p, the producer of p may write; p + 1, the consumer of p may read; p + capacity, the next round's producer may write.
// Claims never exceed what the other side has begun to hand over, so a wait for a sequence number is a wait for the next few
// instructions of a running warp. While a claim is being put back, others may find the queue fuller or emptier than it is: they
// are refused, as they would have been a moment ago, and nothing is lost. Slots may be kept for producers who cannot be refused.
#pragma once

#include "platform.cuh"

namespace gbpf {

/** What a claim gave: positions first .. first + count - 1. */
struct ring_claim {
    uint32_t first;
    uint32_t count;
};

template <class Item, class Scope> struct ring {
    template <class T> using atomic = typename Scope::template atomic<T>;

    int32_t *space;
    uint32_t *tail;
    int32_t *items;
    uint32_t *head;
    uint32_t *sequence;
    Item *slots;
    uint32_t capacity; // a power of two, at least 64

    /**
     * Makes it empty; called by one warp before anyone uses it.
     *
     * @param kept slots that only push_kept fills
     */
    GBPF_DEVICE void format(uint32_t kept = 0) const {
        for (uint32_t base = 0; base < capacity; base += WARP_LANES) {
            lanes::all().each([&](uint32_t lane) { sequence[base + lane] = base + lane; });
        }
        lanes::all().once([&] {
            *space = static_cast<int32_t>(capacity - kept);
            *items = 0;
            *tail = 0;
            *head = 0;
        });
    }

    /** How many items may be had, about. */
    GBPF_DEVICE uint32_t size() const {
        const int32_t n = atomic<int32_t>(*items).load(relaxed);
        return n > 0 ? static_cast<uint32_t>(n) : 0;
    }

    /** Puts in the items of these lanes as far as there is room, lowest lanes first; returns the lanes whose item went in. */
    template <class Who> GBPF_DEVICE uint32_t push(Who who, const lane_array<Item> &in, patience limit) const { return push_kept(who, in, 0, limit); }

    /** The same, also into slots that were kept when it was formatted. */
    template <class Who> GBPF_DEVICE uint32_t push_kept(Who who, const lane_array<Item> &in, uint32_t kept, patience limit) const {
        const ring_claim c = claim(who, space, tail, who.count(), -static_cast<int32_t>(kept));
        const uint32_t taken = who.ballot([&](uint32_t lane) { return who.rank(lane) < c.count; });
        who.each([&](uint32_t lane) {
            if (!(taken >> lane & 1)) return;
            const uint32_t position = c.first + who.rank(lane);
            const uint32_t slot = position & (capacity - 1);
            if (!await(slot, position, limit)) return;
            slots[slot] = in[lane];
            atomic<uint32_t>(sequence[slot]).store(position + 1, release);
        });
        hand_over(who, items, c.count);
        return taken;
    }

    /** Claims room for n items, or for as many as there is room for; each claim must be filled soon. Called by a whole warp. */
    GBPF_DEVICE ring_claim claim_room(uint32_t n) const { return claim(lanes::all(), space, tail, n); }

    /**
     * Puts item(0), item(1), ... into what was claimed, at most 32 * ROWS. Called by a whole warp. The loads of all rows are under way
     * together, and one fence orders all of their stores. Stores after a load that they depend on need none.
     */
    template <uint32_t ROWS, class Get> GBPF_DEVICE void fill_room(const ring_claim &c, Get item, patience limit) const {
        const lanes who = lanes::all();
        who.each([&](uint32_t lane) {
            uint32_t turn[ROWS];
            GBPF_UNROLL
            for (uint32_t r = 0; r < ROWS; ++r) {
                const uint32_t i = r * WARP_LANES + lane, position = c.first + i;
                turn[r] = i < c.count ? atomic<uint32_t>(sequence[position & (capacity - 1)]).load(together_acquire) : position;
            }
            GBPF_UNROLL
            for (uint32_t r = 0; r < ROWS; ++r) {
                const uint32_t i = r * WARP_LANES + lane, position = c.first + i;
                if (turn[r] != position) await(position & (capacity - 1), position, limit);
            }
            GBPF_UNROLL
            for (uint32_t r = 0; r < ROWS; ++r) {
                const uint32_t i = r * WARP_LANES + lane;
                if (i < c.count) slots[(c.first + i) & (capacity - 1)] = item(i);
            }
            together_fence();
            GBPF_UNROLL
            for (uint32_t r = 0; r < ROWS; ++r) {
                const uint32_t i = r * WARP_LANES + lane, position = c.first + i;
                if (i < c.count) atomic<uint32_t>(sequence[position & (capacity - 1)]).store(position + 1, together_release);
            }
        });
        hand_over(who, items, c.count);
    }

    /** Takes up to `most` items into the lowest of these lanes; returns the lanes that have one. */
    template <class Who> GBPF_DEVICE uint32_t pop(Who who, uint32_t most, lane_array<Item> &out, patience limit) const {
        const ring_claim c = claim(who, items, head, most < who.count() ? most : who.count());
        if (c.count == 0) return 0;
        const uint32_t taken = who.ballot([&](uint32_t lane) { return who.rank(lane) < c.count; });
        who.each([&](uint32_t lane) {
            if (!(taken >> lane & 1)) return;
            const uint32_t position = c.first + who.rank(lane);
            const uint32_t slot = position & (capacity - 1);
            if (!await(slot, position + 1, limit)) return;
            out[lane] = slots[slot];
            atomic<uint32_t>(sequence[slot]).store(position + capacity, release);
        });
        hand_over(who, space, c.count);
        return taken;
    }

    /** The same for a whole warp. */
    GBPF_DEVICE uint32_t pop(uint32_t most, lane_array<Item> &out, patience limit) const {
        return pop(lanes::all(), most, out, limit);
    }

private:
    /** Claims from what `count` is above `floor`. */
    template <class Who> GBPF_DEVICE ring_claim claim(Who who, int32_t *count, uint32_t *ticket, uint32_t want, int32_t floor = 0) const {
        return who.leader([&]() -> ring_claim {
            atomic<int32_t> left(*count);
            if (left.load(relaxed) <= floor) return ring_claim{0, 0};
            const int32_t wanted = static_cast<int32_t>(want);
            const int32_t before = left.fetch_sub(wanted, relaxed) - floor;
            const int32_t granted = before <= 0 ? 0 : before < wanted ? before : wanted;
            if (granted < wanted) left.fetch_add(wanted - granted, relaxed);
            if (granted == 0) return ring_claim{0, 0};
            const uint32_t n = static_cast<uint32_t>(granted);
            return ring_claim{atomic<uint32_t>(*ticket).fetch_add(n, relaxed), n};
        });
    }

    template <class Who> GBPF_DEVICE void hand_over(Who who, int32_t *count, uint32_t n) const {
        if (n == 0) return;
        who.once([&] { atomic<int32_t>(*count).fetch_add(static_cast<int32_t>(n), relaxed); });
    }

    GBPF_DEVICE bool await(uint32_t slot, uint32_t turn, patience &limit) const {
        while (atomic<uint32_t>(sequence[slot]).load(acquire) != turn) {
            if (!limit.wait()) return false;
        }
        return true;
    }
};

}  // namespace gbpf

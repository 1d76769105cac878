// Descriptors of full tasks: a pool for all, and what of it each tenant may hold.
//
// A tenant takes descriptors within its allowance. When that is used up, it says so and is refused for now; the next tick asks mem_event
// and raises the allowance by what the program grants. Descriptors given back count for the tenant's allowance again.
#pragma once

#include "plane.cuh"

namespace gbpf {

/** A full block of descriptors: what mem_event grants unless the program says otherwise. */
constexpr uint32_t POOL_BLOCKS = 64;
constexpr uint32_t DESCRIPTOR_CLASS = 2; // blocks of 16 << 2 bytes

/** Descriptors for these lanes, lowest lanes first; returns the lanes that got one. */
template <class Who> GBPF_OUTLINE uint32_t take_descriptors(plane_view &plane, Who who, uint32_t tenant, lane_array<uint32_t> &numbers) {
    gbpf_pool &pool = plane.pools[tenant];
    const uint32_t want = who.count();
    const uint32_t may = who.leader([&]() -> uint32_t {
        device_atomic<int32_t> allowance(pool.allowance);
        const int32_t wanted = static_cast<int32_t>(want), before = allowance.fetch_sub(wanted, relaxed);
        const int32_t granted = before <= 0 ? 0 : before < wanted ? before : wanted;
        if (granted < wanted) {
            allowance.fetch_add(wanted - granted, relaxed);
            device_atomic<uint32_t>(pool.wanted).store(1, relaxed);
        }
        return static_cast<uint32_t>(granted);
    });
    if (may == 0) return 0;
    const uint32_t taken = plane.free_descriptors.pop(who, may, numbers, plane.limit());
    const uint32_t missed = may - count_bits(taken);
    if (missed != 0) who.once([&] { device_atomic<int32_t>(pool.allowance).fetch_add(static_cast<int32_t>(missed), relaxed); });
    return taken;
}

/** Gives back what these lanes hold. */
template <class Who> GBPF_OUTLINE void give_descriptors(plane_view &plane, Who who, uint32_t tenant, lane_argument<uint32_t> numbers) {
    const uint32_t n = who.count();
    plane.free_descriptors.push(who, numbers, plane.limit()); // there is room for all
    who.once([&] { device_atomic<int32_t>(plane.pools[tenant].allowance).fetch_add(static_cast<int32_t>(n), relaxed); });
}

}  // namespace gbpf

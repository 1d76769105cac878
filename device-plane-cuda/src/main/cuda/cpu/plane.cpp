// The CPU build's entry points: a plane in memory that the caller has, launches of it, and nothing kept in between.
#include "cpu/launch.h"
#include "gbpf/table_policy.cuh"

#define GBPF_EXPORT extern "C" __attribute__((visibility("default")))

using launch = gbpf::cpu_launch<gbpf::table_policy>;

/** Bytes of a plane of these params. */
GBPF_EXPORT uint64_t gbpf_cpu_bytes(const gbpf_params *params) { return gbpf::plane_bytes(*params); }

/** Makes a plane in zeroed memory of so many bytes, aligned to 256. */
GBPF_EXPORT gbpf_plane *gbpf_cpu_format(void *memory, const gbpf_params *params) { return gbpf::make_plane(memory, *params); }

/** Starts a launch that ends at the latest after so many ns; `number` counts from 1. Null: no threads could be had. */
GBPF_EXPORT launch *gbpf_cpu_start(gbpf_plane *plane, uint64_t duration_ns, uint32_t number, uint64_t policy_address, uint64_t policy_epoch) try {
    return new launch(plane, duration_ns, number, gbpf::table_policy{}, gbpf::table_place{policy_address, policy_epoch});
} catch (const std::exception &) {
    return nullptr;
}

/** Waits for a launch's end and forgets it; returns why it ended, GBPF_STATE_.... */
GBPF_EXPORT uint32_t gbpf_cpu_join(launch *it) {
    const uint32_t state = it->join();
    delete it;
    return state;
}

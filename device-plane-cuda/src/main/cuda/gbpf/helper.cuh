// The helpers of device programs, by number (docs/helpers.md). Helpers never fail hard: an error is a negative number.
#pragma once

#include "abi.h"
#include "map.cuh"
#include "platform.cuh"

namespace gbpf {

/** Why a program stopped before its end. */
enum class fault_kind : uint32_t {
    none = 0,
    /** It took more jumps than its certificate allows. */
    overrun = 1,
    /** An operation that there is none of: the table is damaged. */
    bad_operation = 2,
    /** Local calls deeper than 8 frames. */
    call_depth = 3,
    /** A helper that device programs do not have. */
    bad_helper = 4,
};

/** r0 to r10. */
constexpr uint32_t VM_REGISTERS = 11;

/** A fault, for the host. */
struct fault_record {
    fault_kind kind;
    /** The operation, counted from the program's first. */
    uint32_t at;
    uint64_t registers[VM_REGISTERS];
};

/** What one lane's run of a program may use besides its context. */
struct vm_env {
    /** The maps of the policy, by index. */
    const device_map *maps;
    uint32_t map_count;
    /** Number of the SM that the program runs on. */
    uint32_t sm;
    /** State of get_prandom_u32, not 0. */
    uint64_t random;
    /** The clock of the moment, ns: one for all of a tick. */
    uint64_t now_ns;
    fault_record fault;
#if !GBPF_GPU
    /** Takes the helpers' part when it is set, with `target` as its first argument: how another runtime lends its maps. */
    uint64_t (*helpers)(void *target, uint32_t id, uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5);
    void *target;
#endif
};

/** What a register holds after a map was loaded into it: never an address, and never 0. */
constexpr uint64_t MAP_HANDLE = 0x4D41500000000000u;

/** The map of a handle; null when there is none, which no verified program asks about. */
GBPF_DEVICE const device_map *map_of(const vm_env &env, uint64_t handle) {
    uint64_t index = handle ^ MAP_HANDLE;
    return index < env.map_count ? env.maps + index : nullptr;
}

/** Marsaglia's xorshift64*, of which the high half is good (Vigna, 2016). */
GBPF_DEVICE uint32_t next_random(vm_env &env) {
    env.random ^= env.random >> 12;
    env.random ^= env.random << 25;
    env.random ^= env.random >> 27;
    return static_cast<uint32_t>((env.random * 0x2545F4914F6CDD1Du) >> 32);
}

/** Calls a helper; false when there is no such helper. */
GBPF_DEVICE bool call_helper(vm_env &env, uint32_t id, uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, uint64_t &r0) {
#if !GBPF_GPU
    if (env.helpers != nullptr) {
        r0 = env.helpers(env.target, id, r1, r2, r3, r4, r5);
        return true;
    }
#endif
    (void)r5;
    switch (id) {
        case GBPF_HELPER_KTIME_GET_NS: r0 = env.now_ns; return true;
        case GBPF_HELPER_GET_PRANDOM_U32: r0 = next_random(env); return true;
        case GBPF_HELPER_GET_SMP_PROCESSOR_ID: r0 = env.sm; return true;
        default: break;
    }
    // The others are about the map in r1.
    const device_map *map = map_of(env, r1);
    if (map == nullptr) return false;
    switch (id) {
        case GBPF_HELPER_MAP_LOOKUP_ELEM: r0 = array_lookup(*map, r2); return true;
        case GBPF_HELPER_MAP_UPDATE_ELEM: r0 = static_cast<uint64_t>(array_update(*map, r2, r3, r4)); return true;
        case GBPF_HELPER_MAP_DELETE_ELEM: r0 = static_cast<uint64_t>(int64_t{GBPF_EINVAL}); return true;
        case GBPF_HELPER_MAP_NEXT_SLOT: r0 = r2 < map->max_entries ? r2 : static_cast<uint64_t>(int64_t{GBPF_ENOENT}); return true;
        case GBPF_HELPER_MAP_SLOT_KEY: r0 = r2 < map->max_entries ? r2 : 0; return true;
        case GBPF_HELPER_MAP_SLOT_VALUE: r0 = array_element(*map, r2); return true;
        default: return false;
    }
}

}  // namespace gbpf

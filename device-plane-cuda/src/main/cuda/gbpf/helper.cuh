// The helpers of device programs, by number (docs/helpers.md). Helpers never fail hard: an error is a negative number.
#pragma once

#include "abi.h"
#include "hash.cuh"
#include "map.cuh"
#include "platform.cuh"
#include "registers.cuh"
#include "table.h"

namespace gbpf {

/** Why a program stopped before its end. */
enum class fault_kind : uint32_t {
    none = 0,
    overrun = GBPF_FAULT_OVERRUN,
    bad_operation = GBPF_FAULT_OPERATION,
    call_depth = GBPF_FAULT_DEPTH,
    bad_helper = GBPF_FAULT_HELPER,
    bad_table = GBPF_FAULT_TABLE,
};

/** A fault, for the host. */
struct fault_record {
    fault_kind kind;
    /** The operation, counted from the program's first. */
    uint32_t at;
    uint64_t registers[VM_REGISTERS];
};

/** What a program wants that is not done in its run but by who called that, and what the run needs to go on after it. */
struct far_work {
    /** The helper; 0: an atomic operation. */
    uint32_t helper;
    /** The atomic operation: dev.gbpf.cuda.vm.AtomicForm, and the register of its operand. */
    uint32_t form;
    uint32_t operand;
    /** Of the hash, or what the atomic operation is on. */
    uint64_t address;
    /** Before it and after it. */
    uint64_t registers[VM_REGISTERS];
    /** The next operation. */
    uint64_t back;
    int32_t jumps; // that are left
    uint32_t depth; // of local calls
};

/** How a call of a helper ended. */
enum class helper_end : uint32_t {
    done,
    missing, // there is no such helper
    far,     // vm_run does it
};

/** What one lane's run of a program may use besides its context. */
struct vm_env {
    /** The maps of the policy, by index. */
    const gbpf_map *maps;
    uint32_t map_count;
    /** Number of the SM that the program runs on. */
    uint32_t sm;
    /** Which values of a percpu_array are its own. */
    uint32_t cpu;
    /** Where it logs; null: nowhere. */
    gbpf_policy_log *log;
    /** State of get_prandom_u32, not 0. */
    uint64_t random;
    /** The clock of the moment, ns: one for all of a tick. */
    uint64_t now_ns;
    fault_record fault;
    far_work far;
#if !GBPF_GPU
    /** Takes the helpers' part when it is set, with `target` as its first argument: how another runtime lends its maps. */
    uint64_t (*helpers)(void *target, uint32_t id, uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5);
    void *target;
#endif
};

/** What a register holds after a map was loaded into it: never an address, and never 0. */
constexpr uint64_t MAP_HANDLE = 0x4D41500000000000u;

/** The map of a handle; null when there is none, which no verified program asks about. */
GBPF_DEVICE const gbpf_map *map_of(const vm_env &env, uint64_t handle) {
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

/** Adds an entry to the log, which has room for the newest. */
GBPF_DEVICE void write_log(vm_env &env, uint64_t tag, uint64_t value) {
    if (env.log == nullptr) return;
    const uint64_t position = device_atomic<uint64_t>(env.log->count).fetch_add(1, relaxed);
    gbpf_log_entry &entry = env.log->entries[position % GBPF_LOG_ENTRIES];
    device_atomic<uint64_t>(entry.position).store(0, relaxed);
    device_atomic<uint64_t>(entry.now_ns).store(env.now_ns, release);
    device_atomic<uint64_t>(entry.tag).store(tag, release);
    device_atomic<uint64_t>(entry.value).store(value, release);
    device_atomic<uint64_t>(entry.position).store(position + 1, release);
}

GBPF_DEVICE bool is_for_maps(uint32_t id) {
    return (id >= GBPF_HELPER_MAP_LOOKUP_ELEM && id <= GBPF_HELPER_MAP_DELETE_ELEM)
        || (id >= GBPF_HELPER_MAP_NEXT_SLOT && id <= GBPF_HELPER_MAP_SLOT_VALUE);
}

/** Calls a helper. */
GBPF_DEVICE helper_end call_helper(vm_env &env, uint32_t id, uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5, uint64_t &r0) {
#if !GBPF_GPU
    if (env.helpers != nullptr) {
        r0 = env.helpers(env.target, id, r1, r2, r3, r4, r5);
        return helper_end::done;
    }
#endif
    (void)r5;
    env.far.helper = id; // if it is far
    switch (id) {
        case GBPF_HELPER_KTIME_GET_NS: r0 = env.now_ns; return helper_end::done;
        case GBPF_HELPER_GET_PRANDOM_U32: r0 = next_random(env); return helper_end::done;
        case GBPF_HELPER_GET_SMP_PROCESSOR_ID: r0 = env.sm; return helper_end::done;
        case GBPF_HELPER_LOG: return helper_end::far;
        default: break;
    }
    // The others are about the map in r1.
    const gbpf_map *map = map_of(env, r1);
    if (map == nullptr || !is_for_maps(id)) return helper_end::missing;
    if (is_hash(map->kind)) {
        env.far.address = map->address;
        return helper_end::far;
    }
    switch (id) {
        case GBPF_HELPER_MAP_LOOKUP_ELEM: r0 = array_lookup(*map, r2, env.cpu); break;
        case GBPF_HELPER_MAP_UPDATE_ELEM: r0 = static_cast<uint64_t>(array_update(*map, r2, r3, r4, env.cpu)); break;
        case GBPF_HELPER_MAP_DELETE_ELEM: r0 = static_cast<uint64_t>(int64_t{GBPF_EINVAL}); break;
        case GBPF_HELPER_MAP_NEXT_SLOT: r0 = r2 < map->max_entries ? r2 : static_cast<uint64_t>(int64_t{GBPF_ENOENT}); break;
        case GBPF_HELPER_MAP_SLOT_KEY: r0 = r2 < map->max_entries ? r2 : 0; break;
        default: r0 = array_element(*map, r2, env.cpu); break;
    }
    return helper_end::done;
}

}  // namespace gbpf

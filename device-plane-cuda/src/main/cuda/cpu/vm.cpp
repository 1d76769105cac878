// The interpreter for the host: one run of one lane, and helpers of hashes.
#include "gbpf/vm.cuh"

using namespace gbpf;

/**
 * Runs a program whose maps and helpers are the caller's.
 *
 * @param helpers called with `target` as its first argument
 * @param fault set to what the run ended with
 * @return r0
 */
extern "C" __attribute__((visibility("default"))) uint64_t
gbpf_cpu_vm_run(const gbpf_micro_op *code, uint64_t r1, uint64_t r2, uint32_t jumps, decltype(vm_env::helpers) helpers, void *target,
                fault_record *fault) {
    vm_env env{};
    env.helpers = helpers;
    env.target = target;
    uint64_t r0 = vm_run(code, r1, r2, jumps, env);
    *fault = env.fault;
    return r0;
}

/**
 * The same with maps as a device has them, and the device's helpers.
 *
 * @param maps so many, by index
 * @param now_ns the clock
 */
extern "C" __attribute__((visibility("default"))) uint64_t
gbpf_cpu_vm_run_with_maps(const gbpf_micro_op *code, uint64_t r1, uint32_t jumps, const gbpf_map *maps, uint32_t map_count, uint64_t now_ns,
                          fault_record *fault) {
    vm_env env{};
    env.maps = maps;
    env.map_count = map_count;
    env.random = 1;
    env.now_ns = now_ns;
    uint64_t r0 = vm_run(code, r1, 0, jumps, env);
    *fault = env.fault;
    return r0;
}

/** What a helper does with a hash: call_hash of hash.cuh. */
extern "C" __attribute__((visibility("default"))) uint64_t
gbpf_cpu_call_hash(uint64_t hash, uint64_t helper, uint64_t key, uint64_t value, uint64_t flags) {
    return call_hash(hash, helper, key, value, flags);
}

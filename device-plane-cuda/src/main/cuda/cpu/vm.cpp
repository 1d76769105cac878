// The interpreter for the host: one run of one lane.
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

// Runs programs with known results on the device and counts what differs: in the interpreter, and as machine code of another module, called by its address as
// the control kernel does. The test class dev.gbpf.cuda.differential.DifferentialRun makes the programs, calls this, and says how; on the CPU it is a shared
// library with the interpreter only.
#include "gbpf/vm.cuh"

using namespace gbpf;

/** A program, and what the host's interpreter made of it; ProgramBatch writes it. */
struct check_program {
    uint64_t code;      // operations, or a function
    uint64_t maps;      // gbpf_map, by index
    uint64_t values;    // of its maps
    uint64_t expected;  // the same afterwards
    uint64_t runs;      // for each run: u64 r0, the context before, the context afterwards; each padded to 8 bytes
    uint32_t operations;
    uint32_t context_bytes;
    uint32_t run_count;
    uint32_t map_count;
    uint32_t value_bytes;
    uint32_t lanes;     // 1 when it uses maps, which its lanes would share; else 32
};
static_assert(sizeof(check_program) == 64);

/** How many lanes differed in what, and the fault and result of the first lane's last run. */
struct check_outcome {
    uint32_t wrong_results;
    uint32_t wrong_contexts;
    uint32_t wrong_values;
    uint32_t fault;
    uint64_t r0;
    uint64_t at;
};

namespace {

constexpr uint32_t JUMPS = 2000000;
constexpr uint32_t WARPS = 4;

GBPF_DEVICE const uint8_t *bytes_at(uint64_t address) { return reinterpret_cast<const uint8_t *>(address); }

GBPF_DEVICE bool same(const uint8_t *a, const uint8_t *b, uint32_t n) {
    bool equal = true;
    for (uint32_t k = 0; k < n; ++k) equal &= a[k] == b[k];
    return equal;
}

struct lane_outcome {
    bool result = false, context = false, values = false;
    fault_record fault{};
    uint64_t r0 = 0;
};

/** One lane's runs, one after the other; `run` is given a context and an environment, and gives r0. */
template <class Run> GBPF_DEVICE lane_outcome check_lane(const check_program &program, uint8_t *context, uint64_t now, Run run) {
    lane_outcome outcome;
    const uint32_t bytes = program.context_bytes, padded = (bytes + 7) / 8 * 8;
    for (uint32_t i = 0; i < program.run_count; ++i) {
        const uint8_t *expected = bytes_at(program.runs + uint64_t{i} * (8 + 2 * uint64_t{padded}));
        for (uint32_t k = 0; k < bytes; ++k) context[k] = expected[8 + k];
        vm_env env{};
        env.maps = reinterpret_cast<const gbpf_map *>(program.maps);
        env.map_count = program.map_count;
        env.random = 1;
        env.now_ns = now;
        outcome.r0 = run(bytes == 0 ? 0 : reinterpret_cast<uint64_t>(context), env);
        outcome.result |= outcome.r0 != *reinterpret_cast<const uint64_t *>(expected) || env.fault.kind != fault_kind::none;
        outcome.context |= !same(context, expected + 8 + padded, bytes);
        outcome.fault = env.fault;
    }
    outcome.values = program.value_bytes != 0 && !same(bytes_at(program.values), bytes_at(program.expected), program.value_bytes);
    return outcome;
}

}  // namespace

#if defined(__CUDACC__)

namespace {

__device__ void report(const lane_outcome &mine, check_outcome &outcome) {
    const uint32_t results = __popc(__ballot_sync(ALL_LANES, mine.result)), contexts = __popc(__ballot_sync(ALL_LANES, mine.context));
    if (threadIdx.x % WARP_LANES == 0) {
        outcome = {results, contexts, mine.values, static_cast<uint32_t>(mine.fault.kind), mine.r0, mine.fault.at};
    }
}

/** Takes registers and stack, so that the kernel has as much as programs may use, as the interpreter does: what it calls by address nobody counts. */
__device__ __noinline__ uint64_t take_registers(const volatile uint64_t *from) {
    constexpr int N = 52, STACK = 768;
    volatile uint64_t room[STACK];
    uint64_t value[N], sum = 0;
    for (int i = 0; i < STACK; ++i) room[from[i] % STACK] = i;
#pragma unroll
    for (int i = 0; i < N; ++i) value[i] = from[i];
#pragma unroll
    for (int i = 0; i < N; ++i) sum = sum * value[i] + value[N - 1 - i];
    return sum + room[sum % STACK];
}

using compiled_program = uint64_t (*)(void *context, uint64_t now_ns, uint32_t cpu, uint64_t log);

}  // namespace

/** Blocks of one warp; dynamic shared memory for the longest program. `scratch` has `stride` bytes for each thread. */
extern "C" __global__ void check_interpreted(const check_program *programs, uint32_t count, uint8_t *scratch, uint32_t stride, uint64_t now,
                                             check_outcome *outcomes) {
    extern __shared__ gbpf_micro_op code[];
    for (uint32_t i = blockIdx.x; i < count; i += gridDim.x) {
        const check_program program = programs[i];
        const auto *operations = reinterpret_cast<const gbpf_micro_op *>(program.code);
        for (uint32_t k = threadIdx.x; k < program.operations; k += blockDim.x) code[k] = operations[k];
        __syncthreads();
        lane_outcome mine;
        if (threadIdx.x < program.lanes) {
            uint8_t *context = scratch + (size_t{blockIdx.x} * WARP_LANES + threadIdx.x) * stride;
            mine = check_lane(program, context, now,
                              [&](uint64_t r1, vm_env &env) { return vm_run(code, r1, 0, JUMPS, env); });
        }
        __syncthreads();
        report(mine, outcomes[i]);
    }
}

/** Blocks of four warps, each of which takes a program at a time. */
extern "C" __global__ void check_compiled(const check_program *programs, uint32_t count, uint8_t *scratch, uint32_t stride, uint64_t now,
                                          check_outcome *outcomes) {
    const uint32_t warp = blockIdx.x * WARPS + threadIdx.x / WARP_LANES, lane = threadIdx.x % WARP_LANES;
    if (now == 0) outcomes[0].r0 = take_registers(&outcomes[0].r0);
    for (uint32_t i = warp; i < count; i += gridDim.x * WARPS) {
        const check_program program = programs[i];
        lane_outcome mine;
        if (lane < program.lanes) {
            uint8_t *context = scratch + (size_t{warp} * WARP_LANES + lane) * stride;
            mine = check_lane(program, context, now, [&](uint64_t r1, vm_env &env) {
                return reinterpret_cast<compiled_program>(program.code)(reinterpret_cast<void *>(r1), env.now_ns, 0, 0);
            });
        }
        __syncwarp();
        report(mine, outcomes[i]);
    }
}

#else

/** The interpreter on the CPU, a lane of each program. */
extern "C" __attribute__((visibility("default"))) void check_interpreted_cpu(const check_program *programs, uint32_t count, uint8_t *scratch,
                                                                             uint64_t now, check_outcome *outcomes) {
    for (uint32_t i = 0; i < count; ++i) {
        const auto *code = reinterpret_cast<const gbpf_micro_op *>(programs[i].code);
        const lane_outcome mine =
            check_lane(programs[i], scratch, now, [&](uint64_t r1, vm_env &env) { return vm_run(code, r1, 0, JUMPS, env); });
        outcomes[i] = {mine.result, mine.context, mine.values, static_cast<uint32_t>(mine.fault.kind), mine.r0, mine.fault.at};
    }
}

#endif

// The kernel of ptx_check.cpp: calls programs of another module by their addresses, as the control kernel does.
#include <cstdint>

using compiled_program = uint64_t (*)(void *context, uint64_t now_ns, uint32_t cpu, uint64_t log);

struct run_of {
    uint64_t code;
    uint64_t context;
};

/** Takes registers and stack, so that the kernel has as much as programs may use, as the interpreter does: what it calls by address nobody counts. */
__device__ __noinline__ uint64_t take_registers(const volatile uint64_t *from) {
    constexpr int N = 52;
    volatile uint64_t room[512];
    uint64_t value[N], sum = 0;
    for (int i = 0; i < 512; ++i) room[from[i] % 512] = i;
#pragma unroll
    for (int i = 0; i < N; ++i) value[i] = from[i];
#pragma unroll
    for (int i = 0; i < N; ++i) sum = sum * value[i] + value[N - 1 - i];
    return sum + room[sum % 512];
}

/** A warp for each program: all its lanes run it, each with a context of its own, or the first lane only. */
extern "C" __global__ void check_programs(const run_of *runs, uint32_t programs, uint32_t stride, uint64_t now, const uint32_t *alone, uint64_t *results) {
    const uint32_t program = blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32, lane = threadIdx.x % 32;
    if (program >= programs || (alone[program] != 0 && lane != 0)) return;
    if (now == 0) results[0] = take_registers(results);
    const run_of run = runs[program];
    void *context = run.context == 0 ? nullptr : reinterpret_cast<void *>(run.context + uint64_t{lane} * stride);
    results[program * 32 + lane] = reinterpret_cast<compiled_program>(run.code)(context, now, 0, 0);
}

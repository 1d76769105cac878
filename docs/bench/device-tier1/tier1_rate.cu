// The kernels of tier1_rate.cpp: one decision after the other in each thread, each from the last one's result.
#include <cstdint>

using compiled_program = uint64_t (*)(uint64_t context, uint64_t now_ns, uint32_t cpu, uint64_t log);

/** What an engineer would write by hand; the policy has 18 instructions for it. */
__device__ __forceinline__ uint64_t hand(uint64_t a, uint64_t b) {
    uint64_t x = a * 0x9E3779B1u;
    x ^= b >> 3;
    x ^= x >> 15;
    x *= 0x85EBCA77u;
    return (x & 255) < (b & 255) ? (x >> 8) & 7 : 8;
}
extern "C" __device__ __noinline__ uint64_t hand_called(uint64_t a, uint64_t b, uint32_t, uint64_t) { return hand(a, b); }
extern "C" __device__ const compiled_program hand_address = hand_called;
/** The policy's own function, where the kernel is assembled with it in one module. */
extern "C" __device__ uint64_t rate(uint64_t a, uint64_t b, uint32_t cpu, uint64_t log);

template <class F> __device__ __forceinline__ void decide(int n, uint64_t *out, F f) {
    const uint32_t t = blockIdx.x * blockDim.x + threadIdx.x;
    uint64_t acc = 0;
    for (int i = 0; i < n; ++i) acc += f(static_cast<uint32_t>(t + i), static_cast<uint32_t>(acc + i));
    out[t] = acc;
}

#define KERNEL(name) extern "C" __global__ void __launch_bounds__(512, 1) name(int n, const uint64_t *table, uint64_t *out)
#ifdef WITH_POLICY
KERNEL(policy_inlined) {
    decide(n, out, [](uint64_t a, uint64_t b) { return rate(a, b, 0, 0); });
}
#else
KERNEL(hand_inlined) {
    decide(n, out, [](uint64_t a, uint64_t b) { return hand(a, b); });
}
KERNEL(hand_by_call) {
    decide(n, out, [](uint64_t a, uint64_t b) { return hand_called(a, b, 0, 0); });
}
KERNEL(by_address) {
    const auto f = reinterpret_cast<compiled_program>(table[0]);
    decide(n, out, [f](uint64_t a, uint64_t b) { return f(a, b, 0, 0); });
}
#endif

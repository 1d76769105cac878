// The kernel of vm_rate.cpp.
#include "gbpf/vm.cuh"
using namespace gbpf;
// n decisions in each thread, each from the last one's result
extern "C" __global__ void k(int n, const gbpf_micro_op *prog, int len, uint64_t *out) {
  __shared__ gbpf_micro_op code[64];
  for (int i = threadIdx.x; i < len; i += blockDim.x) code[i] = prog[i];
  __syncthreads();
  uint32_t t = blockIdx.x * blockDim.x + threadIdx.x;
  uint64_t acc = 0;
  vm_env env{};
  const gbpf_micro_op *at = code;
  asm("" : "+l"(at));  // an address like any other, as in the control kernel
  for (int i = 0; i < n; ++i) acc += vm_run(at, (uint32_t)(t + i), (uint32_t)(acc + i), 1000, env);
  out[t] = acc;
}

// Kernels that start the next kernel themselves: what tasks that start tasks are compared with. Each counts in *counter.
#include <cuda_runtime.h>

/** A chain of so many kernels by dynamic parallelism: each starts the next one at its end. */
extern "C" __global__ void gbpf_bench_kernel_chain(unsigned *counter, unsigned kernels) {
    ++*counter;
    if (kernels > 1) gbpf_bench_kernel_chain<<<1, 1, 0, cudaStreamTailLaunch>>>(counter, kernels - 1);
}

/** A graph of this kernel launches itself until *counter is `kernels`. */
extern "C" __global__ void gbpf_bench_graph_chain(unsigned *counter, unsigned kernels) {
    if (++*counter < kernels) cudaGraphLaunch(cudaGetCurrentGraphExec(), cudaStreamGraphTailLaunch);
}

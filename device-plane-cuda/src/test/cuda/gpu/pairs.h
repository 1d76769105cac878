// pair_blocks(kernel, blocks): lets a kernel's next launch, of so many blocks, have them in clusters of two, as the runtime's is launched.
#pragma once

#include <cstdlib>
#include <cuda_runtime.h>

/** GBPF_NO_CLUSTERS in the environment leaves each block alone, as an odd number of them does. */
template <class Kernel> cudaError_t pair_blocks(Kernel *kernel, unsigned blocks) {
    const void *function = reinterpret_cast<const void *>(kernel);
    const int width = blocks % 2 == 0 && std::getenv("GBPF_NO_CLUSTERS") == nullptr ? 2 : 1;
    cudaError_t e = cudaFuncSetAttribute(function, cudaFuncAttributeRequiredClusterWidth, width);
    if (e == cudaSuccess) e = cudaFuncSetAttribute(function, cudaFuncAttributeRequiredClusterHeight, 1);
    if (e == cudaSuccess) e = cudaFuncSetAttribute(function, cudaFuncAttributeRequiredClusterDepth, 1);
    return e;
}

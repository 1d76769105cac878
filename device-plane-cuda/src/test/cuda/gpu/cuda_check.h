// CK(call): a call of the CUDA runtime that must succeed; else it is named, and the program ends with status 2.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <cuda_runtime.h>

#define CK(call)                                                                                       \
    do {                                                                                               \
        const cudaError_t e = (call);                                                                  \
        if (e != cudaSuccess) {                                                                        \
            std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, cudaGetErrorString(e));            \
            std::exit(2);                                                                              \
        }                                                                                              \
    } while (0)

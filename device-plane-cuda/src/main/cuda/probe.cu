// A kernel that tells what ran: which machine code the driver chose, and for which interface it was built. `gbpf doctor` launches it.
#include "gbpf/abi.h"

struct gbpf_probe {
    uint32_t abi_version;  // major << 16 | minor
    uint32_t architecture; // __CUDA_ARCH__ of the code that ran: 900 for sm_90
    uint32_t blocks;       // how many blocks ran
};

extern "C" __global__ void gbpf_probe(gbpf_probe *result) {
    if (threadIdx.x == 0 && atomicAdd(&result->blocks, 1) == 0) {
        result->abi_version = uint32_t{GBPF_ABI_MAJOR} << 16 | GBPF_ABI_MINOR;
#ifdef __CUDA_ARCH__
        result->architecture = __CUDA_ARCH__;
#endif
    }
}

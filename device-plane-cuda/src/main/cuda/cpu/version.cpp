// The interface that the library was built for, by which whoever loads it knows that it is not of another build.
#include "gbpf/abi.h"

extern "C" __attribute__((visibility("default"))) uint32_t gbpf_device_abi_version(void) {
    return uint32_t{GBPF_ABI_MAJOR} << 16 | GBPF_ABI_MINOR;
}

// Compares the table of wrapped entry points with CUDA's own header: each row must be a function of this name and version there, with
// parameters of the same sizes. Compiled where the toolkit is; there is nothing to run.
#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

// Before CUDA's header, whose macros rename functions.
namespace table {
#include "cuda_types.h"
#define ENTRY(symbol, base, since, ds, parameters, ...) typedef CUresult(*symbol##_shape) parameters;
#define ENTRY_SZ(symbol, base, since, ...) ENTRY(symbol, base, since, LEGACY, __VA_ARGS__)
#define ENTRY_DS ENTRY_SZ
#include "entries/copy.def"
#include "entries/launch.def"
#include "entries/memory.def"
#include "entries/stream.def"
#undef ENTRY
#undef ENTRY_SZ
#undef ENTRY_DS
}

#define __CUDA_API_VERSION_INTERNAL
#include <cudaTypedefs.h>

template <class T>
constexpr int code() {
    static_assert(!std::is_floating_point_v<T>, "passed in another kind of register");
    return static_cast<int>(sizeof(T));
}

template <class F>
struct shape;
template <class R, class... A>
struct shape<R (*)(A...)> {
    static constexpr std::array<int, sizeof...(A) + 1> value{code<R>(), code<A>()...};
};

template <class A, class B>
constexpr bool same() {
    if constexpr (shape<A>::value.size() != shape<B>::value.size()) {
        return false;
    } else {
        return shape<A>::value == shape<B>::value;
    }
}

#define ENTRY_SZ(symbol, base, since, ...) ENTRY(symbol, base, since, LEGACY, __VA_ARGS__)
#define ENTRY_DS ENTRY_SZ
#define ENTRY(symbol, base, since, ds, ...) \
    static_assert(same<table::symbol##_shape, PFN_##base##_v##since>(), #symbol " has other parameters in cuda.h");
#include "entries/copy.def"
#include "entries/launch.def"
#include "entries/memory.def"
#include "entries/stream.def"
#undef ENTRY

// What the library reads of structures lies where CUDA has it.
#define SAME_FIELD(structure, ours, field)                                                                     \
    static_assert(offsetof(table::ours, field) == offsetof(structure, field)                                   \
            && sizeof(table::ours::field) == sizeof(structure::field),                                         \
        #structure "." #field " lies elsewhere in cuda.h");
SAME_FIELD(CUlaunchConfig, CUlaunchConfig, gridDimX)
SAME_FIELD(CUlaunchConfig, CUlaunchConfig, blockDimZ)
SAME_FIELD(CUlaunchConfig, CUlaunchConfig, hStream)
SAME_FIELD(CUlaunchConfig, CUlaunchConfig, attrs)
SAME_FIELD(CUlaunchConfig, CUlaunchConfig, numAttrs)
SAME_FIELD(CUlaunchAttribute, CUlaunchAttribute, value)
SAME_FIELD(CUDA_LAUNCH_PARAMS, CUDA_LAUNCH_PARAMS, hStream)
SAME_FIELD(CUdevResource, CUdevResource, type)
SAME_FIELD(CUdevResource, CUdevResource, sm)
static_assert(offsetof(CUdevSmResource, minSmPartitionSize) == 4 && offsetof(CUdevSmResource, smCoscheduledAlignment) == 8);
static_assert(sizeof(table::CUdevResource) == sizeof(CUdevResource), "elements of an array");
SAME_FIELD(CUDA_MEMCPY2D, CUDA_MEMCPY2D, srcMemoryType)
SAME_FIELD(CUDA_MEMCPY2D, CUDA_MEMCPY2D, dstMemoryType)
SAME_FIELD(CUDA_MEMCPY2D, CUDA_MEMCPY2D, Height)
SAME_FIELD(CUDA_MEMCPY3D, CUDA_MEMCPY3D, dstMemoryType)
SAME_FIELD(CUDA_MEMCPY3D, CUDA_MEMCPY3D, Depth)
SAME_FIELD(CUDA_MEMCPY3D_PEER, CUDA_MEMCPY3D, dstMemoryType)
SAME_FIELD(CUDA_MEMCPY3D_PEER, CUDA_MEMCPY3D, Depth)
SAME_FIELD(CUmemAllocationProp, CUmemAllocationProp, location)
SAME_FIELD(CUDA_ARRAY_DESCRIPTOR, CUDA_ARRAY_DESCRIPTOR, NumChannels)
SAME_FIELD(CUDA_ARRAY3D_DESCRIPTOR, CUDA_ARRAY3D_DESCRIPTOR, NumChannels)
static_assert(sizeof(table::CUlaunchAttribute) == sizeof(CUlaunchAttribute), "elements of an array");

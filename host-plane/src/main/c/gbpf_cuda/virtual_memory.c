/* Physical memory by handle: it lives until the last handle and the last mapping are gone. */
#include "handlers.h"
#include "memory.h"

CUresult gbpf_mem_create(CUresult (*real)(CUmemHandle *, size_t, const CUmemAllocationProp *, unsigned long long),
    enum gbpf_default_stream ds, CUmemHandle *handle, size_t bytes, const CUmemAllocationProp *properties, unsigned long long flags) {
    (void)ds;
    const bool on_device = properties != NULL && properties->location.type == CU_MEM_LOCATION_TYPE_DEVICE && properties->location.id >= 0
        && properties->location.id < GBPF_SEGMENT_DEVICES;
    const int device = on_device ? properties->location.id : -1;
    if (!gbpf_memory_reserve(device, bytes)) return CUDA_ERROR_OUT_OF_MEMORY;
    const CUresult result = real(handle, bytes, properties, flags);
    if (result == CUDA_SUCCESS) {
        gbpf_memory_note(GBPF_MEMORY_HANDLE, *handle, device, bytes, 0);
    } else {
        gbpf_memory_return(device, bytes);
    }
    return result;
}

CUresult gbpf_mem_release(CUresult (*real)(CUmemHandle), enum gbpf_default_stream ds, CUmemHandle handle) {
    struct gbpf_memory_piece piece;
    (void)ds;
    gbpf_memory_drop(GBPF_MEMORY_HANDLE, handle, &piece);
    return real(handle);
}

CUresult gbpf_mem_retain(CUresult (*real)(CUmemHandle *, void *), enum gbpf_default_stream ds, CUmemHandle *handle, void *at) {
    (void)ds;
    const CUresult result = real(handle, at);
    if (result == CUDA_SUCCESS) gbpf_memory_refer(GBPF_MEMORY_HANDLE, *handle);
    return result;
}

CUresult gbpf_mem_map(CUresult (*real)(CUdeviceptr, size_t, size_t, CUmemHandle, unsigned long long), enum gbpf_default_stream ds,
    CUdeviceptr at, size_t bytes, size_t offset, CUmemHandle handle, unsigned long long flags) {
    (void)ds;
    const CUresult result = real(at, bytes, offset, handle, flags);
    if (result == CUDA_SUCCESS) {
        gbpf_memory_refer(GBPF_MEMORY_HANDLE, handle);
        gbpf_memory_note(GBPF_MEMORY_MAPPING, at, 0, bytes, handle);
    }
    return result;
}

CUresult gbpf_mem_unmap(CUresult (*real)(CUdeviceptr, size_t), enum gbpf_default_stream ds, CUdeviceptr at, size_t bytes) {
    (void)ds;
    const CUresult result = real(at, bytes);
    /* Several mappings that lie side by side may go at once. */
    for (size_t done = 0; result == CUDA_SUCCESS && done < bytes;) {
        struct gbpf_memory_piece mapping;
        struct gbpf_memory_piece piece;
        if (!gbpf_memory_drop(GBPF_MEMORY_MAPPING, at + done, &mapping) || mapping.bytes == 0) break;
        gbpf_memory_drop(GBPF_MEMORY_HANDLE, mapping.handle, &piece);
        done += mapping.bytes;
    }
    return result;
}

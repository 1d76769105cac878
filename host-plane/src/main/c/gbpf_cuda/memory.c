/* Allocations and what the driver says about memory. */
#include "memory.h"

#include "capture.h"
#include "driver.h"
#include "handlers.h"
#include "streams.h"

/* The end of an allocation for which bytes were reserved. */
static CUresult allocated(CUresult result, enum gbpf_memory_kind kind, uint64_t at, int device, uint64_t bytes) {
    if (result == CUDA_SUCCESS) {
        gbpf_memory_note(kind, at, device, bytes, 0);
    } else {
        gbpf_memory_return(device, bytes);
    }
    return result;
}

CUresult gbpf_alloc(CUresult (*real)(CUdeviceptr *, size_t), enum gbpf_default_stream ds, CUdeviceptr *at, size_t bytes) {
    (void)ds;
    const int device = gbpf_current_device();
    if (!gbpf_memory_reserve(device, bytes)) return CUDA_ERROR_OUT_OF_MEMORY;
    const CUresult result = real(at, bytes);
    return allocated(result, GBPF_MEMORY_ADDRESS, result == CUDA_SUCCESS ? *at : 0, device, bytes);
}

CUresult gbpf_alloc_pitch(CUresult (*real)(CUdeviceptr *, size_t *, size_t, size_t, unsigned), enum gbpf_default_stream ds, CUdeviceptr *at,
    size_t *pitch, size_t width, size_t height, unsigned element) {
    (void)ds;
    const int device = gbpf_current_device();
    size_t bytes = 0;
    if (__builtin_mul_overflow(width, height, &bytes)) bytes = 0; /* the driver will say no */
    if (!gbpf_memory_reserve(device, bytes)) return CUDA_ERROR_OUT_OF_MEMORY;
    const CUresult result = real(at, pitch, width, height, element);
    return allocated(result, GBPF_MEMORY_ADDRESS, result == CUDA_SUCCESS ? *at : 0, device, bytes);
}

CUresult gbpf_alloc_managed(CUresult (*real)(CUdeviceptr *, size_t, unsigned), enum gbpf_default_stream ds, CUdeviceptr *at, size_t bytes,
    unsigned flags) {
    (void)ds;
    const int device = gbpf_current_device();
    if (!gbpf_memory_reserve(device, bytes)) return CUDA_ERROR_OUT_OF_MEMORY;
    const CUresult result = real(at, bytes, flags);
    return allocated(result, GBPF_MEMORY_ADDRESS, result == CUDA_SUCCESS ? *at : 0, device, bytes);
}

/* The device of memory that is allocated in a stream's order; -1 in a capture, where it is the graph's. */
static int device_of(CUstream stream, enum gbpf_default_stream ds) {
    if (LOAD(&gbpf_process.captures) != 0 && gbpf_is_capturing(stream, ds)) return -1;
    const uint32_t place = gbpf_stream_place(stream, ds);
    return place == GBPF_OTHER_STREAMS ? gbpf_current_device() : (int)LOAD(&gbpf_places[place].device);
}

CUresult gbpf_alloc_async(CUresult (*real)(CUdeviceptr *, size_t, CUstream), enum gbpf_default_stream ds, CUdeviceptr *at, size_t bytes,
    CUstream stream) {
    const int device = device_of(stream, ds);
    if (!gbpf_memory_reserve(device, bytes)) return CUDA_ERROR_OUT_OF_MEMORY;
    const CUresult result = real(at, bytes, stream);
    return allocated(result, GBPF_MEMORY_ADDRESS, result == CUDA_SUCCESS ? *at : 0, device, bytes);
}

CUresult gbpf_alloc_from_pool(CUresult (*real)(CUdeviceptr *, size_t, CUmemoryPool, CUstream), enum gbpf_default_stream ds, CUdeviceptr *at,
    size_t bytes, CUmemoryPool pool, CUstream stream) {
    const int device = device_of(stream, ds);
    if (!gbpf_memory_reserve(device, bytes)) return CUDA_ERROR_OUT_OF_MEMORY;
    const CUresult result = real(at, bytes, pool, stream);
    return allocated(result, GBPF_MEMORY_ADDRESS, result == CUDA_SUCCESS ? *at : 0, device, bytes);
}

/* Forgets before the driver may give the address to another thread. */
CUresult gbpf_free(CUresult (*real)(CUdeviceptr), enum gbpf_default_stream ds, CUdeviceptr at) {
    struct gbpf_memory_piece piece;
    (void)ds;
    const bool known = gbpf_memory_drop(GBPF_MEMORY_ADDRESS, at, &piece);
    const CUresult result = real(at);
    if (result == CUDA_ERROR_INVALID_VALUE && known && gbpf_memory_reserve((int)piece.device, piece.bytes))
        gbpf_memory_note(GBPF_MEMORY_ADDRESS, at, (int)piece.device, piece.bytes, 0);
    return result;
}

CUresult gbpf_free_async(CUresult (*real)(CUdeviceptr, CUstream), enum gbpf_default_stream ds, CUdeviceptr at, CUstream stream) {
    struct gbpf_memory_piece piece;
    (void)ds;
    gbpf_memory_drop(GBPF_MEMORY_ADDRESS, at, &piece);
    return real(at, stream);
}

static uint64_t element_bytes(int format) {
    switch (format) {
        case 0x01: /* 8 bits */
        case 0x08: return 1;
        case 0x02: /* 16 bits */
        case 0x09:
        case 0x10: return 2;
        default: return 4;
    }
}

static uint64_t array_bytes(uint64_t width, uint64_t height, uint64_t depth, int format, unsigned channels) {
    const unsigned __int128 bytes = (unsigned __int128)width * gbpf_max(height, 1) * gbpf_max(depth, 1);
    const uint64_t element = element_bytes(format) * gbpf_max(channels, 1);
    return bytes > UINT64_MAX / 4096 / element ? 0 : (uint64_t)bytes * element; /* 0: the driver will say no */
}

CUresult gbpf_array_create(CUresult (*real)(CUarray *, const CUDA_ARRAY_DESCRIPTOR *), enum gbpf_default_stream ds, CUarray *array,
    const CUDA_ARRAY_DESCRIPTOR *d) {
    (void)ds;
    const int device = gbpf_current_device();
    const uint64_t bytes = d == NULL ? 0 : array_bytes(d->Width, d->Height, 1, d->Format, d->NumChannels);
    if (!gbpf_memory_reserve(device, bytes)) return CUDA_ERROR_OUT_OF_MEMORY;
    const CUresult result = real(array, d);
    return allocated(result, GBPF_MEMORY_ARRAY, result == CUDA_SUCCESS ? (uintptr_t)*array : 0, device, bytes);
}

CUresult gbpf_array_3d_create(CUresult (*real)(CUarray *, const CUDA_ARRAY3D_DESCRIPTOR *), enum gbpf_default_stream ds, CUarray *array,
    const CUDA_ARRAY3D_DESCRIPTOR *d) {
    (void)ds;
    const int device = gbpf_current_device();
    const uint64_t bytes = d == NULL ? 0 : array_bytes(d->Width, d->Height, d->Depth, d->Format, d->NumChannels);
    if (!gbpf_memory_reserve(device, bytes)) return CUDA_ERROR_OUT_OF_MEMORY;
    const CUresult result = real(array, d);
    return allocated(result, GBPF_MEMORY_ARRAY, result == CUDA_SUCCESS ? (uintptr_t)*array : 0, device, bytes);
}

CUresult gbpf_mipmapped_create(CUresult (*real)(CUmipmappedArray *, const CUDA_ARRAY3D_DESCRIPTOR *, unsigned), enum gbpf_default_stream ds,
    CUmipmappedArray *array, const CUDA_ARRAY3D_DESCRIPTOR *d, unsigned levels) {
    (void)ds;
    const int device = gbpf_current_device();
    /* The levels below the first take a third of it at most. */
    const uint64_t first = d == NULL ? 0 : array_bytes(d->Width, d->Height, d->Depth, d->Format, d->NumChannels);
    const uint64_t bytes = first + (levels > 1 ? first / 3 : 0);
    if (!gbpf_memory_reserve(device, bytes)) return CUDA_ERROR_OUT_OF_MEMORY;
    const CUresult result = real(array, d, levels);
    return allocated(result, GBPF_MEMORY_ARRAY, result == CUDA_SUCCESS ? (uintptr_t)*array : 0, device, bytes);
}

CUresult gbpf_array_destroy(CUresult (*real)(CUarray), enum gbpf_default_stream ds, CUarray array) {
    struct gbpf_memory_piece piece;
    (void)ds;
    gbpf_memory_drop(GBPF_MEMORY_ARRAY, (uintptr_t)array, &piece);
    return real(array);
}

CUresult gbpf_mipmapped_destroy(CUresult (*real)(CUmipmappedArray), enum gbpf_default_stream ds, CUmipmappedArray array) {
    struct gbpf_memory_piece piece;
    (void)ds;
    gbpf_memory_drop(GBPF_MEMORY_ARRAY, (uintptr_t)array, &piece);
    return real(array);
}

CUresult gbpf_mem_get_info(CUresult (*real)(size_t *, size_t *), enum gbpf_default_stream ds, size_t *available, size_t *total) {
    (void)ds;
    const CUresult result = real(available, total);
    const int device = result == CUDA_SUCCESS ? gbpf_current_device() : -1;
    const uint64_t quota = gbpf_quota_bytes(device);
    if (quota == 0) return result;
    const uint64_t used = gbpf_memory_used(device);
    if (available != NULL) *available = gbpf_min(*available, quota > used ? quota - used : 0);
    if (total != NULL) *total = gbpf_min(*total, quota);
    return result;
}

CUresult gbpf_total_mem(CUresult (*real)(size_t *, CUdevice), enum gbpf_default_stream ds, size_t *bytes, CUdevice device) {
    (void)ds;
    const CUresult result = real(bytes, device);
    const uint64_t quota = gbpf_quota_bytes(device);
    if (result == CUDA_SUCCESS && quota != 0 && bytes != NULL) *bytes = gbpf_min(*bytes, quota);
    return result;
}

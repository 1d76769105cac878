/* Device memory: host memory of which a part is used. */
#include <stdlib.h>

#include "fake_state.h"

enum { PIECES = 4096 };

uint64_t fake_memory_total = 16ull << 30;
uint64_t fake_memory_used;
static struct {
    uint64_t at;
    uint64_t bytes;
} pieces[PIECES];
static uint64_t next_address = 0x7f0000000000ull;

static CUresult allocate(const char *name, CUdeviceptr *at, size_t bytes) {
    CUresult result = fake_unsafe();
    if (result == CUDA_SUCCESS) result = fake_note(name, NULL, bytes);
    if (result != CUDA_SUCCESS) return result;
    pthread_mutex_lock(&fake_lock);
    result = CUDA_ERROR_OUT_OF_MEMORY;
    for (int i = 0; i < PIECES && bytes <= fake_memory_total - fake_memory_used; i++) {
        if (pieces[i].at != 0) continue;
        /* Small pieces are real, for copies. */
        pieces[i].at = bytes <= 1 << 22 ? (uintptr_t)calloc(1, bytes + 1) : (next_address += 1ull << 40);
        pieces[i].bytes = bytes;
        fake_memory_used += bytes;
        *at = pieces[i].at;
        result = CUDA_SUCCESS;
        break;
    }
    pthread_mutex_unlock(&fake_lock);
    return result;
}

static CUresult release(const char *name, CUdeviceptr at) {
    CUresult result = fake_note(name, NULL, at);
    if (result != CUDA_SUCCESS || at == 0) return result;
    pthread_mutex_lock(&fake_lock);
    result = CUDA_ERROR_INVALID_VALUE;
    for (int i = 0; i < PIECES; i++) {
        if (pieces[i].at != at) continue;
        if (pieces[i].bytes <= 1 << 22) free((void *)(uintptr_t)at);
        fake_memory_used -= pieces[i].bytes;
        pieces[i].at = 0;
        result = CUDA_SUCCESS;
        break;
    }
    pthread_mutex_unlock(&fake_lock);
    return result;
}

FAKE_API CUresult cuMemAlloc_v2(CUdeviceptr *at, size_t bytes) { return allocate("cuMemAlloc_v2", at, bytes); }
FAKE_API CUresult cuMemFree_v2(CUdeviceptr at) { return release("cuMemFree_v2", at); }
FAKE_API CUresult cuMemAllocAsync(CUdeviceptr *at, size_t bytes, CUstream stream) {
    (void)stream;
    return allocate("cuMemAllocAsync", at, bytes);
}
FAKE_API CUresult cuMemFreeAsync(CUdeviceptr at, CUstream stream) {
    (void)stream;
    return release("cuMemFreeAsync", at);
}
FAKE_API CUresult cuMemCreate(CUmemHandle *handle, size_t bytes, const CUmemAllocationProp *properties, unsigned long long flags) {
    (void)properties;
    (void)flags;
    return allocate("cuMemCreate", handle, bytes);
}
FAKE_API CUresult cuMemRelease(CUmemHandle handle) { return release("cuMemRelease", handle); }

FAKE_API CUresult cuMemGetInfo_v2(size_t *available, size_t *total) {
    pthread_mutex_lock(&fake_lock);
    *available = fake_memory_total - fake_memory_used;
    *total = fake_memory_total;
    pthread_mutex_unlock(&fake_lock);
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuDeviceTotalMem_v2(size_t *bytes, CUdevice device) {
    (void)device;
    *bytes = fake_memory_total;
    return CUDA_SUCCESS;
}

/* Host memory that is its context's, and goes with it. */
static struct {
    void *at;
    size_t bytes;
    CUcontext context;
} held[64];

void fake_free_host(CUcontext context) {
    pthread_mutex_lock(&fake_lock);
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        if (held[i].at != NULL && held[i].context == context) {
            fake_forget(held[i].at, held[i].bytes);
            free(held[i].at);
            held[i].at = NULL;
        }
    pthread_mutex_unlock(&fake_lock);
}

static void *hold(size_t bytes) {
    void *at = calloc(1, bytes);
    size_t i = 0;
    pthread_mutex_lock(&fake_lock);
    while (i < sizeof held / sizeof *held - 1 && held[i].at != NULL) i++;
    held[i].at = at;
    held[i].bytes = bytes;
    held[i].context = fake_current();
    pthread_mutex_unlock(&fake_lock);
    return at;
}

FAKE_API CUresult cuMemHostAlloc(void **at, size_t bytes, unsigned flags) {
    (void)flags;
    CUresult result = fake_unsafe();
    if (result == CUDA_SUCCESS) result = fake_note("cuMemHostAlloc", NULL, bytes);
    if (result == CUDA_SUCCESS) *at = hold(bytes);
    return result;
}

FAKE_API CUresult cuMemHostRegister_v2(void *at, size_t bytes, unsigned flags) {
    (void)at;
    (void)flags;
    const CUresult result = fake_unsafe();
    return result != CUDA_SUCCESS ? result : fake_note("cuMemHostRegister_v2", NULL, bytes);
}

FAKE_API CUresult cuMemHostGetDevicePointer_v2(CUdeviceptr *device, void *at, unsigned flags) {
    (void)flags;
    *device = (uintptr_t)at;
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuPointerGetAttribute(void *value, int attribute, CUdeviceptr at) {
    CUresult result = CUDA_ERROR_INVALID_VALUE;
    (void)attribute;
    pthread_mutex_lock(&fake_lock);
    for (int i = 0; i < PIECES; i++)
        if (pieces[i].at != 0 && at >= pieces[i].at && at < pieces[i].at + pieces[i].bytes) result = CUDA_SUCCESS;
    pthread_mutex_unlock(&fake_lock);
    if (result == CUDA_SUCCESS) *(uint32_t *)value = CU_MEMORYTYPE_DEVICE;
    return result;
}

/*
 * A driver whose calls do nothing: what is measured over it is what the interposer adds. With BENCH_BUSY=1 a launch passes over as much memory and
 * code as first-level caches hold, and takes a lock, as a driver's does: the interposer then finds its own lines in the second level. bench_launch
 * is cuLaunchKernel by a name that nobody wraps.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "cuda_types.h"

#define API __attribute__((visibility("default"), noinline))

enum { MEMORY = 64 * 1024, LINE = 64 };
static unsigned char memory[MEMORY];
static uint32_t is_busy;
static uint32_t lock;

static __attribute__((noinline)) void be_busy(void) {
    while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE) != 0) {}
    for (int i = 0; i < MEMORY; i += LINE) memory[i]++;
#if defined(__x86_64__)
    /* Code without an effect: instructions of 15 bytes. */
    __asm__ volatile(".rept 4096\n.byte 0x66,0x66,0x66,0x66,0x66,0x66,0x2e,0x0f,0x1f,0x84,0x00,0x00,0x00,0x00,0x00\n.endr");
#endif
    __atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
}

API CUresult cuInit(unsigned flags) {
    is_busy = getenv("BENCH_BUSY") != NULL;
    return (int)flags;
}
API CUresult bench_launch(CUfunction f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared,
    CUstream stream, void **parameters, void **extra) {
    (void)f, (void)gx, (void)gy, (void)gz, (void)bx, (void)by, (void)bz, (void)shared, (void)stream, (void)parameters, (void)extra;
    if (is_busy) be_busy();
    __asm__ volatile("" ::: "memory");
    return CUDA_SUCCESS;
}
API CUresult cuLaunchKernel(CUfunction f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared,
    CUstream stream, void **parameters, void **extra) __attribute__((alias("bench_launch")));
API CUresult cuCtxGetCurrent(CUcontext *context) {
    *context = (CUcontext)16;
    return CUDA_SUCCESS;
}
API CUresult cuCtxGetDevice(CUdevice *device) {
    *device = 0;
    return CUDA_SUCCESS;
}
API CUresult cuStreamGetCtx(CUstream stream, CUcontext *context) {
    (void)stream;
    return cuCtxGetCurrent(context);
}
API CUresult cuFuncGetName(const char **name, CUfunction function) {
    (void)function;
    *name = "kernel";
    return CUDA_SUCCESS;
}
API CUresult cuMemHostRegister_v2(void *at, size_t bytes, unsigned flags) {
    (void)at, (void)bytes, (void)flags;
    return CUDA_SUCCESS;
}
API CUresult cuMemHostGetDevicePointer_v2(CUdeviceptr *device, void *at, unsigned flags) {
    (void)flags;
    *device = (uintptr_t)at;
    return CUDA_SUCCESS;
}
API CUresult cuStreamWriteValue32_v2(CUstream stream, CUdeviceptr at, uint32_t value, unsigned flags) {
    (void)stream, (void)flags;
    __atomic_store_n((uint32_t *)(uintptr_t)at, value, __ATOMIC_RELAXED);
    return CUDA_SUCCESS;
}
API CUresult cuStreamWaitValue32_v2(CUstream stream, CUdeviceptr at, uint32_t value, unsigned flags) {
    (void)stream, (void)at, (void)value, (void)flags;
    return CUDA_SUCCESS;
}
API CUresult cuEventCreate(CUevent *event, unsigned flags) {
    (void)flags;
    *event = (CUevent)16;
    return CUDA_SUCCESS;
}
API CUresult cuEventRecord(CUevent event, CUstream stream) {
    (void)event, (void)stream;
    return CUDA_SUCCESS;
}
API CUresult cuEventQuery(CUevent event) {
    (void)event;
    return CUDA_SUCCESS;
}
API CUresult cuEventElapsedTime(float *ms, CUevent start, CUevent end) {
    (void)start, (void)end;
    *ms = 0.01f;
    return CUDA_SUCCESS;
}

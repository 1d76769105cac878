/* A driver whose calls do nothing: what is measured over it is what the interposer adds. */
#include <stddef.h>

#include "cuda_types.h"

#define API __attribute__((visibility("default"), noinline))

API CUresult cuInit(unsigned flags) { return (int)flags; }
API CUresult cuLaunchKernel(CUfunction f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared,
    CUstream stream, void **parameters, void **extra) {
    (void)f, (void)gx, (void)gy, (void)gz, (void)bx, (void)by, (void)bz, (void)shared, (void)stream, (void)parameters, (void)extra;
    __asm__ volatile("" ::: "memory");
    return CUDA_SUCCESS;
}
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

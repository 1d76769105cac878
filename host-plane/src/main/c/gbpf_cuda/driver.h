/* The real driver: libcuda.so.1 as the process has loaded it. */
#ifndef GBPF_CUDA_DRIVER_H
#define GBPF_CUDA_DRIVER_H

#include "word.h"
#include "wrappers.h"

/* The real dlsym, found by dlvsym; never null. */
void *gbpf_real_dlsym(void *handle, const char *name);

/* The real functions behind the table's rows; null: this driver has none, or is not loaded. */
extern void *gbpf_real_functions[GBPF_ENTRIES];

/* What the library itself calls; each is null where the driver has none. Calls through here are seen by no wrapper. */
extern struct gbpf_driver {
    CUresult (*cuCtxGetCurrent)(CUcontext *);
    CUresult (*cuCtxGetDevice)(CUdevice *);
    CUresult (*cuDeviceGetAttribute)(int *, int, CUdevice);
    CUresult (*cuDevicePrimaryCtxGetState)(CUdevice, unsigned *, int *);
    CUresult (*cuStreamGetCtx)(CUstream, CUcontext *);
    CUresult (*cuStreamGetDevice)(CUstream, CUdevice *);
    CUresult (*cuStreamIsCapturing)(CUstream, int *);
    CUresult (*cuStreamIsCapturing_ptsz)(CUstream, int *);
    CUresult (*cuThreadExchangeStreamCaptureMode)(int *);
    CUresult (*cuStreamWriteValue32_v2)(CUstream, CUdeviceptr, uint32_t, unsigned);
    CUresult (*cuStreamWaitValue32_v2)(CUstream, CUdeviceptr, uint32_t, unsigned);
    CUresult (*cuMemHostAlloc)(void **, size_t, unsigned);
    CUresult (*cuMemHostRegister_v2)(void *, size_t, unsigned);
    CUresult (*cuMemHostGetDevicePointer_v2)(CUdeviceptr *, void *, unsigned);
    CUresult (*cuPointerGetAttribute)(void *, int, CUdeviceptr);
    CUresult (*cuEventCreate)(CUevent *, unsigned);
    CUresult (*cuEventRecord)(CUevent, CUstream);
    CUresult (*cuEventQuery)(CUevent);
    CUresult (*cuEventElapsedTime)(float *, CUevent, CUevent);
    CUresult (*cuFuncGetName)(const char **, CUfunction);
    CUresult (*cuKernelGetName)(const char **, CUfunction);
    CUresult (*cuGraphGetNodes)(CUgraph, CUgraphNode *, size_t *);
    CUresult (*cuGraphNodeGetType)(CUgraphNode, int *);
    CUresult (*cuGraphKernelNodeGetParams_v2)(CUgraphNode, CUDA_KERNEL_NODE_PARAMS *);
    CUresult (*cuGraphKernelNodeSetParams_v2)(CUgraphNode, const CUDA_KERNEL_NODE_PARAMS *);
    CUresult (*cuCtxGetStreamPriorityRange)(int *, int *);
    CUresult (*cuStreamCreateWithPriority)(CUstream *, unsigned, int);
    CUresult (*cuDevicePrimaryCtxRetain)(CUcontext *, CUdevice);
    CUresult (*cuDevicePrimaryCtxRelease_v2)(CUdevice);
    CUresult (*cuDeviceGetDevResource)(CUdevice, CUdevResource *, int);
    CUresult (*cuDevSmResourceSplitByCount)(CUdevResource *, unsigned *, const CUdevResource *, CUdevResource *, unsigned, unsigned);
    CUresult (*cuDevResourceGenerateDesc)(CUdevResourceDesc *, CUdevResource *, unsigned);
    CUresult (*cuGreenCtxCreate)(CUgreenCtx *, CUdevResourceDesc, CUdevice, unsigned);
    CUresult (*cuGreenCtxStreamCreate)(CUstream *, CUgreenCtx, unsigned, int);
    CUresult (*cuCtxFromGreenCtx)(CUcontext *, CUgreenCtx);
    CUresult (*cuStreamGetGreenCtx)(CUstream, CUgreenCtx *);
    CUresult (*cuStreamGetPriority)(CUstream, int *);
    CUresult (*cuStreamDestroy_v2)(CUstream);
    CUresult (*cuStreamWaitEvent)(CUstream, CUevent, unsigned);
    CUresult (*cuEventDestroy_v2)(CUevent);
    CUresult (*cuOccupancyMaxActiveBlocksPerMultiprocessor)(int *, CUfunction, int, size_t);
    CUresult (*cuGreenCtxDestroy)(CUgreenCtx);
    CUresult (*cuGreenCtxGetDevResource)(CUgreenCtx, CUdevResource *, int);
} gbpf_driver;

/* Zeroed host memory of the current context that every device can use, at *at there; null: the driver gives none. It is never given back. */
void *gbpf_device_words(size_t bytes, CUdeviceptr *at);

/* How often somebody asked for a function and was given its wrapper. */
extern uint32_t gbpf_wrappers_given;

/* Whether libcuda.so.1 is loaded; looks up all of the above when it sees it first. Any thread, any time, also inside the loader's lock. */
bool gbpf_driver_resolve(void);

/* The row of this exported name, or -1. */
int gbpf_entry_of_symbol(const char *name);

static inline void *gbpf_real(enum gbpf_entry entry) {
    void *function = LOAD(&gbpf_real_functions[entry]);
    if (UNLIKELY(function == NULL) && gbpf_driver_resolve()) function = LOAD(&gbpf_real_functions[entry]);
    return function;
}

#endif

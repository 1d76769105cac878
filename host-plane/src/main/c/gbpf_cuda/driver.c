#include "driver.h"

#include <dlfcn.h>
#include <string.h>

void *gbpf_real_functions[GBPF_ENTRIES];
struct gbpf_driver gbpf_driver;
uint32_t gbpf_wrappers_given;
static uint32_t resolved;

#define OWN(name) {#name, offsetof(struct gbpf_driver, name)}
static const struct {
    const char *name;
    size_t offset;
} own[] = {
    OWN(cuCtxGetCurrent), OWN(cuCtxGetDevice), OWN(cuDeviceGetAttribute), OWN(cuDevicePrimaryCtxGetState), OWN(cuStreamGetCtx), OWN(cuStreamGetDevice),
    OWN(cuStreamIsCapturing), OWN(cuStreamIsCapturing_ptsz), OWN(cuThreadExchangeStreamCaptureMode), OWN(cuStreamWriteValue32_v2),
    OWN(cuStreamWaitValue32_v2), OWN(cuMemHostAlloc), OWN(cuMemHostRegister_v2), OWN(cuMemHostGetDevicePointer_v2),
    OWN(cuPointerGetAttribute), OWN(cuEventCreate), OWN(cuEventRecord), OWN(cuEventQuery), OWN(cuEventElapsedTime), OWN(cuFuncGetName),
    OWN(cuKernelGetName), OWN(cuGraphGetNodes), OWN(cuGraphNodeGetType), OWN(cuGraphKernelNodeGetParams_v2),
    OWN(cuGraphKernelNodeSetParams_v2), OWN(cuCtxGetStreamPriorityRange), OWN(cuStreamCreateWithPriority),
    OWN(cuDevicePrimaryCtxRetain), OWN(cuDevicePrimaryCtxRelease_v2), OWN(cuDeviceGetDevResource), OWN(cuDevSmResourceSplitByCount),
    OWN(cuDevResourceGenerateDesc), OWN(cuGreenCtxCreate), OWN(cuGreenCtxStreamCreate), OWN(cuCtxFromGreenCtx), OWN(cuStreamGetGreenCtx),
    OWN(cuStreamGetPriority), OWN(cuStreamDestroy_v2), OWN(cuStreamWaitEvent), OWN(cuEventDestroy_v2), OWN(cuGreenCtxDestroy),
    OWN(cuOccupancyMaxActiveBlocksPerMultiprocessor), OWN(cuGreenCtxGetDevResource),
};

/* No lock: a thread inside the loader's lock may come here while another that would hold ours waits for the loader's. Threads that are here
 * at once find the same addresses. */
bool gbpf_driver_resolve(void) {
    if (LOAD_ACQUIRE(&resolved) != 0) return true;
    void *library = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_NOLOAD);
    if (library == NULL) {
        dlerror(); /* no error of the application's */
        return false;
    }
    /* The reference is kept: wrappers may be called as long as the process lives. */
    for (int i = 0; i < GBPF_ENTRIES; i++) STORE(&gbpf_real_functions[i], gbpf_real_dlsym(library, gbpf_entries[i].symbol));
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        STORE((void **)((char *)&gbpf_driver + own[i].offset), gbpf_real_dlsym(library, own[i].name));
    dlerror();
    STORE_RELEASE(&resolved, 1);
    return true;
}

void *gbpf_device_words(size_t bytes, CUdeviceptr *at) {
    void *memory = NULL;
    if (gbpf_driver.cuMemHostAlloc == NULL || gbpf_driver.cuMemHostGetDevicePointer_v2 == NULL
        || gbpf_driver.cuMemHostAlloc(&memory, bytes, CU_MEMHOSTALLOC_PORTABLE | CU_MEMHOSTALLOC_DEVICEMAP) != CUDA_SUCCESS
        || gbpf_driver.cuMemHostGetDevicePointer_v2(at, memory, 0) != CUDA_SUCCESS)
        return NULL;
    return memset(memory, 0, bytes);
}

int gbpf_entry_of_symbol(const char *name) {
    if (name[0] != 'c' || name[1] != 'u') return -1;
    for (int i = 0; i < GBPF_ENTRIES; i++)
        if (strcmp(gbpf_entries[i].symbol, name) == 0) return i;
    return -1;
}

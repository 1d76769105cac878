/* Calls in order, contexts, launches, copies, events. */
#include "fake_cuda.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <dlfcn.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "fake_rm.h"
#include "fake_state.h"
#include "resource_manager.h"

pthread_mutex_t fake_lock = PTHREAD_MUTEX_INITIALIZER;
static struct fake_call calls[FAKE_LOG];
static uint32_t call_count;
static struct {
    const char *name;
    CUresult result;
} failing[4];
static struct CUctx_st primary;
static uint32_t retained; /* how often it is */
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;
static __thread CUcontext current;
static bool initialised;

uint64_t fake_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

CUresult fake_note(const char *name, void *stream, uint64_t value) {
    CUresult result = CUDA_SUCCESS;
    pthread_mutex_lock(&fake_lock);
    for (size_t i = 0; i < sizeof failing / sizeof *failing; i++) {
        if (failing[i].name == NULL || strcmp(failing[i].name, name) != 0) continue;
        result = failing[i].result;
        failing[i].name = NULL;
        break;
    }
    if (result == CUDA_SUCCESS) calls[call_count++ % FAKE_LOG] = (struct fake_call){name, stream, value};
    pthread_mutex_unlock(&fake_lock);
    return result;
}

FAKE_API uint32_t fake_calls(const char *name) {
    uint32_t count = 0;
    pthread_mutex_lock(&fake_lock);
    for (uint32_t i = 0; i < call_count && i < FAKE_LOG; i++) count += name == NULL || strcmp(calls[i].name, name) == 0;
    pthread_mutex_unlock(&fake_lock);
    return count;
}

FAKE_API struct fake_call fake_call_at(uint32_t i) {
    pthread_mutex_lock(&fake_lock);
    const struct fake_call call = calls[i];
    pthread_mutex_unlock(&fake_lock);
    return call;
}

FAKE_API void fake_log_clear(void) {
    pthread_mutex_lock(&fake_lock);
    call_count = 0;
    pthread_mutex_unlock(&fake_lock);
}

FAKE_API void fake_fail_next(const char *name, CUresult result) {
    pthread_mutex_lock(&fake_lock);
    for (size_t i = 0; i < sizeof failing / sizeof *failing; i++) {
        if (failing[i].name != NULL) continue;
        failing[i].name = name;
        failing[i].result = result;
        break;
    }
    pthread_mutex_unlock(&fake_lock);
}

FAKE_API CUfunction fake_kernel(const char *name, uint64_t ns) {
    CUfunction function = malloc(sizeof *function);
    *function = (struct CUfunc_st){name, ns};
    return function;
}

FAKE_API CUresult cuInit(unsigned flags) {
    initialised = true;
    return fake_note("cuInit", NULL, flags);
}

/* Two channel groups for kernels for each context and one for copies, much as the driver makes them while it starts. */
static void make_channels(CUcontext context) {
    context->rm = fake_rm_open();
    context->client = 0xc1d00000u + (uint32_t)context->rm;
    struct rm_alloc device = {.client = context->client, .parent = context->client, .class_ = 0x80};
    ioctl(context->rm, _IOWR(RM_MAGIC, RM_ALLOC, struct rm_alloc), &device);
    static const struct rm_channel_group engines[] = {{.engine = 1}, {.engine = RM_ENGINE_FIRST_COPY}, {.engine = 2}};
    for (int i = 0; i < 3; i++) {
        struct rm_alloc group = {.client = context->client, .parent = device.object, .class_ = RM_CLASS_CHANNEL_GROUP,
            .parameters = (uintptr_t)&engines[i]};
        ioctl(context->rm, _IOWR(RM_MAGIC, RM_ALLOC, struct rm_alloc), &group);
    }
}

static void drop_channels(CUcontext context) {
    struct rm_free all = {.client = context->client, .parent = context->client, .object = context->client};
    ioctl(context->rm, _IOWR(RM_MAGIC, RM_FREE, struct rm_free), &all);
    /* As any driver may at any time: the library looks whether a descriptor is still the one it knows. The thread sanitizer, which sees libc's close,
     * would take that for a race. */
    syscall(SYS_close, context->rm);
}

FAKE_API CUresult cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device) {
    if (!initialised) return CUDA_ERROR_NOT_INITIALIZED;
    const CUresult result = fake_note("cuDevicePrimaryCtxRetain", NULL, (uint64_t)device);
    pthread_mutex_lock(&making);
    if (primary.rm == 0) {
        primary.device = device;
        make_channels(&primary);
    }
    retained++;
    pthread_mutex_unlock(&making);
    *context = &primary;
    return result;
}

/* What green contexts retain is theirs. */
FAKE_API CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device) {
    CUresult result = fake_note("cuDevicePrimaryCtxRelease_v2", NULL, (uint64_t)device);
    pthread_mutex_lock(&making);
    if (result == CUDA_SUCCESS && retained <= fake_greens()) result = CUDA_ERROR_NOT_PERMITTED;
    if (result == CUDA_SUCCESS) retained--;
    pthread_mutex_unlock(&making);
    return result;
}

FAKE_API CUresult cuDevicePrimaryCtxReset_v2(CUdevice device) {
    const CUresult result = fake_note("cuDevicePrimaryCtxReset_v2", NULL, (uint64_t)device);
    return result == CUDA_SUCCESS && fake_greens() != 0 ? CUDA_ERROR_NOT_PERMITTED : result;
}

FAKE_API CUresult cuDevicePrimaryCtxGetState(CUdevice device, unsigned *flags, int *active) {
    (void)device;
    pthread_mutex_lock(&making);
    *flags = 0;
    *active = retained != 0;
    pthread_mutex_unlock(&making);
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuCtxCreate_v4(CUcontext *context, void *parameters, unsigned flags, CUdevice device) {
    (void)parameters;
    (void)flags;
    *context = calloc(1, sizeof **context);
    (*context)->device = device;
    make_channels(*context);
    current = *context;
    return fake_note("cuCtxCreate_v4", NULL, 0);
}

FAKE_API CUresult cuCtxDestroy_v2(CUcontext context) {
    drop_channels(context);
    fake_free_host(context);
    if (current == context) current = NULL;
    free(context);
    return fake_note("cuCtxDestroy_v2", NULL, 0);
}

FAKE_API CUresult cuCtxSetCurrent(CUcontext context) {
    current = context;
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuCtxGetCurrent(CUcontext *context) {
    *context = current;
    return CUDA_SUCCESS;
}

/* On the PCI bus: domain 0, device 0 of bus 16 for the first GPU, and so on. */
FAKE_API CUresult cuDeviceGetAttribute(int *value, int attribute, CUdevice device) {
    *value = attribute == 33 ? 16 + device : 0;
    return CUDA_SUCCESS;
}

CUcontext fake_current(void) { return current != NULL ? current : &primary; }

FAKE_API CUresult cuCtxGetDevice(CUdevice *device) {
    if (current == NULL) return 201;
    *device = current->device;
    return CUDA_SUCCESS;
}

/* Names do not count as calls; that of a library's kernel is had by another function. */
static bool is_library_kernel(CUfunction function) { return function->ns == FAKE_LIBRARY_KERNEL_NS; }

FAKE_API CUresult cuFuncGetName(const char **name, CUfunction function) {
    *name = function->name;
    return is_library_kernel(function) ? 400 : CUDA_SUCCESS;
}

FAKE_API CUresult cuKernelGetName(const char **name, CUfunction function) {
    *name = function->name;
    return is_library_kernel(function) ? CUDA_SUCCESS : 400;
}

static void (*on_launch)(void);

FAKE_API void fake_on_launch(void (*called)(void)) { on_launch = called; }

static CUresult launch(const char *name, CUstream handle, CUfunction function) {
    if (on_launch != NULL) on_launch();
    const CUresult result = fake_note(name, handle, (uintptr_t)function);
    if (result != CUDA_SUCCESS) return result;
    pthread_mutex_lock(&fake_lock);
    struct CUstream_st *stream = fake_stream(handle);
    if (stream->capture != NULL) {
        fake_add_node(stream, function);
        stream->capture->ns += function->ns;
    } else {
        fake_put(stream, (struct fake_item){.kind = FAKE_RUN, .ns = function->ns});
    }
    pthread_mutex_unlock(&fake_lock);
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuLaunchKernel(CUfunction f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared,
    CUstream stream, void **parameters, void **extra) {
    (void)gx, (void)gy, (void)gz, (void)bx, (void)by, (void)bz, (void)shared, (void)parameters, (void)extra;
    return launch("cuLaunchKernel", stream, f);
}

FAKE_API CUresult cuLaunchKernel_ptsz(CUfunction f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
    unsigned shared, CUstream stream, void **parameters, void **extra) {
    (void)gx, (void)gy, (void)gz, (void)bx, (void)by, (void)bz, (void)shared, (void)parameters, (void)extra;
    return launch("cuLaunchKernel_ptsz", stream != NULL ? stream : CU_STREAM_PER_THREAD, f);
}

/* Two blocks of a grid that must be there as a whole have room on each SM. In a capture nobody asks, and the graph's work never ends. */
static CUresult launch_whole(const char *name, CUstream handle, CUfunction function, uint64_t blocks) {
    const struct CUstream_st *stream = fake_stream(handle);
    if (blocks <= 2ull * fake_sms_of(handle)) return launch(name, handle, function);
    if (stream->capture == NULL) return CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE;
    struct CUfunc_st endless = {function->name, UINT64_MAX / 4};
    return launch(name, handle, &endless);
}

FAKE_API CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, CUfunction function, int threads, size_t shared) {
    (void)function, (void)threads, (void)shared;
    *blocks = 2;
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuLaunchCooperativeKernel(CUfunction f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
    unsigned shared, CUstream stream, void **parameters) {
    (void)bx, (void)by, (void)bz, (void)shared, (void)parameters;
    return launch_whole("cuLaunchCooperativeKernel", stream, f, (uint64_t)gx * gy * gz);
}

/* Clusters of more than 8 blocks have room only where no green context is. */
FAKE_API CUresult cuLaunchKernelEx(const CUlaunchConfig *config, CUfunction f, void **parameters, void **extra) {
    enum { CLUSTER_DIMENSION = 4 };
    (void)parameters, (void)extra;
    if (config == NULL) return CUDA_ERROR_INVALID_VALUE;
    for (unsigned i = 0; i < config->numAttrs; i++) {
        const CUlaunchAttribute *attribute = &config->attrs[i];
        if (attribute->id == CU_LAUNCH_ATTRIBUTE_COOPERATIVE && attribute->value.cooperative != 0)
            return launch_whole("cuLaunchKernelEx", config->hStream, f, (uint64_t)config->gridDimX * config->gridDimY * config->gridDimZ);
        if (attribute->id == CLUSTER_DIMENSION && attribute->value.bytes[0] > 8 && fake_stream_sms(config->hStream) != 0)
            return CUDA_ERROR_INVALID_CLUSTER_SIZE;
    }
    return launch("cuLaunchKernelEx", config->hStream, f);
}

FAKE_API CUresult cuGraphLaunch(CUgraphExec exec, CUstream handle) {
    const CUresult result = fake_note("cuGraphLaunch", handle, (uintptr_t)exec);
    if (result != CUDA_SUCCESS) return result;
    pthread_mutex_lock(&fake_lock);
    fake_put(fake_stream(handle), (struct fake_item){.kind = FAKE_RUN, .ns = ((struct fake_graph *)exec)->ns});
    pthread_mutex_unlock(&fake_lock);
    return CUDA_SUCCESS;
}

/* A copy or a set that takes no time, and moves nothing. */
static CUresult nothing(const char *name, CUstream handle, size_t bytes) {
    const CUresult result = fake_note(name, handle, bytes);
    pthread_mutex_lock(&fake_lock);
    struct CUstream_st *stream = fake_stream(handle);
    if (result == CUDA_SUCCESS && stream->capture != NULL) fake_add_node(stream, NULL);
    pthread_mutex_unlock(&fake_lock);
    return result;
}

FAKE_API CUresult cuMemsetD8Async(CUdeviceptr to, unsigned char value, size_t bytes, CUstream stream) {
    (void)to, (void)value;
    return nothing("cuMemsetD8Async", stream, bytes);
}

FAKE_API CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream stream) {
    (void)to, (void)from;
    return nothing("cuMemcpyDtoDAsync_v2", stream, bytes);
}

FAKE_API CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void *from, size_t bytes, CUstream stream) {
    const CUresult result = fake_note("cuMemcpyHtoDAsync_v2", stream, bytes);
    if (result == CUDA_SUCCESS) memcpy((void *)(uintptr_t)to, from, bytes);
    return result;
}

FAKE_API CUresult cuMemcpyDtoHAsync_v2(void *to, CUdeviceptr from, size_t bytes, CUstream stream) {
    const CUresult result = fake_note("cuMemcpyDtoHAsync_v2", stream, bytes);
    if (result == CUDA_SUCCESS) memcpy(to, (void *)(uintptr_t)from, bytes);
    return result;
}

/* What the driver gives for a name, by a table of its own. */
static const struct {
    const char *name;
    int since;
    bool per_thread;
    const char *symbol;
} addresses[] = {
    {"cuInit", 2000, false, "cuInit"},
    {"cuGetProcAddress", 12000, false, "cuGetProcAddress_v2"},
    {"cuGetProcAddress", 11030, false, "cuGetProcAddress"},
    {"cuLaunchKernel", 7000, true, "cuLaunchKernel_ptsz"},
    {"cuLaunchKernel", 4000, false, "cuLaunchKernel"},
    {"cuMemAlloc", 3020, false, "cuMemAlloc_v2"},
    {"cuGraphInstantiate", 12000, false, "cuGraphInstantiateWithFlags"},
    {"cuGraphInstantiate", 11000, false, "cuGraphInstantiate_v2"},
    {"cuMemcpyBatchAsync", 13000, false, "cuMemcpyBatchAsync_v2"},
    {"cuMemcpyBatchAsync", 12080, false, "cuMemcpyBatchAsync"},
    {"cuCtxGetCurrent", 4000, false, "cuCtxGetCurrent"},
    {"cuLaunchFuture", 13000, false, "cuLaunchFuture"},
};

FAKE_API CUresult cuLaunchFuture(void) { return fake_note("cuLaunchFuture", NULL, 0); }

static CUresult proc_address(const char *name, void **function, int version, uint64_t flags) {
    void *self = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_NOLOAD);
    *function = NULL;
    for (size_t pass = (flags & CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM) != 0 ? 0 : 1; pass < 2; pass++)
        for (size_t i = 0; i < sizeof addresses / sizeof *addresses && *function == NULL; i++)
            if (strcmp(addresses[i].name, name) == 0 && addresses[i].since <= version && addresses[i].per_thread == (pass == 0))
                /* Not through the interposer: the driver knows its own functions. */
                *function = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5") != NULL
                    ? ((void *(*)(void *, const char *))dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5"))(self, addresses[i].symbol)
                    : NULL;
    return *function != NULL ? CUDA_SUCCESS : CUDA_ERROR_NOT_FOUND;
}

FAKE_API CUresult cuGetProcAddress(const char *name, void **function, int version, uint64_t flags) {
    return proc_address(name, function, version, flags);
}

FAKE_API CUresult cuGetProcAddress_v2(const char *name, void **function, int version, uint64_t flags, int *status) {
    const CUresult result = proc_address(name, function, version, flags);
    if (status != NULL) *status = result == CUDA_SUCCESS ? 0 : 1;
    return result;
}

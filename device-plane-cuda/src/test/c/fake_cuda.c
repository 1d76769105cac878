/*
 * A libcuda.so.1 without a GPU, for tests of what calls it: device memory is host memory, and work is done at once. It has the
 * functions that gBPF uses. GBPF_FAKE_CUDA="cuInit=803 cuMemAlloc_v2=2" lets functions fail; at the end of the process it says on
 * standard error what was not closed.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALL(name) \
    do { \
        int failure = failure_of(name); \
        if (failure != 0) { \
            return failure; \
        } \
    } while (0)

enum { EAGER = 1, LAZY = 2, INVALID_VALUE = 1, INVALID_IMAGE = 200, INVALID_CONTEXT = 201, NOT_FOUND = 500, CONTEXT = 0x1000, FIRST_HANDLE = 0x2000 };

static long opened;
static long retained;
static uintptr_t next_handle = FIRST_HANDLE;
static _Thread_local uintptr_t current;

static int failure_of(const char *name) {
    const char *failures = getenv("GBPF_FAKE_CUDA");
    const char *at = failures == NULL ? NULL : strstr(failures, name);
    return at != NULL && at[strlen(name)] == '=' ? atoi(at + strlen(name) + 1) : 0;
}

static void open_handle(void **handle) {
    opened++;
    *handle = (void *)next_handle;
    next_handle += 0x10;
}

static int close_handle(const void *handle) {
    if ((uintptr_t)handle < FIRST_HANDLE || (uintptr_t)handle >= next_handle) {
        return INVALID_VALUE;
    }
    opened--;
    return current == CONTEXT ? 0 : INVALID_CONTEXT;
}

__attribute__((destructor)) static void report(void) {
    fprintf(stderr, "fake cuda: %ld open, %ld retained\n", opened, retained);
}

int cuInit(unsigned flags) {
    CALL("cuInit");
    return flags == 0 ? 0 : INVALID_VALUE;
}

int cuDriverGetVersion(int *version) {
    CALL("cuDriverGetVersion");
    const char *wanted = getenv("GBPF_FAKE_CUDA_VERSION");
    *version = wanted == NULL ? 13000 : atoi(wanted);
    return 0;
}

int cuDeviceGetCount(int *count) {
    CALL("cuDeviceGetCount");
    *count = 1;
    return 0;
}

int cuDeviceGet(int *device, int ordinal) {
    *device = ordinal;
    return ordinal == 0 ? 0 : 101;
}

int cuDeviceGetName(char *name, int bytes, int device) {
    (void)device;
    snprintf(name, (size_t)bytes, "Fake H200");
    return 0;
}

int cuDeviceGetUuid(unsigned char *uuid, int device) {
    (void)device;
    for (int i = 0; i < 16; i++) {
        uuid[i] = (unsigned char)(0xf0 + i);
    }
    return 0;
}

int cuDeviceGetPCIBusId(char *id, int bytes, int device) {
    (void)device;
    snprintf(id, (size_t)bytes, "0000:07:00.0");
    return 0;
}

int cuDeviceTotalMem_v2(size_t *bytes, int device) {
    (void)device;
    *bytes = (size_t)141 << 30;
    return 0;
}

int cuDeviceGetAttribute(int *value, int attribute, int device) {
    (void)device;
    switch (attribute) {
    case 75: *value = 9; break;  /* compute capability, major */
    case 76: *value = 0; break;
    case 16: *value = 132; break; /* SMs */
    case 20: { /* compute mode */
        const char *mode = getenv("GBPF_FAKE_CUDA_MODE");
        *value = mode == NULL ? 0 : atoi(mode);
        break;
    }
    case 17: *value = 0; break; /* watchdog */
    default: *value = 1;
    }
    return 0;
}

int cuDevicePrimaryCtxRetain(void **context, int device) {
    CALL("cuDevicePrimaryCtxRetain");
    (void)device;
    retained++;
    *context = (void *)(uintptr_t)CONTEXT;
    return 0;
}

int cuDevicePrimaryCtxRelease_v2(int device) {
    (void)device;
    retained--;
    return 0;
}

int cuCtxSetCurrent(void *context) {
    current = (uintptr_t)context;
    return current == 0 || current == CONTEXT ? 0 : INVALID_CONTEXT;
}

int cuCtxSynchronize(void) {
    return current == CONTEXT ? 0 : INVALID_CONTEXT;
}

int cuMemGetInfo_v2(size_t *available, size_t *total) {
    *available = (size_t)140 << 30;
    *total = (size_t)141 << 30;
    return 0;
}

int cuModuleLoadDataEx(void **module, const void *image, unsigned count, const int *options, void *const *values) {
    CALL("cuModuleLoadDataEx");
    if (memcmp(image, "bad", 3) == 0) {
        for (unsigned i = 0; i < count; i++) {
            if (options[i] == 5) {
                strcpy((char *)values[i], "ptxas: it is bad");
            }
        }
        return INVALID_IMAGE;
    }
    open_handle(module);
    return 0;
}

int cuModuleUnload(void *module) {
    return close_handle(module);
}

int cuModuleGetFunction(void **function, void *module, const char *name) {
    (void)module;
    *function = (void *)(strcmp(name, "gbpf_probe") == 0 ? (uintptr_t)1 : (uintptr_t)2);
    return strcmp(name, "nothing") == 0 ? NOT_FOUND : 0;
}

int cuModuleGetGlobal_v2(uint64_t *address, size_t *bytes, void *module, const char *name) {
    static uint64_t variable[4];
    (void)module;
    (void)name;
    *address = (uint64_t)(uintptr_t)variable;
    *bytes = sizeof variable;
    return 0;
}

int cuLibraryLoadData(void **library, const void *code, const int *options, void *const *values, unsigned count,
    const int *library_options, void *const *library_values, unsigned library_count) {
    (void)options;
    (void)values;
    (void)library_options;
    (void)library_values;
    CALL("cuLibraryLoadData");
    if (count != 0 || library_count != 0 || memcmp(code, "bad", 3) == 0) {
        return INVALID_IMAGE;
    }
    open_handle(library);
    return 0;
}

int cuLibraryUnload(void *library) {
    return close_handle(library);
}

int cuLibraryGetGlobal(uint64_t *address, size_t *bytes, void *library, const char *name) {
    return strcmp(name, "nothing") == 0 ? NOT_FOUND : cuModuleGetGlobal_v2(address, bytes, library, name);
}

int cuModuleGetLoadingMode(int *mode) {
    *mode = getenv("CUDA_MODULE_LOADING") != NULL ? EAGER : LAZY;
    return 0;
}

int cuFuncGetAttribute(int *value, int attribute, void *function) {
    (void)function;
    *value = 100 + attribute;
    return 0;
}

int cuFuncSetAttribute(void *function, int attribute, int value) {
    (void)function;
    return attribute == 8 && value > 0 ? 0 : INVALID_VALUE;
}

int cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, void *function, int threads, size_t shared) {
    (void)function;
    (void)shared;
    *blocks = 2048 / threads;
    return 0;
}

/* gbpf_probe writes { version of the interface, architecture, blocks }; any other kernel adds its two numbers. */
static int launch(void *function, unsigned blocks, void **arguments) {
    if ((uintptr_t)function == 1) {
        uint32_t *result = *(uint32_t **)arguments[0];
        const char *version = getenv("GBPF_FAKE_CUDA_ABI");
        result[0] = version == NULL ? 0 : (uint32_t)strtoul(version, NULL, 0);
        result[1] = 900;
        result[2] = blocks;
    } else if (arguments != NULL) {
        uint64_t *sum = *(uint64_t **)arguments[0];
        *sum = *(uint32_t *)arguments[1] + *(uint64_t *)arguments[2];
    }
    return current == CONTEXT ? 0 : INVALID_CONTEXT;
}

int cuLaunchKernel(void *function, unsigned x, unsigned y, unsigned z, unsigned tx, unsigned ty, unsigned tz, unsigned shared,
        void *stream, void **arguments, void **extra) {
    CALL("cuLaunchKernel");
    (void)stream;
    (void)shared;
    (void)extra;
    return y == 1 && z == 1 && tx >= 1 && ty == 1 && tz == 1 ? launch(function, x, arguments) : INVALID_VALUE;
}

int cuLaunchCooperativeKernel(void *function, unsigned x, unsigned y, unsigned z, unsigned tx, unsigned ty, unsigned tz,
        unsigned shared, void *stream, void **arguments) {
    (void)stream;
    (void)shared;
    (void)tx;
    return y == 1 && z == 1 && ty == 1 && tz == 1 && x <= 264 ? launch(function, x, arguments) : 720;
}

int cuLinkCreate_v2(unsigned count, int *options, void **values, void **link) {
    static void *log;
    if ((count != 2 && (count != 3 || options[2] != 0 || (uintptr_t)values[2] != 128)) || options[0] != 5 || options[1] != 6 || (uintptr_t)values[1] < 1000) {
        return INVALID_VALUE;
    }
    log = values[0];
    *link = &log;
    opened++;
    return 0;
}

int cuLinkAddData_v2(void **link, int type, void *data, size_t bytes, const char *name, unsigned count, int *options, void **values) {
    (void)options;
    (void)values;
    if (bytes >= 3 && memcmp(data, "bad", 3) == 0) {
        sprintf(*link, "error: undefined reference in %s of type %d", name, type);
        return INVALID_IMAGE;
    }
    return count == 0 ? 0 : INVALID_VALUE;
}

int cuLinkComplete(void **link, void **cubin, size_t *bytes) {
    static char code[] = "cubin";
    (void)link;
    *cubin = code;
    *bytes = 5;
    return 0;
}

int cuLinkDestroy(void **link) {
    (void)link;
    opened--;
    return 0;
}

int cuMemAlloc_v2(uint64_t *address, size_t bytes) {
    CALL("cuMemAlloc_v2");
    void *memory = malloc(bytes);
    memset(memory, 0x5a, bytes);
    *address = (uint64_t)(uintptr_t)memory;
    opened++;
    return current == CONTEXT ? 0 : INVALID_CONTEXT;
}

int cuMemFree_v2(uint64_t address) {
    free((void *)(uintptr_t)address);
    opened--;
    return current == CONTEXT ? 0 : INVALID_CONTEXT;
}

int cuMemHostAlloc(void **memory, size_t bytes, unsigned flags) {
    CALL("cuMemHostAlloc");
    *memory = malloc(bytes);
    opened++;
    return flags == 3 ? 0 : INVALID_VALUE;
}

int cuMemFreeHost(void *memory) {
    free(memory);
    opened--;
    return 0;
}

int cuMemHostGetDevicePointer_v2(uint64_t *address, void *memory, unsigned flags) {
    *address = (uint64_t)(uintptr_t)memory;
    return flags == 0 ? 0 : INVALID_VALUE;
}

int cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, void *stream) {
    (void)stream;
    memcpy((void *)(uintptr_t)to, from, bytes);
    return 0;
}

int cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t bytes, void *stream) {
    (void)stream;
    memcpy(to, (void *)(uintptr_t)from, bytes);
    return 0;
}

int cuStreamCreateWithPriority(void **stream, unsigned flags, int priority) {
    (void)priority;
    open_handle(stream);
    return flags == 1 ? 0 : INVALID_VALUE;
}

int cuStreamDestroy_v2(void *stream) {
    return close_handle(stream);
}

/* Work is done at once, also while it is captured. */
int cuStreamBeginCapture_v2(void *stream, int mode) {
    (void)stream;
    return mode == 1 ? 0 : INVALID_VALUE;
}

int cuStreamEndCapture(void *stream, void **graph) {
    (void)stream;
    open_handle(graph);
    return 0;
}

int cuGraphInstantiateWithFlags(void **exec, void *graph, unsigned long long flags) {
    (void)graph;
    open_handle(exec);
    return flags == 0 || flags == 4 ? 0 : INVALID_VALUE;
}

int cuGraphUpload(void *exec, void *stream) {
    (void)exec;
    (void)stream;
    return failure_of("cuGraphUpload");
}

int cuGraphDestroy(void *graph) {
    return close_handle(graph);
}

int cuGraphExecDestroy(void *exec) {
    return close_handle(exec);
}

int cuGraphLaunch(void *exec, void *stream) {
    (void)exec;
    (void)stream;
    return failure_of("cuGraphLaunch");
}

int cuStreamSynchronize(void *stream) {
    (void)stream;
    return failure_of("cuStreamSynchronize");
}

int cuStreamQuery(void *stream) {
    (void)stream;
    return failure_of("cuStreamQuery");
}

int cuStreamWaitEvent(void *stream, void *event, unsigned flags) {
    (void)stream;
    (void)event;
    return flags == 0 ? 0 : INVALID_VALUE;
}

int cuEventCreate(void **event, unsigned flags) {
    open_handle(event);
    return flags == 0 ? 0 : INVALID_VALUE;
}

int cuEventDestroy_v2(void *event) {
    return close_handle(event);
}

int cuEventRecord(void *event, void *stream) {
    (void)event;
    (void)stream;
    return 0;
}

int cuEventSynchronize(void *event) {
    (void)event;
    return 0;
}

int cuEventQuery(void *event) {
    (void)event;
    return 600;
}

int cuEventElapsedTime(float *millis, void *from, void *to) {
    (void)from;
    (void)to;
    *millis = 2.5f;
    return 0;
}

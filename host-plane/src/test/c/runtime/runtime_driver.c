/*
 * As much of a driver as CUDA's runtime library needs to start: its table of functions, and what it asks of a device. What the runtime does
 * beyond goes by tables that are not public; it ends with an error there, after it has asked for all functions and called cuInit.
 */
#include <dlfcn.h>
#include <string.h>

#include "fake_state.h"
#include "wrappers.h"

CUresult fake_note(const char *name, void *stream, uint64_t value) {
    (void)name, (void)stream, (void)value;
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuDriverGetVersion(int *version) {
    *version = 13000;
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuDeviceGetCount(int *count) {
    *count = 1;
    return CUDA_SUCCESS;
}

static CUresult nothing(void) { return CUDA_SUCCESS; }

FAKE_API CUresult cuGetExportTable(const void **table, const void *id) {
    static void *functions[64];
    (void)id;
    functions[0] = (void *)sizeof functions;
    for (int i = 1; i < 64; i++) functions[i] = (void *)nothing;
    *table = functions;
    return CUDA_SUCCESS;
}

static const struct {
    const char *symbol, *base;
    int since;
    bool per_thread;
} rows[] = {
#define ENTRY(symbol, base, since, ds, ...) {#symbol, #base, since, GBPF_##ds == GBPF_PER_THREAD},
#include "entries/copy.def"
#include "entries/launch.def"
#include "entries/memory.def"
#include "entries/stream.def"
};

FAKE_API CUresult cuGetProcAddress_v2(const char *name, void **function, int version, uint64_t flags, int *status) {
    void *(*lookup)(void *, const char *) = (void *(*)(void *, const char *))dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
    void *self = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_NOLOAD);
    const bool per_thread = (flags & CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM) != 0;
    *function = lookup(self, name);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].base, name) == 0 && rows[i].since <= version && (!rows[i].per_thread || per_thread))
            *function = lookup(self, rows[i].symbol);
    if (*function == NULL) *function = (void *)nothing;
    if (status != NULL) *status = 0;
    return CUDA_SUCCESS;
}

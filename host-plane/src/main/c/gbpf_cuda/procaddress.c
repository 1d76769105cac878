/* cuGetProcAddress: by exact name, version and default-stream flag, as the driver itself chose. */
#include <string.h>

#include "calls.h"
#include "driver.h"
#include "process.h"

/* cuGraphInstantiate means another function since CUDA 12.0. */
static bool renamed(const struct gbpf_entry_row *row, const char *name, int version) {
    return version >= 12000 && strcmp(name, "cuGraphInstantiate") == 0 && strcmp(row->symbol, "cuGraphInstantiateWithFlags") == 0;
}

/* The row that the driver gave for (name, version, flags), or -1. The address tells it when the driver gives what it exports; else the rule
 * that the driver follows: the latest variant that it has and that is no later than version. */
static int entry_of(const char *name, const void *given, int version, uint64_t flags) {
    const enum gbpf_default_stream ds = (flags & CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM) != 0 ? GBPF_PER_THREAD : GBPF_LEGACY;
    const bool instantiate = version >= 12000 && strcmp(name, "cuGraphInstantiate") == 0;
    int best = -1;
    int legacy = -1;
    for (int i = 0; i < GBPF_ENTRIES; i++) {
        const struct gbpf_entry_row *row = &gbpf_entries[i];
        const void *real = LOAD(&gbpf_real_functions[i]);
        if (real == NULL) continue;
        if (real == given) return i;
        if (instantiate ? !renamed(row, name, version) : strcmp(row->base, name) != 0 || row->since > version) continue;
        int *slot = row->ds == ds ? &best : row->ds == GBPF_LEGACY ? &legacy : NULL;
        if (slot != NULL && (*slot < 0 || gbpf_entries[*slot].since <= row->since)) *slot = i;
    }
    /* Functions without streams have no variant for per-thread default streams. */
    return best >= 0 ? best : legacy;
}

static void substitute(const char *name, void **function, int version, uint64_t flags) {
    if (name == NULL || function == NULL || *function == NULL || gbpf_disabled()) return;
    const int entry = entry_of(name, *function, version, flags);
    if (entry >= 0) {
        *function = gbpf_entries[entry].wrapper;
        ADD(&gbpf_wrappers_given, 1);
    } else {
        gbpf_count_unwrapped(name);
    }
}

CUresult gbpf_get_proc_address(CUresult (*real)(const char *, void **, int, uint64_t), enum gbpf_default_stream ds, const char *name,
    void **function, int version, uint64_t flags) {
    (void)ds;
    const CUresult result = real(name, function, version, flags);
    if (result == CUDA_SUCCESS) substitute(name, function, version, flags);
    return result;
}

CUresult gbpf_get_proc_address_v2(CUresult (*real)(const char *, void **, int, uint64_t, int *), enum gbpf_default_stream ds,
    const char *name, void **function, int version, uint64_t flags, int *status) {
    (void)ds;
    const CUresult result = real(name, function, version, flags, status);
    if (result == CUDA_SUCCESS) substitute(name, function, version, flags);
    return result;
}

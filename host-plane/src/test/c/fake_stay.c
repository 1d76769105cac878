/* The interposer's kernel that keeps the device, as a thread that does what the kernel's PTX says; and what it takes to load it. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fake_state.h"

static struct CUfunc_st kernel = {"gbpf_stay", 0};
static uint32_t launched;
static uint32_t there;

FAKE_API CUresult cuModuleLoadData(CUmodule *module, const void *image) {
    const CUresult result = fake_note("cuModuleLoadData", NULL, 0);
    *module = (CUmodule)(uintptr_t)image;
    return result;
}

FAKE_API CUresult cuModuleGetFunction(CUfunction *function, CUmodule module, const char *name) {
    /* The driver would compile it; here it is enough that it holds what is asked for. */
    if (strcmp(name, kernel.name) != 0 || strstr((const char *)module, ".entry gbpf_stay") == NULL) return CUDA_ERROR_NOT_FOUND;
    *function = &kernel;
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuMemHostAlloc(void **at, size_t bytes, unsigned flags) {
    (void)flags;
    *at = calloc(1, bytes);
    return fake_note("cuMemHostAlloc", NULL, bytes);
}

bool fake_is_stay(CUfunction function) { return function == &kernel; }

struct stay {
    uint32_t *words;
    uint64_t limit;
};

static void *run(void *argument) {
    const struct stay stay = *(struct stay *)argument;
    free(argument);
    const uint64_t begin = fake_now();
    for (uint64_t since = begin, now = begin; now - begin <= stay.limit; now = fake_now()) {
        if (__atomic_load_n(&stay.words[0], __ATOMIC_RELAXED) != 0) since = now;
        if (now - since > __atomic_load_n(&stay.words[1], __ATOMIC_RELAXED)) break;
        nanosleep(&(struct timespec){.tv_nsec = 10000}, NULL);
    }
    __atomic_fetch_sub(&there, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&stay.words[2], 0, __ATOMIC_RELEASE);
    return NULL;
}

CUresult fake_stay(void **parameters) {
    struct stay *stay = malloc(sizeof *stay);
    *stay = (struct stay){(uint32_t *)(uintptr_t) * (CUdeviceptr *)parameters[0], *(uint64_t *)parameters[1]};
    __atomic_fetch_add(&launched, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&there, 1, __ATOMIC_RELAXED);
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, stay) == 0) pthread_detach(thread);
    return CUDA_SUCCESS;
}

FAKE_API uint32_t fake_stays(void) { return __atomic_load_n(&launched, __ATOMIC_RELAXED); }
FAKE_API uint32_t fake_stays_now(void) { return __atomic_load_n(&there, __ATOMIC_RELAXED); }

#include "functions.h"

#include <string.h>

#include "capture.h"
#include "driver.h"

enum { PROBES = 16 };

/* All places that key may have are others'. */
static struct gbpf_segment_function *drive_out(struct gbpf_segment *segment, uint64_t key) {
    struct gbpf_segment_function *out = NULL;
    for (uint32_t i = 0; i < PROBES; i++) {
        struct gbpf_segment_function *function = gbpf_function_at(segment, key, i);
        const uint64_t launches = LOAD(&function->launches) / 2;
        STORE(&function->launches, launches);
        if (launches == 0 && out == NULL) out = function; /* the nearest: it is found fastest */
    }
    if (out == NULL) return NULL;
    STORE(&out->estimate_ns, 0);
    STORE(&out->samples, 0);
    STORE_RELEASE(&out->key, key);
    return out;
}

struct gbpf_segment_function *gbpf_function_find(struct gbpf_segment *segment, uint64_t key) {
    for (uint32_t i = 0; i < PROBES; i++) {
        struct gbpf_segment_function *function = gbpf_function_at(segment, key, i);
        uint64_t there = LOAD_ACQUIRE(&function->key);
        if (there == 0 && COMPARE_EXCHANGE(&function->key, &there, key)) return function;
        if (there == key) return function;
    }
    return drive_out(segment, key);
}

/*
 * Follows the low quartile: what runs between two of a stream's events is stretched when other contexts come between, and never shortened.
 * A step down is three times a step up, so that the estimate rests where a quarter of the measurements lie below. (Stochastic approximation
 * of quantiles: Robbins and Monro, 1951.)
 */
void gbpf_function_measured(struct gbpf_segment_function *function, uint64_t ns) {
    const uint32_t samples = ADD(&function->samples, 1);
    uint64_t estimate = LOAD(&function->estimate_ns);
    if (estimate == 0) {
        estimate = ns;
    } else {
        /* Large steps first, while little is known. */
        const uint64_t step = gbpf_max(estimate / (samples < 8 ? 4 : 16), 4);
        if (ns < estimate) {
            estimate -= gbpf_min(estimate - ns, step * 3 / 4);
        } else {
            estimate += gbpf_min(ns - estimate, step / 4);
        }
    }
    STORE(&function->estimate_ns, gbpf_max(estimate, 1));
}

/* Functions whose names were asked for: the handle, with the answer in the highest bit, which no address has. A place that is taken over costs
 * a question more. */
enum { ASKED_FUNCTIONS = 2048 };
static uint64_t asked_functions[ASKED_FUNCTIONS];
#define COLLECTIVE (1ull << 63)

/* NCCL's kernels are C++ functions outside of namespaces, whose names the driver gives as they are mangled: _Z, the name's length, the name
 * (Itanium C++ ABI, 5.1.2). */
static bool is_collective_name(const char *name) {
    if (strncmp(name, "_Z", 2) == 0) {
        name += 2;
        while (*name >= '0' && *name <= '9') name++;
    }
    return strncmp(name, "ncclDevKernel", 13) == 0 || strncmp(name, "ncclKernel", 10) == 0;
}

static bool ask(CUfunction function) {
    const char *name = NULL;
    CUresult result = CUDA_ERROR_NOT_FOUND;
    const int mode = gbpf_relax_capture();
    if (gbpf_driver.cuFuncGetName != NULL) result = gbpf_driver.cuFuncGetName(&name, function);
    /* Launches take the kernels of libraries, too, in the place of functions. */
    if (result != CUDA_SUCCESS && gbpf_driver.cuKernelGetName != NULL) result = gbpf_driver.cuKernelGetName(&name, function);
    gbpf_restore_capture(mode);
    return result == CUDA_SUCCESS && name != NULL && is_collective_name(name);
}

bool gbpf_is_collective(CUfunction function) {
    const uint64_t handle = (uintptr_t)function & ~COLLECTIVE;
    uint64_t *place = &asked_functions[(handle >> 4 ^ handle >> 13) % ASKED_FUNCTIONS];
    const uint64_t known = LOAD(place);
    if (LIKELY((known & ~COLLECTIVE) == handle)) return (known & COLLECTIVE) != 0;
    const bool collective = ask(function);
    STORE(place, handle | (collective ? COLLECTIVE : 0));
    return collective;
}

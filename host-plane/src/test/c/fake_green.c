/* Green contexts of a device of 132 SMs that splits into groups of 8, with 4 left over. */
#include <stdlib.h>
#include <string.h>

#include "fake_state.h"

enum { SMS = 132, GROUP = 8 };

/* What a resource or a descriptor has, by the driver's order of SMs. */
struct span {
    unsigned first, count;
};

struct CUdevResourceDesc_st {
    struct span sms;
};

struct CUgreenCtx_st {
    struct CUctx_st as_context;
    struct span sms;
    uint32_t users; /* threads that use it now: one may */
    uint32_t gone;
};

static uint32_t greens;
static uint32_t misused;

static CUdevResource resource(unsigned first, unsigned count) {
    const struct span span = {first, count};
    CUdevResource made = {.type = CU_DEV_RESOURCE_TYPE_SM, .sm = {count, GROUP, GROUP}};
    memcpy(made.internal, &span, sizeof span);
    return made;
}

FAKE_API CUresult cuDeviceGetDevResource(CUdevice device, CUdevResource *all, int type) {
    const CUresult result = fake_note("cuDeviceGetDevResource", NULL, (uint64_t)device);
    if (result != CUDA_SUCCESS || type != CU_DEV_RESOURCE_TYPE_SM) return result != CUDA_SUCCESS ? result : CUDA_ERROR_INVALID_VALUE;
    *all = resource(0, SMS);
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuDevSmResourceSplitByCount(CUdevResource *groups, unsigned *count, const CUdevResource *all, CUdevResource *rest,
    unsigned flags, unsigned least) {
    if (flags != 0 || all->type != CU_DEV_RESOURCE_TYPE_SM || least != GROUP) return CUDA_ERROR_INVALID_VALUE;
    const unsigned most = all->sm.smCount / GROUP;
    if (*count > most) *count = most;
    for (unsigned i = 0; i < *count; i++) groups[i] = resource(i * GROUP, GROUP);
    *rest = resource(*count * GROUP, all->sm.smCount - *count * GROUP);
    return CUDA_SUCCESS;
}

/* Of groups that follow each other. */
FAKE_API CUresult cuDevResourceGenerateDesc(CUdevResourceDesc *description, CUdevResource *groups, unsigned count) {
    if (count == 0) return CUDA_ERROR_INVALID_VALUE;
    struct span span = {0};
    for (unsigned i = 0; i < count; i++) {
        struct span group;
        memcpy(&group, groups[i].internal, sizeof group);
        if (i == 0) span.first = group.first;
        if (group.first != span.first + span.count) return CUDA_ERROR_INVALID_VALUE;
        span.count += group.count;
    }
    *description = malloc(sizeof **description);
    (*description)->sms = span;
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuGreenCtxCreate(CUgreenCtx *green, CUdevResourceDesc description, CUdevice device, unsigned flags) {
    CUcontext primary;
    CUresult result = fake_unsafe();
    if (result == CUDA_SUCCESS) result = fake_note("cuGreenCtxCreate", NULL, description->sms.first << 16 | description->sms.count);
    if (result == CUDA_SUCCESS && flags != CU_GREEN_CTX_DEFAULT_STREAM) result = CUDA_ERROR_INVALID_VALUE;
    if (result != CUDA_SUCCESS) return result;
    result = cuDevicePrimaryCtxRetain(&primary, device);
    *green = calloc(1, sizeof **green);
    (*green)->as_context.device = device;
    (*green)->as_context.green = true;
    (*green)->sms = description->sms;
    __atomic_fetch_add(&greens, 1, __ATOMIC_RELAXED);
    return result;
}

FAKE_API CUresult cuGreenCtxDestroy(CUgreenCtx green) {
    __atomic_store_n(&green->gone, 1, __ATOMIC_RELAXED);
    __atomic_fetch_sub(&greens, 1, __ATOMIC_RELAXED);
    return cuDevicePrimaryCtxRelease_v2(green->as_context.device);
}

FAKE_API CUresult cuGreenCtxGetDevResource(CUgreenCtx green, CUdevResource *has, int type) {
    *has = resource(green->sms.first, green->sms.count);
    return type == CU_DEV_RESOURCE_TYPE_SM ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

FAKE_API CUresult cuCtxFromGreenCtx(CUcontext *context, CUgreenCtx green) {
    *context = &green->as_context;
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuGreenCtxStreamCreate(CUstream *stream, CUgreenCtx green, unsigned flags, int priority) {
    if (__atomic_fetch_add(&green->users, 1, __ATOMIC_ACQ_REL) != 0) __atomic_fetch_add(&misused, 1, __ATOMIC_RELAXED);
    const bool possible = flags == CU_STREAM_NON_BLOCKING && __atomic_load_n(&green->gone, __ATOMIC_RELAXED) == 0;
    CUresult result = possible ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
    if (result == CUDA_SUCCESS) result = fake_stream_create(stream, "cuGreenCtxStreamCreate", flags, priority);
    if (result == CUDA_SUCCESS) (*stream)->green = green;
    __atomic_fetch_sub(&green->users, 1, __ATOMIC_ACQ_REL);
    return result;
}

static CUgreenCtx green_of(CUstream stream) { return (uintptr_t)stream <= 2 ? NULL : stream->green; }

FAKE_API CUresult cuStreamGetCtx(CUstream stream, CUcontext *context) {
    const CUgreenCtx green = green_of(stream);
    *context = green != NULL ? &green->as_context : (uintptr_t)stream <= 2 ? fake_current() : stream->context;
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuStreamGetCtx_v2(CUstream stream, CUcontext *context, CUgreenCtx *green) {
    *green = green_of(stream);
    *context = (uintptr_t)stream <= 2 ? fake_current() : stream->context;
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuStreamGetGreenCtx(CUstream stream, CUgreenCtx *green) {
    *green = green_of(stream);
    return CUDA_SUCCESS;
}

CUcontext fake_context_of(CUstream stream) {
    const CUgreenCtx green = green_of(stream);
    return green != NULL ? &green->as_context : stream->context;
}

FAKE_API uint32_t fake_node_sms(CUgraphNode node) {
    const CUcontext context = node->kernel.ctx;
    return context != NULL && context->green ? ((CUgreenCtx)context)->sms.first << 16 | ((CUgreenCtx)context)->sms.count : 0;
}

FAKE_API uint32_t fake_stream_sms(CUstream stream) {
    const CUgreenCtx green = green_of(stream);
    return green == NULL ? 0 : green->sms.first << 16 | green->sms.count;
}

FAKE_API uint32_t fake_green_misused(void) { return __atomic_load_n(&misused, __ATOMIC_RELAXED); }

uint32_t fake_greens(void) { return __atomic_load_n(&greens, __ATOMIC_RELAXED); }

unsigned fake_sms_of(CUstream stream) {
    const CUgreenCtx green = green_of(stream);
    return green == NULL ? SMS : green->sms.count;
}

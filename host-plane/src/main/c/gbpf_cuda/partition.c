#include "partition.h"

#include <pthread.h>
#include <stdlib.h>

#include "capture.h"
#include "driver.h"
#include "handlers.h"
#include "levers.h"

enum { PARTITIONS = 32, GROUPS = 512 };

/* Green contexts that were made, and attempts that failed. One lasts as long as its primary context: a stream may be in it. */
static struct partition {
    CUgreenCtx green; /* null: it could not be made */
    CUcontext as_context;
    CUcontext primary;
    CUdevice device;
    uint32_t partition; /* 0: the place is free */
    uint32_t sms;       /* that it really has */
} partitions[PARTITIONS];

/* Whether there ever was one. */
static uint32_t used;

/* While the table is changed or a green context is used: one thread at a time may. Readers need none. */
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;

static uint32_t first_of(uint32_t partition) { return partition >> 16; }
static uint32_t count_of(uint32_t partition) { return partition & 0xffff; }

uint32_t gbpf_partition_read(const char *text) {
    char *end = NULL;
    if (text == NULL || text[0] < '0' || text[0] > '9') return 0;
    const unsigned long first = strtoul(text, &end, 10);
    if (*end != '-' || end[1] < '0' || end[1] > '9') return 0;
    const unsigned long last = strtoul(end + 1, &end, 10);
    return *end == 0 && first <= last && last < UINT16_MAX ? (uint32_t)(first << 16 | (last - first + 1)) : 0;
}

/* The partition of streams that are made now. */
static uint32_t wanted(void) {
    const struct gbpf_segment_orders *orders = &LOAD_ACQUIRE(&gbpf_process.segment)->orders;
    const uint32_t ordered = LOAD(&orders->mode) == GBPF_MODE_POLICY ? LOAD(&orders->partition) : 0;
    return count_of(ordered) != 0 ? ordered : LOAD(&gbpf_settings.partition);
}

static bool is_there(void) {
    return gbpf_driver.cuCtxGetCurrent != NULL && gbpf_driver.cuCtxGetDevice != NULL && gbpf_driver.cuDevicePrimaryCtxGetState != NULL
        && gbpf_driver.cuDevicePrimaryCtxRetain != NULL && gbpf_driver.cuDevicePrimaryCtxRelease_v2 != NULL && gbpf_driver.cuDeviceGetDevResource != NULL
        && gbpf_driver.cuDevSmResourceSplitByCount != NULL && gbpf_driver.cuDevResourceGenerateDesc != NULL
        && gbpf_driver.cuGreenCtxCreate != NULL && gbpf_driver.cuGreenCtxStreamCreate != NULL && gbpf_driver.cuCtxFromGreenCtx != NULL
        && gbpf_driver.cuStreamGetGreenCtx != NULL && gbpf_driver.cuGreenCtxDestroy != NULL && gbpf_driver.cuGreenCtxGetDevResource != NULL;
}

/*
 * The driver's groups of SMs that belong to the partition: those whose first SM does, so that partitions that have no SM in common as ordered
 * have none in common as made, in all processes, since the driver splits a device alike each time. What is left over of the split is the last
 * group. The group's own numbers are the driver's; SMs count in its order.
 */
static CUresult describe(CUdevice device, uint32_t partition, CUdevResourceDesc *description) {
    CUdevResource all;
    unsigned count = GROUPS;
    CUresult result = gbpf_driver.cuDeviceGetDevResource(device, &all, CU_DEV_RESOURCE_TYPE_SM);
    if (result != CUDA_SUCCESS) return result;
    const unsigned size = all.sm.smCoscheduledAlignment > all.sm.minSmPartitionSize ? all.sm.smCoscheduledAlignment : all.sm.minSmPartitionSize;
    CUdevResource *groups = calloc(GROUPS + 1, sizeof *groups);
    if (groups == NULL) return CUDA_ERROR_OUT_OF_MEMORY;
    CUdevResource rest = {0};
    result = gbpf_driver.cuDevSmResourceSplitByCount(groups, &count, &all, &rest, 0, size);
    if (result == CUDA_SUCCESS) {
        if (rest.type == CU_DEV_RESOURCE_TYPE_SM && rest.sm.smCount != 0) groups[count++] = rest;
        unsigned chosen = 0;
        for (unsigned i = 0, sm = 0; i < count; i++) {
            const unsigned sms = groups[i].sm.smCount;
            if (sm >= first_of(partition) && sm - first_of(partition) < count_of(partition)) groups[chosen++] = groups[i];
            sm += sms;
        }
        result = chosen == 0 ? CUDA_ERROR_INVALID_VALUE : gbpf_driver.cuDevResourceGenerateDesc(description, groups, chosen);
    }
    free(groups);
    return result;
}

static void make(struct partition *place) {
    CUdevResourceDesc description = NULL;
    CUgreenCtx green = NULL;
    CUcontext as_context = NULL;
    CUdevResource has;
    if (describe(place->device, place->partition, &description) != CUDA_SUCCESS
        || gbpf_driver.cuGreenCtxCreate(&green, description, place->device, CU_GREEN_CTX_DEFAULT_STREAM) != CUDA_SUCCESS)
        return;
    if (gbpf_driver.cuCtxFromGreenCtx(&as_context, green) != CUDA_SUCCESS
        || gbpf_driver.cuGreenCtxGetDevResource(green, &has, CU_DEV_RESOURCE_TYPE_SM) != CUDA_SUCCESS) {
        gbpf_driver.cuGreenCtxDestroy(green);
        return;
    }
    STORE(&place->as_context, as_context);
    STORE(&place->sms, has.sm.smCount);
    STORE_RELEASE(&place->green, green);
}

/* Whether the current context is the device's primary one, where green contexts are. */
static bool is_primary(CUdevice device, CUcontext *primary) {
    CUcontext current = NULL;
    unsigned flags = 0;
    int active = 0;
    /* One that is not active would be made. */
    if (gbpf_driver.cuDevicePrimaryCtxGetState(device, &flags, &active) != CUDA_SUCCESS || active == 0
        || gbpf_driver.cuCtxGetCurrent(&current) != CUDA_SUCCESS || gbpf_driver.cuDevicePrimaryCtxRetain(primary, device) != CUDA_SUCCESS)
        return false;
    gbpf_driver.cuDevicePrimaryCtxRelease_v2(device);
    return current == *primary;
}

/* The place of a partition that is there or was tried, else a new one; null: there is no room. */
static struct partition *place_of(CUdevice device, CUcontext primary, uint32_t partition) {
    struct partition *free_place = NULL;
    for (int i = 0; i < PARTITIONS; i++) {
        if (partitions[i].partition == partition && partitions[i].device == device) return &partitions[i];
        if (partitions[i].partition == 0 && free_place == NULL) free_place = &partitions[i];
    }
    if (free_place == NULL) return NULL;
    STORE(&free_place->device, device);
    STORE(&free_place->primary, primary);
    STORE(&free_place->partition, partition);
    STORE(&used, 1);
    make(free_place);
    return free_place;
}

static bool create(CUstream *stream, uint32_t partition, unsigned flags, int priority) {
    CUdevice device = 0;
    CUcontext primary = NULL;
    if (gbpf_driver.cuCtxGetDevice(&device) != CUDA_SUCCESS || !is_primary(device, &primary)) return false;
    pthread_mutex_lock(&making);
    const struct partition *place = place_of(device, primary, partition);
    const bool made = place != NULL && place->green != NULL
        && gbpf_driver.cuGreenCtxStreamCreate(stream, place->green, flags, priority) == CUDA_SUCCESS;
    pthread_mutex_unlock(&making);
    return made;
}

bool gbpf_partition_create(CUstream *stream, unsigned flags, int priority) {
    const uint32_t partition = wanted();
    if (LIKELY(partition == 0) || flags != CU_STREAM_NON_BLOCKING || stream == NULL) return false;
    bool made = false;
    if (is_there()) {
        const int mode = gbpf_relax_capture();
        made = create(stream, partition, flags, priority);
        gbpf_restore_capture(mode);
        if (made || LOAD(&LOAD_ACQUIRE(&gbpf_process.segment)->report.levers[GBPF_LEVER_PARTITION]) != GBPF_LEVER_WORKS)
            gbpf_lever_report(GBPF_LEVER_PARTITION, made ? GBPF_LEVER_WORKS : GBPF_LEVER_REFUSED);
    }
    if (!made) ADD(&LOAD_ACQUIRE(&gbpf_process.segment)->report.partition_errors, 1);
    return made;
}

static const struct partition *find_green(CUgreenCtx green) {
    for (int i = 0; green != NULL && i < PARTITIONS; i++)
        if (LOAD_ACQUIRE(&partitions[i].green) == green) return &partitions[i];
    return NULL;
}

/* The stream's partition, of those that are there; null: it has none. */
static const struct partition *partition_of(CUstream stream) {
    CUgreenCtx green = NULL;
    if (!gbpf_partition_is_used() || (uintptr_t)stream <= 2 || gbpf_driver.cuStreamGetGreenCtx == NULL
        || gbpf_driver.cuStreamGetGreenCtx(stream, &green) != CUDA_SUCCESS)
        return NULL;
    return find_green(green);
}

uint32_t gbpf_partition_of(CUstream stream) {
    const struct partition *place = partition_of(stream);
    return place != NULL ? LOAD(&place->partition) : 0;
}

uint32_t gbpf_partition_sms(CUstream stream) {
    const struct partition *place = partition_of(stream);
    return place != NULL ? LOAD(&place->sms) : 0;
}

bool gbpf_partition_is_used(void) { return UNLIKELY(LOAD(&used) != 0); }

CUcontext gbpf_partition_primary(CUcontext context) {
    for (int i = 0; gbpf_partition_is_used() && context != NULL && i < PARTITIONS; i++)
        if (LOAD_ACQUIRE(&partitions[i].green) != NULL && LOAD(&partitions[i].as_context) == context) return LOAD(&partitions[i].primary);
    return NULL;
}

/* ---- what the application sees of its stream: the context that it made it in ---- */

CUresult gbpf_stream_get_context(CUresult (*real)(CUstream, CUcontext *), enum gbpf_default_stream ds, CUstream stream, CUcontext *context) {
    (void)ds;
    const CUresult result = real(stream, context);
    const CUcontext primary = result == CUDA_SUCCESS ? gbpf_partition_primary(*context) : NULL;
    if (primary != NULL) *context = primary;
    return result;
}

CUresult gbpf_stream_get_contexts(CUresult (*real)(CUstream, CUcontext *, CUgreenCtx *), enum gbpf_default_stream ds, CUstream stream,
    CUcontext *context, CUgreenCtx *green) {
    (void)ds;
    const CUresult result = real(stream, context, green);
    if (result == CUDA_SUCCESS && green != NULL && find_green(*green) != NULL) *green = NULL;
    return result;
}

CUresult gbpf_stream_get_green(CUresult (*real)(CUstream, CUgreenCtx *), enum gbpf_default_stream ds, CUstream stream, CUgreenCtx *green) {
    (void)ds;
    const CUresult result = real(stream, green);
    if (result == CUDA_SUCCESS && green != NULL && find_green(*green) != NULL) *green = NULL;
    return result;
}

/* ---- lives ---- */

static void forget(struct partition *place) {
    STORE_RELEASE(&place->green, NULL);
    STORE(&place->partition, 0);
}

bool gbpf_partition_device_goes(CUdevice device) {
    bool any = false;
    pthread_mutex_lock(&making);
    for (int i = 0; i < PARTITIONS; i++) {
        const CUgreenCtx green = partitions[i].green;
        if (partitions[i].device != device || green == NULL) continue;
        forget(&partitions[i]);
        any |= gbpf_driver.cuGreenCtxDestroy(green) == CUDA_SUCCESS;
    }
    pthread_mutex_unlock(&making);
    return any;
}

void gbpf_partition_device_gone(CUdevice device) {
    pthread_mutex_lock(&making);
    for (int i = 0; i < PARTITIONS; i++)
        if (partitions[i].device == device) forget(&partitions[i]);
    pthread_mutex_unlock(&making);
}

void gbpf_partition_report(void) {
    struct gbpf_segment_report *report = &LOAD_ACQUIRE(&gbpf_process.segment)->report;
    STORE(&report->partition, LOAD(&gbpf_settings.partition));
    if (LOAD(&report->levers[GBPF_LEVER_PARTITION]) == GBPF_LEVER_UNKNOWN)
        gbpf_lever_report(GBPF_LEVER_PARTITION, is_there() ? GBPF_LEVER_READY : GBPF_LEVER_ABSENT);
}

void gbpf_partition_forget(void) {
    pthread_mutex_init(&making, NULL);
    STORE(&used, 0);
    for (int i = 0; i < PARTITIONS; i++) partitions[i] = (struct partition){0};
}

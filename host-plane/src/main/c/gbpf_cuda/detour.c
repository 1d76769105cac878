#include "detour.h"

#include <stdlib.h>

#include "capture.h"
#include "driver.h"
#include "partition.h"

enum { CU_EVENT_DISABLE_TIMING = 2 };

static bool is_there(void) {
    return gbpf_driver.cuStreamCreateWithPriority != NULL && gbpf_driver.cuStreamGetPriority != NULL && gbpf_driver.cuStreamDestroy_v2 != NULL
        && gbpf_driver.cuStreamWaitEvent != NULL && gbpf_driver.cuEventCreate != NULL && gbpf_driver.cuEventRecord != NULL
        && gbpf_driver.cuEventDestroy_v2 != NULL;
}

bool gbpf_detour_is_needed(CUstream stream, CUfunction f, const struct gbpf_work *work, size_t shared) {
    int blocks = 0;
    const uint32_t sms = gbpf_partition_sms(stream);
    return sms != 0 && gbpf_driver.cuOccupancyMaxActiveBlocksPerMultiprocessor != NULL
        && gbpf_driver.cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, f, (int)work->threads, shared) == CUDA_SUCCESS
        && work->blocks > (uint64_t)blocks * sms;
}

/* What is destroyed goes when its work is done. */
static void destroy(const struct gbpf_detour *detour) {
    if (detour->before != NULL) gbpf_driver.cuEventDestroy_v2(detour->before);
    if (detour->after != NULL) gbpf_driver.cuEventDestroy_v2(detour->after);
    if (detour->by != NULL) gbpf_driver.cuStreamDestroy_v2(detour->by);
}

/* Detours that may be part of a capture: what becomes of one whose stream is destroyed is not said anywhere. They serve the same stream again, and
 * go with the next one that comes when there is no capture. */
static struct kept {
    struct gbpf_detour detour;
    struct kept *next;
} *kept;

static void put(struct kept *one) {
    one->next = LOAD(&kept);
    while (!COMPARE_EXCHANGE(&kept, &one->next, one)) {}
}

static void keep(const struct gbpf_detour *detour) {
    struct kept *new = malloc(sizeof *new);
    if (new == NULL) return;
    new->detour = *detour;
    put(new);
}

/* Keeps none any more. They are destroyed, unless the driver's part of them is gone. */
static void empty(bool gone) {
    for (struct kept *old = EXCHANGE(&kept, NULL), *next; old != NULL; old = next) {
        next = old->next;
        if (!gone) destroy(&old->detour);
        free(old);
    }
}

static void drop(const struct gbpf_detour *detour) {
    if (LOAD(&gbpf_process.captures) != 0) {
        keep(detour);
        return;
    }
    destroy(detour);
    empty(false);
}

void gbpf_detours_forget(void) { empty(true); }

/* One that was kept for the same stream: it is of no other capture. */
static bool take(struct gbpf_detour *detour) {
    struct kept *found = NULL;
    for (struct kept *old = EXCHANGE(&kept, NULL), *next; old != NULL; old = next) {
        next = old->next;
        if (found == NULL && old->detour.from == detour->from && old->detour.priority == detour->priority)
            found = old;
        else
            put(old);
    }
    if (found == NULL) return false;
    *detour = found->detour;
    free(found);
    return true;
}

static bool make(struct gbpf_detour *detour) {
    return gbpf_driver.cuStreamCreateWithPriority(&detour->by, CU_STREAM_NON_BLOCKING, detour->priority) == CUDA_SUCCESS
        && gbpf_driver.cuEventCreate(&detour->before, CU_EVENT_DISABLE_TIMING) == CUDA_SUCCESS
        && gbpf_driver.cuEventCreate(&detour->after, CU_EVENT_DISABLE_TIMING) == CUDA_SUCCESS;
}

static bool prepare(struct gbpf_detour *detour) {
    return gbpf_driver.cuStreamGetPriority(detour->from, &detour->priority) == CUDA_SUCCESS
        && ((LOAD(&gbpf_process.captures) != 0 && take(detour)) || make(detour))
        && gbpf_driver.cuEventRecord(detour->before, detour->from) == CUDA_SUCCESS
        && gbpf_driver.cuStreamWaitEvent(detour->by, detour->before, 0) == CUDA_SUCCESS;
}

bool gbpf_detour_begin(struct gbpf_detour *detour, CUstream *stream) {
    *detour = (struct gbpf_detour){.from = *stream};
    if (gbpf_partition_sms(*stream) == 0 || !is_there()) return false;
    const int mode = gbpf_relax_capture();
    const bool ready = prepare(detour);
    if (!ready) drop(detour);
    gbpf_restore_capture(mode);
    if (ready) *stream = detour->by;
    return ready;
}

CUresult gbpf_detour_end(const struct gbpf_detour *detour, CUresult result) {
    const int mode = gbpf_relax_capture();
    CUresult joined = gbpf_driver.cuEventRecord(detour->after, detour->by);
    if (joined == CUDA_SUCCESS) joined = gbpf_driver.cuStreamWaitEvent(detour->from, detour->after, 0);
    drop(detour);
    gbpf_restore_capture(mode);
    return result != CUDA_SUCCESS ? result : joined;
}

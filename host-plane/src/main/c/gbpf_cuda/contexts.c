/* The driver's start, streams' and contexts' lives. */
#include "capture.h"
#include "completion.h"
#include "detour.h"
#include "driver.h"
#include "handlers.h"
#include "levers.h"
#include "partition.h"
#include "samples.h"
#include "steward.h"
#include "stops.h"
#include "streams.h"

CUresult gbpf_init(CUresult (*real)(unsigned), enum gbpf_default_stream ds, unsigned flags) {
    (void)ds;
    const CUresult result = real(flags);
    if (result == CUDA_SUCCESS) gbpf_steward_start();
    return result;
}

/* The priority that a new stream gets; greater numbers are less urgent, and the driver cuts what is out of range by itself. */
static int priority_of(int asked) {
    const struct gbpf_segment_orders *orders = &LOAD_ACQUIRE(&gbpf_process.segment)->orders;
    const int32_t added = LOAD(&orders->mode) == GBPF_MODE_POLICY ? LOAD(&orders->stream_priority) : 0;
    if (added < -100 || added > 100) return asked;
    int least = 0;
    int greatest = 0;
    if (added == 0 || gbpf_driver.cuCtxGetStreamPriorityRange == NULL
        || gbpf_driver.cuCtxGetStreamPriorityRange(&least, &greatest) != CUDA_SUCCESS || asked > least || asked < greatest)
        return asked;
    const int priority = asked + added;
    return priority > least ? least : priority < greatest ? greatest : priority;
}

static CUresult created(CUresult result, const CUstream *stream) {
    /* A handle that was another stream's before. */
    if (result == CUDA_SUCCESS && stream != NULL) gbpf_stream_destroyed(*stream);
    return result;
}

CUresult gbpf_stream_create(CUresult (*real)(CUstream *, unsigned), enum gbpf_default_stream ds, CUstream *stream, unsigned flags) {
    (void)ds;
    const int priority = priority_of(0);
    const bool moved = priority != 0 && gbpf_driver.cuStreamCreateWithPriority != NULL;
    if (moved) gbpf_lever_report(GBPF_LEVER_PRIORITY, GBPF_LEVER_WORKS);
    if (gbpf_partition_create(stream, flags, moved ? priority : 0)) return created(CUDA_SUCCESS, stream);
    return created(moved ? gbpf_driver.cuStreamCreateWithPriority(stream, flags, priority) : real(stream, flags), stream);
}

CUresult gbpf_stream_create_with_priority(CUresult (*real)(CUstream *, unsigned, int), enum gbpf_default_stream ds, CUstream *stream,
    unsigned flags, int asked) {
    (void)ds;
    const int priority = priority_of(asked);
    if (priority != asked) gbpf_lever_report(GBPF_LEVER_PRIORITY, GBPF_LEVER_WORKS);
    if (gbpf_partition_create(stream, flags, priority)) return created(CUDA_SUCCESS, stream);
    return created(real(stream, flags, priority), stream);
}

CUresult gbpf_stream_destroy(CUresult (*real)(CUstream), enum gbpf_default_stream ds, CUstream stream) {
    (void)ds;
    if ((uintptr_t)stream > 2) {
        gbpf_capture_destroyed(stream);
        gbpf_stream_destroyed(stream);
    }
    return real(stream);
}

/* Before the driver takes it: nothing of the library looks at a context's memory from here on. Which one it was made in is not asked; what is
 * still needed is made again. */
static void memory_goes(void) {
    gbpf_completion_context_gone();
    gbpf_stops_context_gone();
    gbpf_detours_forget();
}

static void context_gone(CUcontext context) {
    gbpf_streams_context_destroyed(context);
    gbpf_samples_context_destroyed(context);
    gbpf_streams_context_changed();
}

CUresult gbpf_context_destroy(CUresult (*real)(CUcontext), enum gbpf_default_stream ds, CUcontext context) {
    (void)ds;
    memory_goes();
    context_gone(context);
    return real(context);
}

/* The primary context of device is not known by its handle; whoever was in it is. */
static void primary_gone(CUdevice device) {
    for (uint32_t i = 0; i < GBPF_OTHER_STREAMS; i++)
        if (LOAD_ACQUIRE(&gbpf_places[i].key) != 0 && LOAD(&gbpf_places[i].device) == (uint32_t)device)
            context_gone(LOAD(&gbpf_places[i].context));
}

CUresult gbpf_primary_release(CUresult (*real)(CUdevice), enum gbpf_default_stream ds, CUdevice device) {
    (void)ds;
    unsigned flags = 0;
    int active = 1;
    memory_goes();
    const CUresult result = real(device);
    if (result == CUDA_SUCCESS && gbpf_driver.cuDevicePrimaryCtxGetState != NULL
        && gbpf_driver.cuDevicePrimaryCtxGetState(device, &flags, &active) == CUDA_SUCCESS && active == 0) {
        primary_gone(device);
        gbpf_partition_device_gone(device);
    }
    return result;
}

CUresult gbpf_primary_reset(CUresult (*real)(CUdevice), enum gbpf_default_stream ds, CUdevice device) {
    (void)ds;
    memory_goes();
    primary_gone(device);
    const CUresult result = real(device);
    if (result == CUDA_ERROR_NOT_PERMITTED && gbpf_partition_device_goes(device)) return real(device);
    if (result == CUDA_SUCCESS) gbpf_partition_device_gone(device);
    return result;
}

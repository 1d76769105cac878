#include "copies.h"

#include "driver.h"
#include "handlers.h"
#include "pacing.h"
#include "record.h"
#include "waits.h"

static enum gbpf_event_kind direction(bool from_host, bool to_host) {
    return from_host == to_host ? GBPF_EVENT_COPY_D2D : from_host ? GBPF_EVENT_COPY_H2D : GBPF_EVENT_COPY_D2H;
}

static bool is_host(CUdeviceptr at) {
    uint32_t type = CU_MEMORYTYPE_DEVICE;
    if (gbpf_driver.cuPointerGetAttribute == NULL) return false;
    /* Memory that the driver does not know is the host's. */
    return gbpf_driver.cuPointerGetAttribute(&type, CU_POINTER_ATTRIBUTE_MEMORY_TYPE, at) != CUDA_SUCCESS || type == CU_MEMORYTYPE_HOST;
}

enum gbpf_event_kind gbpf_direction_of(CUdeviceptr to, CUdeviceptr from) {
    if (LIKELY(!gbpf_is_observed(&LOAD_ACQUIRE(&gbpf_process.segment)->orders)) || LOAD(&gbpf_process.captures) != 0) return GBPF_EVENT_COPY_D2D;
    return direction(is_host(from), is_host(to));
}

enum gbpf_event_kind gbpf_direction_2d(const CUDA_MEMCPY2D *copy) {
    return copy == NULL ? GBPF_EVENT_COPY_D2D : direction(copy->srcMemoryType == CU_MEMORYTYPE_HOST, copy->dstMemoryType == CU_MEMORYTYPE_HOST);
}

enum gbpf_event_kind gbpf_direction_3d(const CUDA_MEMCPY3D *copy) {
    return copy == NULL ? GBPF_EVENT_COPY_D2D : direction(copy->srcMemoryType == CU_MEMORYTYPE_HOST, copy->dstMemoryType == CU_MEMORYTYPE_HOST);
}

uint64_t gbpf_bytes_batch(const size_t *bytes, size_t count) {
    uint64_t sum = 0;
    for (size_t i = 0; bytes != NULL && i < count; i++) sum += bytes[i];
    return sum;
}

void gbpf_copy_begin(struct gbpf_call *call, const struct gbpf_work *work, CUstream stream, enum gbpf_default_stream ds) {
    gbpf_call_begin(call, work, stream, ds);
    if (work->kind == GBPF_EVENT_SET) return;
    ADD(&call->segment->report.copies, 1);
    ADD(&call->segment->report.copied_bytes, work->bytes);
}

void gbpf_other_begin(struct gbpf_call *call, const struct gbpf_work *work, CUstream stream, enum gbpf_default_stream ds) {
    gbpf_call_begin(call, work, stream, ds);
}

void gbpf_copy_end(struct gbpf_call *call, const struct gbpf_work *work, CUresult result) { gbpf_call_end(call, work, result); }

void gbpf_copy_sync_end(struct gbpf_call *call, const struct gbpf_work *work, CUresult result) {
    gbpf_call_end(call, work, result);
    if (result != CUDA_SUCCESS || call->state == GBPF_CALL_CAPTURED) return;
    struct gbpf_segment_stream *stream = &call->segment->streams[call->place];
    const uint64_t launched = GBPF_COUNTED(stream, launched);
    gbpf_synchronized(call->segment, call->place, LOAD(&stream->owner), launched);
    if (call->state == GBPF_CALL_OBSERVED && call->called_ns != 0) gbpf_record_wait(call->place, launched, 0);
}

void gbpf_stream_copy_begin(struct gbpf_stream_copy *copy, enum gbpf_event_kind kind, uint64_t bytes, CUstream *stream, enum gbpf_default_stream ds) {
    copy->work = gbpf_copy(kind, bytes);
    gbpf_copy_begin(&copy->call, &copy->work, *stream, ds);
    copy->detours = gbpf_copy_detours(&copy->call) && gbpf_detour_begin(&copy->detour, stream);
}

CUresult gbpf_stream_copy_end(struct gbpf_stream_copy *copy, CUresult result) {
    if (copy->detours) result = gbpf_detour_end(&copy->detour, result);
    gbpf_copy_end(&copy->call, &copy->work, result);
    return result;
}

/*
 * A copy between host and device on a stream, in pieces if the daemon wants that: on the same stream, one after the other, hence with the
 * same outcome. In a capture it stays one node. After a piece that fails the rest is left, and the failure is the call's.
 */
#define COPY_IN_PIECES(kind, to_type, from_type)                                                                                 \
    for (size_t done = 0;;) {                                                                                                    \
        const bool whole = LOAD(&gbpf_process.captures) != 0 && gbpf_is_capturing(stream, ds);                                   \
        const size_t piece = whole ? bytes : gbpf_piece_bytes(LOAD_ACQUIRE(&gbpf_process.segment), bytes - done);                \
        struct gbpf_stream_copy copy;                                                                                            \
        gbpf_stream_copy_begin(&copy, kind, piece, &stream, ds);                                                                 \
        const CUresult result = real((to_type)((uintptr_t)to + done), (from_type)((uintptr_t)from + done), piece, stream);       \
        const CUresult told = gbpf_stream_copy_end(&copy, result);                                                               \
        done += piece;                                                                                                           \
        if (told != CUDA_SUCCESS || done >= bytes) return told;                                                                  \
    }

CUresult gbpf_copy_from_host(CUresult (*real)(CUdeviceptr, const void *, size_t, CUstream), enum gbpf_default_stream ds, CUdeviceptr to,
    const void *from, size_t bytes, CUstream stream) {
    COPY_IN_PIECES(GBPF_EVENT_COPY_H2D, CUdeviceptr, const void *)
}

CUresult gbpf_copy_to_host(CUresult (*real)(void *, CUdeviceptr, size_t, CUstream), enum gbpf_default_stream ds, void *to, CUdeviceptr from,
    size_t bytes, CUstream stream) {
    COPY_IN_PIECES(GBPF_EVENT_COPY_D2H, void *, CUdeviceptr)
}

CUresult gbpf_copy_unified(CUresult (*real)(CUdeviceptr, CUdeviceptr, size_t, CUstream), enum gbpf_default_stream ds, CUdeviceptr to,
    CUdeviceptr from, size_t bytes, CUstream stream) {
    const enum gbpf_event_kind kind = gbpf_direction_of(to, from);
    if (kind != GBPF_EVENT_COPY_D2D) {
        COPY_IN_PIECES(kind, CUdeviceptr, CUdeviceptr)
    }
    struct gbpf_stream_copy copy;
    gbpf_stream_copy_begin(&copy, kind, bytes, &stream, ds);
    return gbpf_stream_copy_end(&copy, real(to, from, bytes, stream));
}

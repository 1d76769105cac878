/* Copies as work: how much, and which way. Null and odd parameters are the driver's to refuse. */
#ifndef GBPF_CUDA_COPIES_H
#define GBPF_CUDA_COPIES_H

#include "detour.h"

enum gbpf_event_kind gbpf_direction_2d(const CUDA_MEMCPY2D *copy);
enum gbpf_event_kind gbpf_direction_3d(const CUDA_MEMCPY3D *copy);

/* The direction of a copy between unified addresses; asks the driver only if somebody wants to know. */
enum gbpf_event_kind gbpf_direction_of(CUdeviceptr to, CUdeviceptr from);

static inline uint64_t gbpf_bytes_2d(const CUDA_MEMCPY2D *copy) { return copy == NULL ? 0 : copy->WidthInBytes * copy->Height; }
static inline uint64_t gbpf_bytes_3d(const CUDA_MEMCPY3D *copy) {
    return copy == NULL ? 0 : copy->WidthInBytes * copy->Height * copy->Depth;
}
uint64_t gbpf_bytes_batch(const size_t *bytes, size_t count);

static inline struct gbpf_work gbpf_copy(enum gbpf_event_kind kind, uint64_t bytes) {
    return (struct gbpf_work){.kind = kind, .bytes = bytes};
}

/* Around a copy or a set. Not in line: these calls take microseconds. */
void gbpf_copy_begin(struct gbpf_call *call, const struct gbpf_work *work, CUstream stream, enum gbpf_default_stream ds);
void gbpf_copy_end(struct gbpf_call *call, const struct gbpf_work *work, CUresult result);

/* A copy or a set on a stream of the application's, which goes by a detour where it has no place in the stream's partition. */
struct gbpf_stream_copy {
    struct gbpf_work work;
    struct gbpf_call call;
    struct gbpf_detour detour;
    bool detours;
};

/* Before the driver is called: on *stream then. */
void gbpf_stream_copy_begin(struct gbpf_stream_copy *copy, enum gbpf_event_kind kind, uint64_t bytes, CUstream *stream, enum gbpf_default_stream ds);

/* After the call, which had this result. Returns what the application is told. */
CUresult gbpf_stream_copy_end(struct gbpf_stream_copy *copy, CUresult result);

/* Around other operations of a stream, which are neither held nor measured: they only keep it busy. */
void gbpf_other_begin(struct gbpf_call *call, const struct gbpf_work *work, CUstream stream, enum gbpf_default_stream ds);

/* A copy that the caller has waited for: the default stream's work before it is over as well. */
void gbpf_copy_sync_end(struct gbpf_call *call, const struct gbpf_work *work, CUresult result);

#endif

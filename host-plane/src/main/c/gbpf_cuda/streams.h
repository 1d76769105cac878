/* Streams of the application and their places in the segment. */
#ifndef GBPF_CUDA_STREAMS_H
#define GBPF_CUDA_STREAMS_H

#include "process.h"
#include "wrappers.h"

enum { GBPF_OTHER_STREAMS = GBPF_SEGMENT_STREAMS - 1, GBPF_STREAM_CACHE = 8 };

/* What the process knows of a place, besides what is in the segment. */
struct gbpf_place {
    uintptr_t key; /* the stream's handle, or what stands for a default stream; 0: free */
    CUcontext context;
    uint32_t device;
    uint32_t gpu;
    uint32_t partition;
    uint32_t owner;      /* grows each time the place is taken; 0: never */
    uint32_t flags;      /* GBPF_STREAM_COLLECTIVE and _CAPTURE live here, and in the segment for the daemon to see */
    uint32_t segment;    /* number of the segment for which tracked and tracked_ns hold */
    uint64_t tracked;    /* launches of which the device was last asked to report */
    uint64_t tracked_ns; /* estimated work launched by then */
    uint64_t captured;    /* collective kernels that were captured before its capture began */
    uint64_t known_nodes; /* how often nodes of captures had become known by then */
    uint32_t bodies;     /* captures into graphs that the application made, under way */
    uint64_t stopped_ns; /* estimated work launched by its last stop point */
} __attribute__((aligned(64)));

extern struct gbpf_place gbpf_places[GBPF_SEGMENT_STREAMS];

/* Grows when what threads remember of streams no longer holds. */
extern uint32_t gbpf_streams_epoch;

/* What a thread remembers, so that a launch finds its place by two comparisons. */
struct gbpf_stream_cache {
    uint32_t epoch;
    uint32_t defaults[2]; /* 1 + place of the legacy and of the per-thread default stream; 0: not known */
    uintptr_t keys[GBPF_STREAM_CACHE];
    uint32_t places[GBPF_STREAM_CACHE];
};
extern __thread struct gbpf_stream_cache gbpf_stream_cache __attribute__((tls_model("initial-exec")));

uint32_t gbpf_stream_find(CUstream stream);

static inline CUstream gbpf_stream_named(CUstream stream, enum gbpf_default_stream ds) {
    return stream != NULL ? stream : ds == GBPF_PER_THREAD ? CU_STREAM_PER_THREAD : CU_STREAM_LEGACY;
}

/* The place of stream; a stream that is new takes one. Asks the driver only then. */
static inline uint32_t gbpf_stream_place(CUstream stream, enum gbpf_default_stream ds) {
    struct gbpf_stream_cache *cache = &gbpf_stream_cache;
    stream = gbpf_stream_named(stream, ds);
    const uintptr_t key = (uintptr_t)stream;
    if (LIKELY(cache->epoch == LOAD(&gbpf_streams_epoch))) {
        if (key <= 2) {
            if (LIKELY(cache->defaults[key - 1] != 0)) return cache->defaults[key - 1] - 1;
        } else {
            const uint32_t at = (uint32_t)(key >> 4 ^ key >> 9) % GBPF_STREAM_CACHE;
            if (LIKELY(cache->keys[at] == key)) return cache->places[at];
        }
    }
    return gbpf_stream_find(stream);
}

/* The thread's current context may be another now. */
void gbpf_streams_context_changed(void);

/* The application destroys a stream, or a context with all of its streams. */
void gbpf_stream_destroyed(CUstream stream);
void gbpf_streams_context_destroyed(CUcontext context);

/* Lets segment take over: places are written to it as they are, with counts from 0, and it becomes gbpf_segment. */
void gbpf_streams_move(struct gbpf_segment *segment);

/* Flags that the daemon sees too. */
void gbpf_stream_flag(uint32_t place, uint32_t flag, bool set);

/* Once, when the library is loaded; and in a child after fork. */
void gbpf_streams_start(void);
void gbpf_streams_forget(void);

#endif

/* Streams of the application and their places in the segment. */
#ifndef GBPF_CUDA_STREAMS_H
#define GBPF_CUDA_STREAMS_H

#include "counts.h"
#include "process.h"
#include "wrappers.h"

enum { GBPF_OTHER_STREAMS = GBPF_SEGMENT_STREAMS - 1, GBPF_KNOWN_STREAMS = 16 };

/* What the process knows of a place, besides what is in the segment. */
struct gbpf_place {
    /* What launches look at. */
    uint32_t flags;      /* GBPF_STREAM_COLLECTIVE and _CAPTURE live here, and in the segment for the daemon to see */
    uint32_t segment;    /* number of the segment for which what follows holds */
    uint64_t tracked;    /* launches of which the device was last asked to report */
    uint64_t tracked_ns; /* estimated work launched by then */
    uint64_t stopped_ns; /* estimated work launched by its last stop point */
    uint32_t arrived;    /* the low bits of tracked, once its report need not be brought in any more */
    uint32_t shares;     /* 1 from when on threads may count in the word that they share */
    uintptr_t threads[GBPF_SEGMENT_LANES]; /* who counts in each lane; 0: nobody yet */
    uint64_t captured;    /* collective kernels that were captured before its capture began */
    uint64_t known_nodes; /* how often nodes of captures had become known by then */
    /* What it is. */
    uintptr_t key; /* the stream's handle, or what stands for a default stream; 0: free */
    CUcontext context;
    uint32_t device;
    uint32_t gpu;
    uint32_t partition;
    uint32_t owner;  /* grows each time the place is taken; 0: never */
    uint32_t bodies; /* captures into graphs that the application made, under way */
} __attribute__((aligned(64)));

extern struct gbpf_place gbpf_places[GBPF_SEGMENT_STREAMS];

/* What a thread remembers of a stream, so that a launch finds its place by two comparisons in one line. */
struct gbpf_known_stream {
    uintptr_t key;  /* as named: default streams are CU_STREAM_LEGACY and CU_STREAM_PER_THREAD */
    uint32_t epoch; /* of the streams when it was so; 0: this is of none */
    uint16_t place;
    uint16_t lane; /* in which the thread counts there */
};
extern __thread struct gbpf_known_stream gbpf_known_streams[GBPF_KNOWN_STREAMS] __attribute__((tls_model("initial-exec")));

/* The stream as this thread remembers it from now on; one that is new takes a place. Asks the driver. */
const struct gbpf_known_stream *gbpf_stream_find(CUstream stream);

static inline CUstream gbpf_stream_named(CUstream stream, enum gbpf_default_stream ds) {
    return stream != NULL ? stream : ds == GBPF_PER_THREAD ? CU_STREAM_PER_THREAD : CU_STREAM_LEGACY;
}

/* Where a thread would remember it. Handles are addresses of structures. */
static inline struct gbpf_known_stream *gbpf_stream_slot(CUstream named) {
    const uintptr_t key = (uintptr_t)named;
    return &gbpf_known_streams[(key ^ key >> 4 ^ key >> 9) % GBPF_KNOWN_STREAMS];
}

static inline bool gbpf_stream_is_known(const struct gbpf_known_stream *slot, CUstream named) {
    return slot->key == (uintptr_t)named && slot->epoch == LOAD(&gbpf_process.streams_epoch);
}

/* The stream; asks the driver only when it is new to this thread. */
static inline const struct gbpf_known_stream *gbpf_stream_of(CUstream stream, enum gbpf_default_stream ds) {
    stream = gbpf_stream_named(stream, ds);
    const struct gbpf_known_stream *slot = gbpf_stream_slot(stream);
    return LIKELY(gbpf_stream_is_known(slot, stream)) ? slot : gbpf_stream_find(stream);
}

static inline uint32_t gbpf_stream_place(CUstream stream, enum gbpf_default_stream ds) { return gbpf_stream_of(stream, ds)->place; }

/* The thread's current context may be another now. */
void gbpf_streams_context_changed(void);

/* The application destroys a stream, or a context with all of its streams. */
void gbpf_stream_destroyed(CUstream stream);
void gbpf_streams_context_destroyed(CUcontext context);

/* Lets segment take over: places are written to it as they are, with counts from 0, and it becomes the process's. */
void gbpf_streams_move(struct gbpf_segment *segment);

/* Flags that the daemon sees too. */
void gbpf_stream_flag(uint32_t place, uint32_t flag, bool set);

/* Once, when the library is loaded; and in a child after fork. */
void gbpf_streams_start(void);
void gbpf_streams_forget(void);

#endif

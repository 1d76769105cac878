/* What the fake driver's parts share. */
#ifndef FAKE_STATE_H
#define FAKE_STATE_H

#include <pthread.h>
#include <stdbool.h>

#include "fake_cuda.h"

#define FAKE_API __attribute__((visibility("default")))

struct CUgraphNode_st {
    int type;
    CUDA_KERNEL_NODE_PARAMS kernel;
};

struct fake_graph {
    struct CUgraphNode_st *nodes[FAKE_NODES];
    uint32_t count;
    uint64_t ns;
    bool is_body; /* of a condition */
};

/* Within the lock: one more node; its context is that of the stream that it was captured on. kernel: null if it is none. */
void fake_add_node(struct CUstream_st *stream, CUfunction kernel);

/* Something on a stream. */
struct fake_item {
    enum { FAKE_RUN, FAKE_RECORD, FAKE_WRITE, FAKE_WAIT } kind;
    uint64_t ns;
    CUevent event;
    uint32_t *at;
    uint32_t value;
};

struct CUstream_st {
    uint64_t busy_until;
    struct fake_item *items; /* a wait that is not over, and what is behind it */
    uint32_t count, room;
    struct fake_graph *capture; /* null: not in one */
    struct CUstream_st *origin; /* of the capture */
    int mode;
    bool invalidated;
    struct CUstream_st *next;
    CUcontext context;
    CUgreenCtx green; /* null: it runs on all SMs */
    unsigned flags;
    int priority;
};

struct CUevent_st {
    uint64_t at;
    bool pending; /* behind a wait */
    struct fake_graph *capture;
    struct CUstream_st *stream;
};

struct CUfunc_st {
    const char *name;
    uint64_t ns;
};

struct CUctx_st {
    struct CUstream_st legacy;
    bool green; /* the beginning of a green one */
    CUdevice device;
    int rm;
    uint32_t client;
};

extern pthread_mutex_t fake_lock;

/* Records a call; not CUDA_SUCCESS: it is to fail so. */
CUresult fake_note(const char *name, void *stream, uint64_t value);
uint64_t fake_now(void);

/* Within the lock: the stream behind a handle. */
struct CUstream_st *fake_stream(CUstream handle);
CUcontext fake_current(void);
CUresult cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device);
CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device);

/* A new stream of the current context, by a call of this name. */
CUresult fake_stream_create(CUstream *stream, const char *name, unsigned flags, int priority);

/* How many green contexts there are, each of which retains the primary one. */
uint32_t fake_greens(void);

/* The context of what is captured on the stream. */
CUcontext fake_context_of(CUstream stream);

/* How many SMs the stream has. */
unsigned fake_sms_of(CUstream stream);

/* A context goes. */
void fake_free_host(CUcontext context);

/* Within the lock: streams write no more to this memory, and wait for nothing there. */
void fake_forget(const void *at, size_t bytes);

/* A call that a capture forbids: breaks it, and fails. */
CUresult fake_unsafe(void);

/* Within the lock: puts something on a stream. */
void fake_put(struct CUstream_st *stream, struct fake_item item);

#endif

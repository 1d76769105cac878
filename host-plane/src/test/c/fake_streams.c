/* Streams, their captures and writes; events; the device's own thread. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fake_state.h"

enum { WRITES = 4096, WAITING = 64 };

#define POLL_NS 200000u /* how often the device looks whether a wait is over */

static struct CUstream_st *streams;
static uint32_t broken;
static __thread int thread_mode;
static struct CUstream_st per_thread; /* one for all threads: enough */
int fake_last_priority;

static struct {
    uint64_t time;
    uint32_t *at;
    uint32_t value;
} writes[WRITES];
static uint32_t write_count;
static struct CUstream_st *waiting[WAITING];
static uint32_t waiting_count;
static pthread_once_t device_once = PTHREAD_ONCE_INIT;

struct CUstream_st *fake_stream(CUstream handle) {
    if (handle == CU_STREAM_PER_THREAD) return &per_thread;
    if ((uintptr_t)handle <= 1) return &fake_current()->legacy;
    return handle;
}

CUresult fake_stream_create(CUstream *stream, const char *name, unsigned flags, int priority) {
    const CUresult result = fake_note(name, NULL, (uint64_t)priority);
    if (result != CUDA_SUCCESS) return result;
    *stream = calloc(1, sizeof **stream);
    (*stream)->context = fake_current();
    (*stream)->flags = flags;
    (*stream)->priority = priority;
    pthread_mutex_lock(&fake_lock);
    fake_last_priority = priority;
    (*stream)->next = streams;
    streams = *stream;
    pthread_mutex_unlock(&fake_lock);
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuStreamCreate(CUstream *stream, unsigned flags) { return fake_stream_create(stream, "cuStreamCreate", flags, 0); }

FAKE_API CUresult cuStreamCreateWithPriority(CUstream *stream, unsigned flags, int priority) {
    return fake_stream_create(stream, "cuStreamCreateWithPriority", flags, priority);
}

FAKE_API CUresult cuCtxGetStreamPriorityRange(int *least, int *greatest) {
    *least = 0;
    *greatest = -5;
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuStreamDestroy_v2(CUstream stream) {
    const CUresult result = fake_note("cuStreamDestroy_v2", stream, 0);
    pthread_mutex_lock(&fake_lock);
    for (struct CUstream_st **s = &streams; *s != NULL; s = &(*s)->next)
        if (*s == stream) {
            *s = stream->next;
            break;
        }
    const bool waits = stream->count != 0;
    pthread_mutex_unlock(&fake_lock);
    if (waits) return result; /* what is on it goes on */
    free(stream->items);
    free(stream);
    return result;
}

FAKE_API CUresult cuStreamGetPriority(CUstream stream, int *priority) {
    *priority = stream->priority;
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuStreamGetFlags(CUstream stream, unsigned *flags) {
    *flags = stream->flags;
    return CUDA_SUCCESS;
}

static void rest(uint64_t ns) {
    const struct timespec pause = {.tv_sec = (time_t)(ns / 1000000000u), .tv_nsec = (long)(ns % 1000000000u)};
    nanosleep(&pause, NULL);
}

static uint64_t stream_ends(const struct CUstream_st *stream) { return stream->count != 0 ? fake_now() + POLL_NS : stream->busy_until; }

static uint64_t event_ends(const struct CUevent_st *event) { return event->pending ? fake_now() + POLL_NS : event->at; }

static uint64_t busy_until(CUstream handle) {
    pthread_mutex_lock(&fake_lock);
    const uint64_t time = stream_ends(fake_stream(handle));
    pthread_mutex_unlock(&fake_lock);
    return time;
}

static uint64_t all_busy_until(void) {
    uint64_t last = busy_until(NULL);
    pthread_mutex_lock(&fake_lock);
    for (struct CUstream_st *s = streams; s != NULL; s = s->next)
        if (stream_ends(s) > last) last = stream_ends(s);
    pthread_mutex_unlock(&fake_lock);
    return last;
}

FAKE_API CUresult cuStreamSynchronize(CUstream stream) {
    const CUresult result = fake_note("cuStreamSynchronize", stream, 0);
    if (result != CUDA_SUCCESS) return result;
    for (uint64_t now = fake_now(), end; now < (end = busy_until(stream)); now = fake_now()) rest(end - now);
    return result;
}

FAKE_API CUresult cuStreamQuery(CUstream stream) {
    const CUresult result = fake_note("cuStreamQuery", stream, 0);
    return result != CUDA_SUCCESS ? result : fake_now() >= busy_until(stream) ? CUDA_SUCCESS : CUDA_ERROR_NOT_READY;
}

FAKE_API CUresult cuCtxSynchronize(void) {
    const CUresult result = fake_note("cuCtxSynchronize", NULL, 0);
    for (uint64_t now = fake_now(), end; now < (end = all_busy_until()); now = fake_now()) rest(end - now);
    return result;
}

/* ---- captures ---- */

FAKE_API uint32_t fake_broken_captures(void) {
    pthread_mutex_lock(&fake_lock);
    const uint32_t count = broken;
    pthread_mutex_unlock(&fake_lock);
    return count;
}

/* A capture in global mode forbids unsafe calls to all threads, but those in relaxed mode. */
CUresult fake_unsafe(void) {
    CUresult result = CUDA_SUCCESS;
    if (thread_mode == 2) return result;
    pthread_mutex_lock(&fake_lock);
    for (struct CUstream_st *s = streams; s != NULL; s = s->next)
        if (s->capture != NULL && s->mode == 0) {
            if (!s->invalidated) broken++;
            s->invalidated = true;
            result = 900;
        }
    pthread_mutex_unlock(&fake_lock);
    return result;
}

FAKE_API CUresult cuThreadExchangeStreamCaptureMode(int *mode) {
    const int old = thread_mode;
    thread_mode = *mode;
    *mode = old;
    return CUDA_SUCCESS;
}

static CUresult begin_capture(const char *name, CUstream stream, struct fake_graph *graph, int mode) {
    const CUresult result = fake_note(name, stream, (uint64_t)mode);
    if (result != CUDA_SUCCESS) return result;
    if ((uintptr_t)stream <= 1) return 900;
    pthread_mutex_lock(&fake_lock);
    stream->capture = graph != NULL ? graph : calloc(1, sizeof *stream->capture);
    stream->origin = stream;
    stream->mode = mode;
    stream->invalidated = false;
    pthread_mutex_unlock(&fake_lock);
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuStreamBeginCapture_v2(CUstream stream, int mode) { return begin_capture("cuStreamBeginCapture_v2", stream, NULL, mode); }

FAKE_API CUresult cuStreamBeginCaptureToGraph(CUstream stream, CUgraph graph, const CUgraphNode *dependencies, const void *data, size_t count,
    int mode) {
    (void)dependencies, (void)data, (void)count;
    return begin_capture("cuStreamBeginCaptureToGraph", stream, (struct fake_graph *)graph, mode);
}

FAKE_API CUresult cuStreamGetCaptureInfo_v2(CUstream stream, int *status, uint64_t *id, CUgraph *graph, const CUgraphNode **dependencies,
    size_t *count) {
    pthread_mutex_lock(&fake_lock);
    const struct fake_graph *capture = fake_stream(stream)->capture;
    *status = capture != NULL;
    if (id != NULL) *id = (uintptr_t)capture;
    if (graph != NULL) *graph = (CUgraph)capture;
    if (dependencies != NULL && capture != NULL) {
        *count = capture->count != 0;
        *dependencies = capture->count != 0 ? &capture->nodes[capture->count - 1] : NULL;
    }
    pthread_mutex_unlock(&fake_lock);
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuStreamEndCapture(CUstream stream, CUgraph *graph) {
    CUresult result = fake_note("cuStreamEndCapture", stream, 0);
    if (result != CUDA_SUCCESS) return result;
    pthread_mutex_lock(&fake_lock);
    if (stream->capture == NULL) {
        result = 401;
    } else {
        result = stream->invalidated ? 901 : CUDA_SUCCESS;
        *graph = stream->invalidated ? NULL : (CUgraph)stream->capture;
        for (struct CUstream_st *s = streams; s != NULL; s = s->next)
            if (s->origin == stream) s->capture = NULL, s->origin = NULL;
    }
    pthread_mutex_unlock(&fake_lock);
    return result;
}

FAKE_API CUresult cuStreamIsCapturing(CUstream stream, int *status) {
    CUresult result = CUDA_SUCCESS;
    pthread_mutex_lock(&fake_lock);
    if ((uintptr_t)stream <= 1) {
        for (struct CUstream_st *s = streams; s != NULL; s = s->next)
            if (s->capture != NULL) result = 906;
        *status = 0;
    } else {
        const struct CUstream_st *s = fake_stream(stream);
        *status = s->capture == NULL ? 0 : s->invalidated ? 2 : 1;
    }
    pthread_mutex_unlock(&fake_lock);
    return result;
}

FAKE_API CUresult cuStreamWaitEvent(CUstream stream, CUevent event, unsigned flags) {
    (void)flags;
    const CUresult result = fake_note("cuStreamWaitEvent", stream, (uintptr_t)event);
    pthread_mutex_lock(&fake_lock);
    struct CUstream_st *s = fake_stream(stream);
    if (event->capture != NULL) {
        s->capture = event->capture;
        s->origin = event->stream->origin;
        s->mode = event->stream->mode;
    } else if (!event->pending && event->at > s->busy_until) {
        s->busy_until = event->at;
    }
    pthread_mutex_unlock(&fake_lock);
    return result;
}

/* ---- graphs: an instance is its graph ---- */

void fake_add_node(struct CUstream_st *stream, CUfunction kernel) {
    struct CUgraphNode_st *node = calloc(1, sizeof *node);
    node->type = kernel != NULL ? CU_GRAPH_NODE_TYPE_KERNEL : -1;
    node->kernel = (CUDA_KERNEL_NODE_PARAMS){.func = kernel, .ctx = fake_context_of(stream)};
    if (stream->capture->count < FAKE_NODES) stream->capture->nodes[stream->capture->count++] = node;
}

FAKE_API CUgraph fake_body(void) {
    struct fake_graph *body = calloc(1, sizeof *body);
    body->is_body = true;
    return (CUgraph)body;
}

/* A condition's body must be in the primary context as a whole. */
FAKE_API CUresult cuGraphInstantiateWithFlags(CUgraphExec *exec, CUgraph graph, unsigned long long flags) {
    const struct fake_graph *body = (struct fake_graph *)graph;
    const CUresult result = fake_note("cuGraphInstantiateWithFlags", NULL, flags);
    *exec = (CUgraphExec)graph;
    for (uint32_t i = 0; body->is_body && i < body->count; i++)
        if (fake_node_sms(body->nodes[i]) != 0) return CUDA_ERROR_INVALID_VALUE;
    return result;
}

FAKE_API CUresult cuGraphGetNodes(CUgraph graph, CUgraphNode *nodes, size_t *count) {
    const struct fake_graph *of = (struct fake_graph *)graph;
    const size_t room = *count;
    *count = of->count;
    for (size_t i = 0; nodes != NULL && i < of->count && i < room; i++) nodes[i] = of->nodes[i];
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuGraphGetRootNodes(CUgraph graph, CUgraphNode *nodes, size_t *count) {
    if (nodes == NULL) *count = 1;
    return nodes == NULL ? CUDA_SUCCESS : cuGraphGetNodes(graph, nodes, count);
}

FAKE_API CUresult cuGraphNodeGetType(CUgraphNode node, int *type) {
    *type = node->type;
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuGraphKernelNodeGetParams_v2(CUgraphNode node, CUDA_KERNEL_NODE_PARAMS *parameters) {
    *parameters = node->kernel;
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuGraphKernelNodeSetParams_v2(CUgraphNode node, const CUDA_KERNEL_NODE_PARAMS *parameters) {
    node->kernel = *parameters;
    return fake_note("cuGraphKernelNodeSetParams_v2", NULL, 0);
}

/* Not for nodes in green contexts. */
FAKE_API CUresult cuGraphExecKernelNodeSetParams_v2(CUgraphExec exec, CUgraphNode node, const CUDA_KERNEL_NODE_PARAMS *parameters) {
    (void)exec;
    if (fake_node_sms(node) != 0) return CUDA_ERROR_INVALID_VALUE;
    node->kernel = *parameters;
    return CUDA_SUCCESS;
}

/* ---- events ---- */

FAKE_API CUresult cuEventCreate(CUevent *event, unsigned flags) {
    const CUresult result = fake_unsafe();
    if (result != CUDA_SUCCESS) return result;
    *event = calloc(1, sizeof **event);
    return fake_note("cuEventCreate", NULL, flags);
}

FAKE_API CUresult cuEventRecord(CUevent event, CUstream handle) {
    const CUresult result = fake_note("cuEventRecord", handle, (uintptr_t)event);
    if (result != CUDA_SUCCESS) return result;
    pthread_mutex_lock(&fake_lock);
    struct CUstream_st *stream = fake_stream(handle);
    event->capture = stream->capture;
    event->stream = stream;
    if (stream->capture != NULL) {
        event->at = fake_now();
    } else {
        event->pending = true;
        fake_put(stream, (struct fake_item){.kind = FAKE_RECORD, .event = event});
    }
    pthread_mutex_unlock(&fake_lock);
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuEventQuery(CUevent event) {
    CUresult result = fake_unsafe();
    if (result == CUDA_SUCCESS) result = fake_note("cuEventQuery", NULL, (uintptr_t)event);
    if (result != CUDA_SUCCESS) return result;
    pthread_mutex_lock(&fake_lock);
    result = fake_now() >= event_ends(event) ? CUDA_SUCCESS : CUDA_ERROR_NOT_READY;
    pthread_mutex_unlock(&fake_lock);
    return result;
}

FAKE_API CUresult cuEventSynchronize(CUevent event) {
    const CUresult result = fake_note("cuEventSynchronize", NULL, (uintptr_t)event);
    for (;;) {
        pthread_mutex_lock(&fake_lock);
        const uint64_t end = event_ends(event);
        pthread_mutex_unlock(&fake_lock);
        const uint64_t now = fake_now();
        if (now >= end) return result;
        rest(end - now);
    }
}

FAKE_API CUresult cuEventElapsedTime(float *ms, CUevent start, CUevent end) {
    pthread_mutex_lock(&fake_lock);
    *ms = (float)((double)(end->at - start->at) / 1e6);
    pthread_mutex_unlock(&fake_lock);
    return CUDA_SUCCESS;
}

/* ---- what streams do ---- */

static void add_item(struct CUstream_st *stream, struct fake_item item) {
    if (stream->count == stream->room) {
        stream->room = stream->room == 0 ? 64 : 2 * stream->room;
        stream->items = realloc(stream->items, stream->room * sizeof item);
    }
    stream->items[stream->count++] = item;
}

/* The stream has got there. */
static void do_item(struct CUstream_st *stream, struct fake_item item) {
    const uint64_t now = fake_now();
    const uint64_t time = stream->busy_until > now ? stream->busy_until : now;
    switch (item.kind) {
    case FAKE_RUN: stream->busy_until = time + item.ns; break;
    case FAKE_RECORD:
        item.event->at = time;
        item.event->pending = false;
        break;
    case FAKE_WRITE:
        if (write_count < WRITES) {
            writes[write_count].time = stream->busy_until;
            writes[write_count].at = item.at;
            writes[write_count++].value = item.value;
        }
        break;
    case FAKE_WAIT: break;
    }
}

/* Whether the stream's wait is over; then what is behind it is done, up to the next one. */
static bool go_on(struct CUstream_st *stream, uint64_t now) {
    if (now < stream->busy_until || (__atomic_load_n(stream->items[0].at, __ATOMIC_ACQUIRE) & stream->items[0].value) == 0) return false;
    uint32_t done = 1;
    for (; done < stream->count && stream->items[done].kind != FAKE_WAIT; done++) do_item(stream, stream->items[done]);
    stream->count -= done;
    memmove(stream->items, &stream->items[done], stream->count * sizeof *stream->items);
    return stream->count == 0;
}

void fake_forget(const void *at, size_t bytes) {
    const uintptr_t first = (uintptr_t)at;
    for (uint32_t i = 0; i < write_count; i++)
        if ((uintptr_t)writes[i].at - first < bytes) {
            memmove(&writes[i], &writes[i + 1], (write_count - i - 1) * sizeof *writes);
            write_count--, i--;
        }
    for (uint32_t i = 0; i < waiting_count; i++)
        if ((uintptr_t)waiting[i]->items[0].at - first < bytes) {
            waiting[i]->count = 0;
            waiting[i--] = waiting[--waiting_count];
        }
}

static void *device(void *nothing) {
    pthread_mutex_lock(&fake_lock);
    for (;;) {
        const uint64_t now = fake_now();
        uint64_t next = now + POLL_NS;
        for (uint32_t i = 0; i < waiting_count; i++)
            if (go_on(waiting[i], now)) waiting[i--] = waiting[--waiting_count];
        for (uint32_t i = 0; i < write_count; i++) {
            if (writes[i].time <= now) {
                __atomic_store_n(writes[i].at, writes[i].value, __ATOMIC_RELEASE);
                memmove(&writes[i], &writes[i + 1], (write_count - i - 1) * sizeof *writes);
                write_count--, i--;
            } else if (writes[i].time < next) {
                next = writes[i].time;
            }
        }
        pthread_mutex_unlock(&fake_lock);
        rest(next - now);
        pthread_mutex_lock(&fake_lock);
    }
    return nothing;
}

static void start_device(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, device, NULL);
    pthread_detach(thread);
}

void fake_put(struct CUstream_st *stream, struct fake_item item) {
    if (stream->count == 0 && item.kind == FAKE_WAIT) {
        if (waiting_count == WAITING) abort();
        waiting[waiting_count++] = stream;
    }
    if (stream->count != 0 || item.kind == FAKE_WAIT) {
        add_item(stream, item);
    } else {
        do_item(stream, item);
    }
}

static CUresult put_word(const char *name, CUstream handle, struct fake_item item) {
    const CUresult result = fake_note(name, handle, item.kind == FAKE_WAIT ? (uintptr_t)item.at : item.value);
    if (result != CUDA_SUCCESS) return result;
    pthread_once(&device_once, start_device);
    pthread_mutex_lock(&fake_lock);
    fake_put(fake_stream(handle), item);
    pthread_mutex_unlock(&fake_lock);
    return CUDA_SUCCESS;
}

FAKE_API CUresult cuStreamWriteValue32_v2(CUstream stream, CUdeviceptr at, uint32_t value, unsigned flags) {
    (void)flags;
    return put_word("cuStreamWriteValue32_v2", stream, (struct fake_item){.kind = FAKE_WRITE, .at = (uint32_t *)(uintptr_t)at, .value = value});
}

/* Of the comparisons only that for a bit. */
FAKE_API CUresult cuStreamWaitValue32_v2(CUstream stream, CUdeviceptr at, uint32_t value, unsigned flags) {
    if (flags != 2) return CUDA_ERROR_INVALID_VALUE;
    return put_word("cuStreamWaitValue32_v2", stream, (struct fake_item){.kind = FAKE_WAIT, .at = (uint32_t *)(uintptr_t)at, .value = value});
}

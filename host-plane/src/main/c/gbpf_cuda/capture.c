#include "capture.h"

#include "driver.h"
#include "functions.h"
#include "handlers.h"
#include "nodes.h"
#include "streams.h"

enum { GRAPHS = 4096 };

/* An executable graph whose kernels are not yet measured is taken to need so long for each node. */
#define NODE_NS 5000ull

uint32_t gbpf_bodies;

/* Collective kernels that were captured so far, in any capture: a graph that was captured meanwhile may have them. */
static uint64_t captured_collectives;

/* How often an application got to know nodes of a graph that is still captured; a graph that was captured meanwhile may be the one. */
static uint64_t known_nodes;

/* What is known of graphs and of executable graphs, by handle; a place that another takes is forgotten. */
static struct known {
    uintptr_t handle;
    uint64_t cost_ns;
    uint32_t collective;
} graphs[GRAPHS], execs[GRAPHS];

static struct known *place_of(struct known *table, const void *handle) {
    return &table[((uintptr_t)handle >> 4 ^ (uintptr_t)handle >> 14) % GRAPHS];
}

static void know(struct known *table, const void *handle, uint64_t cost_ns, bool collective) {
    struct known *place = place_of(table, handle);
    STORE(&place->handle, 0);
    STORE(&place->cost_ns, cost_ns);
    STORE(&place->collective, collective);
    STORE_RELEASE(&place->handle, (uintptr_t)handle);
}

static void forget(struct known *table, const void *handle) {
    uintptr_t there = (uintptr_t)handle;
    COMPARE_EXCHANGE(&place_of(table, handle)->handle, &there, 0);
}

static const struct known *find(struct known *table, const void *handle) {
    const struct known *place = place_of(table, handle);
    return LOAD_ACQUIRE(&place->handle) == (uintptr_t)handle ? place : NULL;
}

bool gbpf_is_capturing(CUstream stream, enum gbpf_default_stream ds) {
    int status = CU_STREAM_CAPTURE_STATUS_NONE;
    if (gbpf_driver.cuStreamIsCapturing == NULL) return false;
    const CUresult result = gbpf_driver.cuStreamIsCapturing(gbpf_stream_named(stream, ds), &status);
    /* CUDA_ERROR_STREAM_CAPTURE_IMPLICIT for the legacy stream beside a capture; it is the application's call that shall fail, not ours. */
    return result != CUDA_SUCCESS || status != CU_STREAM_CAPTURE_STATUS_NONE;
}

void gbpf_captures_forget(void) {
    STORE(&gbpf_process.captures, 0);
    STORE(&gbpf_bodies, 0);
}

void gbpf_captured(struct gbpf_segment *segment, enum gbpf_event_kind kind, uintptr_t identity) {
    if (kind == GBPF_EVENT_KERNEL || kind == GBPF_EVENT_GRAPH) ADD(&segment->report.captured, 1);
    if (kind == GBPF_EVENT_KERNEL && gbpf_is_collective((CUfunction)identity)) ADD(&captured_collectives, 1);
}

int gbpf_relax_capture(void) {
    int mode = CU_STREAM_CAPTURE_MODE_RELAXED;
    if (gbpf_driver.cuThreadExchangeStreamCaptureMode != NULL) gbpf_driver.cuThreadExchangeStreamCaptureMode(&mode);
    return mode;
}

void gbpf_restore_capture(int mode) {
    if (gbpf_driver.cuThreadExchangeStreamCaptureMode != NULL) gbpf_driver.cuThreadExchangeStreamCaptureMode(&mode);
}

uint64_t gbpf_graph_cost_ns(CUgraphExec exec) {
    const struct known *known = find(execs, exec);
    return known != NULL ? LOAD(&known->cost_ns) : GBPF_UNMEASURED_NS;
}

bool gbpf_graph_is_collective(CUgraphExec exec) {
    const struct known *known = find(execs, exec);
    return known != NULL && LOAD(&known->collective) != 0;
}

static void count_captures(int change) {
    const uint32_t captures = ADD(&gbpf_process.captures, (uint32_t)change) + (uint32_t)change;
    STORE(&LOAD_ACQUIRE(&gbpf_process.segment)->report.captures, captures);
}

/* The place is taken before the capture begins: in it the driver may not be asked everything. */
static uint32_t before_capture(CUstream stream, enum gbpf_default_stream ds) {
    const uint32_t place = gbpf_stream_place(stream, ds);
    count_captures(1);
    return place;
}

static CUresult begun(CUresult result, uint32_t place) {
    if (result == CUDA_SUCCESS) {
        STORE(&gbpf_places[place].captured, LOAD(&captured_collectives));
        STORE(&gbpf_places[place].known_nodes, LOAD(&known_nodes));
        if (place != GBPF_OTHER_STREAMS) gbpf_stream_flag(place, GBPF_STREAM_CAPTURE, true);
    } else {
        count_captures(-1);
    }
    return result;
}

CUresult gbpf_begin_capture_v1(CUresult (*real)(CUstream), enum gbpf_default_stream ds, CUstream stream) {
    const uint32_t place = before_capture(stream, ds);
    return begun(real(stream), place);
}

CUresult gbpf_begin_capture(CUresult (*real)(CUstream, int), enum gbpf_default_stream ds, CUstream stream, int mode) {
    const uint32_t place = before_capture(stream, ds);
    return begun(real(stream, mode), place);
}

CUresult gbpf_begin_capture_to_graph(CUresult (*real)(CUstream, CUgraph, const CUgraphNode *, const void *, size_t, int),
    enum gbpf_default_stream ds, CUstream stream, CUgraph graph, const CUgraphNode *dependencies, const void *data, size_t count, int mode) {
    const uint32_t place = before_capture(stream, ds);
    const CUresult result = begun(real(stream, graph, dependencies, data, count, mode), place);
    if (result == CUDA_SUCCESS) {
        ADD(&gbpf_places[place].bodies, 1);
        ADD(&gbpf_bodies, 1);
        ADD(&known_nodes, 1);
    }
    return result;
}

CUresult gbpf_capture_info(CUresult (*real)(CUstream, int *, uint64_t *, CUgraph *, const CUgraphNode **, size_t *), enum gbpf_default_stream ds,
    CUstream stream, int *status, uint64_t *id, CUgraph *graph, const CUgraphNode **dependencies, size_t *count) {
    (void)ds;
    if (dependencies != NULL) ADD(&known_nodes, 1);
    return real(stream, status, id, graph, dependencies, count);
}

CUresult gbpf_capture_info_with_data(CUresult (*real)(CUstream, int *, uint64_t *, CUgraph *, const CUgraphNode **, const void **, size_t *),
    enum gbpf_default_stream ds, CUstream stream, int *status, uint64_t *id, CUgraph *graph, const CUgraphNode **dependencies, const void **data,
    size_t *count) {
    (void)ds;
    if (dependencies != NULL) ADD(&known_nodes, 1);
    return real(stream, status, id, graph, dependencies, data, count);
}

CUresult gbpf_end_capture(CUresult (*real)(CUstream, CUgraph *), enum gbpf_default_stream ds, CUstream stream, CUgraph *graph) {
    /* A capture may be over although its end failed, and not be although it was tried: the driver knows. */
    const bool was = gbpf_is_capturing(stream, ds);
    const CUresult result = real(stream, graph);
    if (!was || gbpf_is_capturing(stream, ds)) return result;
    const uint32_t place = gbpf_stream_place(stream, ds);
    if (place != GBPF_OTHER_STREAMS) gbpf_stream_flag(place, GBPF_STREAM_CAPTURE, false);
    count_captures(-1);
    if (LOAD(&gbpf_places[place].bodies) != 0) {
        SUBTRACT(&gbpf_places[place].bodies, 1);
        SUBTRACT(&gbpf_bodies, 1);
    }
    if (result == CUDA_SUCCESS && graph != NULL && *graph != NULL) {
        know(graphs, *graph, 0, LOAD(&gbpf_places[place].captured) != LOAD(&captured_collectives));
        /* When the captures of the streams that share a place began is not known. */
        const uint64_t before = place == GBPF_OTHER_STREAMS ? 0 : LOAD(&gbpf_places[place].known_nodes);
        if (before != LOAD(&known_nodes)) gbpf_graph_leave_partitions(*graph);
    }
    return result;
}

void gbpf_capture_destroyed(CUstream stream) {
    if (LOAD(&gbpf_process.captures) == 0) return;
    const uint32_t place = gbpf_stream_place(stream, GBPF_LEGACY);
    if (place != GBPF_OTHER_STREAMS && (LOAD(&gbpf_places[place].flags) & GBPF_STREAM_CAPTURE) != 0) count_captures(-1);
}

static CUresult instantiated(CUresult result, const CUgraphExec *exec, CUgraph graph) {
    size_t nodes = 0;
    if (result != CUDA_SUCCESS || exec == NULL || *exec == NULL) return result;
    if (gbpf_driver.cuGraphGetNodes != NULL) gbpf_driver.cuGraphGetNodes(graph, NULL, &nodes);
    const struct known *known = find(graphs, graph);
    know(execs, *exec, gbpf_max(GBPF_UNMEASURED_NS, nodes * NODE_NS), known != NULL && LOAD(&known->collective) != 0);
    /* The handle may have been another graph's, whose time says nothing of this one. */
    struct gbpf_segment_function *function
        = gbpf_function_find(LOAD_ACQUIRE(&gbpf_process.segment), gbpf_function_key((uintptr_t)*exec, 0, 0));
    if (function != NULL) {
        STORE(&function->samples, 0);
        STORE(&function->estimate_ns, 0);
    }
    return result;
}

CUresult gbpf_graph_instantiate(CUresult (*real)(CUgraphExec *, CUgraph, CUgraphNode *, char *, size_t), enum gbpf_default_stream ds,
    CUgraphExec *exec, CUgraph graph, CUgraphNode *error, char *log, size_t bytes) {
    (void)ds;
    return instantiated(real(exec, graph, error, log, bytes), exec, graph);
}

CUresult gbpf_graph_instantiate_with_flags(CUresult (*real)(CUgraphExec *, CUgraph, unsigned long long), enum gbpf_default_stream ds,
    CUgraphExec *exec, CUgraph graph, unsigned long long flags) {
    (void)ds;
    return instantiated(real(exec, graph, flags), exec, graph);
}

CUresult gbpf_graph_instantiate_with_params(CUresult (*real)(CUgraphExec *, CUgraph, void *), enum gbpf_default_stream ds, CUgraphExec *exec,
    CUgraph graph, void *parameters) {
    (void)ds;
    return instantiated(real(exec, graph, parameters), exec, graph);
}

CUresult gbpf_graph_exec_destroy(CUresult (*real)(CUgraphExec), enum gbpf_default_stream ds, CUgraphExec exec) {
    (void)ds;
    forget(execs, exec);
    return real(exec);
}

CUresult gbpf_graph_destroy(CUresult (*real)(CUgraph), enum gbpf_default_stream ds, CUgraph graph) {
    (void)ds;
    forget(graphs, graph);
    return real(graph);
}

/*
 * What a program sees of non-blocking streams that are in a partition of the SMs, on a GPU: the same calls with and without one.
 *
 *   cc -O2 -I CUDA/include -o partitions partitions.c -ldl
 *   ./partitions PART;  gbpf exec --sms 0-63 -- ./partitions PART
 *
 * PART is streams, nodes, others, update, conditional, device, captures, cooperative, reset, late or release: one each, since an error may stay with a context.
 * Each line has a call's result, and where something ran, on how many SMs, and whether it did what it was to do.
 */
#define _GNU_SOURCE
#include <cuda.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMS = 1024, BLOCKS = 4096, THREADS = 256 };

/* Each block marks its SM, stays for a while, so that the grid fills the device, and stores the value. */
static const char image[] =
    ".version 7.0\n.target sm_70\n.address_size 64\n"
    ".visible .entry mark(.param .u64 seen, .param .u64 out, .param .u32 value) {\n"
    ".reg .u32 %r<6>;\n.reg .u64 %d<6>;\n.reg .pred %p;\n"
    "ld.param.u64 %d1, [seen];\nld.param.u64 %d2, [out];\nld.param.u32 %r1, [value];\n"
    "mov.u32 %r2, %smid;\nmul.wide.u32 %d3, %r2, 4;\nadd.u64 %d4, %d1, %d3;\nmov.u32 %r3, 1;\nst.global.u32 [%d4], %r3;\n"
    "mov.u32 %r4, %clock;\nAGAIN:\nmov.u32 %r5, %clock;\nsub.u32 %r5, %r5, %r4;\nsetp.lt.u32 %p, %r5, 20000;\n@%p bra AGAIN;\n"
    "st.global.u32 [%d2], %r1;\nret;\n}\n";

static CUresult absent(void) { return CUDA_ERROR_NOT_FOUND; }

static void *driver;

static void *find(const char *name) {
    void *found = dlsym(driver, name);
    return found != NULL ? found : (void *)absent;
}

#define NAME(function) #function
#define NAME_OF(function) NAME(function)
#define CU(function, ...) (((__typeof__(&function))find(NAME_OF(function)))(__VA_ARGS__))

static const char *name_of(CUresult result) {
    const char *name = NULL;
    CU(cuGetErrorName, result, &name);
    return name != NULL ? name + (strncmp(name, "CUDA_", 5) == 0 ? 5 : 0) : "an unknown error";
}

static void say(const char *what, CUresult result) { printf("  %-58s %s\n", what, name_of(result)); }

static void need(const char *what, CUresult result) {
    if (result == CUDA_SUCCESS) return;
    say(what, result);
    exit(1);
}

static CUcontext primary;
static CUmodule module;
static CUfunction mark;
static CUdeviceptr seen, out;
static unsigned value;
static void *arguments[] = {&seen, &out, &value};

static CUstream stream_of(unsigned flags) {
    CUstream stream = NULL;
    need("cuStreamCreate", CU(cuStreamCreate, &stream, flags));
    return stream;
}

static CUresult launch(CUstream stream, unsigned stores) {
    value = stores;
    return CU(cuLaunchKernel, mark, BLOCKS, 1, 1, THREADS, 1, 1, 0, stream, arguments, NULL);
}

static void start(void) {
    need("cuDevicePrimaryCtxRetain", CU(cuDevicePrimaryCtxRetain, &primary, 0));
    need("cuCtxSetCurrent", CU(cuCtxSetCurrent, primary));
    need("cuModuleLoadData", CU(cuModuleLoadData, &module, image));
    need("cuModuleGetFunction", CU(cuModuleGetFunction, &mark, module, "mark"));
    need("cuMemAlloc", CU(cuMemAlloc, &seen, SMS * 4));
    need("cuMemAlloc", CU(cuMemAlloc, &out, 4));
    need("cuLaunchKernel", launch(NULL, 0)); /* so that it is loaded before any capture */
    need("cuCtxSynchronize", CU(cuCtxSynchronize));
}

static void clear(void) {
    need("cuMemsetD32", CU(cuMemsetD32, seen, 0, SMS));
    need("cuMemsetD32", CU(cuMemsetD32, out, 0, 1));
    need("cuCtxSynchronize", CU(cuCtxSynchronize));
}

/* Waits for what was launched; the SMs that it ran on, and whether it stored what it was to store. */
static void ran(const char *what, CUresult launched, CUstream stream, unsigned stores) {
    static unsigned marks[SMS];
    unsigned sms = 0, stored = 0;
    const CUresult waited = launched == CUDA_SUCCESS ? CU(cuStreamSynchronize, stream) : launched;
    if (waited == CUDA_SUCCESS) {
        need("cuMemcpyDtoH", CU(cuMemcpyDtoH, marks, seen, sizeof marks));
        need("cuMemcpyDtoH", CU(cuMemcpyDtoH, &stored, out, 4));
    }
    for (int i = 0; i < SMS; i++) sms += marks[i] != 0;
    printf("  %-58s %s, %u SMs, stored %u of %u\n", what, name_of(waited), waited == CUDA_SUCCESS ? sms : 0, stored, stores);
}

static CUgraph captured(CUstream stream, unsigned stores) {
    CUgraph graph = NULL;
    need("cuStreamBeginCapture", CU(cuStreamBeginCapture, stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
    need("a launch that is captured", launch(stream, stores));
    need("cuStreamEndCapture", CU(cuStreamEndCapture, stream, &graph));
    return graph;
}

static CUgraphExec instance(CUgraph graph) {
    CUgraphExec exec = NULL;
    need("cuGraphInstantiate", CU(cuGraphInstantiate, &exec, graph, 0));
    return exec;
}

static CUgraphNode node_of(CUgraph graph) {
    CUgraphNode node = NULL;
    size_t count = 1;
    need("cuGraphGetNodes", CU(cuGraphGetNodes, graph, &node, &count));
    return node;
}

static void run(const char *what, CUgraphExec exec, CUstream stream, unsigned stores) {
    clear();
    ran(what, CU(cuGraphLaunch, exec, stream), stream, stores);
}

/* Streams of all kinds, and order between them and the default stream. */
static void streams(void) {
    const CUstream all[] = {stream_of(CU_STREAM_NON_BLOCKING), stream_of(CU_STREAM_DEFAULT), CU_STREAM_LEGACY, CU_STREAM_PER_THREAD};
    const char *const names[] = {"non-blocking", "blocking", "default", "default of the thread"};
    for (int i = 0; i < 4; i++) {
        clear();
        ran(names[i], launch(all[i], 7), all[i], 7);
    }
    int right = 0;
    CUevent event;
    need("cuEventCreate", CU(cuEventCreate, &event, CU_EVENT_DISABLE_TIMING));
    for (int i = 0; i < 20; i++) {
        const CUstream first = all[i % 2 == 0 ? 2 : 0], second = all[i % 2 == 0 ? 0 : 2];
        unsigned stored = 0;
        clear();
        need("cuLaunchKernel", launch(first, 1));
        need("cuEventRecord", CU(cuEventRecord, event, first));
        need("cuStreamWaitEvent", CU(cuStreamWaitEvent, second, event, 0));
        need("cuLaunchKernel", launch(second, 2));
        need("cuCtxSynchronize", CU(cuCtxSynchronize));
        need("cuMemcpyDtoH", CU(cuMemcpyDtoH, &stored, out, 4));
        right += stored == 2;
    }
    printf("  in order with the default stream, by events: %d of 20\n", right);
}

/* Changing a node of a graph that was captured: each form of the parameters on a new instance. */
static void nodes(void) {
    const CUstream stream = stream_of(CU_STREAM_NON_BLOCKING), plain = stream_of(CU_STREAM_DEFAULT);
    const CUgraph graph = captured(stream, 1);
    const CUgraphExec early = instance(graph);
    run("as captured", early, stream, 1);
    run("as captured, on a blocking stream", early, plain, 1);
    const CUgraphNode node = node_of(graph);
    CUDA_KERNEL_NODE_PARAMS got = {0};
    run("an instance that is made when its node is known", instance(graph), stream, 1);
    say("cuGraphKernelNodeGetParams", CU(cuGraphKernelNodeGetParams, node, &got));
    printf("  its context is %s, its function %s, its kernel %s\n", got.ctx == NULL ? "null" : got.ctx == primary ? "the primary one" : "another one",
        got.func == NULL ? "null" : got.func == mark ? "as launched" : "another one", got.kern == NULL ? "null" : "there");
    enum { AS_GOT, NULL_CONTEXT, PRIMARY, FRESH, FRESH_PRIMARY, SMALLER, GENERIC, IN_GRAPH, FORMS };
    static const char *const names[] = {"as got, own arguments", "null context", "primary context", "made anew, null context", "made anew, primary context",
        "half the blocks", "cuGraphExecNodeSetParams", "cuGraphKernelNodeSetParams, instance made anew"};
    for (int form = 0; form < FORMS; form++) {
        CUDA_KERNEL_NODE_PARAMS p = got;
        CUgraphExec exec = instance(graph);
        char line[100];
        value = 2 + (unsigned)form;
        if (form != AS_GOT) p.kernelParams = arguments;
        if (form == NULL_CONTEXT) p.ctx = NULL;
        if (form == PRIMARY) p.ctx = primary;
        if (form == FRESH || form == FRESH_PRIMARY)
            p = (CUDA_KERNEL_NODE_PARAMS){.func = mark, .gridDimX = BLOCKS, .gridDimY = 1, .gridDimZ = 1, .blockDimX = THREADS, .blockDimY = 1, .blockDimZ = 1,
                .kernelParams = arguments, .ctx = form == FRESH ? NULL : primary};
        if (form == SMALLER) p.gridDimX /= 2;
        CUresult result;
        if (form == GENERIC) {
            CUgraphNodeParams g;
            memset(&g, 0, sizeof g);
            g.type = CU_GRAPH_NODE_TYPE_KERNEL;
            memcpy(&g.kernel, &p, sizeof p < sizeof g.kernel ? sizeof p : sizeof g.kernel);
            result = CU(cuGraphExecNodeSetParams, exec, node, &g);
        } else if (form == IN_GRAPH) {
            result = CU(cuGraphKernelNodeSetParams, node, &p);
            exec = instance(graph);
        } else {
            result = CU(cuGraphExecKernelNodeSetParams, exec, node, &p);
        }
        snprintf(line, sizeof line, "parameters %s", names[form]);
        say(line, result);
        run("  then", exec, stream, result == CUDA_SUCCESS && form != AS_GOT ? value : 1);
    }
}

/* Nodes that are no kernels, in instances; and what a program adds to a capture by itself. */
static void others(void) {
    const CUstream stream = stream_of(CU_STREAM_NON_BLOCKING), plain = stream_of(CU_STREAM_DEFAULT);
    CUgraph graph = NULL;
    CUDA_MEMSET_NODE_PARAMS set;
    CUDA_MEMCPY3D copy;
    need("cuStreamBeginCapture", CU(cuStreamBeginCapture, stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
    need("cuMemsetD32Async", CU(cuMemsetD32Async, out, 5, 1, stream));
    need("cuStreamEndCapture", CU(cuStreamEndCapture, stream, &graph));
    CUgraphExec exec = instance(graph);
    run("a set", exec, stream, 5);
    need("cuGraphMemsetNodeGetParams", CU(cuGraphMemsetNodeGetParams, node_of(graph), &set));
    set.value = 6;
    say("cuGraphExecMemsetNodeSetParams", CU(cuGraphExecMemsetNodeSetParams, exec, node_of(graph), &set, primary));
    run("  then", exec, stream, 6);
    need("cuStreamBeginCapture", CU(cuStreamBeginCapture, stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
    need("cuMemcpyDtoDAsync", CU(cuMemcpyDtoDAsync, out, seen, 4, stream));
    need("cuStreamEndCapture", CU(cuStreamEndCapture, stream, &graph));
    exec = instance(graph);
    need("cuGraphMemcpyNodeGetParams", CU(cuGraphMemcpyNodeGetParams, node_of(graph), &copy));
    say("cuGraphExecMemcpyNodeSetParams", CU(cuGraphExecMemcpyNodeSetParams, exec, node_of(graph), &copy, primary));
    run("  then", exec, stream, 0);
    /* A kernel that the program adds to the graph that it captures. */
    CUDA_KERNEL_NODE_PARAMS p = {.func = mark, .gridDimX = BLOCKS, .gridDimY = 1, .gridDimZ = 1, .blockDimX = THREADS, .blockDimY = 1, .blockDimZ = 1,
        .kernelParams = arguments};
    const CUgraphNode *last = NULL;
    CUgraphNode node = NULL;
    CUstreamCaptureStatus status;
    size_t count = 0;
    need("cuStreamBeginCapture", CU(cuStreamBeginCapture, stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
    need("a launch that is captured", launch(stream, 1));
    need("cuStreamGetCaptureInfo", CU(cuStreamGetCaptureInfo, stream, &status, NULL, &graph, &last, NULL, &count));
    value = 2;
    need("cuGraphAddKernelNode", CU(cuGraphAddKernelNode, &node, graph, last, count, &p));
    need("cuStreamUpdateCaptureDependencies", CU(cuStreamUpdateCaptureDependencies, stream, &node, NULL, 1, CU_STREAM_SET_CAPTURE_DEPENDENCIES));
    need("cuStreamEndCapture", CU(cuStreamEndCapture, stream, &graph));
    exec = instance(graph);
    run("a kernel added to a capture", exec, stream, 2);
    value = 3;
    say("cuGraphExecKernelNodeSetParams of it", CU(cuGraphExecKernelNodeSetParams, exec, node, &p));
    run("  then", exec, plain, 3);
    /* A captured graph as a child. */
    CUgraph parent = NULL;
    need("cuGraphCreate", CU(cuGraphCreate, &parent, 0));
    need("cuGraphAddChildGraphNode", CU(cuGraphAddChildGraphNode, &node, parent, NULL, 0, captured(stream, 4)));
    exec = instance(parent);
    run("a child", exec, plain, 4);
    say("cuGraphExecChildGraphNodeSetParams", CU(cuGraphExecChildGraphNodeSetParams, exec, node, captured(stream, 5)));
    run("  then", exec, plain, 5);
}

static void update_by(const char *what, CUgraphExec exec, CUgraph by, CUstream stream, unsigned stores) {
    CUgraphExecUpdateResultInfo info = {0};
    const CUresult result = CU(cuGraphExecUpdate, exec, by, &info);
    printf("  %-58s %s, %d\n", what, name_of(result), (int)info.result);
    run("  then", exec, stream, stores);
}

static void update(void) {
    const CUstream stream = stream_of(CU_STREAM_NON_BLOCKING), other = stream_of(CU_STREAM_NON_BLOCKING), plain = stream_of(CU_STREAM_DEFAULT);
    const CUgraphExec exec = instance(captured(stream, 1));
    update_by("by one of the same stream", exec, captured(stream, 2), stream, 2);
    update_by("by one of another non-blocking stream", exec, captured(other, 3), stream, 3);
    const CUgraph blocking = captured(plain, 4);
    CUgraphExecUpdateResultInfo info = {0};
    say("by one of a blocking stream", CU(cuGraphExecUpdate, exec, blocking, &info));
}

/* A condition that holds; its body. */
static CUgraph condition(CUgraph graph, const CUgraphNode *after, size_t count, CUgraphNode *node) {
    CUgraphConditionalHandle handle = 0;
    CUgraphNodeParams p;
    need("cuGraphConditionalHandleCreate", CU(cuGraphConditionalHandleCreate, &handle, graph, primary, 1, CU_GRAPH_COND_ASSIGN_DEFAULT));
    memset(&p, 0, sizeof p);
    p.type = CU_GRAPH_NODE_TYPE_CONDITIONAL;
    p.conditional.handle = handle;
    p.conditional.type = CU_GRAPH_COND_TYPE_IF;
    p.conditional.size = 1;
    p.conditional.ctx = primary;
    need("cuGraphAddNode", CU(cuGraphAddNode, node, graph, after, NULL, count, &p));
    return p.conditional.phGraph_out[0];
}

static void capture_body(CUgraph body, CUstream stream, bool sets) {
    need("cuStreamBeginCaptureToGraph", CU(cuStreamBeginCaptureToGraph, stream, body, NULL, NULL, 0, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
    need("a launch that is captured", launch(stream, 5));
    if (sets) need("cuMemsetD32Async", CU(cuMemsetD32Async, out, 6, 1, stream));
    need("cuStreamEndCapture", CU(cuStreamEndCapture, stream, &body));
}

static void run_new(const char *what, CUgraph graph, CUstream stream, unsigned stores) {
    CUgraphExec exec = NULL;
    const CUresult made = CU(cuGraphInstantiate, &exec, graph, 0);
    printf("  %-58s %s\n", what, name_of(made));
    if (made == CUDA_SUCCESS) run("  launched", exec, stream, stores);
}

/* Bodies that are captured, and a condition in the midst of a capture. */
static void conditional(void) {
    const CUstream stream = stream_of(CU_STREAM_NON_BLOCKING), second = stream_of(CU_STREAM_NON_BLOCKING);
    CUgraph graph = NULL;
    CUgraphNode node = NULL;
    need("cuGraphCreate", CU(cuGraphCreate, &graph, 0));
    capture_body(condition(graph, NULL, 0, &node), stream, false);
    run_new("a body of a kernel", graph, stream, 5);
    const CUgraphNode *last = NULL;
    CUstreamCaptureStatus status;
    size_t count = 0;
    need("cuStreamBeginCapture", CU(cuStreamBeginCapture, stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
    need("a launch that is captured", launch(stream, 1));
    need("cuStreamGetCaptureInfo", CU(cuStreamGetCaptureInfo, stream, &status, NULL, &graph, &last, NULL, &count));
    capture_body(condition(graph, last, count, &node), second, false);
    need("cuStreamUpdateCaptureDependencies", CU(cuStreamUpdateCaptureDependencies, stream, &node, NULL, 1, CU_STREAM_SET_CAPTURE_DEPENDENCIES));
    need("cuStreamEndCapture", CU(cuStreamEndCapture, stream, &graph));
    run_new("a condition in the midst of a capture", graph, stream, 5);
    need("cuGraphCreate", CU(cuGraphCreate, &graph, 0));
    capture_body(condition(graph, NULL, 0, &node), stream, true);
    run_new("a body of a kernel and a set", graph, stream, 6);
}

static void device(void) {
    const CUstream stream = stream_of(CU_STREAM_NON_BLOCKING);
    CUgraphExec exec = NULL;
    const CUgraph graph = captured(stream, 6);
    const CUresult made = CU(cuGraphInstantiate, &exec, graph, CUDA_GRAPH_INSTANTIATE_FLAG_DEVICE_LAUNCH);
    say("cuGraphInstantiate for launches from the device", made);
    if (made != CUDA_SUCCESS) return;
    say("cuGraphUpload", CU(cuGraphUpload, exec, stream));
    run("launched by the host", exec, stream, 6);
}

/* A non-blocking stream that is the first one, made within a capture of each mode, and then part of it. */
static void captures(void) {
    static const CUstreamCaptureMode modes[] = {CU_STREAM_CAPTURE_MODE_GLOBAL, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL, CU_STREAM_CAPTURE_MODE_RELAXED};
    static const char *const names[] = {"global", "of the thread", "relaxed"};
    const CUstream plain = stream_of(CU_STREAM_DEFAULT);
    for (int i = 0; i < 3; i++) {
        CUstream stream = NULL;
        CUgraph graph = NULL;
        CUevent fork, join;
        char line[100];
        need("cuEventCreate", CU(cuEventCreate, &fork, CU_EVENT_DISABLE_TIMING));
        need("cuEventCreate", CU(cuEventCreate, &join, CU_EVENT_DISABLE_TIMING));
        need("cuStreamBeginCapture", CU(cuStreamBeginCapture, plain, modes[i]));
        snprintf(line, sizeof line, "cuStreamCreate within a capture, %s", names[i]);
        say(line, CU(cuStreamCreate, &stream, CU_STREAM_NON_BLOCKING));
        need("cuLaunchKernel", launch(plain, 1));
        need("cuEventRecord", CU(cuEventRecord, fork, plain));
        need("cuStreamWaitEvent", CU(cuStreamWaitEvent, stream, fork, 0));
        need("cuLaunchKernel", launch(stream, 2));
        need("cuEventRecord", CU(cuEventRecord, join, stream));
        need("cuStreamWaitEvent", CU(cuStreamWaitEvent, plain, join, 0));
        say("cuStreamEndCapture", CU(cuStreamEndCapture, plain, &graph));
        if (graph != NULL) run("launched", instance(graph), plain, 2);
        clear();
        ran("a launch on the stream", launch(stream, 3), stream, 3);
    }
}

/* A grid that must be on the device as a whole, as large as the device. */
static void cooperative(void) {
    const CUstream stream = stream_of(CU_STREAM_NON_BLOCKING);
    int sms = 0, per_sm = 0;
    CUgraph graph = NULL;
    need("cuDeviceGetAttribute", CU(cuDeviceGetAttribute, &sms, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, 0));
    need("cuOccupancyMaxActiveBlocksPerMultiprocessor", CU(cuOccupancyMaxActiveBlocksPerMultiprocessor, &per_sm, mark, THREADS, 0));
    const unsigned sizes[] = {16, (unsigned)(sms * per_sm)};
    for (int i = 0; i < 2; i++) {
        char line[100];
        clear();
        value = 8;
        snprintf(line, sizeof line, "%u blocks", sizes[i]);
        ran(line, CU(cuLaunchCooperativeKernel, mark, sizes[i], 1, 1, THREADS, 1, 1, 0, stream, arguments), stream, 8);
        value = 9;
        need("cuStreamBeginCapture", CU(cuStreamBeginCapture, stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
        say("captured", CU(cuLaunchCooperativeKernel, mark, sizes[i], 1, 1, THREADS, 1, 1, 0, stream, arguments));
        need("cuStreamEndCapture", CU(cuStreamEndCapture, stream, &graph));
        run("launched as a graph", instance(graph), stream, 9);
    }
}

static void used(CUstream *stream) {
    *stream = stream_of(CU_STREAM_NON_BLOCKING);
    clear();
    ran("before", launch(*stream, 1), *stream, 1);
}

static void anew(void) {
    unsigned flags = 0;
    int active = -1;
    CUstream stream;
    say("cuDevicePrimaryCtxGetState", CU(cuDevicePrimaryCtxGetState, 0, &flags, &active));
    printf("  active: %d\n", active);
    start();
    stream = stream_of(CU_STREAM_NON_BLOCKING);
    clear();
    ran("in a new context", launch(stream, 2), stream, 2);
    say("cuStreamDestroy", CU(cuStreamDestroy, stream));
}

static void reset(void) {
    CUstream stream;
    for (int i = 0; i < 2; i++) {
        used(&stream);
        say("cuStreamDestroy", CU(cuStreamDestroy, stream));
        say("cuDevicePrimaryCtxReset", CU(cuDevicePrimaryCtxReset, 0));
        anew();
    }
}

static void late(void) {
    CUstream stream;
    used(&stream);
    say("cuDevicePrimaryCtxReset while the stream is there", CU(cuDevicePrimaryCtxReset, 0));
    anew();
}

static void release(void) {
    CUstream stream;
    used(&stream);
    say("cuStreamDestroy", CU(cuStreamDestroy, stream));
    say("cuDevicePrimaryCtxRelease", CU(cuDevicePrimaryCtxRelease, 0));
    anew();
}

int main(int count, char **words) {
    static const struct {
        const char *name;
        void (*run)(void);
    } parts[] = {{"streams", streams}, {"nodes", nodes}, {"others", others}, {"update", update}, {"conditional", conditional}, {"device", device}, {"captures", captures},
        {"cooperative", cooperative}, {"reset", reset}, {"late", late}, {"release", release}};
    setvbuf(stdout, NULL, _IOLBF, 0);
    driver = dlopen("libcuda.so.1", RTLD_NOW);
    if (driver == NULL || count != 2) {
        fprintf(stderr, "usage: partitions PART, with a driver\n");
        return 2;
    }
    need("cuInit", CU(cuInit, 0));
    start();
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcmp(words[1], parts[i].name) == 0) {
            parts[i].run();
            return 0;
        }
    fprintf(stderr, "partitions: no such part: %s\n", words[1]);
    return 2;
}

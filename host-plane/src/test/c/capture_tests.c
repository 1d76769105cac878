/* Captures and graphs: nothing is held, added or measured in one, and no capture is broken. */
#include "tests.h"

static struct test_daemon server;
static CUstream stream;
static CUfunction kernel;

static void start(void) {
    daemon_listen(&server);
    start_cuda();
    daemon_welcome(&server, GBPF_WELCOME_OK);
    STORE(&server.segment->orders.track_every, 1);
    STORE(&server.segment->orders.sample_every, 1);
    stream = new_stream();
    kernel = fake_kernel("kernel", 1000);
}

static CUgraphExec capture(CUfunction function, int launches) {
    CUgraph graph;
    CUgraphExec exec;
    CHECK_EQUAL(cuStreamBeginCapture_v2(stream, 0), CUDA_SUCCESS);
    for (int i = 0; i < launches; i++) launch(function, stream);
    CHECK_EQUAL(cuStreamEndCapture(stream, &graph), CUDA_SUCCESS);
    CHECK_EQUAL(cuGraphInstantiateWithFlags(&exec, graph, 0), CUDA_SUCCESS);
    return exec;
}

static void *launch_graph(void *exec) {
    CHECK_EQUAL(cuGraphLaunch(exec, stream), CUDA_SUCCESS);
    return NULL;
}

static void capture_withoutCredit_passesUntouched(void) {
    start();
    fake_log_clear();
    CUgraphExec exec = capture(kernel, 10);
    /* Begin, ten launches, end, and the making of the graph. */
    CHECK_EQUAL(fake_calls(NULL), 13);
    CHECK_EQUAL(server.segment->report.captured, 10);
    CHECK_EQUAL(server.segment->report.captures, 0);
    CHECK_EQUAL(server.segment->report.held, 0);
    CHECK_EQUAL(daemon_launched(&server, 0), 0);
    /* The graph is charged where it is launched: 5 us for each of its nodes while it is not measured. */
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, launch_graph, exec) == 0);
    EVENTUALLY(daemon_place_held(&server) == 0);
    CHECK_EQUAL(server.segment->streams[0].wanted_ns, 50000);
    daemon_grant(&server, 0, 50000);
    pthread_join(thread, NULL);
    CHECK_EQUAL(server.segment->report.graph_launches, 1);
    CHECK_EQUAL(daemon_launched_ns(&server, 0), 50000);
}

static void capture_joinedByAnEvent_isSeenOnTheOtherStreamToo(void) {
    start();
    const CUstream other = new_stream();
    CUevent fork;
    CUevent join;
    CUgraph graph;
    CHECK_EQUAL(cuEventCreate(&fork, 0), CUDA_SUCCESS);
    CHECK_EQUAL(cuEventCreate(&join, 0), CUDA_SUCCESS);
    CHECK_EQUAL(cuStreamBeginCapture_v2(stream, 1), CUDA_SUCCESS);
    CHECK_EQUAL(server.segment->report.captures, 1);
    CHECK((server.segment->streams[0].flags & GBPF_STREAM_CAPTURE) != 0);
    CHECK_EQUAL(cuEventRecord(fork, stream), CUDA_SUCCESS);
    CHECK_EQUAL(cuStreamWaitEvent(other, fork, 0), CUDA_SUCCESS);
    launch(kernel, other);
    CHECK_EQUAL(cuEventRecord(join, other), CUDA_SUCCESS);
    CHECK_EQUAL(cuStreamWaitEvent(stream, join, 0), CUDA_SUCCESS);
    CHECK_EQUAL(cuStreamEndCapture(stream, &graph), CUDA_SUCCESS);
    CHECK_EQUAL(server.segment->report.captured, 1);
    CHECK_EQUAL(server.segment->report.held, 0);
    CHECK_EQUAL(server.segment->report.captures, 0);
    CHECK_EQUAL(fake_calls("cuStreamWriteValue32_v2"), 0);
}

static uint32_t done;

static void *launch_beside(void *other) {
    CUcontext context;
    CHECK_EQUAL(cuDevicePrimaryCtxRetain(&context, 0), CUDA_SUCCESS);
    CHECK_EQUAL(cuCtxSetCurrent(context), CUDA_SUCCESS);
    while (LOAD(&done) == 0) {
        launch(kernel, other);
        CHECK_EQUAL(cuStreamSynchronize(other), CUDA_SUCCESS);
    }
    return NULL;
}

/* Measurements and reports of other threads stay away from a capture in global mode, which their calls would break. */
static void capture_inGlobalMode_isNotBrokenByOthersMeasurements(void) {
    start();
    STORE(&server.segment->orders.mode, GBPF_MODE_BYPASS);
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) CHECK(pthread_create(&threads[i], NULL, launch_beside, new_stream()) == 0);
    EVENTUALLY(fake_calls("cuEventQuery") > 20);
    for (int i = 0; i < 50; i++) capture(kernel, 20);
    STORE(&done, 1);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    CHECK_EQUAL(fake_broken_captures(), 0);
    CHECK_EQUAL(server.segment->report.captures, 0);
}

static void capture_besideTheLegacyStream_isTheDriversToRefuse(void) {
    start();
    CHECK_EQUAL(cuStreamBeginCapture_v2(stream, 1), CUDA_SUCCESS);
    fake_fail_next("cuLaunchKernel", 906);
    CHECK_EQUAL(cuLaunchKernel(kernel, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL), 906);
    CHECK_EQUAL(server.segment->report.held, 0);
}

static void capture_brokenByTheApplication_isOver(void) {
    start();
    CUdeviceptr memory;
    CUgraph graph;
    CHECK_EQUAL(cuStreamBeginCapture_v2(stream, 0), CUDA_SUCCESS);
    CHECK_EQUAL(cuMemAlloc_v2(&memory, 16), 900);
    CHECK_EQUAL(cuStreamEndCapture(stream, &graph), 901);
    CHECK_EQUAL(server.segment->report.captures, 0);
    /* Ending what never began changes nothing. */
    CHECK_EQUAL(cuStreamEndCapture(stream, &graph), 401);
    CHECK_EQUAL(server.segment->report.captures, 0);
    CHECK_EQUAL(cuStreamBeginCapture_v2(stream, 0), CUDA_SUCCESS);
    CHECK_EQUAL(cuStreamDestroy_v2(stream), CUDA_SUCCESS);
    CHECK_EQUAL(server.segment->report.captures, 0);
    fake_fail_next("cuStreamBeginCapture_v2", 1);
    stream = new_stream();
    CHECK_EQUAL(cuStreamBeginCapture_v2(stream, 0), 1);
    CHECK_EQUAL(server.segment->report.captures, 0);
}

static void graph_ofCollectives_isNotHeld(void) {
    start();
    CUgraphExec exec = capture(fake_kernel("ncclDevKernel_AllGather_RING_LL", 1000), 1);
    CHECK_EQUAL(cuGraphLaunch(exec, stream), CUDA_SUCCESS);
    CHECK_EQUAL(server.segment->report.held, 0);
    CHECK_EQUAL(server.segment->report.collectives, 1);
}

const struct test capture_tests[] = {
    {"capture_withoutCredit_passesUntouched", capture_withoutCredit_passesUntouched, NULL},
    {"capture_joinedByAnEvent_isSeenOnTheOtherStreamToo", capture_joinedByAnEvent_isSeenOnTheOtherStreamToo, NULL},
    {"capture_inGlobalMode_isNotBrokenByOthersMeasurements", capture_inGlobalMode_isNotBrokenByOthersMeasurements, NULL},
    {"capture_besideTheLegacyStream_isTheDriversToRefuse", capture_besideTheLegacyStream_isTheDriversToRefuse, NULL},
    {"capture_brokenByTheApplication_isOver", capture_brokenByTheApplication_isOver, NULL},
    {"graph_ofCollectives_isNotHeld", graph_ofCollectives_isNotHeld, NULL},
    {0},
};

/* Stop points: work that was launched already waits for the daemon. */
#include "tests.h"

static struct test_daemon server;
static CUstream stream;
static CUfunction kernel;

/* A process whose streams have a stop point after each two launches of unknown length. */
static void start(void) {
    daemon_listen(&server);
    start_cuda();
    daemon_welcome(&server, GBPF_WELCOME_OK);
    stream = new_stream();
    kernel = fake_kernel("kernel", 1000);
    STORE(&server.segment->orders.hold_limit_ns, 0);
    STORE(&server.segment->orders.stop_every_ns, 40000);
    STORE(&server.segment->orders.track_every, 1);
    launch(kernel, stream);
    daemon_grant(&server, 0, GBPF_UNLIMITED);
    STORE(&server.segment->orders.hold_limit_ns, 2 * GBPF_SECOND);
    for (int i = 0; i < 3; i++) launch(kernel, stream);
}

static void order(uint32_t stopped) {
    STORE(&server.segment->orders.stopped, stopped);
    daemon_order(&server);
}

static uint32_t completed(void) { return LOAD(&server.segment->streams[0].completed); }

static void stops_ordered_waitAtTheNextPoint_andGoOnInOrder(void) {
    start();
    CHECK_EQUAL(fake_calls("cuStreamWaitValue32_v2"), 1);
    CHECK_EQUAL(server.segment->report.levers[GBPF_LEVER_STOP], GBPF_LEVER_WORKS);
    EVENTUALLY(completed() == 4);
    order(1);
    for (int i = 0; i < 6; i++) launch(kernel, stream);
    CHECK_EQUAL(fake_calls("cuLaunchKernel"), 10); /* the application is not held */
    CHECK_EQUAL(fake_calls("cuStreamWaitValue32_v2"), 4);
    usleep(20000);
    CHECK_EQUAL(completed(), 4);
    CHECK_EQUAL(cuStreamQuery(stream), CUDA_ERROR_NOT_READY);
    order(0);
    CHECK_EQUAL(cuStreamSynchronize(stream), CUDA_SUCCESS);
    EVENTUALLY(completed() == 10);
}

static void stops_withoutALease_letGo(void) {
    start();
    order(1);
    for (int i = 0; i < 6; i++) launch(kernel, stream);
    STORE(&server.segment->orders.lease_ns, 50 * GBPF_MILLISECOND);
    STORE(&server.beating, 0);
    CHECK_EQUAL(cuStreamSynchronize(stream), CUDA_SUCCESS);
}

static void stops_ofADaemonThatDies_letGo(void) {
    start();
    order(1);
    for (int i = 0; i < 6; i++) launch(kernel, stream);
    daemon_kill(&server);
    CHECK_EQUAL(cuStreamSynchronize(stream), CUDA_SUCCESS);
}

static void stops_longerThanAHold_areLeftForABreath(void) {
    start();
    STORE(&server.segment->orders.hold_limit_ns, 100 * GBPF_MILLISECOND);
    order(1);
    for (int again = 0; again < 3; again++) {
        /* Work that comes in a breath passes: the next does not. */
        do {
            for (int i = 0; i < 4; i++) launch(kernel, stream);
        } while (cuStreamQuery(stream) != CUDA_ERROR_NOT_READY);
        CHECK_EQUAL(cuStreamSynchronize(stream), CUDA_SUCCESS);
    }
}

static void stops_ofAContextThatGoes_letGo_andAreMadeAnew(void) {
    start();
    order(1);
    for (int i = 0; i < 4; i++) launch(kernel, stream);
    CHECK_EQUAL(cuStreamQuery(stream), CUDA_ERROR_NOT_READY);
    CUcontext other = NULL;
    CUcontext primary = NULL;
    CHECK_EQUAL(cuCtxCreate_v4(&other, NULL, 0, 0), CUDA_SUCCESS);
    CHECK_EQUAL(cuCtxDestroy_v2(other), CUDA_SUCCESS);
    CHECK_EQUAL(cuDevicePrimaryCtxRetain(&primary, 0), CUDA_SUCCESS);
    CHECK_EQUAL(cuCtxSetCurrent(primary), CUDA_SUCCESS);
    CHECK_EQUAL(cuStreamSynchronize(stream), CUDA_SUCCESS);
    /* What comes before the steward stops streams anew passes. */
    do {
        for (int i = 0; i < 4; i++) launch(kernel, stream);
    } while (cuStreamQuery(stream) != CUDA_ERROR_NOT_READY);
    order(0);
    CHECK_EQUAL(cuStreamSynchronize(stream), CUDA_SUCCESS);
}

/* What the library has allocated goes with the context that was current then; nobody may look at it afterwards. */
static void memory_ofAContextThatGoes_isNotUsed(void) {
    daemon_listen(&server);
    start_cuda();
    daemon_welcome(&server, GBPF_WELCOME_OK);
    kernel = fake_kernel("kernel", 1000);
    fake_fail_next("cuMemHostRegister_v2", 801);
    STORE(&server.segment->orders.hold_limit_ns, 0);
    STORE(&server.segment->orders.stop_every_ns, 40000);
    STORE(&server.segment->orders.track_every, 1);
    CUcontext context = NULL;
    CHECK_EQUAL(cuCtxCreate_v4(&context, NULL, 0, 0), CUDA_SUCCESS);
    stream = new_stream();
    for (int i = 0; i < 8; i++) launch(kernel, stream);
    CHECK_EQUAL(server.segment->report.levers[GBPF_LEVER_STOP], GBPF_LEVER_WORKS);
    CHECK_EQUAL(server.segment->report.levers[GBPF_LEVER_COMPLETION], GBPF_LEVER_WORKS);
    CHECK_EQUAL(cuStreamSynchronize(stream), CUDA_SUCCESS);
    CHECK_EQUAL(cuStreamDestroy_v2(stream), CUDA_SUCCESS);
    CHECK_EQUAL(cuCtxDestroy_v2(context), CUDA_SUCCESS);
    order(1);
    order(0);
    usleep(20000);
    CUcontext primary = NULL;
    CHECK_EQUAL(cuDevicePrimaryCtxRetain(&primary, 0), CUDA_SUCCESS);
    CHECK_EQUAL(cuCtxSetCurrent(primary), CUDA_SUCCESS);
    stream = new_stream();
    for (int i = 0; i < 8; i++) launch(kernel, stream);
    CHECK_EQUAL(cuStreamSynchronize(stream), CUDA_SUCCESS);
    /* At another place than before, if what the device had still to say of that was lost with the context. */
    EVENTUALLY(LOAD(&server.segment->streams[0].completed) == 8 || LOAD(&server.segment->streams[1].completed) == 8);
}

static void stops_refusedByTheDriver_areNotTriedAgain(void) {
    fake_fail_next("cuStreamWaitValue32_v2", 801);
    start();
    for (int i = 0; i < 10; i++) launch(kernel, stream);
    CHECK_EQUAL(fake_calls("cuStreamWaitValue32_v2"), 0);
    CHECK_EQUAL(server.segment->report.levers[GBPF_LEVER_STOP], GBPF_LEVER_REFUSED);
    CHECK_EQUAL(cuStreamSynchronize(stream), CUDA_SUCCESS);
}

static void stops_inBypass_areNotMade(void) {
    start();
    STORE(&server.segment->orders.mode, GBPF_MODE_BYPASS);
    const uint32_t before = fake_calls("cuStreamWaitValue32_v2");
    for (int i = 0; i < 10; i++) launch(kernel, stream);
    CHECK_EQUAL(fake_calls("cuStreamWaitValue32_v2"), before);
}

static void stops_ofCollectiveStreams_areNotMade(void) {
    start();
    const CUfunction ring = fake_kernel("ncclDevKernel_AllReduce_Sum_f32_RING_LL", 1000);
    launch(ring, stream);
    const uint32_t before = fake_calls("cuStreamWaitValue32_v2");
    for (int i = 0; i < 10; i++) launch(kernel, stream);
    CHECK_EQUAL(fake_calls("cuStreamWaitValue32_v2"), before);
}

static void stops_inACapture_areNotMade(void) {
    start();
    const uint32_t before = fake_calls("cuStreamWaitValue32_v2");
    CUstream other = new_stream();
    CHECK_EQUAL(cuStreamBeginCapture_v2(other, 0), CUDA_SUCCESS);
    for (int i = 0; i < 10; i++) launch(kernel, other);
    for (int i = 0; i < 10; i++) launch(kernel, stream);
    CUgraph graph = NULL;
    CHECK_EQUAL(cuStreamEndCapture(other, &graph), CUDA_SUCCESS);
    CHECK_EQUAL(fake_calls("cuStreamWaitValue32_v2"), before);
    CHECK_EQUAL(fake_broken_captures(), 0);
}

#define TEST(name) {#name, name, NULL}
const struct test stop_tests[] = {
    TEST(stops_ordered_waitAtTheNextPoint_andGoOnInOrder),
    TEST(stops_withoutALease_letGo),
    TEST(stops_ofADaemonThatDies_letGo),
    TEST(stops_longerThanAHold_areLeftForABreath),
    TEST(stops_ofAContextThatGoes_letGo_andAreMadeAnew),
    TEST(memory_ofAContextThatGoes_isNotUsed),
    TEST(stops_refusedByTheDriver_areNotTriedAgain),
    TEST(stops_inBypass_areNotMade),
    TEST(stops_ofCollectiveStreams_areNotMade),
    TEST(stops_inACapture_areNotMade),
    {0},
};

/* Partitions: where streams are made that have no order with the default stream. */
#include <pthread.h>
#include <sys/wait.h>

#include "tests.h"

static struct test_daemon server;

static const struct gbpf_segment_report *report(void) { return &server.segment->report; }

static void start(uint32_t ordered) { start_in_partition(&server, ordered); }

static void lever_unused_isReady(void) {
    start(0);
    CHECK_EQUAL(report()->levers[GBPF_LEVER_PARTITION], GBPF_LEVER_READY);
    CHECK_EQUAL(fake_stream_sms(new_stream()), 0);
    CHECK_EQUAL(report()->levers[GBPF_LEVER_PARTITION], GBPF_LEVER_READY);
    CHECK_EQUAL(fake_calls("cuDeviceGetDevResource"), 0);
}

static void streams_nonBlocking_areInThePartition(void) {
    start(partition(0, 64));
    const CUstream stream = new_stream();
    CHECK_EQUAL(fake_stream_sms(stream), partition(0, 64));
    CHECK_EQUAL(report()->levers[GBPF_LEVER_PARTITION], GBPF_LEVER_WORKS);
    CHECK_EQUAL(report()->partition_errors, 0);
    launch(fake_kernel("kernel", 1000), stream);
    CHECK_EQUAL(server.segment->streams[0].partition, partition(0, 64));
    CHECK_EQUAL(daemon_launched(&server, 0), 1);
    CHECK_EQUAL(cuStreamSynchronize(stream), CUDA_SUCCESS);
    CHECK_EQUAL(fake_stream_sms(new_stream()), partition(0, 64));
    CHECK_EQUAL(fake_calls("cuGreenCtxCreate"), 1);
    CHECK_EQUAL(cuStreamDestroy_v2(stream), CUDA_SUCCESS);
    EVENTUALLY(server.segment->streams[0].owner == 0);
}

/* The retained context is given back: the application's last release must end it. */
static void contexts_areRetainedByTheGreenOneOnly(void) {
    start(partition(0, 64));
    for (int i = 0; i < 5; i++) new_stream();
    CHECK_EQUAL(fake_calls("cuDevicePrimaryCtxRetain") - fake_calls("cuDevicePrimaryCtxRelease_v2"), 2);
}

static void streams_blocking_areLeftAlone(void) {
    start(partition(0, 64));
    CUstream stream = NULL;
    CHECK_EQUAL(cuStreamCreate(&stream, 0), CUDA_SUCCESS);
    CHECK_EQUAL(fake_stream_sms(stream), 0);
    CHECK_EQUAL(fake_stream_sms(stream_of(0, -1)), 0);
    CHECK_EQUAL(fake_calls("cuGreenCtxCreate"), 0);
    CHECK_EQUAL(report()->partition_errors, 0);
    launch(fake_kernel("kernel", 1000), NULL);
    CHECK_EQUAL(server.segment->streams[0].partition, 0);
}

static void priorities_areKept(void) {
    start(partition(0, 64));
    CHECK_EQUAL(fake_stream_sms(stream_of(CU_STREAM_NON_BLOCKING, -3)), partition(0, 64));
    CHECK_EQUAL(fake_last_priority, -3);
    STORE(&server.segment->orders.stream_priority, -1);
    CHECK_EQUAL(fake_stream_sms(stream_of(CU_STREAM_NON_BLOCKING, -3)), partition(0, 64));
    CHECK_EQUAL(fake_last_priority, -4);
    new_stream();
    CHECK_EQUAL(fake_last_priority, -1);
    CHECK_EQUAL(report()->levers[GBPF_LEVER_PRIORITY], GBPF_LEVER_WORKS);
}

/* A group of 8 belongs to whoever has its first SM, the 4 that are left over too. */
static void partitions_orderedApart_haveNoSmInCommon(void) {
    static const struct {
        uint32_t ordered, made;
    } cases[] = {
        {96 << 16 | 36, 96 << 16 | 36},
        {0 << 16 | 96, 0 << 16 | 96},
        {0 << 16 | 12, 0 << 16 | 16},
        {12 << 16 | 12, 16 << 16 | 8},
        {24 << 16 | 1, 24 << 16 | 8},
        {128 << 16 | 4, 128 << 16 | 4},
        {40 << 16 | 0xffff, 40 << 16 | 92},
    };
    start(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        STORE(&server.segment->orders.partition, cases[i].ordered);
        CHECK_EQUAL(fake_stream_sms(new_stream()), cases[i].made);
    }
    CHECK_EQUAL(report()->partition_errors, 0);
    /* No group begins there, or the device has no such SMs. */
    STORE(&server.segment->orders.partition, partition(4, 4));
    CHECK_EQUAL(fake_stream_sms(new_stream()), 0);
    STORE(&server.segment->orders.partition, partition(200, 8));
    CHECK_EQUAL(fake_stream_sms(new_stream()), 0);
    CHECK_EQUAL(report()->partition_errors, 2);
}

static void contexts_ofStreams_areThoseTheApplicationHas(void) {
    start(partition(0, 64));
    CUcontext primary = NULL;
    CUcontext seen = NULL;
    CUgreenCtx green = (CUgreenCtx)1;
    CHECK_EQUAL(cuDevicePrimaryCtxRetain(&primary, 0), CUDA_SUCCESS);
    const CUstream streams[] = {new_stream(), stream_of(0, 0), NULL};
    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
        CHECK_EQUAL(cuStreamGetCtx(streams[i], &seen), CUDA_SUCCESS);
        CHECK(seen == primary);
        seen = NULL;
        CHECK_EQUAL(cuStreamGetCtx_v2(streams[i], &seen, &green), CUDA_SUCCESS);
        CHECK(seen == primary && green == NULL);
        green = (CUgreenCtx)1;
        CHECK_EQUAL(cuStreamGetGreenCtx(streams[i], &green), CUDA_SUCCESS);
        CHECK(green == NULL);
    }
}

/* The application's own green contexts are its own. */
static void greenContexts_ofTheApplication_areLeftAlone(void) {
    start(partition(0, 64));
    CUdevResource all;
    CUdevResource rest;
    CUdevResource group;
    CUdevResourceDesc description;
    CUgreenCtx green;
    CUgreenCtx seen = NULL;
    CUcontext as_context;
    CUcontext context = NULL;
    CUstream stream;
    unsigned count = 1;
    CHECK_EQUAL(cuDeviceGetDevResource(0, &all, CU_DEV_RESOURCE_TYPE_SM), CUDA_SUCCESS);
    CHECK_EQUAL(cuDevSmResourceSplitByCount(&group, &count, &all, &rest, 0, 8), CUDA_SUCCESS);
    CHECK_EQUAL(cuDevResourceGenerateDesc(&description, &group, 1), CUDA_SUCCESS);
    CHECK_EQUAL(cuGreenCtxCreate(&green, description, 0, 1), CUDA_SUCCESS);
    CHECK_EQUAL(cuCtxFromGreenCtx(&as_context, green), CUDA_SUCCESS);
    CHECK_EQUAL(cuGreenCtxStreamCreate(&stream, green, 1, 0), CUDA_SUCCESS);
    new_stream();
    CHECK_EQUAL(fake_stream_sms(stream), partition(0, 8));
    CHECK_EQUAL(cuStreamGetGreenCtx(stream, &seen), CUDA_SUCCESS);
    CHECK(seen == green);
    CHECK_EQUAL(cuStreamGetCtx(stream, &context), CUDA_SUCCESS);
    CHECK(context == as_context);
}

static void partition_refusedByTheDriver_leavesThePlainStream_andIsNotTriedAgain(void) {
    start(partition(0, 64));
    fake_fail_next("cuGreenCtxCreate", 801);
    CHECK_EQUAL(fake_stream_sms(new_stream()), 0);
    CHECK_EQUAL(report()->levers[GBPF_LEVER_PARTITION], GBPF_LEVER_REFUSED);
    CHECK_EQUAL(fake_stream_sms(new_stream()), 0);
    CHECK_EQUAL(fake_calls("cuGreenCtxCreate"), 0);
    CHECK_EQUAL(report()->partition_errors, 2);
    STORE(&server.segment->orders.partition, partition(64, 32));
    CHECK_EQUAL(fake_stream_sms(new_stream()), partition(64, 32));
    CHECK_EQUAL(report()->levers[GBPF_LEVER_PARTITION], GBPF_LEVER_WORKS);
}

static void errors_areTheDriversOwn(void) {
    start(partition(0, 64));
    CUstream stream = NULL;
    fake_fail_next("cuGreenCtxStreamCreate", CUDA_ERROR_OUT_OF_MEMORY);
    CHECK_EQUAL(fake_stream_sms(new_stream()), 0);
    CHECK_EQUAL(fake_stream_sms(new_stream()), partition(0, 64));
    fake_fail_next("cuGreenCtxStreamCreate", CUDA_ERROR_OUT_OF_MEMORY);
    fake_fail_next("cuStreamCreate", 719);
    CHECK_EQUAL(cuStreamCreate(&stream, 1), 719);
    fake_fail_next("cuStreamCreateWithPriority", 719);
    fake_fail_next("cuGreenCtxStreamCreate", CUDA_ERROR_OUT_OF_MEMORY);
    CHECK_EQUAL(cuStreamCreateWithPriority(&stream, 1, -1), 719);
    CHECK_EQUAL(report()->levers[GBPF_LEVER_PARTITION], GBPF_LEVER_WORKS);
    CHECK_EQUAL(report()->partition_errors, 3);
}

static void streams_ofOtherContexts_areLeftAlone(void) {
    start(partition(0, 64));
    CUcontext context;
    CHECK_EQUAL(cuCtxCreate_v4(&context, NULL, 0, 0), CUDA_SUCCESS);
    CHECK_EQUAL(fake_stream_sms(new_stream()), 0);
    CHECK_EQUAL(report()->partition_errors, 1);
    CHECK_EQUAL(fake_calls("cuGreenCtxCreate"), 0);
}

static void partition_madeInACapture_doesNotBreakIt(void) {
    start(0);
    const CUfunction kernel = fake_kernel("kernel", 1000);
    const CUstream capturing = new_stream();
    CUgraph graph = NULL;
    CHECK_EQUAL(cuStreamBeginCapture_v2(capturing, 0), CUDA_SUCCESS);
    launch(kernel, capturing);
    STORE(&server.segment->orders.partition, partition(0, 64));
    const CUstream stream = new_stream();
    CHECK_EQUAL(fake_stream_sms(stream), partition(0, 64));
    launch(kernel, capturing);
    CHECK_EQUAL(cuStreamEndCapture(capturing, &graph), CUDA_SUCCESS);
    CHECK_EQUAL(fake_broken_captures(), 0);
    CHECK_EQUAL(cuStreamBeginCapture_v2(stream, 0), CUDA_SUCCESS);
    launch(kernel, stream);
    CHECK_EQUAL(cuStreamEndCapture(stream, &graph), CUDA_SUCCESS);
    CHECK_EQUAL(report()->captured, 3);
}

static void order_ofPolicy_comesBeforeTheProcesssOwn(void) {
    start(0);
    CHECK_EQUAL(report()->partition, partition(32, 16));
    CHECK_EQUAL(fake_stream_sms(new_stream()), partition(32, 16));
    STORE(&server.segment->orders.partition, partition(0, 64));
    CHECK_EQUAL(fake_stream_sms(new_stream()), partition(0, 64));
    STORE(&server.segment->orders.mode, GBPF_MODE_BYPASS);
    CHECK_EQUAL(fake_stream_sms(new_stream()), partition(32, 16));
}

static void partition_withoutADaemon_isTheProcesssOwn(void) {
    start_cuda();
    CHECK_EQUAL(fake_stream_sms(new_stream()), partition(32, 16));
}

static void partition_ofNonsense_isNone(void) {
    start_cuda();
    CHECK_EQUAL(fake_stream_sms(new_stream()), 0);
    CHECK_EQUAL(fake_calls("cuDeviceGetDevResource"), 0);
}

static void daemon_thatDies_leavesStreamsAsTheyAre_andNewOnesAlone(void) {
    start(partition(0, 64));
    const CUstream stream = new_stream();
    daemon_kill(&server);
    EVENTUALLY(fake_stream_sms(new_stream()) == 0);
    CHECK_EQUAL(fake_stream_sms(stream), partition(0, 64));
    launch(fake_kernel("kernel", 1000), stream);
    CHECK_EQUAL(cuStreamSynchronize(stream), CUDA_SUCCESS);
}

static void primary_thatWasReset_getsItsPartitionAnew(void) {
    start(partition(0, 64));
    new_stream();
    CHECK_EQUAL(cuDevicePrimaryCtxReset_v2(0), CUDA_SUCCESS);
    start_cuda();
    CHECK_EQUAL(fake_stream_sms(new_stream()), partition(0, 64));
    CHECK_EQUAL(fake_calls("cuGreenCtxCreate"), 2);
    CHECK_EQUAL(report()->partition_errors, 0);
}

/* A context that is released by whoever retained it stays as long as there is a partition; nobody sees an error. */
static void primary_thatIsReleased_isNoError(void) {
    start(partition(0, 64));
    new_stream();
    CHECK_EQUAL(cuDevicePrimaryCtxRelease_v2(0), CUDA_SUCCESS);
    start_cuda();
    CHECK_EQUAL(fake_stream_sms(new_stream()), partition(0, 64));
    CHECK_EQUAL(fake_calls("cuGreenCtxCreate"), 1);
}

static void partitions_moreThanPlaces_areLeftOut(void) {
    start(0);
    for (uint32_t i = 0; i < 40; i++) {
        STORE(&server.segment->orders.partition, partition(i % 16 * 8, 1 + i));
        CHECK_EQUAL(fake_stream_sms(new_stream()) != 0, i < 32);
    }
    CHECK_EQUAL(report()->partition_errors, 8);
    STORE(&server.segment->orders.partition, partition(0, 1));
    CHECK_EQUAL(fake_stream_sms(new_stream()), partition(0, 8));
}

enum { THREADS = 6, STREAMS = 40 };

static void *make_streams(void *bad) {
    CUcontext primary;
    CHECK_EQUAL(cuDevicePrimaryCtxRetain(&primary, 0), CUDA_SUCCESS);
    CHECK_EQUAL(cuCtxSetCurrent(primary), CUDA_SUCCESS);
    for (int i = 0; i < STREAMS; i++) {
        CUcontext context = NULL;
        const CUstream stream = new_stream();
        if (fake_stream_sms(stream) != partition(0, 64)) ADD((uint32_t *)bad, 1);
        CHECK_EQUAL(cuStreamGetCtx(stream, &context), CUDA_SUCCESS);
        if (context != primary) ADD((uint32_t *)bad, 1);
        launch(fake_kernel("kernel", 10), stream);
        if (i % 2 == 0) CHECK_EQUAL(cuStreamDestroy_v2(stream), CUDA_SUCCESS);
    }
    return NULL;
}

static void threads_many_useAGreenContextOneAtATime(void) {
    start(partition(0, 64));
    uint32_t bad = 0;
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, make_streams, &bad) == 0);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    CHECK_EQUAL(bad, 0);
    CHECK_EQUAL(fake_calls("cuGreenCtxCreate"), 1);
    CHECK_EQUAL(fake_green_misused(), 0);
}

static void fork_child_hasPartitionsOfItsOwn(void) {
    start_cuda();
    new_stream();
    const pid_t child = fork();
    if (child == 0) {
        CHECK_EQUAL(fake_stream_sms(new_stream()), partition(32, 16));
        CHECK_EQUAL(fake_calls("cuGreenCtxCreate"), 2);
        _exit(0);
    }
    int status = -1;
    CHECK_EQUAL(waitpid(child, &status, 0), child);
    CHECK_EQUAL(status, 0);
    CHECK_EQUAL(fake_stream_sms(new_stream()), partition(32, 16));
    CHECK_EQUAL(fake_calls("cuGreenCtxCreate"), 1);
}

#define TEST(name) {#name, name, NULL}
#define TEST_SMS(name, sms) {#name, name, "GBPF_SMS=" sms}
const struct test partition_tests[] = {
    TEST(lever_unused_isReady),
    TEST(streams_nonBlocking_areInThePartition),
    TEST(contexts_areRetainedByTheGreenOneOnly),
    TEST(streams_blocking_areLeftAlone),
    TEST(priorities_areKept),
    TEST(partitions_orderedApart_haveNoSmInCommon),
    TEST(contexts_ofStreams_areThoseTheApplicationHas),
    TEST(greenContexts_ofTheApplication_areLeftAlone),
    TEST(partition_refusedByTheDriver_leavesThePlainStream_andIsNotTriedAgain),
    TEST(errors_areTheDriversOwn),
    TEST(streams_ofOtherContexts_areLeftAlone),
    TEST(partition_madeInACapture_doesNotBreakIt),
    TEST_SMS(order_ofPolicy_comesBeforeTheProcesssOwn, "32-47"),
    TEST_SMS(partition_withoutADaemon_isTheProcesssOwn, "32-47"),
    TEST_SMS(partition_ofNonsense_isNone, "47-32"),
    TEST(daemon_thatDies_leavesStreamsAsTheyAre_andNewOnesAlone),
    TEST(primary_thatWasReset_getsItsPartitionAnew),
    TEST(primary_thatIsReleased_isNoError),
    TEST(partitions_moreThanPlaces_areLeftOut),
    TEST(threads_many_useAGreenContextOneAtATime),
    TEST_SMS(fork_child_hasPartitionsOfItsOwn, "32-47"),
    {0},
};

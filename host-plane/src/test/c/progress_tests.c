/* What is known of work that was launched: reports of the device, the application's own waiting, durations, records. */
#include "functions.h"
#include "tests.h"

static struct test_daemon server;
static CUstream stream;
static CUfunction kernel;

static void start(uint64_t ns) {
    daemon_listen(&server);
    start_cuda();
    daemon_welcome(&server, GBPF_WELCOME_OK);
    stream = new_stream();
    kernel = fake_kernel("kernel", ns);
    STORE(&server.segment->orders.hold_limit_ns, 0);
}

static void completion_asked_isReportedWhenTheStreamGetsThere(void) {
    start(5 * GBPF_MILLISECOND);
    STORE(&server.segment->orders.track_every, 2);
    for (int i = 0; i < 5; i++) launch(kernel, stream);
    CHECK_EQUAL(fake_calls("cuStreamWriteValue32_v2"), 2);
    EVENTUALLY(LOAD(&server.segment->streams[0].completed) == 4);
    CHECK((server.segment->streams[0].flags & GBPF_STREAM_TRACKED) != 0);
    CHECK_EQUAL(server.segment->report.levers[GBPF_LEVER_COMPLETION], GBPF_LEVER_WORKS);
    CHECK_EQUAL(fake_calls("cuMemHostRegister_v2"), 1);
}

static void completion_byEstimatedWork_isReportedForEachShare(void) {
    start(1000);
    STORE(&server.segment->orders.track_ns, 50000);
    for (int i = 0; i < 10; i++) launch(kernel, stream);
    /* 20 us each while it is not measured: after the 3rd, 6th and 9th. */
    CHECK_EQUAL(fake_calls("cuStreamWriteValue32_v2"), 3);
    EVENTUALLY(LOAD(&server.segment->streams[0].completed) == 9);
}

static void completion_refused_isNotTriedAgain(void) {
    start(1000);
    fake_fail_next("cuMemHostRegister_v2", 801);
    fake_fail_next("cuMemHostAlloc", CUDA_ERROR_OUT_OF_MEMORY);
    STORE(&server.segment->orders.track_every, 1);
    for (int i = 0; i < 5; i++) launch(kernel, stream);
    CHECK_EQUAL(fake_calls("cuStreamWriteValue32_v2"), 0);
    CHECK_EQUAL(server.segment->report.levers[GBPF_LEVER_COMPLETION], GBPF_LEVER_REFUSED);
    CHECK_EQUAL(server.segment->streams[0].flags & GBPF_STREAM_TRACKED, 0);
}

/* A driver that does not let the device into memory that processes share. */
static void completion_withoutSharedMemory_isRelayed(void) {
    start(1000);
    fake_fail_next("cuMemHostRegister_v2", 801);
    STORE(&server.segment->orders.track_every, 1);
    for (int i = 0; i < 5; i++) launch(kernel, stream);
    CHECK_EQUAL(fake_calls("cuStreamWriteValue32_v2"), 5);
    CHECK_EQUAL(server.segment->report.levers[GBPF_LEVER_COMPLETION], GBPF_LEVER_WORKS);
    EVENTUALLY(LOAD(&server.segment->streams[0].completed) == 5);
}

static void *launch_twice(void *nothing) {
    for (int i = 0; i < 2; i++) launch(kernel, stream);
    return nothing;
}

/* Who is held has what it waits for brought in, though nobody else of the process does anything. */
static void completion_relayed_reachesTheDaemonWhileALaunchIsHeld(void) {
    start(30 * GBPF_MILLISECOND);
    fake_fail_next("cuMemHostRegister_v2", 801);
    STORE(&server.segment->orders.track_every, 1);
    launch(kernel, stream);
    STORE(&server.segment->orders.hold_limit_ns, GBPF_SECOND);
    daemon_grant(&server, 0, 20000);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, launch_twice, NULL) == 0);
    EVENTUALLY(daemon_place_held(&server) == 0);
    EVENTUALLY(LOAD(&server.segment->streams[0].completed) == 1);
    CHECK_EQUAL(fake_calls("cuLaunchKernel"), 1);
    daemon_grant(&server, 0, GBPF_UNLIMITED);
    pthread_join(thread, NULL);
    CHECK_EQUAL(fake_calls("cuLaunchKernel"), 3);
}

static void completion_afterAnotherAttachment_isReportedThere(void) {
    start(1000);
    STORE(&server.segment->orders.track_every, 1);
    for (int i = 0; i < 3; i++) launch(kernel, stream);
    EVENTUALLY(LOAD(&server.segment->streams[0].completed) == 3);
    daemon_kill(&server);
    daemon_listen(&server);
    daemon_welcome(&server, GBPF_WELCOME_OK);
    STORE(&server.segment->orders.track_every, 1);
    STORE(&server.segment->orders.hold_limit_ns, 0);
    CHECK_EQUAL(daemon_launched(&server, 0), 0);
    CHECK_EQUAL(server.segment->streams[0].flags & GBPF_STREAM_TRACKED, 0);
    for (int i = 0; i < 2; i++) launch(kernel, stream);
    EVENTUALLY(LOAD(&server.segment->streams[0].completed) == 2);
    CHECK_EQUAL(fake_calls("cuMemHostRegister_v2"), 2);
}

static void waiting_forAnEvent_tellsWhatIsOver(void) {
    start(1000);
    CUevent event;
    CHECK_EQUAL(cuEventCreate(&event, 0), CUDA_SUCCESS);
    for (int i = 0; i < 3; i++) launch(kernel, stream);
    CHECK_EQUAL(cuEventRecord(event, stream), CUDA_SUCCESS);
    for (int i = 0; i < 2; i++) launch(kernel, stream);
    CHECK_EQUAL(server.segment->streams[0].synchronized, 0);
    CHECK_EQUAL(cuEventSynchronize(event), CUDA_SUCCESS);
    CHECK_EQUAL(server.segment->streams[0].synchronized, 3);
    EVENTUALLY(cuStreamQuery(stream) == CUDA_SUCCESS);
    CHECK_EQUAL(server.segment->streams[0].synchronized, 5);
    launch(kernel, stream);
    EVENTUALLY(cuEventQuery(event) == CUDA_SUCCESS);
    CHECK_EQUAL(server.segment->streams[0].synchronized, 5);
    CHECK_EQUAL(cuCtxSynchronize(), CUDA_SUCCESS);
    CHECK_EQUAL(server.segment->streams[0].synchronized, 6);
    launch(kernel, stream);
    fake_fail_next("cuStreamSynchronize", 719);
    CHECK_EQUAL(cuStreamSynchronize(stream), 719);
    CHECK_EQUAL(server.segment->streams[0].synchronized, 6);
}

static const struct gbpf_segment_function *the_function(void) {
    for (int i = 0; i < GBPF_SEGMENT_FUNCTIONS; i++)
        if (LOAD(&server.segment->functions[i].key) != 0) return &server.segment->functions[i];
    return NULL;
}

static void durations_sampled_becomeTheCost(void) {
    start(3 * GBPF_MILLISECOND);
    STORE(&server.segment->orders.sample_every, 2);
    for (int i = 0; i < 24; i++) {
        launch(kernel, stream);
        CHECK_EQUAL(cuStreamSynchronize(stream), CUDA_SUCCESS);
    }
    const struct gbpf_segment_function *function = the_function();
    CHECK(function != NULL);
    CHECK_EQUAL(function->launches, 24);
    CHECK(function->samples > 4);
    CHECK(function->estimate_ns >= 3 * GBPF_MILLISECOND);
    const uint64_t before = daemon_launched_ns(&server, 0);
    const uint64_t estimate = function->estimate_ns;
    launch(kernel, stream);
    CHECK_EQUAL(daemon_launched_ns(&server, 0), before + estimate);
    /* Pairs of events are used again. */
    CHECK(fake_calls("cuEventCreate") <= 2 * 4);
}

static void durations_ofAContextThatGoes_areForgotten(void) {
    start(1000);
    CUcontext context;
    STORE(&server.segment->orders.sample_every, 1);
    CHECK_EQUAL(cuCtxCreate_v4(&context, NULL, 0, 0), CUDA_SUCCESS);
    const CUstream other = new_stream();
    for (int i = 0; i < 4; i++) launch(kernel, other);
    const uint32_t owner = LOAD(&server.segment->streams[0].owner);
    CHECK(owner != 0);
    CHECK_EQUAL(cuCtxDestroy_v2(context), CUDA_SUCCESS);
    CHECK_EQUAL(server.segment->streams[0].owner, 0);
    CUcontext primary;
    CHECK_EQUAL(cuDevicePrimaryCtxRetain(&primary, 0), CUDA_SUCCESS);
    CHECK_EQUAL(cuCtxSetCurrent(primary), CUDA_SUCCESS);
    for (int i = 0; i < 4; i++) launch(kernel, stream);
    CHECK_EQUAL(cuStreamSynchronize(stream), CUDA_SUCCESS);
}

static void durations_ofMoreFunctionsThanPlaces_followTheBusyOnes(void) {
    start(1000);
    STORE(&server.segment->orders.sample_every, 1);
    const CUfunction busy = fake_kernel("busy", 1000);
    for (int i = 0; i < 4 * GBPF_SEGMENT_FUNCTIONS; i++) {
        CHECK_EQUAL(cuLaunchKernel(kernel, (unsigned)i + 1, 1, 1, 32, 1, 1, 0, stream, NULL, NULL), CUDA_SUCCESS);
        for (int k = 0; k < 4; k++) launch(busy, stream);
    }
    CHECK_EQUAL(cuStreamSynchronize(stream), CUDA_SUCCESS);
    uint64_t most = 0;
    uint32_t samples = 0;
    for (int i = 0; i < GBPF_SEGMENT_FUNCTIONS; i++) {
        const struct gbpf_segment_function *function = &server.segment->functions[i];
        if (LOAD(&function->launches) <= most) continue;
        most = LOAD(&function->launches);
        samples = LOAD(&function->samples);
    }
    CHECK(most >= 4);
    CHECK(samples >= 100);
}

/* A launch whose function is not in one of its first two places goes the long way each time. */
static void durations_ofOneFunctionsShapes_areWhereTheyAreFoundFast(void) {
    enum { SHAPES = GBPF_SEGMENT_FUNCTIONS / 4 };
    start(1000);
    STORE(&server.segment->orders.sample_every, 1);
    for (unsigned i = 1; i <= SHAPES; i++)
        CHECK_EQUAL(cuLaunchKernel(kernel, i, 1, 1, 32, 1, 1, 0, stream, NULL, NULL), CUDA_SUCCESS);
    int fast = 0;
    for (int i = 0; i < GBPF_SEGMENT_FUNCTIONS; i++) {
        const uint64_t key = LOAD(&server.segment->functions[i].key);
        fast += key != 0 && gbpf_function_near(server.segment, key) != NULL;
    }
    CHECK(fast >= SHAPES * 9 / 10);
}

static void record_asked_writesWhatWasDone(void) {
    start(1000);
    STORE(&server.segment->orders.record, 1);
    CUdeviceptr memory;
    char host[64] = {0};
    CHECK_EQUAL(cuMemAlloc_v2(&memory, 64), CUDA_SUCCESS);
    CHECK_EQUAL(cuMemcpyHtoDAsync_v2(memory, host, 64, stream), CUDA_SUCCESS);
    CHECK_EQUAL(cuLaunchKernel(kernel, 3, 2, 1, 128, 1, 1, 0, stream, NULL, NULL), CUDA_SUCCESS);
    CHECK_EQUAL(cuStreamSynchronize(stream), CUDA_SUCCESS);
    CHECK_EQUAL(cuMemFree_v2(memory), CUDA_SUCCESS);
    const enum gbpf_event_kind kinds[] = {GBPF_EVENT_ALLOC, GBPF_EVENT_COPY_H2D, GBPF_EVENT_KERNEL, GBPF_EVENT_SYNC, GBPF_EVENT_FREE};
    CHECK_EQUAL(server.segment->next_event, 5);
    for (int i = 0; i < 5; i++) {
        CHECK_EQUAL(server.segment->events[i].ticket, i + 1);
        CHECK_EQUAL(server.segment->events[i].kind, kinds[i]);
    }
    CHECK_EQUAL(server.segment->events[1].bytes, 64);
    CHECK_EQUAL(server.segment->events[2].width, 6);
    CHECK_EQUAL(server.segment->events[2].threads, 128);
    /* The copy was the stream's first, the kernel its second, and for both the application waited; sizes are no launches. */
    const uint32_t numbers[] = {0, 1, 2, 2, 0};
    for (int i = 0; i < 5; i++) CHECK_EQUAL(server.segment->events[i].number, numbers[i]);
    CHECK(server.segment->events[3].call_ns > 0);
    CHECK_EQUAL(server.segment->events[3].duration_ns, server.segment->events[3].call_ns);
    CHECK_EQUAL(server.segment->events[2].held_ns, 0);
    for (int i = 0; i < 2 * GBPF_SEGMENT_EVENTS; i++) launch(kernel, stream);
    CHECK_EQUAL(server.segment->next_event, 5 + 2 * GBPF_SEGMENT_EVENTS);
}

static void record_ofACopyThatReturnsWhenItIsDone_saysThatTheApplicationWaited(void) {
    start(1000);
    STORE(&server.segment->orders.record, 1);
    CUdeviceptr memory;
    char host[64] = {0};
    CHECK_EQUAL(cuMemAlloc_v2(&memory, 64), CUDA_SUCCESS);
    CHECK_EQUAL(cuMemcpyHtoD_v2(memory, host, 64), CUDA_SUCCESS);
    CHECK_EQUAL(server.segment->next_event, 3);
    CHECK_EQUAL(server.segment->events[1].kind, GBPF_EVENT_COPY_H2D);
    CHECK_EQUAL(server.segment->events[2].kind, GBPF_EVENT_SYNC);
    CHECK_EQUAL(server.segment->events[2].stream, server.segment->events[1].stream);
    CHECK_EQUAL(server.segment->events[2].number, server.segment->events[1].number);
}

static void record_ofACallThatIsHeld_tellsTheHoldFromTheDriver(void) {
    start(1000);
    STORE(&server.segment->orders.record, 1);
    STORE(&server.segment->orders.mode, GBPF_MODE_POLICY);
    STORE(&server.segment->orders.hold_limit_ns, 20 * GBPF_MILLISECOND);
    launch(kernel, stream);
    const struct gbpf_segment_event *event = &server.segment->events[server.segment->next_event - 1];
    CHECK(event->held_ns >= 20 * GBPF_MILLISECOND);
    CHECK(event->call_ns < event->held_ns);
}

const struct test progress_tests[] = {
    {"completion_asked_isReportedWhenTheStreamGetsThere", completion_asked_isReportedWhenTheStreamGetsThere, NULL},
    {"completion_byEstimatedWork_isReportedForEachShare", completion_byEstimatedWork_isReportedForEachShare, NULL},
    {"completion_refused_isNotTriedAgain", completion_refused_isNotTriedAgain, NULL},
    {"completion_withoutSharedMemory_isRelayed", completion_withoutSharedMemory_isRelayed, NULL},
    {"completion_relayed_reachesTheDaemonWhileALaunchIsHeld", completion_relayed_reachesTheDaemonWhileALaunchIsHeld, NULL},
    {"completion_afterAnotherAttachment_isReportedThere", completion_afterAnotherAttachment_isReportedThere, NULL},
    {"waiting_forAnEvent_tellsWhatIsOver", waiting_forAnEvent_tellsWhatIsOver, NULL},
    {"durations_sampled_becomeTheCost", durations_sampled_becomeTheCost, NULL},
    {"durations_ofAContextThatGoes_areForgotten", durations_ofAContextThatGoes_areForgotten, NULL},
    {"durations_ofMoreFunctionsThanPlaces_followTheBusyOnes", durations_ofMoreFunctionsThanPlaces_followTheBusyOnes, NULL},
    {"durations_ofOneFunctionsShapes_areWhereTheyAreFoundFast", durations_ofOneFunctionsShapes_areWhereTheyAreFoundFast, NULL},
    {"record_asked_writesWhatWasDone", record_asked_writesWhatWasDone, NULL},
    {"record_ofACopyThatReturnsWhenItIsDone_saysThatTheApplicationWaited", record_ofACopyThatReturnsWhenItIsDone_saysThatTheApplicationWaited, NULL},
    {"record_ofACallThatIsHeld_tellsTheHoldFromTheDriver", record_ofACallThatIsHeld_tellsTheHoldFromTheDriver, NULL},
    {0},
};

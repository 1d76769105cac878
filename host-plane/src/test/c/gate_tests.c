/* Credits and holds. */
#include "tests.h"

static struct test_daemon server;
static CUstream stream;
static CUfunction kernel;

static void start(void) {
    daemon_listen(&server);
    start_cuda();
    daemon_welcome(&server, GBPF_WELCOME_OK);
    stream = new_stream();
    kernel = fake_kernel("kernel", 1000);
}

static void *launch_ten(void *nothing) {
    for (int i = 0; i < 10; i++) launch(kernel, stream);
    return nothing;
}

static void gate_withoutCredit_holdsUntilGranted(void) {
    start();
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, launch_ten, NULL) == 0);
    EVENTUALLY(daemon_place_held(&server) == 0);
    CHECK_EQUAL(fake_calls("cuLaunchKernel"), 0);
    CHECK_EQUAL(server.segment->streams[0].wanted_ns, 20000);
    CHECK(LOAD(&server.segment->streams[0].held_since_ns) != 0);
    CHECK(LOAD(&server.segment->report.bell) != 0);
    /* Enough for three launches of unknown length, and no more than that. */
    daemon_grant(&server, 0, 3 * 20000);
    EVENTUALLY(fake_calls("cuLaunchKernel") == 3 && daemon_place_held(&server) == 0);
    CHECK_EQUAL(daemon_launched_ns(&server, 0), 60000);
    /* And with any credit at all the next one passes, however long it is: nothing waits for a grant that never comes. */
    daemon_grant(&server, 0, 3 * 20000 + 1);
    EVENTUALLY(fake_calls("cuLaunchKernel") == 4 && daemon_place_held(&server) == 0);
    CHECK_EQUAL(daemon_launched_ns(&server, 0), 80000);
    daemon_grant(&server, 0, GBPF_UNLIMITED);
    pthread_join(thread, NULL);
    CHECK_EQUAL(fake_calls("cuLaunchKernel"), 10);
    CHECK_EQUAL(server.segment->report.held_too_long, 0);
    CHECK_EQUAL(server.segment->report.fail_open, 0);
    CHECK_EQUAL(server.segment->streams[0].wanted_ns, 0);
    CHECK_EQUAL(server.segment->streams[0].waiters, 0);
}

static uint32_t seen_in_the_driver;

static void look_from_the_driver(void) {
    const struct gbpf_segment_stream *place = &server.segment->streams[0];
    const uint64_t wanted = LOAD_ACQUIRE(&place->wanted_ns);
    const uint32_t passing = LOAD_ACQUIRE(&place->passing);
    if (wanted != 0 || passing != 0) seen_in_the_driver++;
}

/* A daemon that saw neither the call that is held nor its launch would take the stream for idle. */
static void gate_callThatWasHeld_isSeenUntilItIsLaunched(void) {
    start();
    pthread_t thread;
    fake_on_launch(look_from_the_driver);
    CHECK(pthread_create(&thread, NULL, launch_ten, NULL) == 0);
    for (uint32_t i = 1; i <= 10; i++) {
        EVENTUALLY(daemon_place_held(&server) == 0);
        daemon_grant(&server, 0, (i - 1) * 20000 + 1);
        EVENTUALLY(fake_calls("cuLaunchKernel") == i);
    }
    pthread_join(thread, NULL);
    CHECK_EQUAL(seen_in_the_driver, 10);
    CHECK_EQUAL(server.segment->streams[0].passing, 0);
    /* Also when it fails. */
    daemon_grant(&server, 0, 0);
    STORE(&server.segment->orders.hold_limit_ns, 20 * GBPF_MILLISECOND);
    fake_fail_next("cuLaunchKernel", 719);
    CHECK_EQUAL(cuLaunchKernel(kernel, 1, 1, 1, 1, 1, 1, 0, stream, NULL, NULL), 719);
    CHECK_EQUAL(seen_in_the_driver, 11);
    CHECK_EQUAL(server.segment->streams[0].passing, 0);
}

static void gate_leaseLapsed_opens(void) {
    start();
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, launch_ten, NULL) == 0);
    EVENTUALLY(daemon_place_held(&server) == 0);
    STORE(&server.segment->orders.lease_ns, 50 * GBPF_MILLISECOND);
    STORE(&server.beating, 0);
    pthread_join(thread, NULL);
    CHECK_EQUAL(fake_calls("cuLaunchKernel"), 10);
    CHECK_EQUAL(server.segment->report.held_too_long, 0);
    CHECK_EQUAL(server.segment->report.fail_open, 10);
}

static void gate_holdLimit_passesAndCounts(void) {
    start();
    STORE(&server.segment->orders.hold_limit_ns, 20 * GBPF_MILLISECOND);
    launch(kernel, stream);
    CHECK_EQUAL(fake_calls("cuLaunchKernel"), 1);
    CHECK_EQUAL(server.segment->report.held_too_long, 1);
    CHECK(server.segment->report.held_ns >= 20 * GBPF_MILLISECOND);
}

static void gate_failedCall_givesTheCreditBack(void) {
    start();
    STORE(&server.segment->orders.mode, GBPF_MODE_BYPASS);
    launch(kernel, stream);
    daemon_grant(&server, 0, GBPF_UNLIMITED);
    STORE(&server.segment->orders.mode, GBPF_MODE_POLICY);
    launch(kernel, stream);
    const uint64_t before = daemon_launched_ns(&server, 0);
    fake_fail_next("cuLaunchKernel", 719);
    CHECK_EQUAL(cuLaunchKernel(kernel, 1, 1, 1, 1, 1, 1, 0, stream, NULL, NULL), 719);
    CHECK_EQUAL(daemon_launched_ns(&server, 0), before);
    CHECK_EQUAL(daemon_launched(&server, 0), 2);
}

static void gate_newEpoch_letsGoOfAll(void) {
    start();
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, launch_ten, NULL) == 0);
    for (uint64_t epoch = 1; epoch <= 10; epoch++) {
        EVENTUALLY(daemon_place_held(&server) == 0);
        CHECK_EQUAL(fake_calls("cuLaunchKernel"), epoch - 1);
        STORE(&server.segment->orders.hold_epoch, epoch);
        EVENTUALLY(fake_calls("cuLaunchKernel") == epoch);
    }
    pthread_join(thread, NULL);
    CHECK_EQUAL(server.segment->report.fail_open, 0);
}

static void gate_bypass_letsGo(void) {
    start();
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, launch_ten, NULL) == 0);
    EVENTUALLY(daemon_place_held(&server) == 0);
    STORE(&server.segment->orders.mode, GBPF_MODE_BYPASS);
    pthread_join(thread, NULL);
    CHECK_EQUAL(fake_calls("cuLaunchKernel"), 10);
}

enum { ORDERED_STREAMS = 4, ORDERED_LAUNCHES = 300 };
static CUstream ordered[ORDERED_STREAMS];
static CUfunction steps[ORDERED_LAUNCHES];

static void *launch_in_order(void *number) {
    for (int i = 0; i < ORDERED_LAUNCHES; i++) launch(steps[i], ordered[(intptr_t)number]);
    return NULL;
}

static void gate_underChangingGrants_keepsTheOrderOfEachStream(void) {
    start();
    pthread_t threads[ORDERED_STREAMS];
    for (int i = 0; i < ORDERED_LAUNCHES; i++) steps[i] = fake_kernel("step", 10);
    for (int i = 0; i < ORDERED_STREAMS; i++) ordered[i] = new_stream();
    STORE(&server.segment->orders.track_every, 3);
    for (intptr_t i = 0; i < ORDERED_STREAMS; i++) CHECK(pthread_create(&threads[i], NULL, launch_in_order, (void *)i) == 0);
    uint64_t granted = 0;
    while (fake_calls("cuLaunchKernel") < ORDERED_STREAMS * ORDERED_LAUNCHES) {
        granted += 7 * 20000 + 13;
        for (uint32_t i = 0; i < GBPF_SEGMENT_STREAMS; i++)
            if (LOAD(&server.segment->streams[i].owner) != 0) daemon_grant(&server, i, granted % 5 == 0 ? granted / 2 : granted);
    }
    for (int i = 0; i < ORDERED_STREAMS; i++) pthread_join(threads[i], NULL);
    for (int s = 0; s < ORDERED_STREAMS; s++) {
        int next = 0;
        for (uint32_t i = 0; i < fake_calls(NULL); i++) {
            const struct fake_call call = fake_call_at(i);
            if (call.stream != ordered[s] || strcmp(call.name, "cuLaunchKernel") != 0) continue;
            CHECK_EQUAL(call.value, (uintptr_t)steps[next++]);
        }
        CHECK_EQUAL(next, ORDERED_LAUNCHES);
    }
    CHECK_EQUAL(server.segment->report.held_too_long, 0);
}

static void gate_collective_isNotHeld(void) {
    start();
    launch(fake_kernel("ncclDevKernel_AllReduce_Sum_f16_RING_LL", 1000), stream);
    launch(kernel, stream);
    launch(fake_kernel("ncclKernel_SendRecv", FAKE_LIBRARY_KERNEL_NS), new_stream());
    CHECK_EQUAL(server.segment->report.held, 0);
    CHECK_EQUAL(server.segment->report.collectives, 3);
    CHECK((server.segment->streams[0].flags & GBPF_STREAM_COLLECTIVE) != 0);
}

/* As NCCL's own are: C++ names, of which the driver gives the mangled form. */
static void gate_collectiveWithAMangledName_isNotHeld(void) {
    start();
    launch(fake_kernel("_Z39ncclDevKernel_AllReduce_Sum_f32_RING_LL24ncclDevKernelArgsStorageILm4096EE", 1000), stream);
    launch(fake_kernel("_Z19ncclKernel_SendRecvP14ncclDevCommm", FAKE_LIBRARY_KERNEL_NS), new_stream());
    CHECK_EQUAL(server.segment->report.held, 0);
    CHECK_EQUAL(server.segment->report.collectives, 2);
}

static void gate_kernelWhoseNameHasACollectiveInIt_isHeld(void) {
    start();
    launch(fake_kernel("_Z20my_ncclDevKernel_copyPf", 1000), stream);
    CHECK_EQUAL(server.segment->report.collectives, 0);
}

/* What is known of a function goes with its place when that goes to another one. Each launch here is on a stream that had no collective operation yet. */
static void gate_collectiveAmongMoreFunctionsThanPlaces_isSeen(void) {
    start();
    STORE(&server.segment->orders.hold_limit_ns, 0);
    const CUfunction collective = fake_kernel("ncclDevKernel_AllReduce_Sum_f16_RING_LL", 1000);
    uint64_t launched = 0;
    for (int i = 0; i < 8 * GBPF_SEGMENT_FUNCTIONS; i++) {
        CHECK_EQUAL(cuLaunchKernel(kernel, (unsigned)i + 1, 1, 1, 32, 1, 1, 0, stream, NULL, NULL), CUDA_SUCCESS);
        /* Seldom, so that it has lost its place meanwhile; the second finds it in that of another. */
        for (int k = 0; k < 2 && i % GBPF_SEGMENT_FUNCTIONS == 0; k++) {
            const CUstream other = new_stream();
            launch(kernel, other);
            daemon_grant(&server, 1, GBPF_UNLIMITED);
            launch(collective, other);
            CHECK_EQUAL(cuStreamDestroy_v2(other), CUDA_SUCCESS);
            CHECK_EQUAL(server.segment->report.collectives, ++launched);
        }
    }
}

static void gate_newOwnerOfAPlace_hasNoCreditOfTheOldOne(void) {
    start();
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, launch_ten, NULL) == 0);
    EVENTUALLY(daemon_place_held(&server) == 0);
    daemon_grant(&server, 0, GBPF_UNLIMITED);
    pthread_join(thread, NULL);
    const uint32_t owner = server.segment->streams[0].owner;
    CHECK_EQUAL(cuStreamDestroy_v2(stream), CUDA_SUCCESS);
    CHECK_EQUAL(server.segment->streams[0].owner, 0);
    stream = new_stream();
    CHECK(pthread_create(&thread, NULL, launch_ten, NULL) == 0);
    EVENTUALLY(daemon_place_held(&server) == 0);
    CHECK_EQUAL(server.segment->streams[0].owner, owner + 1);
    CHECK_EQUAL(daemon_launched(&server, 0), 0);
    daemon_grant(&server, 0, GBPF_UNLIMITED);
    pthread_join(thread, NULL);
}

static void gate_moreStreamsThanPlaces_shareTheLast(void) {
    start();
    STORE(&server.segment->orders.mode, GBPF_MODE_BYPASS);
    for (int i = 0; i < GBPF_SEGMENT_STREAMS + 10; i++) launch(kernel, new_stream());
    CHECK_EQUAL(daemon_launched(&server, GBPF_SEGMENT_STREAMS - 1), 11);
    CHECK((server.segment->streams[GBPF_SEGMENT_STREAMS - 1].flags & GBPF_STREAM_OTHERS) != 0);
}

static void gate_nonsenseFromTheDaemon_isBounded(void) {
    start();
    struct gbpf_segment_orders *orders = &server.segment->orders;
    /* A lease without end, and a heart that beats in a far future. */
    STORE(&server.beating, 0);
    sleep_ms(5);
    STORE(&orders->lease_ns, UINT64_MAX);
    STORE(&orders->heartbeat_ns, UINT64_MAX);
    launch(kernel, stream);
    CHECK_EQUAL(server.segment->report.held, 0);
    STORE(&orders->heartbeat_ns, 0);
    launch(kernel, stream);
    CHECK_EQUAL(server.segment->report.held, 0);
    /* A hold without end: two seconds. */
    STORE(&server.beating, 1);
    STORE(&orders->hold_limit_ns, UINT64_MAX);
    EVENTUALLY(gbpf_now_ns() - LOAD(&orders->heartbeat_ns) < GBPF_SECOND);
    launch(kernel, stream);
    CHECK_EQUAL(server.segment->report.held_too_long, 1);
    STORE(&orders->timeslice_us, UINT32_MAX);
    daemon_order(&server);
    CHECK_EQUAL(fake_rm_timeslice(0), 10000000);
    STORE(&orders->stream_priority, INT32_MIN);
    CHECK_EQUAL(cuStreamCreate(&stream, 0), CUDA_SUCCESS);
    CHECK_EQUAL(fake_last_priority, 0);
}

static uint32_t scribbling;

/* Writes anything anywhere but where the process says who it is. */
static void *scribble(void *nothing) {
    uint64_t state = 42;
    uint64_t *words = (uint64_t *)&server.segment->orders;
    const uint64_t count = (sizeof *server.segment - offsetof(struct gbpf_segment, orders)) / sizeof *words;
    while (LOAD(&scribbling) != 0) {
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        /* Half of the time at the orders and the streams, which are few of all words. */
        const uint64_t at = (state & 1) != 0 ? state / 2 % 700 : state / 2 % count;
        STORE(&words[at], (state & 6) != 0 ? state * 0x9E3779B97F4A7C15ull : (state & 8) != 0 ? gbpf_now_ns() : UINT64_MAX);
        if (state % 64 == 0) nanosleep(&(struct timespec){.tv_nsec = 1000}, NULL);
    }
    return nothing;
}

static void segment_scribbledOver_harmsNobody(void) {
    start();
    pthread_t thread;
    char host[1000] = {0};
    CUdeviceptr device;
    CHECK_EQUAL(cuMemAlloc_v2(&device, sizeof host), CUDA_SUCCESS);
    STORE(&scribbling, 1);
    CHECK(pthread_create(&thread, NULL, scribble, NULL) == 0);
    const uint64_t began = gbpf_now_ns();
    uint32_t launches = 0;
    for (int i = 0; launches < 3000 && gbpf_now_ns() - began < GBPF_SECOND; i++) {
        CUdeviceptr memory;
        CUstream other;
        launch(kernel, stream);
        launches++;
        CHECK_EQUAL(cuMemcpyHtoDAsync_v2(device, host, sizeof host, stream), CUDA_SUCCESS);
        CHECK_EQUAL(cuStreamCreate(&other, 1), CUDA_SUCCESS);
        launch(kernel, other);
        launches++;
        CHECK_EQUAL(cuStreamSynchronize(other), CUDA_SUCCESS);
        CHECK_EQUAL(cuStreamDestroy_v2(other), CUDA_SUCCESS);
        const CUresult result = cuMemAlloc_v2(&memory, 100);
        CHECK(result == CUDA_SUCCESS || result == CUDA_ERROR_OUT_OF_MEMORY);
        if (result == CUDA_SUCCESS) CHECK_EQUAL(cuMemFree_v2(memory), CUDA_SUCCESS);
    }
    STORE(&scribbling, 0);
    pthread_join(thread, NULL);
    CHECK_EQUAL(fake_calls("cuLaunchKernel"), launches);
    CHECK(launches > 0);
}

static void priority_ordered_isAddedAndCut(void) {
    start();
    STORE(&server.segment->orders.stream_priority, -3);
    CHECK_EQUAL(cuStreamCreate(&stream, 0), CUDA_SUCCESS);
    CHECK_EQUAL(fake_last_priority, -3);
    CHECK_EQUAL(cuStreamCreateWithPriority(&stream, 0, -4), CUDA_SUCCESS);
    CHECK_EQUAL(fake_last_priority, -5);
}

const struct test gate_tests[] = {
    {"gate_withoutCredit_holdsUntilGranted", gate_withoutCredit_holdsUntilGranted, NULL},
    {"gate_callThatWasHeld_isSeenUntilItIsLaunched", gate_callThatWasHeld_isSeenUntilItIsLaunched, NULL},
    {"gate_leaseLapsed_opens", gate_leaseLapsed_opens, NULL},
    {"gate_holdLimit_passesAndCounts", gate_holdLimit_passesAndCounts, NULL},
    {"gate_failedCall_givesTheCreditBack", gate_failedCall_givesTheCreditBack, NULL},
    {"gate_newEpoch_letsGoOfAll", gate_newEpoch_letsGoOfAll, NULL},
    {"gate_bypass_letsGo", gate_bypass_letsGo, NULL},
    {"gate_underChangingGrants_keepsTheOrderOfEachStream", gate_underChangingGrants_keepsTheOrderOfEachStream, NULL},
    {"gate_collective_isNotHeld", gate_collective_isNotHeld, NULL},
    {"gate_collectiveWithAMangledName_isNotHeld", gate_collectiveWithAMangledName_isNotHeld, NULL},
    {"gate_collectiveAmongMoreFunctionsThanPlaces_isSeen", gate_collectiveAmongMoreFunctionsThanPlaces_isSeen, NULL},
    {"gate_kernelWhoseNameHasACollectiveInIt_isHeld", gate_kernelWhoseNameHasACollectiveInIt_isHeld, NULL},
    {"gate_newOwnerOfAPlace_hasNoCreditOfTheOldOne", gate_newOwnerOfAPlace_hasNoCreditOfTheOldOne, NULL},
    {"gate_moreStreamsThanPlaces_shareTheLast", gate_moreStreamsThanPlaces_shareTheLast, NULL},
    {"gate_nonsenseFromTheDaemon_isBounded", gate_nonsenseFromTheDaemon_isBounded, NULL},
    {"segment_scribbledOver_harmsNobody", segment_scribbledOver_harmsNobody, NULL},
    {"priority_ordered_isAddedAndCut", priority_ordered_isAddedAndCut, NULL},
    {0},
};

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
    /* Enough for three launches of unknown length. */
    daemon_grant(&server, 0, 3 * 20000 + 5);
    EVENTUALLY(fake_calls("cuLaunchKernel") == 3 && daemon_place_held(&server) == 0);
    CHECK_EQUAL(server.segment->streams[0].launched_ns, 60000);
    daemon_grant(&server, 0, GBPF_UNLIMITED);
    pthread_join(thread, NULL);
    CHECK_EQUAL(fake_calls("cuLaunchKernel"), 10);
    CHECK_EQUAL(server.segment->report.held_too_long, 0);
    CHECK_EQUAL(server.segment->report.fail_open, 0);
    CHECK_EQUAL(server.segment->streams[0].wanted_ns, 0);
    CHECK_EQUAL(server.segment->streams[0].waiters, 0);
}

static void gate_leaseLapsed_opens(void) {
    start();
    STORE(&server.segment->orders.hold_limit_ns, 2 * GBPF_SECOND);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, launch_ten, NULL) == 0);
    EVENTUALLY(daemon_place_held(&server) == 0);
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

const struct test gate_tests[] = {
    {"gate_withoutCredit_holdsUntilGranted", gate_withoutCredit_holdsUntilGranted, NULL},
    {"gate_leaseLapsed_opens", gate_leaseLapsed_opens, NULL},
    {"gate_holdLimit_passesAndCounts", gate_holdLimit_passesAndCounts, NULL},
    {0},
};

/* Attaching, the lease, timeslices. */
#include "tests.h"

static struct test_daemon server;

static void attach_withDaemon_countsInItsSegment(void) {
    daemon_listen(&server);
    start_cuda();
    daemon_welcome(&server, GBPF_WELCOME_OK);
    STORE(&server.segment->orders.mode, GBPF_MODE_BYPASS);
    const CUfunction kernel = fake_kernel("kernel", 1000);
    const CUstream stream = new_stream();
    for (int i = 0; i < 10; i++) launch(kernel, stream);
    CHECK_EQUAL(daemon_kernels(&server), 10);
    CHECK_EQUAL(daemon_launched(&server, 0), 10);
    CHECK_EQUAL(server.segment->streams[0].synchronized, 0);
    CHECK_EQUAL(cuStreamSynchronize(stream), CUDA_SUCCESS);
    CHECK_EQUAL(server.segment->streams[0].synchronized, 10);
    CHECK_EQUAL(fake_calls("cuLaunchKernel"), 10);
    CHECK(strcmp(server.hello.tenant, "tests") == 0);
    CHECK_EQUAL(server.segment->head.pid, getpid());
}

static void attach_refused_passesAndTriesAgain(void) {
    daemon_listen(&server);
    start_cuda();
    daemon_welcome(&server, GBPF_WELCOME_TENANT);
    STORE(&server.stop, 1);
    pthread_join(server.heart, NULL);
    launch(fake_kernel("kernel", 1000), new_stream());
    CHECK_EQUAL(daemon_kernels(&server), 0);
    STORE(&server.stop, 0);
    daemon_welcome(&server, GBPF_WELCOME_OK);
    CHECK_EQUAL(server.segment->report.attachments, 1);
}

static void timeslice_ordered_isSetAndRestored(void) {
    daemon_listen(&server);
    start_cuda();
    daemon_welcome(&server, GBPF_WELCOME_OK);
    EVENTUALLY(LOAD(&server.segment->report.channel_groups) == 2);
    STORE(&server.segment->orders.timeslice_us, 5);
    daemon_order(&server);
    CHECK_EQUAL(fake_rm_timeslice(0), 5);
    CHECK_EQUAL(fake_rm_timeslice(1), 5);
    CHECK_EQUAL(server.segment->report.timeslice_us, 5);
    CHECK_EQUAL(server.segment->report.levers[GBPF_LEVER_TIMESLICE], GBPF_LEVER_WORKS);
    /* A group that comes later, and the driver's own settings. */
    CUcontext context;
    CHECK_EQUAL(cuCtxCreate_v4(&context, NULL, 0, 0), CUDA_SUCCESS);
    EVENTUALLY(fake_rm_timeslice(2) == 5 && fake_rm_timeslice(3) == 5);
    fake_rm_set_timeslice(0, FAKE_RM_DEFAULT_US);
    EVENTUALLY(fake_rm_timeslice(0) == 5);
    CHECK_EQUAL(cuCtxDestroy_v2(context), CUDA_SUCCESS);
    EVENTUALLY(LOAD(&server.segment->report.channel_groups) == 2);
    STORE(&server.segment->orders.timeslice_us, 0);
    daemon_order(&server);
    CHECK_EQUAL(fake_rm_timeslice(0), FAKE_RM_DEFAULT_US);
    CHECK_EQUAL(fake_rm_timeslice(1), FAKE_RM_DEFAULT_US);
    CHECK_EQUAL(server.segment->report.timeslice_errors, 0);
}

static void lease_lapsed_restoresTimeslices(void) {
    daemon_listen(&server);
    start_cuda();
    daemon_welcome(&server, GBPF_WELCOME_OK);
    STORE(&server.segment->orders.timeslice_us, 1);
    daemon_order(&server);
    CHECK_EQUAL(fake_rm_timeslice(0), 1);
    STORE(&server.segment->orders.lease_ns, 50 * GBPF_MILLISECOND);
    STORE(&server.beating, 0);
    EVENTUALLY(fake_rm_timeslice(0) == FAKE_RM_DEFAULT_US && fake_rm_timeslice(1) == FAKE_RM_DEFAULT_US);
    const uint64_t lapsed = gbpf_now_ns() - LOAD(&server.segment->orders.heartbeat_ns);
    CHECK(lapsed < 5 * GBPF_SECOND);
    /* A daemon that goes on is obeyed again. */
    STORE(&server.beating, 1);
    EVENTUALLY(fake_rm_timeslice(0) == 1);
}

static void daemon_killed_restoresAndAttachesToTheNext(void) {
    daemon_listen(&server);
    start_cuda();
    daemon_welcome(&server, GBPF_WELCOME_OK);
    STORE(&server.segment->orders.timeslice_us, 1);
    daemon_order(&server);
    const CUstream stream = new_stream();
    const CUfunction kernel = fake_kernel("kernel", 1000);
    daemon_kill(&server);
    EVENTUALLY(fake_rm_timeslice(0) == FAKE_RM_DEFAULT_US);
    launch(kernel, stream);
    static struct test_daemon next;
    daemon_listen(&next);
    daemon_welcome(&next, GBPF_WELCOME_OK);
    CHECK_EQUAL(next.hello.attachment, 1);
    STORE(&next.segment->orders.timeslice_us, 7);
    daemon_order(&next);
    CHECK_EQUAL(fake_rm_timeslice(0), 7);
    daemon_grant(&next, 0, GBPF_UNLIMITED);
    launch(kernel, stream);
    CHECK_EQUAL(daemon_launched(&next, 0), 1);
    CHECK_EQUAL(fake_calls("cuLaunchKernel"), 2);
}

static void timeslice_refused_isReported(void) {
    fake_rm_refuse(true);
    daemon_listen(&server);
    start_cuda();
    daemon_welcome(&server, GBPF_WELCOME_OK);
    STORE(&server.segment->orders.timeslice_us, 5);
    daemon_order(&server);
    CHECK_EQUAL(server.segment->report.levers[GBPF_LEVER_TIMESLICE], GBPF_LEVER_REFUSED);
    CHECK(server.segment->report.timeslice_errors > 0);
    CHECK_EQUAL(server.segment->report.timeslice_us, 0);
}

static void timeslice_byEnvironment_isSetWithoutDaemon(void) {
    start_cuda();
    EVENTUALLY(fake_rm_timeslice(0) == 9 && fake_rm_timeslice(1) == 9);
}

const struct test attach_tests[] = {
    {"attach_withDaemon_countsInItsSegment", attach_withDaemon_countsInItsSegment, NULL},
    {"attach_refused_passesAndTriesAgain", attach_refused_passesAndTriesAgain, NULL},
    {"timeslice_ordered_isSetAndRestored", timeslice_ordered_isSetAndRestored, NULL},
    {"lease_lapsed_restoresTimeslices", lease_lapsed_restoresTimeslices, NULL},
    {"daemon_killed_restoresAndAttachesToTheNext", daemon_killed_restoresAndAttachesToTheNext, NULL},
    {"timeslice_refused_isReported", timeslice_refused_isReported, NULL},
    {"timeslice_byEnvironment_isSetWithoutDaemon", timeslice_byEnvironment_isSetWithoutDaemon, "GBPF_TIMESLICE_US=9"},
    {0},
};

/* Staying on the device between launches. */
#include "tests.h"

static struct test_daemon server;
static CUstream stream;
static CUfunction kernel;

static void start(uint32_t stay_us) {
    daemon_listen(&server);
    start_cuda();
    daemon_welcome(&server, GBPF_WELCOME_OK);
    STORE(&server.segment->orders.stay_us, stay_us);
    stream = new_stream();
    kernel = fake_kernel("kernel", 1000);
    launch(kernel, stream);
    daemon_grant(&server, 0, GBPF_UNLIMITED);
    launch(kernel, stream);
}

static void stay_ordered_keepsTheDeviceUntilItHasWaitedLongEnough(void) {
    start(2000);
    EVENTUALLY(fake_stays_now() == 1);
    const uint32_t before = fake_stays();
    CHECK_EQUAL(server.segment->report.levers[GBPF_LEVER_STAY], GBPF_LEVER_WORKS);
    CHECK_EQUAL(cuStreamSynchronize(stream), CUDA_SUCCESS);
    EVENTUALLY(fake_stays_now() == 0);
    CHECK_EQUAL(fake_stays(), before);
    launch(kernel, stream);
    CHECK_EQUAL(fake_stays(), before + 1);
}

static void stay_notOrdered_launchesNothing(void) {
    start(0);
    CHECK_EQUAL(cuStreamSynchronize(stream), CUDA_SUCCESS);
    CHECK_EQUAL(fake_stays(), 0);
    CHECK_EQUAL(fake_calls("cuModuleLoadData"), 0);
}

/* The application makes the driver wait for everything, which must not wait for the library's kernel. */
static void stay_beforeAWaitForAll_leavesAndReturns(void) {
    start(5000);
    const uint32_t before = fake_stays();
    const uint64_t began = gbpf_now_ns();
    CHECK_EQUAL(cuCtxSynchronize(), CUDA_SUCCESS);
    CHECK(gbpf_now_ns() - began < GBPF_SECOND);
    /* Who was still there when it came back stays; else another does, until it has waited long enough. */
    CHECK(fake_stays() <= before + 1);
    EVENTUALLY(fake_stays_now() == 0);
    launch(kernel, stream);
    CHECK(fake_stays() > before);
}

static void stay_refused_isReportedAndLeftAlone(void) {
    fake_fail_next("cuModuleLoadData", CUDA_ERROR_OUT_OF_MEMORY);
    start(2000);
    CHECK_EQUAL(fake_stays(), 0);
    CHECK_EQUAL(server.segment->report.levers[GBPF_LEVER_STAY], GBPF_LEVER_REFUSED);
    launch(kernel, stream);
    CHECK_EQUAL(fake_calls("cuModuleLoadData"), 0); /* it would have succeeded */
}

static void stay_inBypass_isNotBegun(void) {
    start(0);
    STORE(&server.segment->orders.mode, GBPF_MODE_BYPASS);
    STORE(&server.segment->orders.stay_us, 2000);
    launch(kernel, stream);
    CHECK_EQUAL(fake_stays(), 0);
}

const struct test stay_tests[] = {
    {"stay_ordered_keepsTheDeviceUntilItHasWaitedLongEnough", stay_ordered_keepsTheDeviceUntilItHasWaitedLongEnough, NULL},
    {"stay_notOrdered_launchesNothing", stay_notOrdered_launchesNothing, NULL},
    {"stay_beforeAWaitForAll_leavesAndReturns", stay_beforeAWaitForAll_leavesAndReturns, NULL},
    {"stay_refused_isReportedAndLeftAlone", stay_refused_isReportedAndLeftAlone, NULL},
    {"stay_inBypass_isNotBegun", stay_inBypass_isNotBegun, NULL},
    {0},
};

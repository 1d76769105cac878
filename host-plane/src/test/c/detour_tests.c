/* Detours: work that has no room, or no place, in the partition of its stream. */
#include "tests.h"

static struct test_daemon server;

static const struct gbpf_segment_report *report(void) { return &server.segment->report; }

static void start(uint32_t ordered) { start_in_partition(&server, ordered); }

static CUresult launch_whole(CUfunction kernel, unsigned blocks, CUstream stream) {
    return cuLaunchCooperativeKernel(kernel, blocks, 1, 1, 1024, 1, 1, 0, stream, NULL);
}

/* The last call of this name. */
static struct fake_call last_call(const char *name) {
    struct fake_call last = {0};
    const uint32_t count = fake_calls(NULL);
    for (uint32_t i = 0; i < count; i++) {
        const struct fake_call call = fake_call_at(i);
        if (strcmp(call.name, name) == 0) last = call;
    }
    return last;
}

static void grid_tooLargeForAPartition_goesByAPlainStream_inOrder(void) {
    start(partition(0, 64));
    const CUfunction kernel = fake_kernel("kernel", 20 * GBPF_MILLISECOND);
    const CUstream stream = stream_of(CU_STREAM_NON_BLOCKING, -2);
    launch(kernel, stream);
    CHECK_EQUAL(launch_whole(kernel, 128, stream), CUDA_SUCCESS);
    CHECK(last_call("cuLaunchCooperativeKernel").stream == stream);
    CHECK_EQUAL(report()->detours, 0);
    const uint64_t began = gbpf_now_ns();
    CHECK_EQUAL(launch_whole(kernel, 264, stream), CUDA_SUCCESS);
    CHECK(last_call("cuLaunchCooperativeKernel").stream != stream);
    CHECK_EQUAL(fake_last_priority, -2);
    CHECK_EQUAL(report()->detours, 1);
    CHECK_EQUAL(daemon_launched(&server, 0), 3);
    CHECK_EQUAL(fake_calls("cuStreamDestroy_v2"), 1);
    CHECK_EQUAL(fake_calls("cuEventDestroy_v2"), 2);
    launch(kernel, stream);
    CHECK_EQUAL(cuStreamSynchronize(stream), CUDA_SUCCESS);
    /* Itself and the one after it, one after the other. */
    CHECK(gbpf_now_ns() - began >= 40 * GBPF_MILLISECOND);
}

static void grid_tooLargeForTheDevice_isTheDriversError(void) {
    start(partition(0, 64));
    const CUfunction kernel = fake_kernel("kernel", 1000);
    const CUstream stream = new_stream();
    CHECK_EQUAL(launch_whole(kernel, 265, stream), CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE);
    CHECK_EQUAL(launch_whole(kernel, 265, stream_of(0, 0)), CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE);
    CHECK_EQUAL(launch_whole(kernel, 265, NULL), CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE);
    CHECK_EQUAL(daemon_launched(&server, 0), 0);
    fake_fail_next("cuEventCreate", CUDA_ERROR_OUT_OF_MEMORY);
    CHECK_EQUAL(launch_whole(kernel, 200, stream), CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE);
    CHECK_EQUAL(launch_whole(kernel, 200, stream), CUDA_SUCCESS);
}

/* The driver captures what has no room, and the graph never ends. */
static void grid_tooLargeForAPartition_inACapture_goesByAPlainStream(void) {
    start(partition(0, 64));
    const CUfunction kernel = fake_kernel("kernel", 1000);
    const CUstream stream = new_stream();
    CUgraph graph = NULL;
    CUgraphExec exec = NULL;
    CHECK_EQUAL(cuStreamBeginCapture_v2(stream, 0), CUDA_SUCCESS);
    launch(kernel, stream);
    CHECK_EQUAL(launch_whole(kernel, 264, stream), CUDA_SUCCESS);
    CHECK(last_call("cuLaunchCooperativeKernel").stream != stream);
    CHECK_EQUAL(launch_whole(kernel, 100, stream), CUDA_SUCCESS);
    CHECK(last_call("cuLaunchCooperativeKernel").stream == stream);
    CUlaunchAttribute whole = {.id = CU_LAUNCH_ATTRIBUTE_COOPERATIVE, .value.cooperative = 1};
    const CUlaunchConfig config = {200, 1, 1, 1024, 1, 1, 0, stream, &whole, 1};
    CHECK_EQUAL(cuLaunchKernelEx(&config, kernel, NULL, NULL), CUDA_SUCCESS);
    CHECK(last_call("cuLaunchKernelEx").stream != stream);
    CHECK(config.hStream == stream);
    CHECK_EQUAL(cuStreamEndCapture(stream, &graph), CUDA_SUCCESS);
    CHECK_EQUAL(fake_broken_captures(), 0);
    CHECK_EQUAL(report()->detours, 2);
    CHECK_EQUAL(report()->captured, 4);
    CHECK_EQUAL(fake_calls("cuStreamDestroy_v2"), 0);
    CHECK_EQUAL(cuGraphInstantiateWithFlags(&exec, graph, 0), CUDA_SUCCESS);
    CHECK_EQUAL(cuGraphLaunch(exec, stream), CUDA_SUCCESS);
    CHECK_EQUAL(cuStreamSynchronize(stream), CUDA_SUCCESS);
    /* What was kept for the capture goes with the next one. */
    CHECK_EQUAL(launch_whole(kernel, 264, stream), CUDA_SUCCESS);
    CHECK_EQUAL(fake_calls("cuStreamDestroy_v2"), 2);
    CHECK_EQUAL(fake_calls("cuEventDestroy_v2"), 4);
}

static void clusters_tooLargeForAPartition_goByAPlainStream(void) {
    start(partition(0, 64));
    const CUfunction kernel = fake_kernel("kernel", 1000);
    const CUstream stream = new_stream();
    CUlaunchAttribute clusters = {.id = 4, .value.bytes = {8}};
    const CUlaunchConfig config = {128, 1, 1, 128, 1, 1, 0, stream, &clusters, 1};
    CHECK_EQUAL(cuLaunchKernelEx(&config, kernel, NULL, NULL), CUDA_SUCCESS);
    CHECK(last_call("cuLaunchKernelEx").stream == stream);
    clusters.value.bytes[0] = 16;
    CHECK_EQUAL(cuLaunchKernelEx(&config, kernel, NULL, NULL), CUDA_SUCCESS);
    CHECK(last_call("cuLaunchKernelEx").stream != stream);
    CHECK(config.hStream == stream);
    CHECK_EQUAL(report()->detours, 1);
    CHECK_EQUAL(daemon_launched(&server, 0), 2);
}

/* The driver makes no instance of a condition whose body is in a green context. */
static void body_ofACondition_isInNoPartition(void) {
    start(partition(0, 64));
    const CUfunction kernel = fake_kernel("kernel", 1000);
    const CUstream stream = new_stream();
    CUgraph body = fake_body();
    CUgraphExec exec = NULL;
    CHECK_EQUAL(cuStreamBeginCaptureToGraph(stream, body, NULL, NULL, 0, 0), CUDA_SUCCESS);
    launch(kernel, stream);
    for (int i = 0; i < 3; i++) {
        CHECK_EQUAL(cuMemsetD8Async(0x1000, 0, 8, stream), CUDA_SUCCESS);
        CHECK(last_call("cuMemsetD8Async").stream != stream);
        CHECK_EQUAL(cuMemcpyDtoDAsync_v2(0x1000, 0x2000, 8, stream), CUDA_SUCCESS);
        CHECK(last_call("cuMemcpyDtoDAsync_v2").stream != stream);
    }
    /* One plain stream for all. */
    CHECK_EQUAL(fake_calls("cuStreamCreateWithPriority"), 1);
    launch(kernel, stream);
    CHECK(last_call("cuLaunchKernel").stream == stream);
    CHECK_EQUAL(cuStreamEndCapture(stream, &body), CUDA_SUCCESS);
    CHECK_EQUAL(report()->detours, 0);
    CHECK_EQUAL(cuGraphInstantiateWithFlags(&exec, body, 0), CUDA_SUCCESS);
    CHECK_EQUAL(report()->captures, 0);
    CHECK_EQUAL(cuMemsetD8Async(0x1000, 0, 8, stream), CUDA_SUCCESS);
    CHECK(last_call("cuMemsetD8Async").stream == stream);
}

/* Other graphs' copies stay where the application put them. */
static void copy_thatIsCaptured_makesNoDetour(void) {
    start(partition(0, 64));
    const CUstream stream = new_stream();
    CUgraph graph = NULL;
    CHECK_EQUAL(cuStreamBeginCapture_v2(stream, 0), CUDA_SUCCESS);
    CHECK_EQUAL(cuMemsetD8Async(0x1000, 0, 8, stream), CUDA_SUCCESS);
    CHECK(last_call("cuMemsetD8Async").stream == stream);
    CHECK_EQUAL(cuStreamEndCapture(stream, &graph), CUDA_SUCCESS);
}

#define TEST(name) {#name, name, NULL}
const struct test detour_tests[] = {
    TEST(grid_tooLargeForAPartition_goesByAPlainStream_inOrder),
    TEST(grid_tooLargeForTheDevice_isTheDriversError),
    TEST(grid_tooLargeForAPartition_inACapture_goesByAPlainStream),
    TEST(clusters_tooLargeForAPartition_goByAPlainStream),
    TEST(body_ofACondition_isInNoPartition),
    TEST(copy_thatIsCaptured_makesNoDetour),
    {0},
};

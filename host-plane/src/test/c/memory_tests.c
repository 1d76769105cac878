/* The books of memory, the quota, and copies. */
#include "tests.h"

#define MIB (1024ull * 1024)

static struct test_daemon server;
static CUstream stream;

static void start(void) {
    daemon_listen(&server);
    start_cuda();
    daemon_welcome(&server, GBPF_WELCOME_OK);
    stream = new_stream();
}

static uint64_t counted(void) { return LOAD(&server.segment->report.memory_bytes[0]); }

static void memory_allocatedAndFreed_isCounted(void) {
    start();
    CUdeviceptr a;
    CUdeviceptr b;
    CHECK_EQUAL(cuMemAlloc_v2(&a, 3 * MIB), CUDA_SUCCESS);
    CHECK_EQUAL(cuMemAllocAsync(&b, 5 * MIB, stream), CUDA_SUCCESS);
    CHECK_EQUAL(counted(), 8 * MIB);
    CHECK_EQUAL(cuMemFree_v2(a), CUDA_SUCCESS);
    CHECK_EQUAL(counted(), 5 * MIB);
    CHECK_EQUAL(cuMemFreeAsync(b, stream), CUDA_SUCCESS);
    CHECK_EQUAL(counted(), 0);
    fake_fail_next("cuMemAlloc_v2", 2);
    CHECK_EQUAL(cuMemAlloc_v2(&a, MIB), 2);
    CHECK_EQUAL(counted(), 0);
    /* What is not the process's, and nothing. */
    CHECK_EQUAL(cuMemFree_v2(0x1234), CUDA_ERROR_INVALID_VALUE);
    CHECK_EQUAL(cuMemFree_v2(0), CUDA_SUCCESS);
    CHECK_EQUAL(counted(), 0);
}

static void memory_byHandle_livesAsLongAsItsMappings(void) {
    start();
    CUmemHandle handle;
    const CUmemAllocationProp properties = {.type = 1, .location = {CU_MEM_LOCATION_TYPE_DEVICE, 0}};
    const CUmemAllocationProp on_host = {.type = 1, .location = {2, 0}};
    CHECK_EQUAL(cuMemCreate(&handle, 2 * MIB, &properties, 0), CUDA_SUCCESS);
    CHECK_EQUAL(counted(), 2 * MIB);
    CHECK_EQUAL(cuMemMap(0x7e0000000000, 2 * MIB, 0, handle, 0), CUDA_SUCCESS);
    CHECK_EQUAL(cuMemMap(0x7e0000200000, 2 * MIB, 0, handle, 0), CUDA_SUCCESS);
    CHECK_EQUAL(cuMemRelease(handle), CUDA_SUCCESS);
    CHECK_EQUAL(counted(), 2 * MIB);
    CHECK_EQUAL(cuMemUnmap(0x7e0000000000, 4 * MIB), CUDA_SUCCESS);
    CHECK_EQUAL(counted(), 0);
    CHECK_EQUAL(cuMemCreate(&handle, 2 * MIB, &on_host, 0), CUDA_SUCCESS);
    CHECK_EQUAL(counted(), 0);
}

static void quota_refusesBeforeTheDriverIsAsked(void) {
    start();
    size_t available;
    size_t total;
    CUdeviceptr a;
    CUdeviceptr b;
    STORE(&server.segment->orders.quota_bytes[0], 10 * MIB);
    CHECK_EQUAL(cuMemAlloc_v2(&a, 6 * MIB), CUDA_SUCCESS);
    CHECK_EQUAL(cuMemGetInfo_v2(&available, &total), CUDA_SUCCESS);
    CHECK_EQUAL(available, 4 * MIB);
    CHECK_EQUAL(total, 10 * MIB);
    CHECK_EQUAL(cuDeviceTotalMem_v2(&total, 0), CUDA_SUCCESS);
    CHECK_EQUAL(total, 10 * MIB);
    const uint32_t asked = fake_calls("cuMemAlloc_v2");
    CHECK_EQUAL(cuMemAlloc_v2(&b, 5 * MIB), CUDA_ERROR_OUT_OF_MEMORY);
    CHECK_EQUAL(cuMemAlloc_v2(&b, SIZE_MAX), CUDA_ERROR_OUT_OF_MEMORY);
    CHECK_EQUAL(cuMemAllocAsync(&b, 5 * MIB, stream), CUDA_ERROR_OUT_OF_MEMORY);
    CHECK_EQUAL(fake_calls("cuMemAlloc_v2"), asked);
    CHECK_EQUAL(server.segment->report.refused_allocations, 3);
    CHECK_EQUAL(counted(), 6 * MIB);
    CHECK_EQUAL(cuMemAlloc_v2(&b, 4 * MIB), CUDA_SUCCESS);
    CHECK_EQUAL(cuMemFree_v2(a), CUDA_SUCCESS);
    /* A quota below what is there: nothing is free, and nothing overflows. */
    STORE(&server.segment->orders.quota_bytes[0], 1 * MIB);
    CHECK_EQUAL(cuMemGetInfo_v2(&available, &total), CUDA_SUCCESS);
    CHECK_EQUAL(available, 0);
    CHECK_EQUAL(cuMemFree_v2(b), CUDA_SUCCESS);
    CHECK_EQUAL(server.segment->report.levers[GBPF_LEVER_QUOTA], GBPF_LEVER_WORKS);
}

static void quota_withoutLease_isOff(void) {
    start();
    CUdeviceptr a;
    STORE(&server.segment->orders.quota_bytes[0], MIB);
    STORE(&server.segment->orders.lease_ns, 50 * GBPF_MILLISECOND);
    STORE(&server.beating, 0);
    EVENTUALLY(gbpf_now_ns() - LOAD(&server.segment->orders.heartbeat_ns) > 60 * GBPF_MILLISECOND);
    CHECK_EQUAL(cuMemAlloc_v2(&a, 2 * MIB), CUDA_SUCCESS);
    size_t available;
    size_t total;
    CHECK_EQUAL(cuMemGetInfo_v2(&available, &total), CUDA_SUCCESS);
    CHECK_EQUAL(total, fake_memory_total);
}

enum { ALLOCATING_THREADS = 4, ALLOCATIONS = 800, ALLOCATION_ROUNDS = 10 };

static void *allocate_and_free(void *nothing) {
    CUcontext context;
    CHECK_EQUAL(cuDevicePrimaryCtxRetain(&context, 0), CUDA_SUCCESS);
    CHECK_EQUAL(cuCtxSetCurrent(context), CUDA_SUCCESS);
    CUdeviceptr at[ALLOCATIONS];
    for (int round = 0; round < ALLOCATION_ROUNDS; round++) {
        for (int i = 0; i < ALLOCATIONS; i++) CHECK_EQUAL(cuMemAlloc_v2(&at[i], 64 + (size_t)i), CUDA_SUCCESS);
        for (int i = 0; i < ALLOCATIONS; i++) CHECK_EQUAL(cuMemFree_v2(at[i]), CUDA_SUCCESS);
    }
    return nothing;
}

static void memory_ofManyThreads_isCountedExactly(void) {
    start();
    pthread_t threads[ALLOCATING_THREADS];
    for (int i = 0; i < ALLOCATING_THREADS; i++) CHECK(pthread_create(&threads[i], NULL, allocate_and_free, NULL) == 0);
    for (int i = 0; i < ALLOCATING_THREADS; i++) pthread_join(threads[i], NULL);
    CHECK_EQUAL(counted(), 0);
}

static void copies_limited_arePaced(void) {
    start();
    CUdeviceptr device;
    static char host[100000];
    CHECK_EQUAL(cuMemAlloc_v2(&device, sizeof host), CUDA_SUCCESS);
    STORE(&server.segment->orders.copy_burst_bytes, sizeof host);
    STORE(&server.segment->orders.copy_bytes_per_second, 2 * sizeof host);
    const uint64_t began = gbpf_now_ns();
    CHECK_EQUAL(cuMemcpyHtoDAsync_v2(device, host, sizeof host, stream), CUDA_SUCCESS);
    CHECK_EQUAL(server.segment->report.held, 0);
    CHECK_EQUAL(cuMemcpyDtoHAsync_v2(host, device, sizeof host, stream), CUDA_SUCCESS);
    /* The first one is the burst; the second one's bytes are there half a second after it, however late this thread gets a processor. */
    CHECK(gbpf_now_ns() - began >= 499 * GBPF_MILLISECOND);
    CHECK_EQUAL(server.segment->report.held, 1);
    CHECK_EQUAL(server.segment->report.copies, 2);
    CHECK_EQUAL(server.segment->report.copied_bytes, 2 * sizeof host);
    /* One byte a second: no longer than a hold may last. */
    STORE(&server.segment->orders.copy_bytes_per_second, 1);
    STORE(&server.segment->orders.hold_limit_ns, 10 * GBPF_MILLISECOND);
    CHECK_EQUAL(cuMemcpyDtoHAsync_v2(host, device, sizeof host, stream), CUDA_SUCCESS);
    CHECK_EQUAL(fake_calls("cuMemcpyDtoHAsync_v2"), 2);
    CHECK_EQUAL(fake_calls("cuMemcpyHtoDAsync_v2"), 1);
}

static void copies_split_arriveWhole(void) {
    start();
    CUdeviceptr device;
    const size_t bytes = 1000000;
    char *from = malloc(bytes);
    char *to = calloc(1, bytes);
    for (size_t i = 0; i < bytes; i++) from[i] = (char)(i * 7 + i / 1000);
    CHECK_EQUAL(cuMemAlloc_v2(&device, bytes), CUDA_SUCCESS);
    STORE(&server.segment->orders.copy_piece_bytes, 300000);
    fake_log_clear();
    CHECK_EQUAL(cuMemcpyHtoDAsync_v2(device, from, bytes, stream), CUDA_SUCCESS);
    CHECK_EQUAL(fake_calls(NULL), 4);
    for (uint32_t i = 0; i < 4; i++) CHECK(fake_call_at(i).stream == (void *)stream);
    CHECK_EQUAL(fake_call_at(3).value, 100000);
    CHECK_EQUAL(cuMemcpyDtoHAsync_v2(to, device, bytes, stream), CUDA_SUCCESS);
    CHECK(memcmp(from, to, bytes) == 0);
    CHECK_EQUAL(daemon_launched(&server, 0), 8);
    /* A piece that fails is the call's failure. */
    fake_fail_next("cuMemcpyHtoDAsync_v2", 700);
    CHECK_EQUAL(cuMemcpyHtoDAsync_v2(device, from, bytes, stream), 700);
    CHECK_EQUAL(fake_calls("cuMemcpyHtoDAsync_v2"), 4);
    /* Pieces of one byte are not made; and nothing is split in a capture, or copied of nothing. */
    STORE(&server.segment->orders.copy_piece_bytes, 1);
    fake_log_clear();
    CHECK_EQUAL(cuMemcpyHtoDAsync_v2(device, from, bytes, stream), CUDA_SUCCESS);
    CHECK_EQUAL(fake_calls(NULL), 16);
    CHECK_EQUAL(cuMemcpyHtoDAsync_v2(device, from, 0, stream), CUDA_SUCCESS);
    CUgraph graph;
    CHECK_EQUAL(cuStreamBeginCapture_v2(stream, 1), CUDA_SUCCESS);
    fake_log_clear();
    CHECK_EQUAL(cuMemcpyHtoDAsync_v2(device, from, bytes, stream), CUDA_SUCCESS);
    CHECK_EQUAL(fake_calls(NULL), 1);
    CHECK_EQUAL(cuStreamEndCapture(stream, &graph), CUDA_SUCCESS);
}

const struct test memory_tests[] = {
    {"memory_allocatedAndFreed_isCounted", memory_allocatedAndFreed_isCounted, NULL},
    {"memory_byHandle_livesAsLongAsItsMappings", memory_byHandle_livesAsLongAsItsMappings, NULL},
    {"quota_refusesBeforeTheDriverIsAsked", quota_refusesBeforeTheDriverIsAsked, NULL},
    {"quota_withoutLease_isOff", quota_withoutLease_isOff, NULL},
    {"memory_ofManyThreads_isCountedExactly", memory_ofManyThreads_isCountedExactly, NULL},
    {"copies_limited_arePaced", copies_limited_arePaced, NULL},
    {"copies_split_arriveWhole", copies_split_arriveWhole, NULL},
    {0},
};

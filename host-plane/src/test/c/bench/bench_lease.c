/*
 * How long after the daemon's last sign of life an application goes on, ms: until a call that is held passes, until streams that have stopped go
 * on, and until timeslices are the driver's again. And how long after an order to stop, or to go on, the word says so for which streams wait. Over a
 * driver without a device, whose control calls take as long as a GPU's.
 *
 *   bench_lease    prints two tables; bench.sh builds what it needs
 */
#include <string.h>

#include "gate.h"
#include "tests.h"

enum { REPETITIONS = 200, LEASE_MS = 50, CONTROL_US = 600, CONTEXTS = 4 };
enum { PASSES, STREAMS, SLICES, KINDS };

static const char *const names[KINDS] = {"a call that is held passes", "streams that have stopped go on", "timeslices of all channel groups are the driver's"};

static struct test_daemon server;
static CUstream stream;
static CUfunction kernel;

void start_cuda(void) {
    CUcontext context;
    CHECK_EQUAL(cuInit(0), CUDA_SUCCESS);
    CHECK_EQUAL(cuDevicePrimaryCtxRetain(&context, 0), CUDA_SUCCESS);
    CHECK_EQUAL(cuCtxSetCurrent(context), CUDA_SUCCESS);
}

static void launch_on(CUstream on) { CHECK_EQUAL(cuLaunchKernel(kernel, 1, 1, 1, 32, 1, 1, 0, on, NULL, NULL), CUDA_SUCCESS); }

static void control_takes(void) { usleep(CONTROL_US); }

static const uint32_t *stop_word;
static uint64_t passed_ns;

static void *launch_once(void *held) {
    launch_on(held);
    STORE(&passed_ns, gbpf_now_ns());
    return NULL;
}

static void start(CUstream held) {
    struct gbpf_segment_orders *orders = &server.segment->orders;
    STORE(&orders->hold_limit_ns, 0);
    STORE(&orders->stop_every_ns, 20000);
    for (int i = 0; i < 3; i++) launch_on(stream);
    launch_on(held);
    for (uint32_t i = 0; stop_word == NULL; i++)
        if (strcmp(fake_call_at(i).name, "cuStreamWaitValue32_v2") == 0) stop_word = (const uint32_t *)fake_call_at(i).value;
    STORE(&orders->hold_limit_ns, 2 * GBPF_SECOND);
    STORE(&orders->stopped, 1);
    STORE(&orders->timeslice_us, 5);
    STORE(&orders->lease_ns, LEASE_MS * GBPF_MILLISECOND);
    daemon_order(&server);
}

static bool slices_are(uint64_t us) {
    for (uint32_t i = 0; i < 2 * CONTEXTS; i++)
        if (fake_rm_timeslice(i) != us) return false;
    return true;
}

/* The daemon says nothing more from a moment on that has nothing to do with the library's own looks. */
static void fall_silent(CUstream held, double *took) {
    pthread_t thread;
    STORE(&server.beating, 1);
    while (!gbpf_lease_holds(&server.segment->orders, gbpf_now_ns()) || LOAD(stop_word) != 0 || !slices_are(5)) usleep(200);
    CHECK(pthread_create(&thread, NULL, launch_once, held) == 0);
    while (daemon_place_held(&server) < 0) usleep(200);
    usleep((useconds_t)(drand48() * 300000));
    STORE(&server.beating, 0);
    usleep(3000); /* a beat may be under way */
    const uint64_t last = LOAD(&server.segment->orders.heartbeat_ns);
    uint64_t at[KINDS] = {0};
    while (at[STREAMS] == 0 || at[SLICES] == 0) {
        const uint64_t now = gbpf_now_ns();
        if (at[STREAMS] == 0 && LOAD(stop_word) != 0) at[STREAMS] = now;
        if (at[SLICES] == 0 && slices_are(FAKE_RM_DEFAULT_US)) at[SLICES] = now;
        usleep(20);
    }
    pthread_join(thread, NULL);
    at[PASSES] = LOAD(&passed_ns);
    for (int kind = 0; kind < KINDS; kind++) took[kind] = (double)(at[kind] - last) / 1e6;
}

/* The daemon says that streams are to stop, or to go on. */
static double order_takes(uint32_t stopped) {
    struct gbpf_segment_orders *orders = &server.segment->orders;
    usleep((useconds_t)(drand48() * 5000));
    const uint64_t began = gbpf_now_ns();
    STORE(&orders->stopped, stopped);
    __atomic_add_fetch(&orders->sequence, 1, __ATOMIC_RELEASE);
    gbpf_futex_wake(&orders->sequence);
    while ((LOAD(stop_word) == 0) != (stopped != 0)) {}
    return (double)(gbpf_now_ns() - began) / 1e6;
}

static int compare(const void *a, const void *b) {
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_row(const char *name, double *took, int digits) {
    qsort(took, REPETITIONS, sizeof(double), compare);
    printf("| %s | %.*f | %.*f | %.*f |\n", name, digits, took[REPETITIONS / 2], digits, took[REPETITIONS * 99 / 100], digits, took[REPETITIONS - 1]);
}

int main(void) {
    static double took[KINDS][REPETITIONS], stops[REPETITIONS], goes_on[REPETITIONS];
    setenv("GBPF_TENANT", "bench", 1);
    daemon_listen(&server);
    start_cuda();
    daemon_welcome(&server, GBPF_WELCOME_OK);
    for (int i = 1; i < CONTEXTS; i++) {
        CUcontext context;
        CHECK_EQUAL(cuCtxCreate_v4(&context, NULL, 0, 0), CUDA_SUCCESS);
    }
    CUstream held;
    CHECK_EQUAL(cuStreamCreate(&stream, 1), CUDA_SUCCESS);
    CHECK_EQUAL(cuStreamCreate(&held, 1), CUDA_SUCCESS);
    kernel = fake_kernel("kernel", 1000);
    daemon_grant(&server, 0, GBPF_UNLIMITED);
    start(held);
    fake_rm_on_control(control_takes);
    for (int i = 0; i < REPETITIONS; i++) {
        goes_on[i] = order_takes(0);
        stops[i] = order_takes(1);
    }
    for (int i = 0; i < REPETITIONS; i++) {
        double once[KINDS];
        fall_silent(held, once);
        for (int kind = 0; kind < KINDS; kind++) took[kind][i] = once[kind];
    }
    printf("| after the last sign of life, ms | P50 | P99 | most |\n|---|---|---|---|\n");
    for (int kind = 0; kind < KINDS; kind++) print_row(names[kind], took[kind], 1);
    printf("\n| after an order, ms | P50 | P99 | most |\n|---|---|---|---|\n");
    print_row("streams stop", stops, 3);
    print_row("streams go on", goes_on, 3);
    fflush(stdout);
    unlink(getenv("GBPF_ATTACH"));
    _exit(0); /* the daemon's heart still beats */
}

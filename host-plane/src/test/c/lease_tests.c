/* What holds no longer when the daemon says nothing more: when the library sees that, and what it does first. */
#include <dlfcn.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <sys/syscall.h>

#include "gate.h"
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

static void leaseLeft_isFromTheHeartbeatOn_andNeverMoreThanTwice(void) {
    struct gbpf_segment_orders orders = {.heartbeat_ns = 1000, .lease_ns = 50};
    CHECK_EQUAL(gbpf_lease_left_ns(&orders, 1000), 51);
    CHECK_EQUAL(gbpf_lease_left_ns(&orders, 1050), 1);
    CHECK(gbpf_lease_holds(&orders, 1050));
    CHECK_EQUAL(gbpf_lease_left_ns(&orders, 1051), 0);
    CHECK(!gbpf_lease_holds(&orders, 1051));
    CHECK_EQUAL(gbpf_lease_left_ns(&orders, 950), 101);
    CHECK_EQUAL(gbpf_lease_left_ns(&orders, 949), 0);
    orders.lease_ns = UINT64_MAX;
    CHECK_EQUAL(gbpf_lease_left_ns(&orders, 1000 + GBPF_LEASE_MAX_MS * GBPF_MILLISECOND), 1);
    CHECK_EQUAL(gbpf_lease_left_ns(&orders, 1001 + GBPF_LEASE_MAX_MS * GBPF_MILLISECOND), 0);
}

/* Where in its page the word lies at which waits are looked at, for library and daemon have the segment in different places; and the shortest
 * wait there, ns. */
static uint64_t watched = UINT64_MAX;
static uint64_t shortest = UINT64_MAX;

/* In front of libc's: sees for how long the library's threads wait. */
__attribute__((visibility("default"))) long syscall(long number, ...) {
    static void *real;
    long a[6];
    va_list arguments;
    va_start(arguments, number);
    for (int i = 0; i < 6; i++) a[i] = va_arg(arguments, long);
    va_end(arguments);
    if (number == SYS_futex && a[1] == FUTEX_WAIT && ((uint64_t)a[0] & 4095) == LOAD(&watched) && a[3] != 0) {
        const struct timespec *limit = (const struct timespec *)a[3];
        const uint64_t ns = (uint64_t)limit->tv_sec * GBPF_SECOND + (uint64_t)limit->tv_nsec;
        uint64_t old = LOAD(&shortest);
        while (ns < old && !COMPARE_EXCHANGE(&shortest, &old, ns)) {}
    }
    if (LOAD(&real) == NULL) STORE(&real, dlsym(RTLD_NEXT, "syscall"));
    return ((long (*)(long, ...))LOAD(&real))(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static void watch(const uint32_t *word) { STORE(&watched, (uint64_t)word & 4095); }

/* From here on the heart beats only by hand. */
static void still_the_heart(void) {
    STORE(&server.stop, 1);
    pthread_join(server.heart, NULL);
}

/* One beat, so that the lease has so long to go. */
static void leave_ns(uint64_t ns) { STORE(&server.segment->orders.heartbeat_ns, gbpf_now_ns() - 2 * GBPF_SECOND + ns); }

/* A thread that is late may find the lease over without having waited for that: then once more. */
enum { TRIES = 100 };

/* Each look is 10 ms after the one before, but for the lease's end: 25 ms are no multiple of that. */
static void steward_looksWhenTheLeaseIsOver(void) {
    start();
    still_the_heart();
    STORE(&server.segment->orders.timeslice_us, 5);
    watch(&server.segment->orders.sequence);
    for (int i = 0; i < TRIES && LOAD(&shortest) >= 10 * GBPF_MILLISECOND; i++) {
        leave_ns(2 * GBPF_SECOND);
        daemon_order(&server);
        EVENTUALLY(fake_rm_timeslice(0) == 5 && fake_rm_timeslice(1) == 5);
        leave_ns(25 * GBPF_MILLISECOND);
        EVENTUALLY(fake_rm_timeslice(0) == FAKE_RM_DEFAULT_US && fake_rm_timeslice(1) == FAKE_RM_DEFAULT_US);
    }
    CHECK(LOAD(&shortest) < 10 * GBPF_MILLISECOND);
}

static void *launch_once(void *nothing) {
    launch(kernel, stream);
    return nothing;
}

/* And each of a caller that is held 5 ms. */
static void heldCaller_looksWhenTheLeaseIsOver(void) {
    start();
    still_the_heart();
    uint64_t held = 0;
    for (; held < TRIES && LOAD(&shortest) >= 5 * GBPF_MILLISECOND; held++) {
        pthread_t thread;
        leave_ns(2 * GBPF_SECOND);
        CHECK(pthread_create(&thread, NULL, launch_once, NULL) == 0);
        EVENTUALLY(daemon_place_held(&server) == 0);
        watch(&server.segment->streams[0].grant);
        leave_ns(12 * GBPF_MILLISECOND);
        pthread_join(thread, NULL);
    }
    CHECK(LOAD(&shortest) < 5 * GBPF_MILLISECOND);
    CHECK_EQUAL(server.segment->report.fail_open, held);
}

enum { CONTROLS = 64 };
static const uint32_t *stop_word;
static uint32_t went_on[CONTROLS]; /* whether streams went on when the i-th control call began */
static uint32_t controls;

/* The first control call takes longer than the lease. */
static void on_control(void) {
    const uint32_t i = ADD(&controls, 1);
    if (i == 0) {
        still_the_heart();
        leave_ns(0);
        EVENTUALLY(!gbpf_lease_holds(&server.segment->orders, gbpf_now_ns()));
    }
    if (i < CONTROLS) went_on[i] = LOAD(stop_word);
}

/* The word that streams wait for. */
static const uint32_t *find_stop_word(void) {
    for (uint32_t i = 0;; i++) {
        const struct fake_call call = fake_call_at(i);
        if (strcmp(call.name, "cuStreamWaitValue32_v2") == 0) return (const uint32_t *)call.value;
    }
}

static void stops_areLetGoBeforeTheNextControlCall(void) {
    start();
    for (int i = 0; i < 3; i++) {
        CUcontext context;
        CHECK_EQUAL(cuCtxCreate_v4(&context, NULL, 0, 0), CUDA_SUCCESS);
    }
    EVENTUALLY(LOAD(&server.segment->report.channel_groups) == 8);
    STORE(&server.segment->orders.timeslice_us, 5);
    STORE(&server.segment->orders.hold_limit_ns, 0);
    STORE(&server.segment->orders.stop_every_ns, 20000);
    for (int i = 0; i < 3; i++) launch(kernel, stream);
    STORE(&server.segment->orders.hold_limit_ns, 2 * GBPF_SECOND);
    STORE(&server.segment->orders.stopped, 1);
    daemon_order(&server);
    CHECK_EQUAL(fake_rm_timeslice(7), 5);
    stop_word = find_stop_word();
    EVENTUALLY(LOAD(stop_word) == 0);
    fake_rm_on_control(on_control);
    STORE(&server.segment->orders.timeslice_us, 7);
    __atomic_add_fetch(&server.segment->orders.sequence, 1, __ATOMIC_RELEASE);
    gbpf_futex_wake(&server.segment->orders.sequence);
    for (uint32_t i = 0; i < 8; i++) EVENTUALLY(fake_rm_timeslice(i) == FAKE_RM_DEFAULT_US);
    fake_rm_on_control(NULL);
    CHECK_EQUAL(went_on[0], 0);
    /* The first group's second call may have followed at once. */
    for (uint32_t i = 2; i < LOAD(&controls) && i < CONTROLS; i++) CHECK_EQUAL(went_on[i], 1);
    /* One group's, and reading and setting back all: nobody went on to set what held no longer. */
    CHECK(LOAD(&controls) <= 2 + 8 * 2);
}

const struct test lease_tests[] = {
    {"leaseLeft_isFromTheHeartbeatOn_andNeverMoreThanTwice", leaseLeft_isFromTheHeartbeatOn_andNeverMoreThanTwice, NULL},
    {"steward_looksWhenTheLeaseIsOver", steward_looksWhenTheLeaseIsOver, NULL},
    {"heldCaller_looksWhenTheLeaseIsOver", heldCaller_looksWhenTheLeaseIsOver, NULL},
    {"stops_areLetGoBeforeTheNextControlCall", stops_areLetGoBeforeTheNextControlCall, NULL},
    {0},
};

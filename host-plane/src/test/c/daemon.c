#include "daemon.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "check_that.h"
#include "counts.h"

void daemon_listen(struct test_daemon *daemon) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memset(daemon, 0, sizeof *daemon);
    strcpy(address.sun_path, getenv("GBPF_ATTACH"));
    unlink(address.sun_path);
    daemon->connection = -1;
    daemon->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    CHECK(bind(daemon->listener, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(listen(daemon->listener, 8) == 0);
}

static void *beat(void *argument) {
    struct test_daemon *daemon = argument;
    while (LOAD(&daemon->stop) == 0) {
        if (LOAD(&daemon->beating) != 0) STORE(&daemon->segment->orders.heartbeat_ns, gbpf_now_ns());
        sleep_ms(1);
    }
    return NULL;
}

static int receive_hello(struct test_daemon *daemon) {
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec text = {&daemon->hello, sizeof daemon->hello};
    struct msghdr message = {.msg_iov = &text, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.bytes};
    int memory;
    CHECK_EQUAL(recvmsg(daemon->connection, &message, MSG_CMSG_CLOEXEC), sizeof daemon->hello);
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    CHECK(rights != NULL && rights->cmsg_type == SCM_RIGHTS);
    memcpy(&memory, CMSG_DATA(rights), sizeof memory);
    return memory;
}

/* Answers who comes next; false: it waited for too long, which is when it gets no processor, and comes again. */
static int welcome_next(struct test_daemon *daemon, uint32_t status) {
    struct pollfd ready = {.fd = daemon->listener, .events = POLLIN};
    CHECK_EQUAL(poll(&ready, 1, 10000), 1);
    daemon->connection = accept4(daemon->listener, NULL, NULL, SOCK_CLOEXEC);
    const int memory = receive_hello(daemon);
    CHECK_EQUAL(daemon->hello.bytes, sizeof(struct gbpf_segment));
    daemon->segment = mmap(NULL, sizeof(struct gbpf_segment), PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    CHECK(daemon->segment != MAP_FAILED);
    close(memory);
    struct gbpf_segment_orders *orders = &daemon->segment->orders;
    STORE(&orders->mode, GBPF_MODE_POLICY);
    STORE(&orders->lease_ns, 2 * GBPF_SECOND);
    STORE(&orders->hold_limit_ns, 2 * GBPF_SECOND);
    STORE(&orders->heartbeat_ns, gbpf_now_ns());
    struct gbpf_welcome welcome = {.magic = GBPF_SEGMENT_MAGIC, .version = GBPF_SEGMENT_VERSION, .status = status, .client = 1};
    const ssize_t sent = send(daemon->connection, &welcome, sizeof welcome, MSG_NOSIGNAL);
    if (sent == sizeof welcome) return 1;
    CHECK(sent < 0 && (errno == EPIPE || errno == ECONNRESET));
    munmap(daemon->segment, sizeof *daemon->segment);
    close(daemon->connection);
    return 0;
}

void daemon_welcome(struct test_daemon *daemon, uint32_t status) {
    while (!welcome_next(daemon, status)) {}
    STORE(&daemon->beating, 1);
    CHECK(pthread_create(&daemon->heart, NULL, beat, daemon) == 0);
    if (status == GBPF_WELCOME_OK) EVENTUALLY(LOAD(&daemon->segment->report.steward) == 1);
}

void daemon_order(struct test_daemon *daemon) {
    const uint32_t sequence = __atomic_add_fetch(&daemon->segment->orders.sequence, 1, __ATOMIC_RELEASE);
    gbpf_futex_wake(&daemon->segment->orders.sequence);
    EVENTUALLY(LOAD_ACQUIRE(&daemon->segment->report.sequence) == sequence);
}

void daemon_grant(struct test_daemon *daemon, uint32_t place, uint64_t ns) {
    struct gbpf_segment_stream *stream = &daemon->segment->streams[place];
    STORE(&stream->granted_ns, ns);
    STORE_RELEASE(&stream->taken, LOAD(&stream->owner));
    __atomic_add_fetch(&stream->grant, 1, __ATOMIC_RELEASE);
    gbpf_futex_wake(&stream->grant);
}

void daemon_kill(struct test_daemon *daemon) {
    STORE(&daemon->stop, 1);
    pthread_join(daemon->heart, NULL);
    close(daemon->connection);
    close(daemon->listener);
}

uint64_t daemon_launched(const struct test_daemon *daemon, uint32_t place) { return GBPF_COUNTED(&daemon->segment->streams[place], launched); }

uint64_t daemon_launched_ns(const struct test_daemon *daemon, uint32_t place) { return GBPF_COUNTED(&daemon->segment->streams[place], launched_ns); }

uint64_t daemon_kernels(const struct test_daemon *daemon) {
    uint64_t sum = 0;
    for (int i = 0; i < GBPF_SEGMENT_STREAMS; i++) sum += GBPF_COUNTED(&daemon->segment->streams[i], kernels);
    return sum;
}

int daemon_place_held(const struct test_daemon *daemon) {
    for (int i = 0; i < GBPF_SEGMENT_STREAMS; i++)
        if (LOAD(&daemon->segment->streams[i].wanted_ns) != 0) return i;
    return -1;
}

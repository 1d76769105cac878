#include "attach.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "segments.h"

enum { WELCOME_MS = 1000 };

static int connect_to(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) return -1;
    memcpy(address.sun_path, path, strlen(path) + 1);
    /* Not blocking: a daemon that is stopped has no room for us. */
    const int connection = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (connection < 0) return -1;
    if (connect(connection, (struct sockaddr *)&address, sizeof address) != 0) {
        close(connection);
        return -1;
    }
    return connection;
}

static bool say_hello(int connection, int memory, const struct gbpf_segment_head *head, uint32_t attachment) {
    struct gbpf_hello hello = {.magic = GBPF_SEGMENT_MAGIC, .version = GBPF_SEGMENT_VERSION, .bytes = sizeof(struct gbpf_segment),
        .class_ = head->class_, .attachment = attachment};
    memcpy(hello.tenant, head->tenant, sizeof hello.tenant);
    memcpy(hello.command, head->command, sizeof hello.command);
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec text = {&hello, sizeof hello};
    struct msghdr message = {.msg_iov = &text, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.bytes};
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(rights), &memory, sizeof memory);
    return sendmsg(connection, &message, MSG_NOSIGNAL) == (ssize_t)sizeof hello;
}

static bool is_welcome(int connection) {
    struct gbpf_welcome welcome;
    struct pollfd ready = {.fd = connection, .events = POLLIN};
    const uint64_t until = gbpf_now_ns() + WELCOME_MS * GBPF_MILLISECOND;
    for (uint64_t now = gbpf_now_ns(); now < until; now = gbpf_now_ns()) {
        if (poll(&ready, 1, (int)((until - now) / GBPF_MILLISECOND) + 1) < 0 && errno != EINTR) return false;
        const ssize_t bytes = recv(connection, &welcome, sizeof welcome, MSG_DONTWAIT);
        if (bytes < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        return bytes == (ssize_t)sizeof welcome && welcome.magic == GBPF_SEGMENT_MAGIC && welcome.version == GBPF_SEGMENT_VERSION
            && welcome.status == GBPF_WELCOME_OK;
    }
    return false;
}

int gbpf_attach(const char *path, uint32_t attachment) {
    const int connection = connect_to(path);
    if (connection < 0) return -1;
    int memory;
    struct gbpf_segment *segment = gbpf_segment_make(&memory, attachment);
    const bool greeted = segment != NULL && say_hello(connection, memory, &segment->head, attachment);
    if (memory >= 0) close(memory);
    if (!greeted || !is_welcome(connection)) {
        close(connection);
        return -1;
    }
    STORE(&segment->report.attachments, attachment + 1);
    gbpf_segment_adopt(segment);
    return connection;
}

bool gbpf_attach_is_over(int connection) {
    char nothing;
    const ssize_t bytes = recv(connection, &nothing, 1, MSG_DONTWAIT | MSG_PEEK);
    /* What a daemon says after its welcome is not ours to understand: it is dropped, lest it hide the end. */
    if (bytes > 0) recv(connection, &nothing, 1, MSG_DONTWAIT);
    return bytes == 0 || (bytes < 0 && errno != EAGAIN && errno != EINTR);
}

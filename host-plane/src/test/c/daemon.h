/* The daemon's side of the seam, for tests: takes one process under its orders. */
#ifndef TEST_DAEMON_H
#define TEST_DAEMON_H

#include <pthread.h>

#include "segment.h"
#include "word.h"

struct test_daemon {
    int listener;
    int connection;
    struct gbpf_segment *segment;
    struct gbpf_hello hello;
    uint32_t beating; /* whether the heart beats */
    uint32_t stop;
    pthread_t heart;
};

/* Listens where GBPF_ATTACH says. */
void daemon_listen(struct test_daemon *daemon);

/* Waits for a process, and welcomes it with this status; in policy mode, all gates shut; leases and holds
 * are as long as may be, for a machine that is busy with other things. */
void daemon_welcome(struct test_daemon *daemon, uint32_t status);

/* Tells the process that its orders changed. */
void daemon_order(struct test_daemon *daemon);

/* Grants so much estimated time on a place, in all. */
void daemon_grant(struct test_daemon *daemon, uint32_t place, uint64_t ns);

/* As if it were killed: connection and listener are gone, and the heart stands still. */
void daemon_kill(struct test_daemon *daemon);

/* What was counted on a place: launches, their estimated time; and kernels' launches of the process. */
uint64_t daemon_launched(const struct test_daemon *daemon, uint32_t place);
uint64_t daemon_launched_ns(const struct test_daemon *daemon, uint32_t place);
uint64_t daemon_kernels(const struct test_daemon *daemon);

/* The place whose owner launched last; -1: none. */
int daemon_place_held(const struct test_daemon *daemon);

#endif

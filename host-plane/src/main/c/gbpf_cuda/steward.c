#include "steward.h"

#include <pthread.h>
#include <signal.h>

#include "attach.h"
#include "channels.h"
#include "completion.h"
#include "gate.h"
#include "levers.h"
#include "partition.h"
#include "segments.h"
#include "stops.h"
#include "wrappers.h"

enum { STACK_BYTES = 256 * 1024 };

#define LOOK_NS (10 * GBPF_MILLISECOND)
#define RETRY_NS GBPF_SECOND
#define RELAY_NS GBPF_MILLISECOND /* where it brings in the device's reports */
#define CHECK_NS (GBPF_SECOND / 4)

static uint32_t started;
static int connection = -1;
static uint32_t attachments;

/* What the steward has done, to see what is new. */
struct progress {
    uint32_t sequence;
    uint32_t changes;
    uint32_t timeslice_us;
    uint64_t checked_ns;
    uint64_t tried_ns;
};

static void report_attached(struct gbpf_segment *segment) {
    STORE(&segment->report.steward, 1);
    STORE(&segment->report.entry_points, GBPF_ENTRIES);
    gbpf_lever_report(GBPF_LEVER_GATE, GBPF_LEVER_WORKS);
    gbpf_lever_report(GBPF_LEVER_COPY, GBPF_LEVER_WORKS);
    gbpf_lever_report(GBPF_LEVER_QUOTA, GBPF_LEVER_WORKS);
    gbpf_partition_report();
}

static bool try_to_attach(struct progress *progress, uint64_t now) {
    if (gbpf_settings.attach == NULL || (progress->tried_ns != 0 && now - progress->tried_ns < RETRY_NS)) return false;
    progress->tried_ns = now;
    const int new = gbpf_attach(gbpf_settings.attach, attachments);
    if (new < 0) return false;
    STORE(&connection, new);
    attachments++;
    progress->sequence = 0;
    progress->changes = LOAD(&gbpf_channels_changes) - 1;
    report_attached(LOAD_ACQUIRE(&gbpf_process.segment));
    return true;
}

static void detach(struct progress *progress) {
    const int old = EXCHANGE(&connection, -1);
    gbpf_segment_leave();
    if (old >= 0) close(old);
    progress->changes = LOAD(&gbpf_channels_changes) - 1;
}

/* Whether the orders hold. */
static bool is_governed(const struct gbpf_segment *segment, uint64_t now) {
    return LOAD(&connection) >= 0 && LOAD(&segment->orders.mode) == GBPF_MODE_POLICY && gbpf_lease_holds(&segment->orders, now);
}

/* The timeslice that holds now. */
static uint32_t wanted_timeslice_us(const struct gbpf_segment *segment, uint64_t now) {
    if (LOAD(&connection) < 0) return gbpf_settings.timeslice_us;
    return is_governed(segment, now) ? LOAD(&segment->orders.timeslice_us) : 0;
}

/* What is being set. */
struct setting {
    const struct gbpf_segment *segment;
    uint32_t timeslice_us;
};

/* Between control calls: streams that have stopped do not wait for them, and a timeslice that no longer holds is not set any further. */
static bool is_still_wanted(void *argument) {
    const struct setting *setting = argument;
    const uint64_t now = gbpf_now_ns();
    gbpf_stops_apply(&setting->segment->orders, is_governed(setting->segment, now), now, LOOK_NS);
    return wanted_timeslice_us(setting->segment, now) == setting->timeslice_us;
}

/* False: they have to be seen to again. */
static bool see_to_timeslices(struct progress *progress, const struct gbpf_segment *segment, uint64_t now) {
    const uint32_t changes = LOAD(&gbpf_channels_changes);
    struct setting setting = {.segment = segment, .timeslice_us = wanted_timeslice_us(segment, now)};
    const bool check = setting.timeslice_us != 0 && now - progress->checked_ns >= CHECK_NS;
    if (changes == progress->changes && setting.timeslice_us == progress->timeslice_us && !check) return true;
    const bool done = gbpf_channels_apply(setting.timeslice_us, check, is_still_wanted, &setting);
    progress->changes = done ? changes : changes - 1;
    progress->timeslice_us = setting.timeslice_us;
    if (check) progress->checked_ns = now;
    return done;
}

/* How long nothing is to be done unless somebody says so. */
static uint64_t until_next_look(const struct progress *progress, const struct gbpf_segment *segment) {
    const uint64_t now = gbpf_now_ns();
    const bool governed = is_governed(segment, now);
    const uint64_t wait_ns = gbpf_stops_apply(&segment->orders, governed, now, LOOK_NS);
    if (wanted_timeslice_us(segment, now) != progress->timeslice_us) return 0;
    return governed ? gbpf_min(wait_ns, gbpf_lease_left_ns(&segment->orders, now)) : wait_ns;
}

/* One round; returns the segment, the sequence to wait for, and for how long at most. */
static struct gbpf_segment *look(struct progress *progress, uint32_t *sequence, uint64_t *wait_ns) {
    const uint64_t now = gbpf_now_ns();
    if (LOAD(&connection) >= 0 && gbpf_attach_is_over(LOAD(&connection))) detach(progress);
    struct gbpf_segment *segment = LOAD_ACQUIRE(&gbpf_process.segment);
    *sequence = LOAD_ACQUIRE(&segment->orders.sequence);
    STORE(&segment->report.seen_ns, now);
    const bool done = see_to_timeslices(progress, segment, now);
    *wait_ns = done ? until_next_look(progress, segment) : 0;
    if (done && *sequence != progress->sequence) {
        progress->sequence = *sequence;
        STORE_RELEASE(&segment->report.sequence, *sequence);
    }
    return segment;
}

static void *run(void *nothing) {
    struct progress progress = {.changes = LOAD(&gbpf_channels_changes) - 1};
    for (;;) {
        uint32_t sequence;
        uint64_t wait_ns;
        struct gbpf_segment *segment = look(&progress, &sequence, &wait_ns);
        const bool attached = LOAD(&connection) >= 0;
        /* After what was changed is changed back: a daemon may be long in answering. */
        if (!attached && try_to_attach(&progress, gbpf_now_ns())) continue;
        /* Unattached, only new channel groups and the next attempt matter, and both wake it or can wait. */
        const bool relays = attached && gbpf_completion_relay_all(segment);
        gbpf_futex_wait(&segment->orders.sequence, sequence, relays ? gbpf_min(wait_ns, RELAY_NS) : attached ? wait_ns : RETRY_NS / 4);
    }
    return nothing;
}

void gbpf_steward_start(void) {
    uint32_t not_yet = 0;
    if (gbpf_disabled() || (gbpf_settings.attach == NULL && gbpf_settings.timeslice_us == 0)) return;
    if (!COMPARE_EXCHANGE(&started, &not_yet, 1)) return;
    sigset_t all;
    sigset_t old;
    pthread_attr_t attributes;
    pthread_t thread;
    sigfillset(&all);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    /* A new thread inherits the mask: no signal of the application's is ever handled on it. */
    pthread_sigmask(SIG_SETMASK, &all, &old);
    if (pthread_create(&thread, &attributes, run, NULL) != 0) STORE(&started, 0);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    pthread_attr_destroy(&attributes);
}

void gbpf_steward_wake(void) {
    if (LOAD(&started) != 0) gbpf_futex_wake(&LOAD_ACQUIRE(&gbpf_process.segment)->orders.sequence);
}

void gbpf_steward_forget(void) {
    /* The parent's connection stays the parent's; while the child had it too, its end would not be seen. */
    const int inherited = EXCHANGE(&connection, -1);
    if (inherited >= 0) close(inherited);
    STORE(&started, 0);
    attachments = 0;
    gbpf_completion_forget();
    gbpf_stops_forget();
}

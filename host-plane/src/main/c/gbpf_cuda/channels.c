#include "channels.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include "driver.h"
#include "levers.h"
#include "resource_manager.h"
#include "steward.h"

enum { GROUPS = 256 };

struct group {
    int fd;
    dev_t device; /* of the descriptor's file: the application may close it and open another by the same number */
    ino_t inode;
    uint32_t client, parent, object;
    uint32_t number;      /* grows; 0: free */
    uint32_t original_us; /* what the driver gave it, as last seen; 0: not asked yet */
    uint32_t applied_us;  /* what was set last; 0: nothing is */
};

static struct gbpf_lock groups_lock;
static struct group groups[GROUPS];
static uint32_t next_number = 1;
uint32_t gbpf_channels_changes;

typedef int ioctl_function(int, unsigned long, void *);

static int real_ioctl(int fd, unsigned long request, void *argument) {
    static ioctl_function *next;
    ioctl_function *function = LOAD(&next);
    if (function == NULL) {
        function = (ioctl_function *)gbpf_real_dlsym(RTLD_NEXT, "ioctl");
        STORE(&next, function);
    }
    return function(fd, request, argument);
}

static uint32_t count_groups(void) {
    uint32_t count = 0;
    for (int i = 0; i < GROUPS; i++) count += groups[i].number != 0;
    return count;
}

static void changed(uint32_t count) {
    STORE(&LOAD_ACQUIRE(&gbpf_process.segment)->report.channel_groups, count);
    ADD(&gbpf_channels_changes, 1);
    gbpf_steward_wake();
}

static void add_group(int fd, uint32_t client, uint32_t parent, uint32_t object) {
    struct stat file;
    if (fstat(fd, &file) != 0) return;
    gbpf_acquire(&groups_lock);
    int at = -1;
    for (int i = GROUPS - 1; i >= 0; i--)
        if (groups[i].number == 0) at = i;
    if (at >= 0)
        groups[at] = (struct group){.fd = fd, .device = file.st_dev, .inode = file.st_ino, .client = client, .parent = parent, .object = object,
            .number = next_number++};
    const uint32_t count = count_groups();
    gbpf_release(&groups_lock);
    changed(count);
}

/* An object goes with its parent, and all objects of a client with the client. */
static void remove_groups(uint32_t client, uint32_t object) {
    bool any = false;
    gbpf_acquire(&groups_lock);
    for (int i = 0; i < GROUPS; i++) {
        struct group *group = &groups[i];
        if (group->number == 0 || group->client != client) continue;
        if (object == client || object == group->object || object == group->parent) {
            group->number = 0;
            any = true;
        }
    }
    const uint32_t count = count_groups();
    gbpf_release(&groups_lock);
    if (any) changed(count);
}

/* A control call takes half a millisecond and more, and kernels do not run on copy engines. */
static bool runs_kernels(uint64_t parameters) {
    const struct rm_channel_group *group = (const struct rm_channel_group *)(uintptr_t)parameters;
    return group == NULL || group->engine < RM_ENGINE_FIRST_COPY || group->engine > RM_ENGINE_LAST_COPY;
}

static void watch(int fd, unsigned long request, const void *argument) {
    const unsigned number = _IOC_NR(request);
    const unsigned bytes = _IOC_SIZE(request);
    if (number == RM_ALLOC && bytes >= sizeof(struct rm_alloc)) {
        const struct rm_alloc *alloc = argument;
        if (alloc->class_ == RM_CLASS_CHANNEL_GROUP && alloc->status == 0 && runs_kernels(alloc->parameters))
            add_group(fd, alloc->client, alloc->parent, alloc->object);
    } else if (number == RM_ALLOC && bytes >= sizeof(struct rm_alloc_short)) {
        const struct rm_alloc_short *alloc = argument;
        if (alloc->class_ == RM_CLASS_CHANNEL_GROUP && alloc->status == 0 && runs_kernels(alloc->parameters))
            add_group(fd, alloc->client, alloc->parent, alloc->object);
    } else if (number == RM_FREE && bytes >= sizeof(struct rm_free)) {
        const struct rm_free *free = argument;
        if (free->status == 0) remove_groups(free->client, free->object);
    }
}

GBPF_EXPORT int ioctl(int fd, unsigned long request, ...) {
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    const int result = real_ioctl(fd, request, argument);
    if (UNLIKELY(_IOC_TYPE(request) == RM_MAGIC) && result >= 0 && argument != NULL && !gbpf_disabled()) {
        const int error = errno;
        watch(fd, request, argument);
        errno = error;
    }
    return result;
}

static bool control(const struct group *group, uint32_t command, uint64_t *us) {
    struct stat file;
    struct rm_control request = {.client = group->client, .object = group->object, .command = command, .parameters = (uintptr_t)us,
        .parameters_bytes = sizeof *us};
    if (fstat(group->fd, &file) != 0 || file.st_dev != group->device || file.st_ino != group->inode) return false;
    return real_ioctl(group->fd, RM_IOCTL_CONTROL, &request) >= 0 && request.status == 0;
}

/* Whether a timeslice can be set and is read back. Whether it has an effect no process can see alone. */
static enum gbpf_lever_state test(const struct group *group, uint64_t original) {
    uint64_t other = original + 1;
    uint64_t there = 0;
    uint64_t back = original;
    const bool works = control(group, RM_SET_TIMESLICE, &other) && control(group, RM_GET_TIMESLICE, &there) && there == original + 1;
    return control(group, RM_SET_TIMESLICE, &back) && works ? GBPF_LEVER_WORKS : GBPF_LEVER_REFUSED;
}

/* True: the group's timeslice is the wanted one. group is a copy, whose changed fields go back to the table. */
static bool apply(struct group *group, uint32_t wanted_us, bool check) {
    uint64_t us = 0;
    const bool untested = group->original_us == 0;
    if (!untested && group->applied_us == wanted_us && !check) return true;
    if (!untested && group->applied_us == 0 && wanted_us == 0) return true;
    if (!control(group, RM_GET_TIMESLICE, &us) || us == 0) {
        gbpf_lever_report(GBPF_LEVER_TIMESLICE, GBPF_LEVER_REFUSED);
        return wanted_us == 0;
    }
    /* What is there and was not set here is the driver's own choice: it goes back to the last of these. */
    if (us != group->applied_us) group->original_us = (uint32_t)gbpf_min(us, UINT32_MAX);
    if (untested) gbpf_lever_report(GBPF_LEVER_TIMESLICE, test(group, us));
    const uint64_t target = wanted_us != 0 ? wanted_us : group->original_us;
    if (us != target) {
        us = target;
        if (!control(group, RM_SET_TIMESLICE, &us)) return false;
    }
    group->applied_us = wanted_us;
    return true;
}

/* A copy of the i-th group; false: there is none. */
static bool copy_of(int i, struct group *group) {
    gbpf_acquire(&groups_lock);
    *group = groups[i];
    gbpf_release(&groups_lock);
    return group->number != 0;
}

/* What is known now of the i-th group, of which this is a copy; false: it is gone. */
static bool write_back(int i, const struct group *group) {
    gbpf_acquire(&groups_lock);
    const bool same = groups[i].number == group->number;
    if (same) {
        groups[i].original_us = group->original_us;
        groups[i].applied_us = group->applied_us;
    }
    gbpf_release(&groups_lock);
    return same;
}

bool gbpf_channels_apply(uint32_t timeslice_us, bool check, bool (*goes_on)(void *), void *argument) {
    const uint32_t wanted = timeslice_us <= GBPF_TIMESLICE_MAX_US ? timeslice_us : GBPF_TIMESLICE_MAX_US;
    bool all = true;
    for (int i = 0; i < GROUPS; i++) {
        struct group group;
        if (!copy_of(i, &group)) continue;
        if (!goes_on(argument)) return false;
        /* The control call is made without the lock: an application that frees the group meanwhile makes it fail, which is no error. */
        const bool done = apply(&group, wanted, check);
        if (write_back(i, &group) && !done) {
            all = false;
            ADD(&LOAD_ACQUIRE(&gbpf_process.segment)->report.timeslice_errors, 1);
        }
    }
    struct gbpf_segment_report *report = &LOAD_ACQUIRE(&gbpf_process.segment)->report;
    gbpf_acquire(&groups_lock);
    const uint32_t count = count_groups();
    gbpf_release(&groups_lock);
    STORE(&report->channel_groups, count);
    if (all) STORE(&report->timeslice_us, count != 0 ? wanted : 0);
    return true;
}

void gbpf_channels_forget(void) {
    gbpf_release(&groups_lock);
    memset(groups, 0, sizeof groups);
}

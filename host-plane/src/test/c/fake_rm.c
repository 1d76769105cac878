#include "fake_rm.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "resource_manager.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    uint32_t client, parent, object;
    uint64_t us;
} groups[FAKE_RM_GROUPS];
static int opened[64];
static int opened_count;
static uint32_t next_object = 0x5c000001;
static uint32_t controls;
static bool refusing;
static void (*on_control)(void);

int fake_rm_open(void) {
    const int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    pthread_mutex_lock(&lock);
    opened[opened_count++] = fd;
    pthread_mutex_unlock(&lock);
    return fd;
}

static bool is_ours(int fd) {
    for (int i = 0; i < opened_count; i++)
        if (opened[i] == fd) return true;
    return false;
}

static void alloc(struct rm_alloc *request) {
    request->status = 0;
    request->object = next_object++;
    if (request->class_ != RM_CLASS_CHANNEL_GROUP) return;
    /* Nobody is to touch the group of a copy engine: control calls find no such object. */
    const struct rm_channel_group *group = (const struct rm_channel_group *)(uintptr_t)request->parameters;
    if (group != NULL && group->engine == RM_ENGINE_FIRST_COPY) return;
    for (int i = 0; i < FAKE_RM_GROUPS; i++) {
        if (groups[i].object != 0) continue;
        groups[i].client = request->client;
        groups[i].parent = request->parent;
        groups[i].object = request->object;
        groups[i].us = FAKE_RM_DEFAULT_US;
        return;
    }
    request->status = 0x51; /* NV_ERR_NO_MEMORY */
}

static void control(struct rm_control *request) {
    controls++;
    request->status = refusing ? 0x56 : 0x57; /* NV_ERR_NOT_SUPPORTED, NV_ERR_OBJECT_NOT_FOUND */
    for (int i = 0; i < FAKE_RM_GROUPS && !refusing; i++) {
        if (groups[i].object != request->object || groups[i].client != request->client) continue;
        uint64_t *us = (uint64_t *)(uintptr_t)request->parameters;
        request->status = 0;
        if (request->command == RM_SET_TIMESLICE) {
            groups[i].us = *us;
        } else if (request->command == RM_GET_TIMESLICE) {
            *us = groups[i].us;
        } else {
            request->status = 0x56;
        }
    }
}

static void release(struct rm_free *request) {
    request->status = 0;
    for (int i = 0; i < FAKE_RM_GROUPS; i++)
        if (groups[i].client == request->client
            && (request->object == request->client || request->object == groups[i].object || request->object == groups[i].parent))
            memset(&groups[i], 0, sizeof groups[i]);
}

__attribute__((visibility("default"))) int ioctl(int fd, unsigned long request, ...) {
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    pthread_mutex_lock(&lock);
    const bool ours = is_ours(fd) && _IOC_TYPE(request) == RM_MAGIC;
    void (*called)(void) = ours && _IOC_NR(request) == RM_CONTROL ? on_control : NULL;
    if (called != NULL) {
        pthread_mutex_unlock(&lock);
        called();
        pthread_mutex_lock(&lock);
    }
    if (ours && _IOC_NR(request) == RM_ALLOC) alloc(argument);
    if (ours && _IOC_NR(request) == RM_CONTROL) control(argument);
    if (ours && _IOC_NR(request) == RM_FREE) release(argument);
    pthread_mutex_unlock(&lock);
    return ours ? 0 : (int)syscall(SYS_ioctl, fd, request, argument);
}

uint64_t fake_rm_timeslice(uint32_t i) {
    uint64_t us = 0;
    pthread_mutex_lock(&lock);
    for (int k = 0; k < FAKE_RM_GROUPS && us == 0; k++)
        if (groups[k].object != 0 && i-- == 0) us = groups[k].us;
    pthread_mutex_unlock(&lock);
    return us;
}

void fake_rm_set_timeslice(uint32_t i, uint64_t us) {
    pthread_mutex_lock(&lock);
    for (int k = 0; k < FAKE_RM_GROUPS; k++)
        if (groups[k].object != 0 && i-- == 0) groups[k].us = us;
    pthread_mutex_unlock(&lock);
}

uint32_t fake_rm_controls(void) {
    pthread_mutex_lock(&lock);
    const uint32_t count = controls;
    pthread_mutex_unlock(&lock);
    return count;
}

void fake_rm_refuse(bool refuse) {
    pthread_mutex_lock(&lock);
    refusing = refuse;
    pthread_mutex_unlock(&lock);
}

void fake_rm_on_control(void (*called)(void)) {
    pthread_mutex_lock(&lock);
    on_control = called;
    pthread_mutex_unlock(&lock);
}

#include "process.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "channels.h"
#include "check.h"
#include "detour.h"
#include "memory.h"
#include "partition.h"
#include "samples.h"
#include "segments.h"
#include "steward.h"
#include "streams.h"
#include "waits.h"

struct gbpf_settings gbpf_settings;

static bool is_set(const char *name) {
    const char *value = getenv(name);
    return value != NULL && value[0] != 0 && strcmp(value, "0") != 0;
}

/* Any thread, also several at once: all read the same. */
uint32_t gbpf_read_settings(void) {
    const char *tenant = getenv("GBPF_TENANT");
    const char *class = getenv("GBPF_CLASS");
    const char *timeslice = getenv("GBPF_TIMESLICE_US");
    const char *attach = getenv("GBPF_ATTACH");
    STORE(&gbpf_settings.attach, attach != NULL && attach[0] != 0 ? attach : NULL);
    STORE(&gbpf_settings.tenant, tenant != NULL && tenant[0] != 0 ? tenant : "default");
    STORE(&gbpf_settings.class_, class != NULL && strcmp(class, "latency") == 0 ? GBPF_CLASS_LATENCY : GBPF_CLASS_BEST_EFFORT);
    const unsigned long us = timeslice != NULL ? strtoul(timeslice, NULL, 10) : 0;
    STORE(&gbpf_settings.timeslice_us, us <= GBPF_TIMESLICE_MAX_US ? (uint32_t)us : 0);
    STORE(&gbpf_settings.partition, gbpf_partition_read(getenv("GBPF_SMS")));
    STORE(&gbpf_settings.check, is_set("GBPF_CHECK"));
    const uint32_t state = is_set("GBPF_DISABLE") ? GBPF_STATE_OFF : GBPF_STATE_ON;
    STORE_RELEASE(&gbpf_process.state, state);
    return state;
}

/* The settings point into the environment, which the application may change: copies are made before it can. */
static void keep(const char **text) {
    if (*text != NULL) STORE(text, strdup(*text));
}

/* The child has a copy of the parent's memory and none of its threads: it begins anew, and touches nothing that the parent shares. */
static void in_child(void) {
    gbpf_steward_forget();
    gbpf_segments_forget();
    gbpf_streams_forget();
    gbpf_captures_forget();
    gbpf_channels_forget();
    gbpf_memory_forget();
    gbpf_samples_forget();
    gbpf_waits_forget();
    gbpf_partition_forget();
    gbpf_detours_forget();
}

__attribute__((constructor)) static void start(void) {
    if (gbpf_disabled()) return;
    keep(&gbpf_settings.attach);
    keep(&gbpf_settings.tenant);
    gbpf_streams_start();
    pthread_atfork(NULL, NULL, in_child);
}

__attribute__((destructor)) static void stop(void) {
    if (!gbpf_disabled() && gbpf_settings.check) gbpf_cuda_check(STDERR_FILENO);
}

/* Beginnings of names of functions that bring work to a stream or take device memory. */
static bool matters(const char *name) {
    static const char *const beginnings[] = {"cuLaunch", "cuGraphLaunch", "cuMemcpy", "cuMemset", "cuMemAlloc", "cuMemCreate", "cuMemFree",
        "cuMemPrefetch", "cuMemDiscard", "cuMemBatch", "cuStreamBeginCapture", "cuStreamEndCapture", "cuStreamCreate", "cuGreenCtxStreamCreate"};
    /* Host memory is nobody's device memory. */
    if (strncmp(name, "cuMemAllocHost", 14) == 0 || strncmp(name, "cuMemFreeHost", 13) == 0) return false;
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (strncmp(name, beginnings[i], strlen(beginnings[i])) == 0) return true;
    return false;
}

void gbpf_count_unwrapped(const char *name) {
    if (matters(name)) ADD(&LOAD_ACQUIRE(&gbpf_process.segment)->report.unwrapped, 1);
}

void gbpf_lock_slowly(struct gbpf_lock *lock) {
    for (unsigned spins = 0;; spins++) {
        uint32_t free = 0;
        if (LOAD(&lock->word) == 0 && COMPARE_EXCHANGE(&lock->word, &free, 1)) return;
        if (spins >= 64) sched_yield();
    }
}

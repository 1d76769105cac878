#include "check.h"

#include <stdio.h>

#include "counts.h"
#include "driver.h"

static const char *const lever_names[] = {"gate", "timeslice", "priority", "quota", "copy", "partition", "completion", "stop"};
static const char *const lever_states[] = {"unknown", "works", "refused", "absent", "no effect", "ready"};

int gbpf_cuda_check(int to) {
    const bool loaded = gbpf_driver_resolve();
    const struct gbpf_segment *segment = LOAD_ACQUIRE(&gbpf_process.segment);
    const struct gbpf_segment_report *report = &segment->report;
    uint64_t kernels = 0;
    int present = 0;
    for (int i = 0; i < GBPF_SEGMENT_STREAMS; i++) kernels += GBPF_COUNTED(&segment->streams[i], kernels);
    for (int i = 0; i < GBPF_ENTRIES; i++) {
        const bool real = LOAD(&gbpf_real_functions[i]) != NULL;
        present += real;
        dprintf(to, "gbpf: %s %s (cuGetProcAddress: %s since %d.%d%s)\n", real ? "wrapped" : loaded ? "not in this driver:" : "would wrap",
            gbpf_entries[i].symbol, gbpf_entries[i].base, gbpf_entries[i].since / 1000, gbpf_entries[i].since % 1000 / 10,
            gbpf_entries[i].ds == GBPF_PER_THREAD ? ", per-thread default stream" : "");
    }
    dprintf(to, "gbpf: %d entry points, %d of them in the driver that is loaded\n", GBPF_ENTRIES, present);
    dprintf(to, "gbpf: wrappers given to who asked: %u, functions that matter and have none: %u\n", LOAD(&gbpf_wrappers_given),
        LOAD(&report->unwrapped));
    dprintf(to, "gbpf: segment %u, launches %llu, graphs %llu, copies %llu, held %llu, passed for want of a lease %llu\n",
        gbpf_segment_number(segment), (unsigned long long)kernels, (unsigned long long)LOAD(&report->graph_launches),
        (unsigned long long)LOAD(&report->copies), (unsigned long long)LOAD(&report->held), (unsigned long long)LOAD(&report->fail_open));
    dprintf(to, "gbpf: channel groups %u, timeslice %u us, control calls refused %u\n", LOAD(&report->channel_groups),
        LOAD(&report->timeslice_us), LOAD(&report->timeslice_errors));
    for (int i = 0; i < (int)(sizeof lever_names / sizeof *lever_names); i++)
        dprintf(to, "gbpf: lever %s: %s\n", lever_names[i], lever_states[LOAD(&report->levers[i]) % 6]);
    return loaded ? present : -1;
}

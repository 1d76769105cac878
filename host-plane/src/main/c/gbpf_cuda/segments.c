#include "segments.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "streams.h"

enum { PAGE = 4096, AREA = (sizeof(struct gbpf_segment) + PAGE - 1) / PAGE * PAGE };

/* Places in the address space that are never given back: a thread may keep the pointer of an old segment for as long as it likes, and the
 * driver may have an old one registered. The first is the process's own. */
static unsigned char areas[GBPF_SEGMENT_AREAS][AREA] __attribute__((aligned(PAGE)));

/* Attachments that were tried with a segment, in this process. */
static uint32_t made;

struct gbpf_process gbpf_process = {.segment = (struct gbpf_segment *)areas[0], .streams_epoch = 1};

uint32_t gbpf_segment_number(const struct gbpf_segment *segment) {
    return (uint32_t)(((const unsigned char *)segment - areas[0]) / AREA);
}

bool gbpf_segments_are_reused(void) { return LOAD(&made) >= GBPF_SEGMENT_AREAS; }

static void *make_private(void *area) {
    return mmap(area, AREA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

static void write_head(struct gbpf_segment_head *head) {
    head->magic = GBPF_SEGMENT_MAGIC;
    head->version = GBPF_SEGMENT_VERSION;
    head->bytes = sizeof(struct gbpf_segment);
    head->pid = (uint32_t)getpid();
    head->class_ = gbpf_settings.class_;
    head->started_ns = gbpf_now_ns();
    snprintf(head->tenant, sizeof head->tenant, "%s", gbpf_settings.tenant);
    snprintf(head->command, sizeof head->command, "%s", program_invocation_short_name);
}

struct gbpf_segment *gbpf_segment_make(int *memory, uint32_t attachment) {
    unsigned char *area = areas[1 + attachment % (GBPF_SEGMENT_AREAS - 1)];
    /* The last attachment's segment goes: nobody is held there any more, and the driver keeps what it has registered. */
    if (attachment != 0) make_private(areas[1 + (attachment - 1) % (GBPF_SEGMENT_AREAS - 1)]);
    STORE(&made, attachment + 1);
    *memory = memfd_create("gbpf-segment", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (*memory < 0) return NULL;
    if (ftruncate(*memory, sizeof(struct gbpf_segment)) != 0
        || fcntl(*memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0
        || mmap(area, AREA, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, *memory, 0) == MAP_FAILED) {
        /* mmap with MAP_FIXED that fails may have unmapped what was there. */
        make_private(area);
        close(*memory);
        *memory = -1;
        return NULL;
    }
    struct gbpf_segment *segment = (struct gbpf_segment *)area;
    write_head(&segment->head);
    return segment;
}

void gbpf_segment_adopt(struct gbpf_segment *segment) { gbpf_streams_move(segment); }

void gbpf_segment_leave(void) {
    struct gbpf_segment *old = LOAD_ACQUIRE(&gbpf_process.segment);
    struct gbpf_segment *own = (struct gbpf_segment *)areas[0];
    if (old == own) return;
    memset(&own->orders, 0, sizeof own->orders);
    gbpf_streams_move(own);
    /* Whoever is held there looks again, sees that the segment is another, and passes. */
    for (int i = 0; i < GBPF_SEGMENT_STREAMS; i++) gbpf_futex_wake(&old->streams[i].grant);
}

void gbpf_segments_forget(void) {
    for (uint32_t i = 0; i <= made && i < GBPF_SEGMENT_AREAS; i++) make_private(areas[i]);
    made = 0;
    STORE_RELEASE(&gbpf_process.segment, (struct gbpf_segment *)areas[0]);
}

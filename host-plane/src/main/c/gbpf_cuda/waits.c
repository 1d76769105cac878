#include "waits.h"

#include <string.h>

#include "capture.h"
#include "driver.h"
#include "handlers.h"
#include "record.h"
#include "streams.h"

enum { EVENTS = 4096 };

/* What is over when an event is: a stream's first launches. An event whose place another takes is forgotten, which only loses knowledge. */
static struct known_event {
    uintptr_t event;
    uint64_t launched;
    uint32_t place;
    uint32_t owner;
    uint32_t segment;
} events[EVENTS];

void gbpf_synchronized(struct gbpf_segment *segment, uint32_t place, uint32_t owner, uint64_t launched) {
    struct gbpf_segment_stream *stream = &segment->streams[place];
    if (place != GBPF_OTHER_STREAMS && LOAD(&stream->owner) == owner) gbpf_raise(&stream->synchronized, launched);
}

/* A stream's launches when a wait for it began. */
struct snapshot {
    struct gbpf_segment *segment;
    uint32_t place;
    uint32_t owner;
    uint64_t launched;
};

static bool take_snapshot(struct snapshot *snapshot, CUstream stream, enum gbpf_default_stream ds) {
    /* A stream in capture has nothing to wait for, and the driver says so. */
    if (LOAD(&gbpf_process.captures) != 0 && gbpf_is_capturing(stream, ds)) return false;
    snapshot->segment = LOAD_ACQUIRE(&gbpf_process.segment);
    snapshot->place = gbpf_stream_place(stream, ds);
    const struct gbpf_segment_stream *to = &snapshot->segment->streams[snapshot->place];
    snapshot->owner = LOAD(&to->owner);
    snapshot->launched = GBPF_COUNTED(to, launched);
    return true;
}

static void apply_snapshot(const struct snapshot *snapshot) {
    gbpf_synchronized(snapshot->segment, snapshot->place, snapshot->owner, snapshot->launched);
}

static uint64_t recording_since(void) { return LOAD(&LOAD_ACQUIRE(&gbpf_process.segment)->orders.record) != 0 ? gbpf_now_ns() : 0; }

static void record_wait(uint32_t place, uint64_t launched, uint64_t since) {
    if (since != 0) gbpf_record_wait(place, launched, gbpf_now_ns() - since);
}

CUresult gbpf_stream_synchronize(CUresult (*real)(CUstream), enum gbpf_default_stream ds, CUstream stream) {
    struct snapshot snapshot;
    const bool known = take_snapshot(&snapshot, stream, ds);
    const uint64_t since = recording_since();
    const CUresult result = real(stream);
    if (known && result == CUDA_SUCCESS) {
        apply_snapshot(&snapshot);
        record_wait(snapshot.place, snapshot.launched, since);
    }
    return result;
}

CUresult gbpf_stream_query(CUresult (*real)(CUstream), enum gbpf_default_stream ds, CUstream stream) {
    struct snapshot snapshot;
    const bool known = take_snapshot(&snapshot, stream, ds);
    const CUresult result = real(stream);
    if (known && result == CUDA_SUCCESS) apply_snapshot(&snapshot);
    return result;
}

static void snapshot_context(struct snapshot *all, CUcontext context) {
    struct gbpf_segment *segment = LOAD_ACQUIRE(&gbpf_process.segment);
    for (uint32_t i = 0; i < GBPF_OTHER_STREAMS; i++) {
        const struct gbpf_segment_stream *stream = &segment->streams[i];
        const bool of_context = LOAD_ACQUIRE(&gbpf_places[i].key) != 0 && LOAD(&gbpf_places[i].context) == context;
        all[i] = (struct snapshot){segment, i, of_context ? LOAD(&stream->owner) : 0, GBPF_COUNTED(stream, launched)};
    }
}

static void apply_context(const struct snapshot *all, CUresult result, uint64_t since) {
    if (result != CUDA_SUCCESS) return;
    for (uint32_t i = 0; i < GBPF_OTHER_STREAMS; i++)
        if (all[i].owner != 0) apply_snapshot(&all[i]);
    record_wait(GBPF_ALL_STREAMS, 0, since);
}

CUresult gbpf_context_synchronize(CUresult (*real)(void), enum gbpf_default_stream ds) {
    (void)ds;
    struct snapshot all[GBPF_OTHER_STREAMS];
    CUcontext context = NULL;
    if (gbpf_driver.cuCtxGetCurrent != NULL) gbpf_driver.cuCtxGetCurrent(&context);
    snapshot_context(all, context);
    const uint64_t since = recording_since();
    const CUresult result = real();
    apply_context(all, result, since);
    return result;
}

CUresult gbpf_context_synchronize_v2(CUresult (*real)(CUcontext), enum gbpf_default_stream ds, CUcontext context) {
    (void)ds;
    struct snapshot all[GBPF_OTHER_STREAMS];
    snapshot_context(all, context);
    const uint64_t since = recording_since();
    const CUresult result = real(context);
    apply_context(all, result, since);
    return result;
}

static struct known_event *place_of(CUevent event) { return &events[((uintptr_t)event >> 4 ^ (uintptr_t)event >> 16) % EVENTS]; }

static void forget(CUevent event) {
    uintptr_t there = (uintptr_t)event;
    COMPARE_EXCHANGE(&place_of(event)->event, &there, 0);
}

static void know(CUevent event, const struct snapshot *snapshot) {
    struct known_event *known = place_of(event);
    STORE_RELEASE(&known->event, 0);
    STORE(&known->launched, snapshot->launched);
    STORE(&known->place, snapshot->place);
    STORE(&known->owner, snapshot->owner);
    STORE(&known->segment, gbpf_segment_number(snapshot->segment));
    STORE_RELEASE(&known->event, (uintptr_t)event);
}

CUresult gbpf_event_record(CUresult (*real)(CUevent, CUstream), enum gbpf_default_stream ds, CUevent event, CUstream stream) {
    struct snapshot snapshot;
    const bool known = take_snapshot(&snapshot, stream, ds);
    forget(event);
    const CUresult result = real(event, stream);
    if (known && result == CUDA_SUCCESS) know(event, &snapshot);
    return result;
}

CUresult gbpf_event_record_with_flags(CUresult (*real)(CUevent, CUstream, unsigned), enum gbpf_default_stream ds, CUevent event,
    CUstream stream, unsigned flags) {
    struct snapshot snapshot;
    const bool known = take_snapshot(&snapshot, stream, ds);
    forget(event);
    const CUresult result = real(event, stream, flags);
    if (known && result == CUDA_SUCCESS) know(event, &snapshot);
    return result;
}

/* What the event stands for now; another thread may record it anew while it is waited for. */
static struct snapshot stands_for(CUevent event) {
    const struct known_event *known = place_of(event);
    struct snapshot snapshot = {LOAD_ACQUIRE(&gbpf_process.segment), 0, 0, 0};
    if (LOAD_ACQUIRE(&known->event) != (uintptr_t)event) return snapshot;
    snapshot.place = LOAD_ACQUIRE(&known->place);
    snapshot.launched = LOAD_ACQUIRE(&known->launched);
    const uint32_t owner = LOAD_ACQUIRE(&known->owner);
    const bool same = LOAD_ACQUIRE(&known->segment) == gbpf_segment_number(snapshot.segment);
    if (same && LOAD(&known->event) == (uintptr_t)event) snapshot.owner = owner;
    return snapshot;
}

static CUresult event_done(CUresult result, const struct snapshot *snapshot) {
    if (result == CUDA_SUCCESS && snapshot->owner != 0) apply_snapshot(snapshot);
    return result;
}

CUresult gbpf_event_query(CUresult (*real)(CUevent), enum gbpf_default_stream ds, CUevent event) {
    (void)ds;
    const struct snapshot snapshot = stands_for(event);
    return event_done(real(event), &snapshot);
}

CUresult gbpf_event_synchronize(CUresult (*real)(CUevent), enum gbpf_default_stream ds, CUevent event) {
    (void)ds;
    const struct snapshot snapshot = stands_for(event);
    const uint64_t since = recording_since();
    const CUresult result = real(event);
    if (result == CUDA_SUCCESS && snapshot.owner != 0) record_wait(snapshot.place, snapshot.launched, since);
    return event_done(result, &snapshot);
}

CUresult gbpf_event_destroy(CUresult (*real)(CUevent), enum gbpf_default_stream ds, CUevent event) {
    (void)ds;
    forget(event);
    return real(event);
}

void gbpf_waits_forget(void) { memset(events, 0, sizeof events); }

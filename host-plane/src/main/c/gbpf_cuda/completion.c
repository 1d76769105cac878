#include "completion.h"

#include "driver.h"
#include "levers.h"
#include "prepared.h"
#include "segments.h"

/* As many threads may be late at once for one stream; then a report is late too, and the next one mends it. */
enum { TURNS = 8 };

/* A word by itself in a line, so that the device's writes disturb nobody else's. */
struct relay_word {
    uint32_t completed;
    uint32_t pad[15];
};

/*
 * Where the device writes for each segment: into its streams, or, where the driver does not let it into memory that processes share (a sandbox
 * between the two), into words of the process's own, which its threads copy. Neither is taken back: that would wait for the device.
 */
static struct registration {
    struct gbpf_prepared prepared;
    uint32_t stride;
    CUdeviceptr first;
    struct relay_word *relay; /* null: none is needed */
} registrations[GBPF_SEGMENT_AREAS];
static struct gbpf_lock relay_lock; /* while relay words are read: they go with their context */

static bool is_usable(void) {
    return gbpf_driver.cuMemHostRegister_v2 != NULL && gbpf_driver.cuMemHostGetDevicePointer_v2 != NULL
        && gbpf_driver.cuStreamWriteValue32_v2 != NULL;
}

/* What was registered in another context still is. */
static bool is_registered(CUresult result) { return result == CUDA_SUCCESS || result == CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED; }

static bool register_streams(struct gbpf_segment *segment, CUdeviceptr *at) {
    const uintptr_t first = (uintptr_t)segment->streams & ~(uintptr_t)4095;
    const uintptr_t end = ((uintptr_t)&segment->streams[GBPF_SEGMENT_STREAMS] + 4095) & ~(uintptr_t)4095;
    CUdeviceptr base = 0;
    const unsigned flags = CU_MEMHOSTREGISTER_PORTABLE | CU_MEMHOSTREGISTER_DEVICEMAP;
    if (!is_registered(gbpf_driver.cuMemHostRegister_v2((void *)first, end - first, flags))
        || gbpf_driver.cuMemHostGetDevicePointer_v2(&base, (void *)first, 0) != CUDA_SUCCESS)
        return false;
    *at = base + ((uintptr_t)segment->streams - first) + offsetof(struct gbpf_segment_stream, completed);
    return true;
}

static bool prepare(void *argument) {
    struct gbpf_segment *segment = argument;
    struct registration *registration = &registrations[gbpf_segment_number(segment)];
    struct relay_word *words = NULL;
    bool done = register_streams(segment, &registration->first);
    registration->stride = sizeof(struct gbpf_segment_stream);
    if (!done) {
        words = gbpf_device_words(GBPF_SEGMENT_STREAMS * sizeof *words, &registration->first);
        registration->stride = sizeof *words;
        done = words != NULL;
    }
    STORE_RELEASE(&registration->relay, words);
    if (done) gbpf_lever_report(GBPF_LEVER_COMPLETION, GBPF_LEVER_WORKS);
    return done;
}

/* Where the device reports for a place of the segment; 0: nowhere, or not yet. */
static CUdeviceptr report_of(struct gbpf_segment *segment, uint32_t place) {
    const uint32_t number = gbpf_segment_number(segment);
    struct registration *registration = &registrations[number];
    if (number == 0) return 0;
    if (UNLIKELY(gbpf_segments_are_reused())) {
        gbpf_lever_report(GBPF_LEVER_COMPLETION, GBPF_LEVER_ABSENT);
        return 0;
    }
    if (!gbpf_prepare(&registration->prepared, GBPF_LEVER_COMPLETION, is_usable(), prepare, segment)) return 0;
    return registration->first + place * registration->stride;
}

/* Launches look at the line, too. */
static void arrives(uint32_t place, uint32_t number) {
    if (LOAD(&gbpf_places[place].arrived) != number) STORE(&gbpf_places[place].arrived, number);
}

bool gbpf_completion_relay(struct gbpf_segment *segment, uint32_t place) {
    struct relay_word *const *relay = &registrations[gbpf_segment_number(segment)].relay;
    struct gbpf_segment_stream *stream = &segment->streams[place];
    const uint32_t tracked = (uint32_t)LOAD(&gbpf_places[place].tracked);
    if (LIKELY(LOAD_ACQUIRE(relay) == NULL)) {
        arrives(place, tracked);
        return false;
    }
    /* Nothing is to come. The daemon looks at this line all the time: a launch does not write there for nothing. */
    const uint32_t known = LOAD(&stream->completed);
    if (known == LOAD(&stream->asked)) {
        if (known == tracked) arrives(place, tracked);
        return true;
    }
    gbpf_acquire(&relay_lock);
    const struct relay_word *words = LOAD_ACQUIRE(relay);
    const uint32_t completed = words != NULL ? LOAD(&words[place].completed) : known;
    if (completed != known) STORE(&stream->completed, completed);
    gbpf_release(&relay_lock);
    return words != NULL;
}

bool gbpf_completion_relay_all(struct gbpf_segment *segment) {
    for (uint32_t place = 0; place < GBPF_OTHER_STREAMS; place++)
        if (!gbpf_completion_relay(segment, place)) return false;
    return true;
}

void gbpf_completion_ask(const struct gbpf_call *call, uint64_t launched) {
    struct gbpf_place *place = &gbpf_places[call->place];
    struct gbpf_segment_stream *stream = &call->segment->streams[call->place];
    const uint64_t launched_ns = GBPF_COUNTED(stream, launched_ns);
    if (UNLIKELY(gbpf_completion_is_awaited(place))) gbpf_completion_relay(call->segment, call->place);
    if (LIKELY(!gbpf_completion_is_due(&call->segment->orders, place, launched, launched_ns))) return;
    if (call->place == GBPF_OTHER_STREAMS || LOAD(&place->segment) != gbpf_segment_number(call->segment) || LOAD(&gbpf_process.captures) != 0) return;
    const CUdeviceptr at = report_of(call->segment, call->place);
    if (at == 0) return;
    /* Every launch that is counted has been made, so the count now may be reported, also by a thread that comes late: it writes again what
     * another asked for meanwhile, lest an older number be the last to arrive. */
    uint64_t number = gbpf_max(launched, GBPF_COUNTED(stream, launched));
    gbpf_raise(&place->tracked_ns, launched_ns);
    for (int turn = 0; turn < TURNS; turn++) {
        gbpf_raise(&place->tracked, number);
        STORE(&stream->asked, (uint32_t)number);
        if (gbpf_driver.cuStreamWriteValue32_v2(gbpf_stream_named(call->stream, call->ds), at, (uint32_t)number, 0) != CUDA_SUCCESS) {
            gbpf_prepared_refused(&registrations[gbpf_segment_number(call->segment)].prepared, GBPF_LEVER_COMPLETION);
            return;
        }
        const uint64_t latest = LOAD(&place->tracked);
        if (latest <= number) break;
        number = latest;
    }
    if ((LOAD(&place->flags) & GBPF_STREAM_TRACKED) == 0) gbpf_stream_flag(call->place, GBPF_STREAM_TRACKED, true);
}

void gbpf_completion_context_gone(void) {
    gbpf_acquire(&relay_lock);
    for (int i = 0; i < GBPF_SEGMENT_AREAS; i++) {
        STORE(&registrations[i].relay, NULL);
        gbpf_prepared_gone(&registrations[i].prepared);
    }
    gbpf_release(&relay_lock);
}

void gbpf_completion_forget(void) {
    gbpf_release(&relay_lock);
    for (int i = 0; i < GBPF_SEGMENT_AREAS; i++) {
        gbpf_prepared_forget(&registrations[i].prepared);
        STORE(&registrations[i].relay, NULL);
    }
}

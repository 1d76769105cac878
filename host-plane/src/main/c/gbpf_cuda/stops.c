#include "stops.h"

#include "driver.h"
#include "gate.h"
#include "levers.h"
#include "prepared.h"
#include "steward.h"

/* How long streams go on when they have stopped for as long as a call may be held. */
#define BREATH_NS GBPF_MILLISECOND

/* The word that streams wait for, in memory of the process's own: 1, go on. It is never given back: a stream may wait for it at any time. */
static struct {
    struct gbpf_prepared prepared;
    struct gbpf_lock lock; /* while the word is used: it goes with its context */
    uint32_t *word;
    CUdeviceptr at;
} stops;

/* Of the steward. */
static uint64_t stopped_ns; /* when streams were stopped; 0: they are not */
static uint64_t breath_ns;  /* the end of a breath; 0: none */

static bool is_usable(void) {
    return gbpf_driver.cuMemHostAlloc != NULL && gbpf_driver.cuMemHostGetDevicePointer_v2 != NULL && gbpf_driver.cuStreamWaitValue32_v2 != NULL;
}

static bool prepare(void *nothing) {
    (void)nothing;
    CUdeviceptr at = 0;
    uint32_t *word = gbpf_device_words(sizeof *word, &at);
    if (word == NULL) return false;
    STORE(word, 1);
    STORE(&stops.at, at);
    STORE_RELEASE(&stops.word, word);
    gbpf_steward_wake(); /* streams may have to stop already */
    return true;
}

void gbpf_stop_point(const struct gbpf_call *call) {
    const uint64_t every = LOAD(&call->segment->orders.stop_every_ns);
    struct gbpf_place *place = &gbpf_places[call->place];
    const uint64_t launched = GBPF_COUNTED(&call->segment->streams[call->place], launched_ns);
    if (LIKELY(!gbpf_stop_is_due(place, every, launched)) || call->place == GBPF_OTHER_STREAMS || LOAD(&gbpf_process.captures) != 0
        || !gbpf_prepare(&stops.prepared, GBPF_LEVER_STOP, is_usable(), prepare, NULL))
        return;
    STORE(&place->stopped_ns, launched);
    /* Any bit of 1 lets the stream go on: a stream that waits is off the device, and its process with it when nothing else of it runs. */
    const bool done = gbpf_driver.cuStreamWaitValue32_v2(gbpf_stream_named(call->stream, call->ds), LOAD(&stops.at), 1, CU_STREAM_WAIT_VALUE_AND)
        == CUDA_SUCCESS;
    if (LIKELY(done)) {
        gbpf_lever_report(GBPF_LEVER_STOP, GBPF_LEVER_WORKS);
    } else {
        gbpf_prepared_refused(&stops.prepared, GBPF_LEVER_STOP);
    }
}

/* Whether streams may go on, and how long that holds. */
static bool may_go_on(const struct gbpf_segment_orders *orders, bool governed, uint64_t now, uint64_t *wait_ns) {
    const uint64_t limit = gbpf_hold_limit_ns(orders);
    if (!governed || LOAD(&orders->stopped) == 0 || limit == 0) {
        stopped_ns = 0;
        breath_ns = 0;
        return true;
    }
    if (breath_ns != 0 && now < breath_ns) {
        *wait_ns = gbpf_min(*wait_ns, breath_ns - now);
        return true;
    }
    if (stopped_ns == 0 || breath_ns != 0) {
        stopped_ns = now;
        breath_ns = 0;
    } else if (now - stopped_ns >= limit) {
        breath_ns = now + BREATH_NS;
        *wait_ns = gbpf_min(*wait_ns, BREATH_NS);
        return true;
    }
    *wait_ns = gbpf_min(*wait_ns, limit - (now - stopped_ns));
    return false;
}

uint64_t gbpf_stops_apply(const struct gbpf_segment_orders *orders, bool governed, uint64_t now, uint64_t wait_ns) {
    if (LOAD_ACQUIRE(&stops.word) == NULL) return wait_ns;
    const bool goes_on = may_go_on(orders, governed, now, &wait_ns);
    gbpf_acquire(&stops.lock);
    uint32_t *word = LOAD(&stops.word);
    if (word != NULL) STORE_RELEASE(word, goes_on);
    gbpf_release(&stops.lock);
    return wait_ns;
}

void gbpf_stops_context_gone(void) {
    gbpf_acquire(&stops.lock);
    uint32_t *word = LOAD(&stops.word);
    /* Streams of other contexts may wait for it. */
    if (word != NULL) STORE_RELEASE(word, 1);
    STORE(&stops.word, NULL);
    gbpf_prepared_gone(&stops.prepared);
    gbpf_release(&stops.lock);
}

void gbpf_stops_forget(void) {
    gbpf_release(&stops.lock);
    gbpf_prepared_forget(&stops.prepared);
    STORE(&stops.word, NULL);
    stopped_ns = 0;
    breath_ns = 0;
}

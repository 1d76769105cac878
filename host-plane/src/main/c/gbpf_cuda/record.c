#include "record.h"

static uint32_t cut(uint64_t value) { return (uint32_t)gbpf_min(value, UINT32_MAX); }

static void write_event(struct gbpf_segment *segment, const struct gbpf_segment_event *event) {
    const uint64_t ticket = ADD(&segment->next_event, 1) + 1;
    struct gbpf_segment_event *to = &segment->events[(ticket - 1) % GBPF_SEGMENT_EVENTS];
    STORE_RELEASE(&to->ticket, 0);
    STORE(&to->time_ns, event->time_ns);
    STORE(&to->duration_ns, event->duration_ns);
    STORE(&to->bytes, event->bytes);
    STORE(&to->key, event->key);
    STORE(&to->width, event->width);
    STORE(&to->threads, event->threads);
    STORE(&to->stream, event->stream);
    STORE(&to->kind, event->kind);
    STORE(&to->number, event->number);
    STORE(&to->held_ns, event->held_ns);
    STORE(&to->call_ns, event->call_ns);
    STORE_RELEASE(&to->ticket, ticket);
}

void gbpf_record_work(const struct gbpf_call *call, const struct gbpf_work *work, uint64_t number) {
    const bool collective = (LOAD(&gbpf_places[call->place].flags) & GBPF_STREAM_COLLECTIVE) != 0 && work->kind == GBPF_EVENT_KERNEL;
    const uint64_t now = gbpf_now_ns();
    const struct gbpf_segment_event event = {
        .time_ns = now,
        .duration_ns = call->cost_ns,
        .bytes = work->bytes,
        .key = call->key,
        .width = cut(work->blocks),
        .threads = cut(work->threads),
        .stream = (uint16_t)call->place,
        .kind = (uint16_t)(collective ? GBPF_EVENT_COLLECTIVE : work->kind),
        .number = (uint32_t)number,
        .held_ns = cut(call->held_ns),
        .call_ns = cut(now - call->called_ns),
    };
    if (work->kind != 0) write_event(call->segment, &event);
}

/* Null: the daemon does not record. */
static struct gbpf_segment *recorded_segment(void) {
    struct gbpf_segment *segment = LOAD_ACQUIRE(&gbpf_process.segment);
    return LIKELY(LOAD(&segment->orders.record) == 0) ? NULL : segment;
}

void gbpf_record_memory(enum gbpf_event_kind kind, uint64_t bytes) {
    struct gbpf_segment *segment = recorded_segment();
    if (LIKELY(segment == NULL)) return;
    const struct gbpf_segment_event event = {.time_ns = gbpf_now_ns(), .bytes = bytes, .stream = GBPF_ALL_STREAMS, .kind = (uint16_t)kind};
    write_event(segment, &event);
}

void gbpf_record_wait(uint32_t stream, uint64_t number, uint64_t ns) {
    struct gbpf_segment *segment = recorded_segment();
    if (LIKELY(segment == NULL)) return;
    const struct gbpf_segment_event event = {.time_ns = gbpf_now_ns(), .duration_ns = ns, .stream = (uint16_t)stream, .kind = GBPF_EVENT_SYNC,
        .number = (uint32_t)number, .call_ns = cut(ns)};
    write_event(segment, &event);
}

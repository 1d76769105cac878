#include "record.h"

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
    STORE(&to->held_ns, event->held_ns);
    STORE_RELEASE(&to->ticket, ticket);
}

void gbpf_record_work(const struct gbpf_call *call, const struct gbpf_work *work) {
    const bool collective = (LOAD(&gbpf_places[call->place].flags) & GBPF_STREAM_COLLECTIVE) != 0 && work->kind == GBPF_EVENT_KERNEL;
    const struct gbpf_segment_event event = {
        .time_ns = gbpf_now_ns(),
        .duration_ns = call->cost_ns,
        .bytes = work->bytes,
        .key = call->key,
        .width = (uint32_t)gbpf_min(work->blocks, UINT32_MAX),
        .threads = (uint32_t)gbpf_min(work->threads, UINT32_MAX),
        .stream = (uint16_t)call->place,
        .kind = (uint16_t)(collective ? GBPF_EVENT_COLLECTIVE : work->kind),
        .held_ns = call->held_ns,
    };
    if (work->kind != 0) write_event(call->segment, &event);
}

void gbpf_record(enum gbpf_event_kind kind, uint32_t stream, uint64_t bytes, uint64_t ns) {
    struct gbpf_segment *segment = LOAD_ACQUIRE(&gbpf_segment);
    if (LIKELY(LOAD(&segment->orders.record) == 0)) return;
    const struct gbpf_segment_event event = {
        .time_ns = gbpf_now_ns(), .duration_ns = ns, .bytes = bytes, .stream = (uint16_t)stream, .kind = (uint16_t)kind};
    write_event(segment, &event);
}

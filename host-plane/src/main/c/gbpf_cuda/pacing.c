#include "pacing.h"

#include "gate.h"

enum { PIECE_MIN = 64 * 1024, PIECES_MAX = 1024 };

/* When the link would be free if it had just the allowed rate: the generic cell rate algorithm (ITU-T I.371), a token bucket in one word. */
static uint64_t free_at_ns;

static bool is_limited(enum gbpf_event_kind kind) { return kind == GBPF_EVENT_COPY_H2D || kind == GBPF_EVENT_COPY_D2H; }

static uint64_t time_for(uint64_t bytes, uint64_t rate) {
    const unsigned __int128 ns = (unsigned __int128)bytes * GBPF_SECOND / rate;
    return ns > 3600 * GBPF_SECOND ? 3600 * GBPF_SECOND : (uint64_t)ns;
}

/* Takes the link for so long, but lets no debt grow beyond limit: what passed too early is not made up for later. */
static uint64_t take_link(uint64_t now, uint64_t ns, uint64_t limit) {
    uint64_t old = LOAD(&free_at_ns);
    uint64_t new;
    do {
        new = gbpf_min(gbpf_max(old, now) + ns, now + limit);
    } while (!COMPARE_EXCHANGE(&free_at_ns, &old, new));
    return new;
}

uint64_t gbpf_pace(struct gbpf_segment *segment, enum gbpf_event_kind kind, uint64_t bytes, uint64_t now) {
    const struct gbpf_segment_orders *orders = &segment->orders;
    const uint64_t rate = LOAD(&orders->copy_bytes_per_second);
    if (rate == 0 || !is_limited(kind) || LOAD(&orders->mode) != GBPF_MODE_POLICY || !gbpf_lease_holds(orders, now)) return 0;
    const uint64_t burst = time_for(LOAD(&orders->copy_burst_bytes), rate);
    const uint64_t hold = gbpf_hold_limit_ns(orders);
    const uint64_t until = take_link(now, time_for(bytes, rate), burst + hold);
    if (until <= now + burst) return 0;
    const uint64_t wait = gbpf_min(until - burst - now, hold);
    const uint64_t epoch = LOAD(&orders->hold_epoch);
    uint64_t at = now;
    ADD(&segment->report.held, 1);
    while (at - now < wait && LOAD(&orders->mode) == GBPF_MODE_POLICY && LOAD(&orders->hold_epoch) == epoch
        && LOAD(&orders->copy_bytes_per_second) != 0 && gbpf_lease_holds(orders, at) && LOAD_ACQUIRE(&gbpf_process.segment) == segment) {
        const uint64_t step = gbpf_min(wait - (at - now), 2 * GBPF_MILLISECOND);
        const struct timespec pause = {.tv_sec = 0, .tv_nsec = (long)step};
        nanosleep(&pause, NULL);
        at = gbpf_now_ns();
    }
    ADD(&segment->report.held_ns, at - now);
    return at - now;
}

uint64_t gbpf_piece_bytes(const struct gbpf_segment *segment, uint64_t bytes) {
    const uint64_t piece = LOAD(&segment->orders.copy_piece_bytes);
    if (piece == 0 || LOAD(&segment->orders.mode) != GBPF_MODE_POLICY || !gbpf_lease_holds(&segment->orders, gbpf_now_ns())) return bytes;
    return gbpf_min(bytes, gbpf_max(gbpf_max(piece, PIECE_MIN), bytes / PIECES_MAX + 1));
}

#include "gate.h"

#include "completion.h"

/* A held caller looks again at least so often, and when the lease is over: nobody need wake it for that. */
#define LOOK_NS (5 * GBPF_MILLISECOND)

/* And where it has to bring in the device's reports itself. */
#define RELAY_NS 50000

/* And looks all the time at first, where there are cores enough: a sleep and its end take longer than a daemon that is awake. */
#define SPIN_NS 10000
enum { CORES_TO_SPIN = 3 };

static bool may_spin(void) {
    static uint32_t cores;
    uint32_t count = LOAD(&cores);
    if (count == 0) {
        count = (uint32_t)gbpf_max(1, (uint64_t)sysconf(_SC_NPROCESSORS_ONLN));
        STORE(&cores, count);
    }
    return count >= CORES_TO_SPIN;
}

static void begin_hold(struct gbpf_segment *segment, struct gbpf_segment_stream *stream, uint64_t cost_ns, uint64_t now) {
    uint64_t none = 0;
    ADD(&segment->report.held, 1);
    COMPARE_EXCHANGE(&stream->held_since_ns, &none, now);
    ADD(&stream->waiters, 1);
    ADD(&stream->wanted_ns, cost_ns);
    ADD(&segment->report.bell, 1);
    gbpf_futex_wake(&segment->report.bell);
}

static void end_hold(struct gbpf_segment *segment, struct gbpf_segment_stream *stream, uint64_t cost_ns, uint64_t now, uint64_t waited) {
    /* There is work all the time until it is launched, for a daemon that reads the words in this order: wanted, passing, launched. */
    ADD(&stream->passing, 1);
    SUBTRACT_RELEASE(&stream->wanted_ns, cost_ns);
    /* Others that wait have waited less than this one, or for little longer. */
    STORE(&stream->held_since_ns, SUBTRACT(&stream->waiters, 1) > 1 ? now : 0);
    ADD(&segment->report.held_ns, waited);
}

bool gbpf_gate_wait(struct gbpf_segment *segment, uint32_t place, uint64_t cost_ns, uint64_t *held_ns) {
    struct gbpf_segment_stream *stream = &segment->streams[place];
    const struct gbpf_segment_orders *orders = &segment->orders;
    if (gbpf_gate_is_open(stream)) return false;
    const uint64_t began = gbpf_now_ns();
    if (!gbpf_lease_holds(orders, began) || gbpf_hold_limit_ns(orders) == 0) {
        ADD(&segment->report.fail_open, 1);
        return false;
    }
    const uint64_t epoch = LOAD(&orders->hold_epoch);
    begin_hold(segment, stream, cost_ns, began);
    const uint64_t spin_ns = may_spin() ? SPIN_NS : 0;
    uint64_t now;
    for (;;) {
        /* The word before what it stands for: a grant between the two ends the wait at once. */
        const uint32_t grant = LOAD_ACQUIRE(&stream->grant);
        const bool relays = gbpf_completion_relay(segment, place);
        now = gbpf_now_ns();
        if (gbpf_gate_is_open(stream)) break;
        if (LOAD(&orders->mode) == GBPF_MODE_BYPASS || LOAD(&orders->hold_epoch) != epoch) break;
        const uint64_t limit = gbpf_hold_limit_ns(orders);
        const uint64_t lease = gbpf_lease_left_ns(orders, now);
        if (LOAD_ACQUIRE(&gbpf_process.segment) != segment || lease == 0) {
            ADD(&segment->report.fail_open, 1);
            break;
        }
        if (now - began >= limit) {
            ADD(&segment->report.fail_open, 1);
            ADD(&segment->report.held_too_long, 1);
            break;
        }
        if (now - began < spin_ns) continue;
        gbpf_futex_wait(&stream->grant, grant, gbpf_min(gbpf_min(limit - (now - began), lease), relays ? RELAY_NS : LOOK_NS));
    }
    end_hold(segment, stream, cost_ns, now, now - began);
    *held_ns = now - began;
    return true;
}

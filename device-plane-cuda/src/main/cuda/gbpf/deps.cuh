// Dependency counters: a task that becomes ready when n others are done, and is released exactly once.
//
// Each counter stands beside the task that waits for it, in one sector, so that whoever counts down to 0 has the task at hand. Only
// one of those who count down sees the counter reach 0. Numbers below `own` are the application's; the others are taken from a ring
// of free ones and go back by themselves.
#pragma once

#include "layout.h"
#include "ring.cuh"

namespace gbpf {

enum class countdown : uint32_t { waits, released, misused };

struct dependencies {
    gbpf_dependency *all;
    uint32_t count;
    ring<uint32_t, device_scope> free;

    /** Empties all, puts the numbers from `own` on into the ring of free ones; called by one warp before anyone uses them. */
    GBPF_DEVICE void format(uint32_t own, patience limit) const {
        free.format();
        for (uint32_t base = 0; base < count; base += WARP_LANES) {
            lane_array<uint32_t> numbers;
            lanes::all().each([&](uint32_t lane) {
                numbers[lane] = base + lane;
                all[base + lane] = gbpf_dependency{};
            });
            const uint32_t recycled = lanes::all().ballot([&](uint32_t lane) { return base + lane > own; });
            if (recycled != 0) free.push(lanes::all().some(recycled), numbers, limit);
        }
    }

    /** Free counters for these lanes; 0 for those for which there is none. */
    template <class Who> GBPF_DEVICE lane_array<uint32_t> take(Who who, patience limit) const {
        lane_array<uint32_t> numbers{};
        const uint32_t taken = free.pop(who, WARP_LANES, numbers, limit);
        who.each([&](uint32_t lane) {
            if (taken >> lane & 1) {
                all[numbers[lane]].flags = GBPF_DEPENDENCY_RECYCLE;
            } else {
                numbers[lane] = 0;
            }
        });
        return numbers;
    }

    /** Lets `task` wait for `n` tasks, at least 1; called by one lane before any of them can end. */
    GBPF_DEVICE void arm(uint32_t number, uint32_t n, const gbpf_compact_task &task) const {
        gbpf_dependency &d = all[number];
        d.task = task;
        d.task.flags |= GBPF_TASK_VALID;
        device_atomic<uint32_t>(d.remaining).store(n, release);
    }

    /** Counts down by `n`; `task` is the released one when that was the rest. Called by one lane. */
    GBPF_DEVICE countdown down(uint32_t number, uint32_t n, gbpf_compact_task &task) const {
        if (number == 0 || number >= count) return countdown::misused;
        gbpf_dependency &d = all[number];
        device_atomic<uint32_t> remaining(d.remaining);
        const uint32_t before = remaining.fetch_sub(n, acq_rel);
        if (before > n) return countdown::waits;
        if (before < n) {
            remaining.fetch_add(n, relaxed);
            return countdown::misused;
        }
        task = d.task;
        return countdown::released;
    }

    /** Gives a counter back if it was taken; called by the one lane that saw it released, after it has read its task. */
    GBPF_DEVICE void recycle(uint32_t number, patience limit) const {
        if ((all[number].flags & GBPF_DEPENDENCY_RECYCLE) == 0) return;
        all[number].flags = 0;
        lane_array<uint32_t> one;
        one[0] = number;
        free.push(one_lane{0}, one, limit); // there is room for all
    }
};

}  // namespace gbpf

// The runtime's side of gbpf_task.h.
#pragma once

#include "include/gbpf_task.h"
#include "partner.cuh"
#include "run.cuh"

namespace gbpf {

/**
 * f(who, lane) -> T once for each task that calls. On the GPU a warp's 32 threads go in as one, and the threads of LANE tasks as one group if all
 * that run such are here together. Once they have parted each goes by itself: two groups of one warp that are in the same sync, each with a mask
 * of its own, cut each other's short (seen on an H200 with the code of CUDA 13.0: a ballot of two lanes came back with one lane's vote).
 */
template <class F> GBPF_DEVICE auto for_callers(gbpf_env *env, F f) -> decltype(f(one_lane{0}, 0u)) {
#if GBPF_GPU
    if (env->kind == GBPF_TASK_LANE) {
        const uint32_t here = __activemask();
        return here == env->lanes ? f(lanes{here}, lane_id()) : f(one_lane{lane_id()}, lane_id());
    }
    lanes::all().sync(); // what all threads wrote comes before what this call tells others
    return lanes::all().leader([&] { return f(one_lane{0}, 0u); });
#else
    return f(one_lane{env->lane}, env->lane);
#endif
}

GBPF_DEVICE gbpf_compact_task compact(uint32_t tenant, uint32_t function, uint32_t flags, uint32_t a, uint64_t b) {
    return gbpf_compact_task{static_cast<uint16_t>(function), static_cast<uint8_t>(tenant),
        static_cast<uint8_t>((flags & ~uint32_t{GBPF_TASK_DESCRIBED}) | GBPF_TASK_VALID), a, b};
}

/** Makes a warp or block task; called by all threads of a warp or block task's warp, which makes one. */
GBPF_DEVICE bool spawn_by_warp(gbpf_env &env, placement where, const gbpf_compact_task &task) {
    const lanes who = lanes::all();
    who.sync(); // what all threads wrote comes before what this call tells others
    if (where == placement::elsewhere && hand_over_to_other(env, task)) return true;
    if (place_by_warp(env, task, where)) return true;
    who.once([&] { block_atomic<uint32_t>(block_of(env).refused).fetch_add(1, relaxed); });
    return false;
}

/** Makes a task for each task that calls. */
GBPF_DEVICE uint32_t spawn_by_each(gbpf_env *env, placement where, const gbpf_compact_task &task) {
    return for_callers(env, [&](auto who, uint32_t lane) -> uint32_t {
        lane_array<gbpf_compact_task> tasks;
        tasks[lane] = task;
        lane_array<placement> places{};
        places[lane] = where;
        const uint32_t placed = place_lanes(*env, who, tasks, places) >> lane & 1;
        if (placed == 0) block_atomic<uint32_t>(block_of(*env).refused).fetch_add(1, relaxed);
        return placed;
    });
}

}  // namespace gbpf

extern "C" {

GBPF_DEVICE_CALL bool gbpf_place_1(gbpf_env *env, uint32_t where, uint32_t function, uint32_t flags, uint32_t a, uint64_t b) {
    gbpf_env *here = &gbpf::own(*env);
    const gbpf_compact_task task = gbpf::compact(here->tenant, function, flags, a, b);
    const auto place = static_cast<gbpf::placement>(where);
    return gbpf_by_warp_for_warp(here, flags) ? gbpf::spawn_by_warp(*here, place, task) : gbpf::spawn_by_each(here, place, task) != 0;
}

GBPF_DEVICE_CALL bool gbpf_send_1(gbpf_env *env, uint32_t function, uint32_t flags, uint32_t a, uint64_t b) {
    const uint32_t kind = gbpf::peek_own(env->kind), tenant = gbpf::peek_own(env->tenant);
    if (kind == GBPF_TASK_LANE) return false;
    gbpf::lanes::all().sync(); // what all threads wrote comes before what this call tells others
    return gbpf::hand_over_to_partner(*env, gbpf::compact(tenant, function, flags, a, b));
}

GBPF_DEVICE_CALL bool gbpf_spawn(gbpf_env *env, uint32_t function, uint32_t flags, uint32_t a, uint64_t b) {
    return gbpf_place_1(env, GBPF_ANYWHERE, function, flags, a, b);
}

GBPF_DEVICE_CALL bool gbpf_submit(gbpf_env *env, const gbpf_task *task) {
    using namespace gbpf;
    return for_callers(env, [&](auto who, uint32_t lane) -> uint32_t {
        plane_view &plane = block_of(*env).plane;
        lane_array<uint32_t> numbers{};
        const uint32_t taken = take_descriptors(plane, who, env->tenant, numbers);
        uint32_t placed = 0;
        if (taken >> lane & 1) {
            gbpf_task &d = plane.descriptors[numbers[lane]];
            d = *task;
            d.tenant = static_cast<uint16_t>(env->tenant);
            gbpf_compact_task c = compact(env->tenant, task->function, (task->flags & ~uint32_t{GBPF_TASK_KIND}) | task->kind, numbers[lane], 0);
            c.flags |= GBPF_TASK_DESCRIBED;
            placed = place(*env, c, placement::anywhere) ? 1 : 0;
            if (placed == 0) give_descriptors(plane, one_lane{lane}, env->tenant, numbers);
        }
        if (placed == 0) block_atomic<uint32_t>(block_of(*env).refused).fetch_add(1, relaxed);
        return placed;
    }) != 0;
}

GBPF_DEVICE_CALL uint32_t gbpf_dependency_take(gbpf_env *env) {
    return gbpf::for_callers(env, [&](auto who, uint32_t lane) -> uint32_t {
        return gbpf::block_of(*env).plane.waiting.take(who, gbpf::block_of(*env).plane.limit())[lane];
    });
}

GBPF_DEVICE_CALL void gbpf_dependency_arm(
    gbpf_env *env, uint32_t counter, uint32_t n, uint32_t function, uint32_t flags, uint32_t a, uint64_t b) {
    const gbpf_compact_task task = gbpf::compact(env->tenant, function, flags, a, b);
    gbpf::for_callers(env, [&](auto, uint32_t) -> uint32_t {
        gbpf::block_of(*env).plane.waiting.arm(counter, n, task);
        return 0;
    });
}

GBPF_DEVICE_CALL bool gbpf_signal(gbpf_env *env, uint32_t counter) {
    return gbpf::for_callers(env, [&](auto, uint32_t) -> uint32_t { return gbpf::signal(*env, counter, false) ? 1 : 0; }) != 0;
}

GBPF_DEVICE_CALL void gbpf_fail(gbpf_env *env) {
    gbpf::for_callers(env, [&](auto, uint32_t lane) -> uint32_t {
        return gbpf::block_atomic<uint32_t>(env->failed).fetch_or(1u << lane, gbpf::relaxed);
    });
}

GBPF_DEVICE_CALL bool gbpf_yield(gbpf_env *env) {
    using namespace gbpf;
    block_state &s = block_of(*env);
    return for_callers(env, [&](auto, uint32_t) -> uint32_t {
        const uint32_t pause = peek(s.known.pause_ns[env->tenant]);
        if (pause != 0) {
            const uint64_t start = cycles(), until = now_ns() + pause;
            while (now_ns() < until && peek(s.known.leave) == 0) nap(pause < 500 ? pause : 500);
            block_atomic<uint32_t>(s.sums[env->tenant].paused_cycles).fetch_add(static_cast<uint32_t>(cycles() - start), relaxed);
        }
        return peek(s.known.leave);
    }) != 0;
}

GBPF_DEVICE_CALL uint32_t gbpf_tenant(const gbpf_env *env) { return env->tenant; }

GBPF_DEVICE_CALL uint32_t gbpf_place_in_group(const gbpf_env *env) {
#if GBPF_GPU
    return env->kind == GBPF_TASK_LANE ? gbpf::lane_id() : env->warp;
#else
    return env->kind == GBPF_TASK_LANE ? env->lane : env->warp;
#endif
}

GBPF_DEVICE_CALL const gbpf_task *gbpf_descriptor(const gbpf_env *env) { return env->described; }

}  // extern "C"

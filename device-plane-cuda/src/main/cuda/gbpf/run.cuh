// Running a task: the call, its charge, its completion, and what became ready by it.
#pragma once

#include "env.cuh"

namespace gbpf {

GBPF_DEVICE gbpf_function function_of(const block_state &s, uint32_t number) {
    const plane_view &plane = s.plane;
    if (number >= plane.params.functions) return nullptr;
    return reinterpret_cast<gbpf_function>(number < NEAR_FUNCTIONS ? s.functions[number] : at<uint64_t>(plane.params.functions_address)[number]);
}

/** Writes a record for the host, whose ring has room for it unless it asked for more than that; called by one lane. */
GBPF_OUTLINE void notify(plane_view &plane, gbpf_compact_task task, uint64_t tag, uint64_t result, uint32_t status) {
    if (plane.params.completion_address == 0) return;
    gbpf_completion_ring &to = at<gbpf_completion_ring>(plane.params.completion_address)[task.tenant];
    if (to.capacity == 0) return;
    const uint64_t position = device_atomic<uint64_t>(plane.completions[task.tenant]).fetch_add(1, relaxed);
    patience limit = plane.limit();
    while (position - system_atomic<uint64_t>(to.consumed).load(acquire) >= to.capacity) {
        if (!limit.wait() || plane.leaving()) {
            device_atomic<uint64_t>(plane.board->records_lost).fetch_add(1, relaxed);
            return;
        }
    }
    gbpf_completion &record = at<gbpf_completion>(to.records_address)[position & (to.capacity - 1)];
    record.tag = tag;
    record.result = result;
    record.status = status;
    record.function = task.function;
    system_atomic<uint64_t>(record.sequence).store(position + 1, release);
}

/**
 * Answers a request of a host mailbox; called by a whole warp, so that the four words come to the host's memory at once.
 *
 * @param pure whether the answer is all that the request tells the host; else the host sees what was written before it
 */
GBPF_DEVICE void answer(plane_view &plane, uint32_t box, uint32_t sequence, uint64_t result, uint32_t status, uint32_t worker, bool pure) {
    gbpf_host_mailbox &mail = at<gbpf_host_mailbox>(plane.params.mailbox_address)[box];
    const uint32_t low = static_cast<uint32_t>(result), high = static_cast<uint32_t>(result >> 32);
    for_lanes(0xf, [&](uint32_t lane) {
        const uint32_t bits = lane == 0 ? low : lane == 1 ? high : lane == 2 ? status : worker;
        const uint64_t word = uint64_t{sequence} << 32 | bits;
        if (pure) {
            system_atomic<uint64_t>(mail.answer[lane]).store(word, relaxed);
        } else {
            system_atomic<uint64_t>(mail.answer[lane]).store(word, release);
        }
    });
}

/**
 * Counts a dependency down and places the task that it releases; called by one lane.
 *
 * @param ending whether the task that counts down ends by it, so that its warp can go on with the released one
 */
GBPF_OUTLINE bool signal(gbpf_env &env, uint32_t counter, bool ending) {
    plane_view &plane = block_of(env).plane;
    gbpf_compact_task released;
    const countdown was = plane.waiting.down(counter, 1, released);
    if (was == countdown::waits) return true;
    if (was == countdown::misused) {
        device_atomic<uint64_t>(plane.board->misused).fetch_add(1, relaxed);
        return false;
    }
    plane.waiting.recycle(counter, plane.limit());
    if (ending && keep(env, released)) return true;
    return place_surely(env, released, placement::anywhere);
}

/** The virtual time of so many cycles, less than 2^32, at a tenant's share. */
GBPF_DEVICE uint64_t pass_of(const block_state &s, uint32_t tenant, uint32_t used) {
    return uint64_t{used} * peek(s.known.stride[tenant]) >> 12;
}

/** Moves a tenant's virtual time on. */
GBPF_DEVICE void advance(block_state &s, uint32_t tenant, uint64_t step) {
    block_atomic<uint64_t>(s.pass[tenant]).fetch_add(step, relaxed);
}

/** Adds tasks' cycles to their tenant's sums; called by one lane. */
GBPF_DEVICE void charge(gbpf_env &env, uint32_t tenant, uint64_t used, uint32_t tasks, uint32_t failed) {
    block_state &s = block_of(env);
    tenant_sums &sums = s.sums[tenant];
    advance(s, tenant, pass_of(s, tenant, used < UINT32_MAX ? static_cast<uint32_t>(used) : UINT32_MAX) - env.prepaid);
    env.prepaid = 0;
    if (used < 1u << 31) {
        block_atomic<uint32_t>(sums.used_cycles).fetch_add(static_cast<uint32_t>(used), relaxed);
    } else {
        device_atomic<uint64_t>(s.account(tenant).used_cycles).fetch_add(used, relaxed);
    }
    block_atomic<uint32_t>(sums.finished).fetch_add(tasks, relaxed);
    if (failed != 0) block_atomic<uint32_t>(sums.failed).fetch_add(failed, relaxed);
    poke(s.estimate[tenant], static_cast<uint32_t>(used < 1u << 31 ? used : 1u << 31));
}

/** Tells the watch that a task begins or ends; called by one lane. */
GBPF_DEVICE void beat(gbpf_env &env) {
    uint32_t &serial = block_of(env).beats[own_warp(env)].serial; // odd while it runs
    poke(serial, peek(serial) + 1);
}

/** Tells the watch that so many tasks begin; called by one lane. */
GBPF_DEVICE void begin_task_by_lane(gbpf_env &env, uint32_t function, uint32_t tenant, uint32_t tasks) {
    block_state &s = block_of(env);
    block_atomic<uint32_t>(s.sums[tenant].started).fetch_add(tasks, relaxed);
    poke(s.beats[own_warp(env)].what, function << 16 | tenant);
    beat(env);
}
/** The same, called by a whole warp. */
GBPF_DEVICE void begin_task(gbpf_env &env, uint32_t function, uint32_t tenant, uint32_t tasks) {
    lanes::all().once([&] { begin_task_by_lane(env, function, tenant, tasks); });
}

/** Shows what the block runs when no idle warp of it does; called by a whole warp of a worker block. */
GBPF_DEVICE void show_unless(block_state &s, uint32_t idle) {
    if (lanes::all().ballot([&](uint32_t) { return idle != 0; }) == 0) show_work(s);
}
GBPF_DEVICE void show_if_busy(block_state &s) { show_unless(s, idle_warps(s)); }

/** Whom a task tells how it ended. */
struct task_end {
    uint64_t tag;
    uint32_t counter;
    uint32_t descriptor; // 1 + its descriptor's index
    uint32_t box;        // 1 + its mailbox
    uint32_t sequence;
};

/** Everything after the call of a warp or block task; called by a whole warp. */
GBPF_DEVICE void finish(gbpf_env &env, const gbpf_compact_task &task, const task_end &end, uint64_t result, uint32_t status) {
    block_state &s = block_of(env);
    if (end.box != 0) answer(s.plane, end.box - 1, end.sequence, result, status, env.worker, (task.flags & GBPF_TASK_PURE) != 0);
    lanes::all().once([&] {
        if (end.box == 0 && (task.flags & GBPF_TASK_NOTIFY) != 0) notify(s.plane, task, end.tag, result, status);
        if (end.counter != 0) signal(env, end.counter, true);
    });
    if (end.descriptor != 0) {
        lane_array<uint32_t> number;
        number[0] = end.descriptor - 1;
        lanes::all().once([&] { give_descriptors(s.plane, one_lane{0}, task.tenant, number); });
    }
}

/** Tells the task's functions which task it is; called by one lane, or by all of a warp. */
GBPF_DEVICE void write_task(gbpf_env &env, const gbpf_compact_task &task, const gbpf_task *described) {
    env.kind = task.flags & GBPF_TASK_KIND;
    env.tenant = task.tenant;
    env.failed = 0;
    env.lane = 0;
    env.described = described;
}
/** The same, called by a whole warp. */
GBPF_DEVICE void set_task(gbpf_env &env, const gbpf_compact_task &task, const gbpf_task *described) {
    lanes::all().once([&] { write_task(env, task, described); });
}

/** Begins a warp or block task: what its arguments are, and what it wants at its end. Called by a whole warp. */
GBPF_DEVICE task_end unfold(gbpf_env &env, const gbpf_compact_task &task, uint64_t &a, uint64_t &b) {
    block_state &s = block_of(env);
    const bool mailed = is_mailed(task);
    const uint32_t box = mailed ? (task.a & ~MAILED) >> 28 : 0;
    device_atomic<uint64_t> word(s.plane.requests[box].sequence_and_a);
    uint64_t request = mailed ? word.load(relaxed) : 0; // under way while the watch is told
    const gbpf_task *described = (task.flags & GBPF_TASK_DESCRIBED) && !mailed ? s.plane.descriptors + task.a : nullptr;
    set_task(env, task, described);
    begin_task(env, task.function, task.tenant, 1);
    task_end end{task.b, 0, 0, 0, 0};
    a = task.a;
    b = task.b;
    if (mailed) {
        request = lanes::all().leader([&] {
            uint64_t now = request;
            for (patience limit = s.plane.limit(); ((now ^ task.a) & MAILED_SEQUENCE) != 0 && limit.wait();) now = word.load(relaxed);
            return now;
        });
        end.box = box + 1;
        end.sequence = static_cast<uint32_t>(request);
        a = request >> 32;
    } else if (described != nullptr) {
        a = described->args[0];
        b = described->args[1];
        end.tag = described->tag;
        end.counter = described->counter;
        end.descriptor = task.a + 1;
    }
    return end;
}

/** Calls the function of a warp or block task in this warp; status says whether it failed. */
GBPF_DEVICE uint64_t call(gbpf_env &env, const gbpf_compact_task &task, uint64_t a, uint64_t b, uint32_t &status) {
    const gbpf_function f = function_of(block_of(env), task.function);
    if (f == nullptr) {
        lanes::all().once([&] { device_atomic<uint64_t>(block_of(env).plane.board->misused).fetch_add(1, relaxed); });
        status = GBPF_NO_FUNCTION;
        return 0;
    }
    lane_array<uint64_t> result{};
    const uint32_t callers = (task.flags & GBPF_TASK_KIND) == GBPF_TASK_LANE ? 1 : WARP_IS_ONE_CALL;
    for_lanes(callers, [&](uint32_t lane) { result[lane] = f(&env, a, b); });
    status = peek(env.failed) != 0 ? GBPF_FAILED : GBPF_DONE;
    return from_lane(ALL_LANES, result, 0);
}

/** Runs a warp task that was unfolded; called by a whole warp. */
GBPF_DEVICE void run_unfolded(gbpf_env &env, const gbpf_compact_task &task, const task_end &end, uint64_t a, uint64_t b) {
    const uint64_t start = cycles();
    uint32_t status;
    const uint64_t result = call(env, task, a, b, status);
    const uint64_t used = cycles() - start;
    finish(env, task, end, result, status);
    lanes::all().once([&] {
        charge(env, task.tenant, used, 1, status != GBPF_DONE ? 1 : 0);
        beat(env);
    });
}

/** Runs a warp task; called by a whole warp. */
GBPF_DEVICE void run_warp_task(gbpf_env &env, gbpf_compact_task task) {
    uint64_t a, b;
    const task_end end = unfold(env, task, a, b);
    show_if_busy(block_of(env));
    run_unfolded(env, task, end, a, b);
}

constexpr uint32_t TURN_CYCLES = 16384; // after which tasks that follow each other in a warp are charged, and others may come first

/** Charges what bare tasks of a turn took, and counts them; called by a whole warp. `next`: 1 if the warp goes on with another one. */
GBPF_OUTLINE void end_turn(gbpf_env &env, uint32_t tenant, uint64_t used, uint32_t tasks, uint32_t failed, uint32_t next) {
    lanes::all().once([&] {
        block_atomic<uint32_t>(block_of(env).sums[tenant].started).fetch_add(tasks - 1 + next, relaxed); // the first one was counted when it began
        charge(env, tenant, used, tasks, failed);
        if (next == 0) beat(env);
    });
}

/**
 * Runs a bare task, and then those that each of them keeps for this warp; called by a whole warp. They are charged together, and what a turn
 * begins and ends with is elsewhere, so that few instructions are between two functions, and those close together: jumps to others take longer
 * than the instructions themselves.
 *
 * @param follow whether it goes on with what the first one keeps
 * @param may_start called right before the first function, by the whole warp
 * @param others_wait asked by a whole warp at the end of each turn: whether it has to look for something else first
 */
template <class S, class F>
GBPF_DEVICE void run_bare(gbpf_env &env, gbpf_compact_task task, uint64_t function, bool follow, S may_start, F others_wait) {
    block_state &s = block_of(env);
    gbpf_heartbeat &heart = s.beats[own_warp(env)];
    const uint32_t tenant = task.tenant, idle = idle_warps(s);
    const uint64_t turn = follow ? TURN_CYCLES : 0;
    uint32_t serial = peek(heart.serial) + 1;
    lanes::all().sync();
    // All lanes write the same here: parting them takes longer.
    write_task(env, task, nullptr);
    task_words next = words_of(task);
    const auto begin = [&] {
        poke_own(env.next.word0, uint64_t{GBPF_MAIL_OPEN});
        poke(heart.what, static_cast<uint32_t>(next.word0) << 16 | tenant);
        poke(heart.serial, serial);
        lanes::all().sync();
    };
    begin();
    add_once(s.sums[tenant].started, 1);
    show_unless(s, idle);
    may_start();
    for (uint32_t again = 1; again != 0;) {
        const uint64_t start = cycles();
        uint32_t tasks = 0, failed = 0, kept, more;
        do {
            for_lanes(WARP_IS_ONE_CALL, [&](uint32_t) {
                reinterpret_cast<gbpf_function>(function)(&env, static_cast<uint32_t>(next.word0 >> 32), next.word1);
            });
            next = task_words{peek_own(env.next.word0), peek_own(env.next.word1)};
            const uint32_t fails = peek_own(env.failed);
            function = near_function(s, static_cast<uint16_t>(next.word0));
            const uint64_t used = cycles() - start;
            kept = static_cast<int>((next.word0 & MAIL_IS_TASK) != 0) & static_cast<int>(function != 0);
            more = lanes::all().ballot([&](uint32_t) { return (kept & static_cast<uint32_t>(used < turn)) != 0; });
            serial += 2;
            ++tasks;
            if (fails != 0) {
                ++failed;
                poke_own(env.failed, 0u);
            }
            if (more != 0) begin();
        } while (more != 0);
        const uint64_t used = cycles() - start;
        again = follow && kept != 0 && !others_wait() ? 1 : 0;
        end_turn(env, tenant, used, tasks, failed, lanes::all().leader([&] { return again; }));
        if (again != 0) begin();
    }
}

/** Runs up to 32 lane tasks, those of one function and tenant side by side; called by a whole warp. */
GBPF_DEVICE void run_lane_tasks(gbpf_env &env, uint32_t mask, lane_argument<gbpf_compact_task> tasks) {
    block_state &s = block_of(env);
    while (mask != 0) {
        const gbpf_compact_task first = from_lane(ALL_LANES, tasks, lowest_bit(mask));
        const uint32_t now = lanes::all().ballot([&](uint32_t lane) {
            return (mask >> lane & 1) && tasks[lane].function == first.function && tasks[lane].tenant == first.tenant;
        });
        mask &= ~now;
        lanes::all().once([&] {
            env.kind = GBPF_TASK_LANE;
            env.lanes = now;
            env.tenant = first.tenant;
            env.failed = 0;
            env.described = nullptr;
        });
        begin_task(env, first.function, first.tenant, count_bits(now));
        show_if_busy(s);
        const gbpf_function f = function_of(s, first.function);
        const uint64_t start = cycles();
        lane_array<uint64_t> results{};
        if (f != nullptr) {
            for_lanes(now, [&](uint32_t lane) {
#if !GBPF_GPU
                env.lane = lane;
#endif
                results[lane] = f(&env, tasks[lane].a, tasks[lane].b);
            });
        } else {
            lanes::all().once([&] { device_atomic<uint64_t>(s.plane.board->misused).fetch_add(count_bits(now), relaxed); });
        }
        const uint64_t used = cycles() - start;
        const uint32_t failed = f == nullptr ? now : peek(env.failed);
        for_lanes(now, [&](uint32_t lane) {
            if (!(tasks[lane].flags & GBPF_TASK_NOTIFY)) return;
            const uint32_t status = f == nullptr ? GBPF_NO_FUNCTION : failed >> lane & 1 ? GBPF_FAILED : GBPF_DONE;
            notify(s.plane, tasks[lane], tasks[lane].b, results[lane], status);
        });
        lanes::all().once([&] {
            charge(env, first.tenant, used, count_bits(now), count_bits(failed));
            beat(env);
        });
    }
}

}  // namespace gbpf

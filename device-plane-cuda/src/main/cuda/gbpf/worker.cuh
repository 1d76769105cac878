// A worker: one warp that runs tasks until it is told to leave, and looks at its mail while there are none.
#pragma once

#include "attendant.cuh"
#include "copy.cuh"
#include "idle_warp.cuh"

namespace gbpf {

template <class Policy> class worker : idle_warp {
public:
    GBPF_DEVICE worker(gbpf_env &env, Policy &policy, uint64_t refresh_cycles)
    : idle_warp(env, refresh_cycles), policy_(policy) {}

    GBPF_DEVICE void run() {
        const uint32_t box = attended_by(block(), own_warp(env_));
        if (box < GBPF_MAX_HOST_MAILBOXES) {
            attend(box);
        } else {
            run_tasks();
        }
        leave();
    }

private:
    static constexpr uint32_t LOOKS_AT_MAIL = 12; // of a lookout, before it looks around
    static constexpr uint32_t LOOKS_AT_PARTNER = 64;

    GBPF_DEVICE void run_tasks() {
        lanes::all().once([&] {
            begin_work(block());
            poke(env().next.word0, uint64_t{GBPF_MAIL_OPEN});
        });
        while (!look()) {
            join();
            gbpf_compact_task task;
            bool given = take_kept(task);
            if (given && !goes_on(task)) {
                pass_on(task, placement::here);
                given = false;
            }
            if (!given) {
                lane_array<gbpf_compact_task> tasks;
                const uint32_t mask = pick(env(), policy_, reserved(), tasks);
                if (mask != 0) {
                    execute(mask, tasks);
                } else {
                    const found what = wait();
                    given = what.reason == MAIL;
                    task = task_of(what.words);
                }
            }
            if (given) run_given(task);
        }
        gbpf_compact_task task;
        if (take_kept(task)) pass_on(task, placement::shared);
    }

    // ---- a mailbox's requests ----

    /** Runs what the mailbox's poller puts at its attendant's place, and comes to tasks of the block. Other warps look at the plane. */
    GBPF_DEVICE void attend(uint32_t box) {
        gbpf_request &from = block().plane.requests[box];
        const bool nearby = attended_nearby(block(), box);
        uint32_t last = nearby ? 0 : static_cast<uint32_t>(lanes::all().leader([&] { return device_atomic<uint64_t>(from.attended).load(relaxed); }));
        for (uint32_t quiet = 0;; ++quiet) {
            const bool stops = (static_cast<int>(called()) | static_cast<int>(peek(block().known.leave) != 0)) != 0; // while the load is under way
            const bool decides = policy_.has(GBPF_HOOK_CTA_ADMIT), alone = peek(block().presence) < ONE_PRESENT;
            const attended_task found = nearby ? look_nearby(block(), box) : look_for_request(from, alone);
            const bool news = found.whole && found.sequence != last;
            if (lanes::all().ballot([&](uint32_t) { return news || stops; }) == 0) {
                rest(quiet);
                continue;
            }
            const uint32_t is_new = lanes::all().ballot([&](uint32_t) { return news; });
            if (is_new == ALL_LANES) {
                if (nearby) {
                    cluster_look(block().requests[box][0]);
                } else if (lanes::all().ballot([&](uint32_t) { return !alone; }) != 0) {
                    device_mail::settle();
                }
                last = run_request(box, found, lanes::all().ballot([&](uint32_t) { return decides; }) != 0);
                lanes::all().once([&] {
                    if (nearby) {
                        partner_memory(block()).word(block().attended_end[box]).show(last);
                    } else {
                        device_atomic<uint64_t>(from.attended).store(last, release);
                    }
                });
                quiet = 0;
            }
            join();
            if (agreed(block().known.leave) != 0) break;
        }
        lanes::all().once([&] { begin_work(block()); });
    }

    GBPF_DEVICE uint32_t run_request(uint32_t box, const attended_task &found, bool decides) {
        const gbpf_compact_task task = found.task;
        const uint32_t sequence = found.sequence;
        if (decides) {
            run_given(mailed(task, box, sequence));
            return sequence;
        }
        set_task(env(), task, nullptr);
        begin_task(env(), task.function, task.tenant, 1);
        show_if_busy(block());
        run_unfolded(env(), task, task_end{0, 0, 0, box + 1, sequence}, task.a, task.b);
        return sequence;
    }

    /** Refreshes what the block knows of plane and policy; true when it shall leave. */
    GBPF_DEVICE bool look() {
        return refresh(block(), refresh_cycles_, [&] { policy_.follow(); });
    }

    /** Runs tasks of any kind. */
    GBPF_DEVICE void execute(uint32_t mask, const lane_array<gbpf_compact_task> &tasks) {
        const uint32_t small = lanes::all().ballot([&](uint32_t lane) {
            return (mask >> lane & 1) && (tasks[lane].flags & (GBPF_TASK_KIND | GBPF_TASK_DESCRIBED)) == GBPF_TASK_LANE;
        });
        if (small != 0) run_lane_tasks(env(), small, tasks);
        for (uint32_t rest = mask & ~small; rest != 0;) {
            const gbpf_compact_task task = from_lane(ALL_LANES, tasks, lowest_bit(rest));
            rest &= rest - 1;
            run_single(task);
            gbpf_compact_task kept;
            if (rest != 0 && take_kept(kept)) pass_on(kept, placement::here); // this warp has others at hand
        }
    }

    /** Runs a warp or block task, or a lane task by itself, that all lanes have. */
    GBPF_DEVICE void run_single(const gbpf_compact_task &task) {
        if (is_copy(task)) {
            run_copy(env(), task);
        } else if ((task.flags & GBPF_TASK_KIND) == GBPF_TASK_BLOCK) {
            run_block_task(task);
        } else {
            run_warp_task(env(), task);
        }
    }

    /** Runs a task that was given to this warp, if it may start; otherwise it goes to its ring. */
    GBPF_DEVICE void run_given(const gbpf_compact_task &task) {
        const bool decides = decides_admission(policy_);
        if (decides) {
            uint32_t next;
            const uint32_t verdict = admit(env(), policy_, task, 0, next);
            if (verdict == GBPF_PARK) lanes::all().once([&] { poke(block().known.parked, 1u); });
            if (verdict != GBPF_START) {
                lane_array<gbpf_compact_task> one;
                for_lanes(1, [&](uint32_t lane) { one[lane] = task; });
                if (put_back(env(), 1, one) == 0) return;
            }
        }
        const uint64_t function = bare_function(block(), task);
        if (function != 0) {
            run_in_turns(task, function, !decides && !reserved(), [] {});
        } else {
            run_single(task);
        }
    }

    /** Takes the task that the last one kept for this warp, if it kept one. */
    GBPF_DEVICE bool take_kept(gbpf_compact_task &task) {
        const task_words words{peek(env().next.word0), peek(env().next.word1)}; // this warp's own: all lanes see the same
        lanes::all().sync();
        if ((words.word0 & MAIL_IS_TASK) == 0) return false;
        lanes::all().once([&] { poke(env().next.word0, uint64_t{GBPF_MAIL_OPEN}); });
        task = task_of(words);
        return true;
    }

    /** Whether others that wait come before a task that this warp kept; called by one lane. */
    GBPF_DEVICE bool others_come_first(uint32_t tenant) {
        return reserved() || stirred() || peek(block().known.parked) != 0 || (peek(block().known.eligible) >> tenant & 1) == 0;
    }

    /** Whether this warp may go on with such a task. */
    GBPF_DEVICE bool goes_on(const gbpf_compact_task &task) {
        return lanes::all().leader([&]() -> uint32_t { return others_come_first(task.tenant) ? 0 : 1; }) != 0;
    }

    /** Whether a warp that runs tasks which follow each other has to look for something else, or at the plane since nobody else does. */
    GBPF_OUTLINE bool turns_end(uint32_t tenant) {
        return lanes::all().leader([&]() -> uint32_t {
            const bool old = cycles() - peek(block().known.refreshed) > 2 * refresh_cycles_ && peek(block().known.refreshing) == 0;
            return old || policy_.has(GBPF_HOOK_CTA_ADMIT) || others_come_first(tenant) ? 1 : 0;
        }) != 0;
    }

    /** Runs a bare task and what it keeps, for as long as nobody waits. */
    template <class F> GBPF_DEVICE void run_in_turns(const gbpf_compact_task &task, uint64_t function, bool follow, F may_start) {
        const uint32_t tenant = task.tenant;
        run_bare(env(), task, function, follow, may_start, [&] { return turns_end(tenant); });
    }

    /** Gives a task that this warp has to an idle warp of the block, or to a ring. */
    GBPF_OUTLINE void pass_on(gbpf_compact_task task, placement where) {
        lanes::all().once([&] { place_surely(env(), task, where); });
    }

    // ---- waiting (idle_warp.cuh) ----

    /** Nothing to do: waits until something comes. */
    GBPF_DEVICE found wait() {
        lanes::all().once([&] {
            open_near();
            end_work(block());
        });
        for (uint32_t quiet = 0;; ++quiet) {
            const found what = peek(env().lookout) != 0 ? watch_far(quiet)
                : peek(env().watcher) != 0              ? watch_partner(quiet)
                                                        : lanes::all().leader([&] { return watch_near(quiet); });
            if (what.reason == REFRESH) {
                look_again(block(), [&] { policy_.follow(); });
                lanes::all().once([&] {
                    if (env().lookout == 0) open_near();
                });
            } else if (what.reason != NOTHING) {
                return what;
            }
        }
    }

    /** Runs a bare task that no program decides about, by the shortest way; false: it is not one. may_start() comes right before its function. */
    template <class F> GBPF_DEVICE bool run_at_once(const gbpf_compact_task &task, F may_start) {
        const uint64_t function = bare_function(block(), task);
        const bool fits = function != 0 && !policy_.has(GBPF_HOOK_CTA_ADMIT);
        if (lanes::all().ballot([&](uint32_t) { return fits; }) != ALL_LANES) return false;
        run_in_turns(task, function, !reserved(), may_start);
        return true;
    }

    /** Looks for a while as the block's lookout; called by the whole warp, so that each lane has the task at once and none waits for another. */
    GBPF_DEVICE found watch_far(uint32_t quiet) {
        for (uint32_t turn = 0; turn < LOOKS_AT_MAIL; ++turn) {
            // Where all of the block is idle nobody minds that an acquire empties the L1; elsewhere the fence waits for a task.
            const bool alone = peek(block().presence) < ONE_PRESENT;
            const task_words words = alone ? device_mail::look(far()) : device_mail::glance(far());
            const uint32_t see = lanes::all().ballot([&](uint32_t) { return (words.word0 & MAIL_IS_TASK) != 0; });
            if (see != ALL_LANES) continue; // a task stays there: all see it at the next look
            if (lanes::all().ballot([&](uint32_t) { return !alone; }) != 0) device_mail::settle();
            lanes::all().once([&] { take_far(); });
            return run_at_once(task_of(words), [] {}) ? found{RAN, 0, {0, 0}} : found{MAIL, 0, words};
        }
        return lanes::all().leader([&] {
            const found what = look_around();
            if (what.reason == NOTHING) rest(quiet);
            return what;
        });
    }

    /** Looks for a while at what comes from the partner; called by the whole warp. */
    GBPF_DEVICE found watch_partner(uint32_t quiet) {
        const partner_place &place = block().from_partner;
        const uint32_t opening = peek(block().opening);
        for (uint32_t turn = 0; turn < LOOKS_AT_PARTNER; ++turn) {
            task_words words;
            const bool whole = own_place::look(place, opening, words);
            if (lanes::all().ballot([&](uint32_t) { return whole; }) != ALL_LANES) continue; // it stays there: all see it at the next look
            take_from_partner();
            const auto may_start = [&] {
                if (!shows_nothing(task_of(words))) own_place::await(place, opening, block().plane.limit());
            };
            if (run_at_once(task_of(words), may_start)) return found{RAN, 0, {0, 0}};
            may_start();
            return found{MAIL, 0, words};
        }
        return lanes::all().leader([&] {
            const found what = look_around_as_watcher();
            if (what.reason == NOTHING) rest(quiet);
            return what;
        });
    }

    // ---- tasks of the whole block ----

    /** Calls all warps of the block together for a task, and runs it with them. */
    GBPF_OUTLINE void run_block_task(gbpf_compact_task task) {
        block_call &call = block().call;
        while (true) {
            const uint32_t before = lanes::all().leader([&] {
                uint32_t expected = 0;
                block_atomic<uint32_t>(call.state).compare_exchange_strong(expected, 1, acquire, relaxed);
                return expected;
            });
            if (before == 0) break;
            if (before > 1) { // a warp left: the task waits for the next launch
                pass_on(task, placement::shared);
                return;
            }
            join();
        }
        uint64_t a, b;
        const task_end end = unfold(env(), task, a, b);
        show_if_busy(block());
        const uint32_t number = env().joined + 1;
        lanes::all().once([&] {
            call.task = task;
            call.a = a;
            call.b = b;
            call.described = env().described;
            poke(call.arrived, 0u);
            poke(call.done, 0u);
            block_atomic<uint32_t>(call.number).store(number, release);
        });
        env().joined = number;
        lanes::all().once([&] {
            await_count(call.arrived, block().warps - 1);
            block_atomic<uint32_t>(call.go).store(number, release);
        });
        const uint64_t start = cycles();
        uint32_t status;
        const uint64_t result = gbpf::call(env(), task, a, b, status);
        lanes::all().once([&] { await_count(call.done, block().warps - 1); });
        const uint64_t used = (cycles() - start) * block().warps;
        lanes::all().once([&] {
            charge(env(), task.tenant, used, 1, status != GBPF_DONE ? 1 : 0);
            beat(env());
            block_atomic<uint32_t>(call.state).fetch_and(~1u, release);
        });
        finish(env(), task, end, result, status);
    }

    GBPF_DEVICE void await_count(uint32_t &word, uint32_t n) {
        patience limit = block().plane.limit();
        while (block_atomic<uint32_t>(word).load(acquire) < n && limit.wait()) {}
    }

    /** Goes where another warp of the block called, if one did. */
    GBPF_OUTLINE void join() {
        block_call &call = block().call;
        const uint32_t number = lanes::all().leader([&] { return block_atomic<uint32_t>(call.number).load(acquire); });
        if (number == env().joined) return;
        env().joined = number;
        lanes::all().once([&] {
            block_atomic<uint32_t>(call.arrived).fetch_add(1, relaxed);
            patience limit = block().plane.limit();
            while (block_atomic<uint32_t>(call.go).load(acquire) != number && limit.wait()) {}
            env().kind = GBPF_TASK_BLOCK;
            env().tenant = call.task.tenant;
            env().described = call.described;
            env().failed = 0;
        });
        uint32_t status;
        gbpf::call(env(), call.task, call.a, call.b, status);
        lanes::all().once([&] { block_atomic<uint32_t>(call.done).fetch_add(1, release); });
    }

    /** Tells the block that this warp comes to no call any more; the last one keeps the block's state. */
    GBPF_OUTLINE void leave() {
        while (true) {
            join();
            const uint32_t before = lanes::all().leader([&] {
                uint32_t was = block_atomic<uint32_t>(block().call.state).load(relaxed);
                while ((was & 1) == 0 && !block_atomic<uint32_t>(block().call.state).compare_exchange_weak(was, was + 2, acq_rel, relaxed)) {}
                return was;
            });
            if ((before & 1) != 0) continue; // somebody calls
            // Warps may leave in another order than they said so: whoever ends its work last counts the block out.
            lanes::all().once([&] {
                settle_with_partner(block());
                count_partner_out(block());
                end_work(block());
                count_out(block());
            });
            if (before / 2 + 1 == block().warps) {
                flush_sums(block());
                save_block(block());
            }
            return;
        }
    }

    Policy &policy_;
};

}  // namespace gbpf

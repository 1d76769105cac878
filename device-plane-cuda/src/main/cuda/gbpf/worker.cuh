// A worker: one warp that runs tasks until it is told to leave, and looks at its mail while there are none.
#pragma once

#include "pick.cuh"

namespace gbpf {

template <class Policy> class worker {
public:
    GBPF_DEVICE worker(gbpf_env &env, Policy &policy, uint64_t refresh_cycles)
    : env_(env), s_(block_of(env)), policy_(policy), refresh_cycles_(refresh_cycles) {}

    GBPF_DEVICE void run() {
        lanes::all().once([&] { begin_work(s_); });
        while (!look()) {
            join();
            lane_array<gbpf_compact_task> tasks;
            const uint32_t mask = pick(env_, policy_, reserved(), tasks);
            if (mask != 0) {
                execute(mask, tasks);
            } else {
                const found what = wait();
                if (what.reason == MAIL) run_mailed(task_of(what.words));
            }
        }
        leave();
    }

private:
    enum : uint32_t { NOTHING, MAIL, STIR, REFRESH };

    /** What an idle warp found, the same in all lanes. */
    struct found {
        uint32_t reason;
        uint32_t unused;
        task_words words;
    };

    /** Whether this warp is kept for what is urgent: it gets no mail from its block and looks for nothing else in rings. */
    GBPF_DEVICE bool reserved() const { return env_.warp == s_.reserved; }
    GBPF_DEVICE gbpf_mail &near() { return s_.mail[env_.warp]; }
    GBPF_DEVICE gbpf_mail &far() { return s_.plane.mail_of(s_.index); }
    /** Refreshes what the block knows of plane and policy; true when it shall leave. */
    GBPF_DEVICE bool look() {
        return refresh(s_, refresh_cycles_, [&] { policy_.follow(); });
    }
    GBPF_DEVICE bool called() { return peek(s_.call.number) != joined_; }

    /** Runs tasks of any kind. */
    GBPF_DEVICE void execute(uint32_t mask, const lane_array<gbpf_compact_task> &tasks) {
        const uint32_t small = lanes::all().ballot([&](uint32_t lane) {
            return (mask >> lane & 1) && (tasks[lane].flags & (GBPF_TASK_KIND | GBPF_TASK_DESCRIBED)) == GBPF_TASK_LANE;
        });
        if (small != 0) run_lane_tasks(env_, small, tasks);
        for (uint32_t rest = mask & ~small; rest != 0; rest &= rest - 1) {
            run_single(from_lane(ALL_LANES, tasks, lowest_bit(rest)));
        }
    }

    /** Runs a warp or block task, or a lane task by itself, that all lanes have. */
    GBPF_DEVICE void run_single(const gbpf_compact_task &task) {
        if ((task.flags & GBPF_TASK_KIND) == GBPF_TASK_BLOCK) {
            run_block_task(task);
        } else {
            run_warp_task(env_, task);
        }
    }

    /** Runs a task that came by mail, if it may start; otherwise it goes to its ring. */
    GBPF_DEVICE void run_mailed(const gbpf_compact_task &task) {
        if (decides_admission(policy_)) {
            uint32_t next;
            const uint32_t verdict = admit(env_, policy_, task, 0, next);
            if (verdict == GBPF_PARK) lanes::all().once([&] { poke(s_.known.parked, 1u); });
            if (verdict != GBPF_START) {
                lane_array<gbpf_compact_task> one;
                for_lanes(1, [&](uint32_t lane) { one[lane] = task; });
                if (put_back(env_, 1, one) == 0) return;
            }
        }
        const bool bare = (task.flags & (GBPF_TASK_KIND | GBPF_TASK_DESCRIBED | GBPF_TASK_NOTIFY)) == GBPF_TASK_WARP;
        const uint64_t function = bare && task.function < NEAR_FUNCTIONS ? s_.functions[task.function] : 0;
        if (function != 0) {
            run_bare(env_, task, reinterpret_cast<gbpf_function>(function));
        } else {
            run_single(task);
        }
    }

    // ---- waiting ----
    //
    // An idle warp opens the mail that warps of its block put tasks into, in shared memory. One of them, the lookout, looks at the
    // block's mail in device memory instead. When a task comes there it runs it at once, and the next idle warp becomes the lookout.
    // What must be closed, told or looked up takes a way through L2, so a warp that has a task does none of it.

    /** Nothing to do: waits until something comes. */
    GBPF_DEVICE found wait() {
        lanes::all().once([&] {
            open_near();
            end_work(s_);
        });
        for (uint32_t quiet = 0;; ++quiet) {
            const found what = lanes::all().leader([&] { return watch(quiet); });
            if (what.reason == REFRESH) {
                look_again(s_, [&] { policy_.follow(); });
                lanes::all().once([&] {
                    if (!lookout_) open_near();
                });
            } else if (what.reason != NOTHING) {
                return what;
            }
        }
    }

    /** Looks for a while; called by one lane, as everything below. */
    GBPF_DEVICE found watch(uint32_t quiet) {
        found what{NOTHING, 0, {0, 0}};
        for (uint32_t turn = 0; turn < 16 && what.reason == NOTHING; ++turn) {
            what = lookout_ ? look_far() : look_near();
            if (what.reason == NOTHING) rest(quiet);
        }
        return what;
    }

    GBPF_DEVICE void open_near() {
        if (reserved()) return;
        block_mail::open(near());
        block_atomic<uint32_t>(s_.idle).fetch_or(1u << env_.warp, relaxed);
    }

    /** Closes the mail of this block's warps; false: there is a task, which is in `what` then. */
    GBPF_DEVICE bool close_near(found &what) {
        if (reserved()) return true;
        block_atomic<uint32_t>(s_.idle).fetch_and(~(1u << env_.warp), relaxed);
        if (block_mail::close(near())) return true;
        what = found{MAIL, 0, await<block_mail>(near())};
        return false;
    }

    GBPF_DEVICE found look_near() {
        found what{NOTHING, 0, {0, 0}};
        for (uint32_t look = 0; look < 4; ++look) {
            if ((peek(near().word0) & MAIL_IS_TASK) == 0) continue;
            what = found{MAIL, 0, block_mail::look(near())};
            block_atomic<uint32_t>(s_.idle).fetch_and(~(1u << env_.warp), relaxed);
            return what;
        }
        if (stirred()) {
            if (close_near(what)) {
                begin_work(s_);
                what.reason = STIR;
            }
        } else if (peek(s_.lookout) == 0) {
            uint32_t none = 0;
            if (!block_atomic<uint32_t>(s_.lookout).compare_exchange_strong(none, env_.warp + 1, acq_rel, relaxed)) return what;
            if (close_near(what)) {
                become_lookout();
            } else {
                block_atomic<uint32_t>(s_.lookout).store(0, release);
            }
        } else if (claim_refresh(s_, refresh_cycles_)) {
            if (close_near(what)) {
                what.reason = REFRESH;
            } else {
                block_atomic<uint32_t>(s_.known.refreshing).store(0, relaxed);
            }
        }
        return what;
    }

    GBPF_OUTLINE void become_lookout() {
        lookout_ = true;
        spared_ = 0;
        if (peek(s_.presence) >= ONE_PRESENT) {
            count_block(s_, true);
        } else {
            device_atomic<uint64_t>(s_.plane.board->activity).fetch_add(WAKE, relaxed);
        }
        together_fence(); // who sees the mail open sees this
        device_mail::open(far());
    }

    GBPF_DEVICE found look_far() {
        found what{NOTHING, 0, {0, 0}};
        // Where all of the block is idle nobody minds that an acquire empties the L1; elsewhere the fence waits for a task.
        const uint32_t present = peek(s_.presence);
        const bool alone = present < ONE_PRESENT;
        const task_words words = alone ? device_mail::look(far()) : device_mail::glance(far());
        const bool stir = stirred(), others = peek(s_.idle) != 0;
        if (words.word0 & MAIL_IS_TASK) {
            if (!alone) device_mail::settle();
            take_far();
            return found{MAIL, 0, words};
        }
        if (present == IS_COUNTED) {
            count_out(s_);
        } else if (present >= ONE_PRESENT && (present & IS_COUNTED) == 0) {
            count_block(s_, false);
        }
        // Others are there for what stirs, and for refreshes, unless it takes long.
        if (stir && (called() || !others || ++spared_ > 16)) {
            if (device_mail::close(far())) {
                begin_work(s_);
                resign();
                what.reason = STIR;
            } else {
                what = found{MAIL, 0, await<device_mail>(far())};
                take_far();
            }
        } else if (!others && claim_refresh(s_, 2 * refresh_cycles_)) {
            what.reason = REFRESH;
        }
        return what;
    }

    /** The mail stays a task until the next lookout opens it. */
    GBPF_DEVICE void take_far() {
        block_atomic<uint32_t>(s_.presence).fetch_add(ONE_PRESENT, relaxed);
        resign();
    }

    GBPF_DEVICE void resign() {
        lookout_ = false;
        block_atomic<uint32_t>(s_.lookout).store(0, release);
    }

    /** Whether there may be something to do besides mail. */
    GBPF_DEVICE bool stirred() {
        const uint32_t number = peek(s_.call.number), leave = peek(s_.known.leave), parked = peek(s_.known.parked);
        const uint64_t urgent = reserved() ? peek(s_.known.urgent) : ~uint64_t{0};
        const uint64_t waiting = peek(s_.known.backlog) & peek(s_.known.eligible) & urgent;
        // Also what may not start here: pick() moves it to its ring, where others find it.
        const uint32_t local = reserved() ? 0 : s_.local().size();
        return number != joined_ || leave != 0 || (parked == 0 && (waiting != 0 || local != 0));
    }

    /** Naps longer the longer nothing came. */
    GBPF_DEVICE void rest(uint32_t quiet) {
#if GBPF_GPU
        const uint32_t most = s_.plane.params.idle_nap_ns;
        if (most != 0 && quiet > 64) nap(quiet < most ? quiet : most);
#else
        nap(quiet > 2 ? 100000 : 0);
#endif
    }

    template <class Mail> GBPF_DEVICE task_words await(gbpf_mail &mail) {
        patience limit = s_.plane.limit();
        task_words words = Mail::look(mail);
        while (!(words.word0 & MAIL_IS_TASK) && limit.wait()) words = Mail::look(mail);
        return words;
    }

    // ---- tasks of the whole block ----

    /** Calls all warps of the block together for a task, and runs it with them. */
    GBPF_OUTLINE void run_block_task(gbpf_compact_task task) {
        block_call &call = s_.call;
        while (true) {
            const uint32_t before = lanes::all().leader([&] {
                uint32_t expected = 0;
                block_atomic<uint32_t>(call.state).compare_exchange_strong(expected, 1, acquire, relaxed);
                return expected;
            });
            if (before == 0) break;
            if (before > 1) { // a warp left: the task waits for the next launch
                lane_array<gbpf_compact_task> one;
                one[0] = task;
                patience limit = s_.plane.limit();
                while (put_back(env_, 1, one) != 0) {
                    if (limit.wait()) continue;
                    lanes::all().once([&] { device_atomic<uint64_t>(s_.plane.board->fatal).fetch_add(1, relaxed); });
                    return;
                }
                return;
            }
            join();
        }
        uint64_t a, b;
        const task_end end = unfold(env_, task, a, b);
        begin_task(env_, task.function, task.tenant, 1);
        const uint32_t number = joined_ + 1;
        lanes::all().once([&] {
            call.task = task;
            call.a = a;
            call.b = b;
            call.described = env_.described;
            poke(call.arrived, 0u);
            poke(call.done, 0u);
            block_atomic<uint32_t>(call.number).store(number, release);
        });
        joined_ = number;
        lanes::all().once([&] {
            await_count(call.arrived, s_.warps - 1);
            block_atomic<uint32_t>(call.go).store(number, release);
        });
        const uint64_t start = cycles();
        uint32_t status;
        const uint64_t result = gbpf::call(env_, task, a, b, status);
        lanes::all().once([&] { await_count(call.done, s_.warps - 1); });
        const uint64_t used = (cycles() - start) * s_.warps;
        lanes::all().once([&] {
            charge(env_, task.tenant, used, 1, status != GBPF_DONE ? 1 : 0);
            beat(env_);
            block_atomic<uint32_t>(call.state).fetch_and(~1u, release);
        });
        finish(env_, task, end, result, status);
    }

    GBPF_DEVICE void await_count(uint32_t &word, uint32_t n) {
        patience limit = s_.plane.limit();
        while (block_atomic<uint32_t>(word).load(acquire) < n && limit.wait()) {}
    }

    /** Goes where another warp of the block called, if one did. */
    GBPF_OUTLINE void join() {
        block_call &call = s_.call;
        const uint32_t number = lanes::all().leader([&] { return block_atomic<uint32_t>(call.number).load(acquire); });
        if (number == joined_) return;
        joined_ = number;
        lanes::all().once([&] {
            block_atomic<uint32_t>(call.arrived).fetch_add(1, relaxed);
            patience limit = s_.plane.limit();
            while (block_atomic<uint32_t>(call.go).load(acquire) != number && limit.wait()) {}
            env_.kind = GBPF_TASK_BLOCK;
            env_.function = call.task.function;
            env_.tenant = call.task.tenant;
            env_.described = call.described;
            env_.failed = 0;
        });
        uint32_t status;
        gbpf::call(env_, call.task, call.a, call.b, status);
        lanes::all().once([&] { block_atomic<uint32_t>(call.done).fetch_add(1, release); });
    }

    /** Tells the block that this warp comes to no call any more; the last one keeps the block's state. */
    GBPF_OUTLINE void leave() {
        while (true) {
            join();
            const uint32_t before = lanes::all().leader([&] {
                uint32_t was = block_atomic<uint32_t>(s_.call.state).load(relaxed);
                while ((was & 1) == 0 && !block_atomic<uint32_t>(s_.call.state).compare_exchange_weak(was, was + 2, acq_rel, relaxed)) {}
                return was;
            });
            if ((before & 1) != 0) continue; // somebody calls
            // Warps may leave in another order than they said so: whoever ends its work last counts the block out.
            lanes::all().once([&] {
                end_work(s_);
                count_out(s_);
            });
            if (before / 2 + 1 == s_.warps) {
                flush_sums(s_);
                save_block(s_);
            }
            return;
        }
    }

    gbpf_env &env_;
    block_state &s_;
    Policy &policy_;
    uint64_t refresh_cycles_;
    uint32_t joined_ = 0;
    bool lookout_ = false; // known to lane 0
    uint32_t spared_ = 0;
};

}  // namespace gbpf

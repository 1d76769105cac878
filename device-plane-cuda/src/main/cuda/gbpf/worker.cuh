// A worker: one warp that runs tasks until it is told to leave, and looks at its mail while there are none.
#pragma once

#include "pick.cuh"

namespace gbpf {

template <class Policy> class worker {
public:
    GBPF_DEVICE worker(gbpf_env &env, Policy &policy, uint64_t refresh_cycles)
    : env_(env), s_(*env.block), policy_(policy), refresh_cycles_(refresh_cycles) {}

    GBPF_DEVICE void run() {
        count(1);
        while (!look()) {
            join();
            lane_array<gbpf_compact_task> tasks;
            uint32_t mask = pick(env_, policy_, tasks);
            if (mask == 0) mask = wait(tasks);
            execute(mask, tasks);
        }
        leave();
    }

private:
    enum : uint32_t { NOTHING, BLOCK_MAIL, DEVICE_MAIL, STIR };

    GBPF_DEVICE void count(int32_t n) {
        lanes::all().once([&] { count_activity(s_.plane, n); });
    }
    GBPF_DEVICE gbpf_mail &block_box() { return s_.mail[env_.warp]; }
    GBPF_DEVICE gbpf_mail &device_box() { return s_.plane.mail[env_.worker]; }
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
            const gbpf_compact_task task = from_lane(ALL_LANES, tasks, lowest_bit(rest));
            if ((task.flags & GBPF_TASK_KIND) == GBPF_TASK_BLOCK) {
                run_block_task(task);
            } else {
                run_warp_task(env_, task);
            }
        }
    }

    /** Nothing to do: looks at the mail until something comes, and returns the lanes that have a task. */
    GBPF_DEVICE uint32_t wait(lane_array<gbpf_compact_task> &tasks) {
        const uint32_t bit = 1u << env_.warp;
        lanes::all().once([&] {
            block_mail::open(block_box());
            device_mail::open(device_box());
            block_atomic<uint32_t>(s_.idle).fetch_or(bit, relaxed);
            device_atomic<uint32_t>(s_.plane.idle[s_.index]).fetch_or(bit, relaxed);
            count_activity(s_.plane, -1);
        });
        found what{NOTHING, 0, {0, 0}};
        uint32_t quiet = 0;
        while (what.reason == NOTHING) {
            what = lanes::all().leader([&] { return watch(quiet); });
            if (look() && what.reason == NOTHING) what.reason = STIR;
            ++quiet;
        }
        // Close both; whatever was put in before that is ours too.
        const found second = lanes::all().leader([&] {
            block_atomic<uint32_t>(s_.idle).fetch_and(~bit, relaxed);
            device_atomic<uint32_t>(s_.plane.idle[s_.index]).fetch_and(~bit, relaxed);
            found more{NOTHING, 0, {0, 0}};
            if (what.reason == BLOCK_MAIL) {
                poke(block_box().word0, uint64_t{GBPF_MAIL_CLOSED});
            } else if (!block_mail::close(block_box())) {
                more = found{BLOCK_MAIL, 0, await<block_mail>(block_box())};
            }
            if (what.reason != DEVICE_MAIL && !device_mail::close(device_box())) {
                const found other{DEVICE_MAIL, 0, await<device_mail>(device_box())};
                if (more.reason == NOTHING) {
                    more = other;
                } else {
                    more.also = 1;
                    third_ = other.words;
                }
            }
            return more;
        });
        uint32_t mask = 0;
        const auto add = [&](const task_words &words) {
            const uint32_t lane = count_bits(mask);
            const gbpf_compact_task task = task_of(words);
            for_lanes(1u << lane, [&](uint32_t l) { tasks[l] = task; });
            mask |= 1u << lane;
        };
        if (what.reason == BLOCK_MAIL || what.reason == DEVICE_MAIL) add(what.words);
        if (second.reason != NOTHING) add(second.words);
        if (second.also != 0) add(lanes::all().leader([&] { return third_; }));
        if (mask == 0) count(1);                                        // nobody counted for us
        for (uint32_t n = count_bits(mask); n > 1; --n) count(-1);      // each sender did
        return admitted(mask, tasks);
    }

    struct found {
        uint32_t reason;
        uint32_t also;
        task_words words;
    };

    /** Looks at the mail for a while; called by one lane. */
    GBPF_DEVICE found watch(uint32_t quiet) {
        for (uint32_t turn = 0; turn < 16; ++turn) {
            const task_words far = device_mail::glance(device_box()); // under way while the nearer words are looked at
            for (uint32_t look = 0; look < 4; ++look) {
                if (peek(block_box().word0) & MAIL_IS_TASK) return found{BLOCK_MAIL, 0, block_mail::look(block_box())};
            }
            if (called()) return found{STIR, 0, {0, 0}};
            if (peek(s_.known.parked) == 0) {
                if (peek(s_.known.backlog) & peek(s_.known.eligible)) return found{STIR, 0, {0, 0}};
                // Also what may not start here: pick() moves it to its ring, where others find it.
                if (s_.local().size() != 0) return found{STIR, 0, {0, 0}};
            }
            if (far.word0 & MAIL_IS_TASK) {
                device_mail::settle();
                return found{DEVICE_MAIL, 0, far};
            }
            rest(quiet);
        }
        return found{NOTHING, 0, {0, 0}};
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

    /** Asks about tasks that came by mail; those that may not start go to their rings. */
    GBPF_DEVICE uint32_t admitted(uint32_t mask, const lane_array<gbpf_compact_task> &tasks) {
        if (!decides_admission(policy_)) return mask;
        uint32_t refused = 0;
        for (uint32_t rest = mask; rest != 0; rest &= rest - 1) {
            uint32_t next;
            const uint32_t lane = lowest_bit(rest);
            const uint32_t verdict = admit(env_, policy_, from_lane(ALL_LANES, tasks, lane), 0, next);
            if (verdict != GBPF_START) refused |= 1u << lane;
            if (verdict == GBPF_PARK) lanes::all().once([&] { poke(s_.known.parked, 1u); });
        }
        return refused == 0 ? mask : (mask & ~refused) | put_back(env_, refused, tasks);
    }

    // ---- tasks of the whole block ----

    /** Calls all warps of the block together for a task, and runs it with them. */
    GBPF_DEVICE void run_block_task(const gbpf_compact_task &task) {
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
                while (put_back(env_, 1, one) != 0 && limit.wait()) {}
                return;
            }
            join();
        }
        uint64_t a, b;
        const task_end end = unfold(env_, task, a, b);
        const uint32_t number = joined_ + 1;
        lanes::all().once([&] {
            call.task = task;
            call.a = a;
            call.b = b;
            call.described = env_.described;
            poke(call.arrived, 0u);
            poke(call.done, 0u);
            beat(env_, task.function, task.tenant, 1);
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
            beat(env_, task.function, task.tenant, 0);
            block_atomic<uint32_t>(call.state).fetch_and(~1u, release);
        });
        finish(env_, task, end, result, status);
    }

    GBPF_DEVICE void await_count(uint32_t &word, uint32_t n) {
        patience limit = s_.plane.limit();
        while (block_atomic<uint32_t>(word).load(acquire) < n && limit.wait()) {}
    }

    /** Goes where another warp of the block called, if one did. */
    GBPF_DEVICE void join() {
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
    GBPF_DEVICE void leave() {
        while (true) {
            join();
            const uint32_t before = lanes::all().leader([&] {
                uint32_t was = block_atomic<uint32_t>(s_.call.state).load(relaxed);
                while ((was & 1) == 0 && !block_atomic<uint32_t>(s_.call.state).compare_exchange_weak(was, was + 2, acq_rel, relaxed)) {}
                return was;
            });
            if ((before & 1) != 0) continue; // somebody calls
            count(-1);
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
    task_words third_{};
};

}  // namespace gbpf

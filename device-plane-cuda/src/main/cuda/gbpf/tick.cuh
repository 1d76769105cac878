// The tick: what each tenant is granted in each vSlice until the next one, asked of the policy with one tenant in each lane.
#pragma once

#include "copy.cuh"
#include "host_words.cuh"

namespace gbpf {

/** What the ticking warp of the control block knows from tick to tick; in its shared memory. */
struct tick_state {
    gbpf_tenant_config tenants[GBPF_MAX_TENANTS];
    host_words seen;              // by another warp
    uint64_t host[CONTROL_WORDS]; // as this tick has them
    uint64_t config_version;
    uint64_t last_ns;
    uint64_t last_cycles;
    uint64_t cycles_per_us; // of the SMs' clock
    uint64_t quiet_activity;
    uint32_t quiet_ticks;
    uint32_t end_state; // GBPF_STATE_..., when the launch is over
    uint32_t beats[WARP_LANES];
    uint64_t beat_since[WARP_LANES];
    uint64_t started[WARP_LANES]; // tasks of the tenants that the lane looks at
    uint64_t moved_ns;            // when a task started or ran last, or none waited
    gbpf_sm_tick_ctx contexts[WARP_LANES];
    gbpf_warp_throttle_ctx throttles[WARP_LANES];
};

constexpr uint64_t STALL_NS = 500'000'000; // as the host's failsafe has it
constexpr uint32_t STALL_TICKS = 64; // so often it is looked whether tasks move
constexpr uint32_t BURST_TICKS = 32; // a tenant saves at most so many ticks' quota

template <class Policy> class ticker {
public:
    GBPF_DEVICE ticker(block_state &s, tick_state &t, Policy &policy) : s_(s), t_(t), policy_(policy) {}

    GBPF_DEVICE void open() {
        lanes::all().once([&] {
            t_.config_version = UINT64_MAX;
            t_.last_ns = now_ns();
            t_.last_cycles = cycles();
            t_.cycles_per_us = 1000;
            t_.quiet_ticks = 0;
            t_.moved_ns = t_.last_ns;
        });
        lanes::all().each([&](uint32_t lane) { t_.started[lane] = 0; });
    }

    /** One tick; returns the state in which the plane shall leave, GBPF_STATE_RUNNING when it shall go on. */
    GBPF_DEVICE uint32_t tick(uint64_t number) {
        look_at_host();
        const moment at = lanes::all().leader([&] {
            const moment m{now_ns(), now_ns() - t_.last_ns};
            const uint64_t c = cycles();
            if (m.period >= 1000) t_.cycles_per_us = (c - t_.last_cycles) * 1000 / m.period + 1;
            t_.last_ns = m.now;
            t_.last_cycles = c;
            return m;
        });
        const uint64_t now = at.now, period = at.period;
        policy_.adopt();
        policy_.change_map(t_.host[7], t_.host[8]);
        const lane_array<uint32_t> limits = worker_limits(number, now, period);
        for (uint32_t v = 0; v < s_.plane.params.vslices; ++v) {
            uint64_t eligible = 0;
            for (uint32_t base = 0; base < s_.plane.params.tenants; base += WARP_LANES) {
                eligible |= uint64_t{grant(number, now, period, v, base)} << base;
            }
            const uint32_t limit = from_lane(ALL_LANES, limits, v);
            lanes::all().once([&] {
                gbpf_vslice_state &state = s_.plane.vslices[v];
                device_atomic<uint64_t>(state.eligible).store(eligible, relaxed);
                device_atomic<uint32_t>(state.worker_limit).store(limit, relaxed);
                // Not after a fence, which takes microseconds on this SM (ingress.cuh): a block that sees the tick before what it grants
                // sees that at its next look.
                device_atomic<uint64_t>(state.tick).store(number + 1, together_release);
            });
        }
        look_at_copies(number, now, period);
        ask_for_memory(now);
        watch_workers(now);
        if (number % STALL_TICKS == 0) watch_policy(now);
        report(number, now);
        return whether_to_leave();
    }

private:
    struct moment {
        uint64_t now;
        uint64_t period; // since the tick before
    };

    GBPF_DEVICE void look_at_host() {
        if (!t_.seen.copy(t_.host, s_.plane.limit()) || t_.host[6] == t_.config_version) return;
        gbpf_host_control &host = s_.plane.control();
        system_fence();
        lanes::all().each([&](uint32_t lane) {
            for (uint32_t i = lane; i < sizeof(t_.tenants) / 8; i += WARP_LANES) {
                reinterpret_cast<uint64_t *>(t_.tenants)[i] = system_atomic<uint64_t>(reinterpret_cast<uint64_t *>(host.tenants)[i]).load(relaxed);
            }
        });
        lanes::all().once([&] { t_.config_version = t_.host[6]; });
    }

    GBPF_DEVICE uint32_t host_stop() const { return static_cast<uint32_t>(t_.host[0]); }

    GBPF_DEVICE uint64_t ns_of(uint64_t cycles) const { return cycles * 1000 / t_.cycles_per_us; }

    GBPF_DEVICE uint32_t blocks_of(uint32_t v) const { return s_.plane.vslices[v].end_block - s_.plane.vslices[v].first_block; }

    static constexpr uint32_t GROUPS = GBPF_MAX_WORKERS / WARP_LANES; // of worker blocks

    /** Which worker blocks have a warp that is not idle, a bit for each, the same in all lanes. */
    GBPF_DEVICE void look_for_busy(uint32_t (&busy)[GROUPS]) const {
        lane_array<uint32_t> idle[GROUPS]; // all loads are under way together: one after the other they take the time of several ticks
        lanes::all().each([&](uint32_t lane) {
            GBPF_UNROLL
            for (uint32_t i = 0; i < GROUPS; ++i) {
                const uint32_t b = i * WARP_LANES + lane;
                idle[i][lane] = b < s_.plane.params.workers ? device_atomic<uint32_t>(s_.plane.idle[b]).load(relaxed) : ALL_LANES;
            }
        });
        GBPF_UNROLL
        for (uint32_t i = 0; i < GROUPS; ++i) {
            busy[i] = lanes::all().ballot([&](uint32_t lane) { return count_bits(idle[i][lane]) < s_.warps; });
        }
    }

    /** Bits of the blocks of a group that are before `end`. */
    GBPF_DEVICE static uint32_t before(uint32_t end, uint32_t group) {
        const uint32_t first = group * WARP_LANES;
        return end <= first ? 0 : end - first >= WARP_LANES ? ALL_LANES : (1u << (end - first)) - 1;
    }

    /** therm_tick: how many blocks of the vSlice of each lane may run. */
    GBPF_DEVICE lane_array<uint32_t> worker_limits(uint64_t number, uint64_t now, uint64_t period) {
        lane_array<uint32_t> limits;
        const uint32_t all = s_.plane.params.vslices;
        const uint32_t decides = lanes::all().leader([&]() -> uint32_t { return policy_.has(GBPF_HOOK_THERM_TICK) ? 1 : 0; });
        uint32_t busy[GROUPS] = {};
        if (decides != 0) look_for_busy(busy);
        lanes::all().each([&](uint32_t v) {
            limits[v] = UINT32_MAX;
            if (v >= all || decides == 0) return;
            gbpf_therm_tick_ctx ctx{};
            ctx.now_ns = now;
            ctx.tick = number;
            ctx.period_ns = period;
            ctx.power_mw = t_.host[2];
            ctx.power_limit_mw = t_.host[3];
            ctx.temperature_c = static_cast<uint32_t>(t_.host[0] >> 32) & 255;
            ctx.clock_mhz = static_cast<uint32_t>(t_.host[1]) & 65535;
            ctx.max_clock_mhz = static_cast<uint32_t>(t_.host[1] >> 32) & 65535;
            ctx.workers = blocks_of(v);
            const gbpf_vslice_state &own = s_.plane.vslices[v];
            for (uint32_t i = 0; i < GROUPS; ++i) ctx.busy_workers += count_bits(busy[i] & before(own.end_block, i) & ~before(own.first_block, i));
            ctx.vslice = v;
            const uint64_t verdict = policy_.template ask<GBPF_HOOK_THERM_TICK>(&ctx, GBPF_UNLIMITED);
            if (verdict != GBPF_UNLIMITED) limits[v] = static_cast<uint32_t>(verdict);
        });
        return limits;
    }

    /** sm_tick and warp_throttle_tick for 32 tenants of a vSlice; returns which of them may start tasks. */
    GBPF_DEVICE uint32_t grant(uint64_t number, uint64_t now, uint64_t period, uint32_t v, uint32_t base) {
        plane_view &plane = s_.plane;
        const uint32_t tenants = plane.params.tenants - base;
        const uint32_t here = lanes::all().ballot([&](uint32_t lane) { return lane < tenants; });
        lane_array<uint64_t> quota, queued;
        for_lanes(here, [&](uint32_t lane) {
            const uint32_t tenant = base + lane;
            const gbpf_tenant_config &config = t_.tenants[tenant];
            gbpf_account &account = plane.accounts[v * plane.params.tenants + tenant];
            gbpf_grant &g = plane.grants[v * plane.params.tenants + tenant];
            const uint64_t used = device_atomic<uint64_t>(account.used_cycles).load(relaxed);
            const uint64_t finished = device_atomic<uint64_t>(account.finished).load(relaxed);
            const uint64_t started = device_atomic<uint64_t>(account.started).load(relaxed);
            const uint64_t all = period * blocks_of(v);
            quota[lane] = config.quota_ns == UINT64_MAX ? all : config.quota_ns / 1000 * period / 1000000;
            queued[lane] = plane.queued(tenant);
            gbpf_sm_tick_ctx &ctx = t_.contexts[lane];
            ctx.now_ns = now;
            ctx.tick = number;
            ctx.period_ns = period;
            ctx.tenant = tenant;
            ctx.vslice = v;
            ctx.weight = config.weight < 1 ? 1 : config.weight;
            ctx.priority = config.priority;
            ctx.tokens_ns = g.tokens_ns > 0 ? static_cast<uint64_t>(g.tokens_ns) : 0;
            ctx.used_ns = ns_of(used - g.used_before) / s_.warps;
            ctx.quota_ns = quota[lane];
            ctx.queued_tasks = queued[lane];
            const uint64_t running = started - finished;
            ctx.running_tasks = running > 65535 ? (running >> 63 ? 0 : 65535) : static_cast<uint32_t>(running);
            ctx.workers = blocks_of(v);
            ctx.refill_ns = 0;
            ctx.share = 0;
            g.used_before = used;
        });
        lane_array<uint64_t> verdicts;
        for_lanes(here, [&](uint32_t lane) {
            verdicts[lane] = policy_.template ask<GBPF_HOOK_SM_TICK>(&t_.contexts[lane], GBPF_REFILL);
        });
        const uint32_t throttled = policy_.has(GBPF_HOOK_WARP_THROTTLE_TICK) ? here : 0;
        if (throttled != 0) throttle(number, now, period, v, base, here);
        const uint32_t granted = lanes::all().ballot([&](uint32_t lane) {
            if (!(here >> lane & 1)) return false;
            const uint32_t tenant = base + lane;
            const gbpf_sm_tick_ctx &ctx = t_.contexts[lane];
            gbpf_grant &g = plane.grants[v * plane.params.tenants + tenant];
            uint64_t refill = ctx.refill_ns == 0 || ctx.refill_ns > quota[lane] ? quota[lane] : ctx.refill_ns;
            if (verdicts[lane] == GBPF_WITHHOLD) refill = 0;
            const int64_t most = static_cast<int64_t>(quota[lane] * BURST_TICKS);
            int64_t tokens = g.tokens_ns - static_cast<int64_t>(ctx.used_ns) + static_cast<int64_t>(refill);
            if (tokens > most) tokens = most;
            device_atomic<int64_t>(g.tokens_ns).store(tokens, relaxed);
            const uint64_t share = ctx.share == 0 ? ctx.weight : ctx.share > 1000000 ? 1000000 : ctx.share;
            device_atomic<uint32_t>(g.share).store(static_cast<uint32_t>(share), relaxed);
            device_atomic<uint32_t>(g.weight).store(ctx.weight, relaxed);
            device_atomic<uint32_t>(g.priority).store(ctx.priority, relaxed);
            device_atomic<uint32_t>(g.running).store(ctx.running_tasks, relaxed);
            if (throttled == 0) device_atomic<uint32_t>(g.pause_ns).store(0, relaxed);
            if (queued[lane] != 0) mark(plane.board->backlog, tenant); // heals a bit that a race cleared
            return tokens > 0 && (t_.tenants[tenant].vslices >> v & 1) != 0;
        });
        return granted;
    }

    GBPF_DEVICE void throttle(uint64_t number, uint64_t now, uint64_t period, uint32_t v, uint32_t base, uint32_t here) {
        plane_view &plane = s_.plane;
        for_lanes(here, [&](uint32_t lane) {
            const uint32_t tenant = base + lane;
            const gbpf_sm_tick_ctx &tick = t_.contexts[lane];
            gbpf_account &account = plane.accounts[v * plane.params.tenants + tenant];
            gbpf_grant &g = plane.grants[v * plane.params.tenants + tenant];
            const uint64_t paused = device_atomic<uint64_t>(account.paused_cycles).load(relaxed);
            gbpf_warp_throttle_ctx &ctx = t_.throttles[lane];
            ctx.now_ns = now;
            ctx.tick = number;
            ctx.period_ns = period;
            ctx.tenant = tenant;
            ctx.vslice = v;
            ctx.weight = tick.weight;
            ctx.priority = tick.priority;
            ctx.used_ns = tick.used_ns;
            ctx.paused_ns = ns_of(paused - g.paused_before);
            ctx.running_warps = tick.running_tasks;
            uint64_t urgent = 0;
            for (uint32_t other = 0; other < plane.params.tenants; ++other) {
                if (t_.tenants[other].priority > tick.priority) urgent += plane.queued(other);
            }
            ctx.urgent_tasks = urgent > 65535 ? 65535 : static_cast<uint32_t>(urgent);
            g.paused_before = paused;
            const uint64_t pause = policy_.template ask<GBPF_HOOK_WARP_THROTTLE_TICK>(&ctx, GBPF_NO_PAUSE);
            device_atomic<uint32_t>(g.pause_ns).store(static_cast<uint32_t>(pause > 1000000 ? 1000000 : pause), relaxed);
        });
    }

    /** dma_tick: what copies may move until the next tick. */
    GBPF_DEVICE void look_at_copies(uint64_t number, uint64_t now, uint64_t period) {
        gbpf_board &board = *s_.plane.board;
        const uint32_t some = lanes::all().leader([&]() -> uint32_t {
            const uint32_t limited = policy_.has(GBPF_HOOK_DMA_TICK) ? 1 : 0;
            return device_atomic<uint64_t>(board.copying).load(relaxed) != 0 || device_atomic<uint32_t>(board.copies_limited).load(relaxed) != limited ? 1 : 0;
        });
        if (some == 0) return;
        gbpf_dma_tick_ctx ctx{};
        ctx.now_ns = now;
        ctx.tick = number;
        ctx.period_ns = period;
        tick_copies(s_, policy_, t_.tenants, ctx);
    }

    /** mem_event: raises the allowances of tenants that wanted more descriptors than they may hold. */
    GBPF_DEVICE void ask_for_memory(uint64_t now) {
        plane_view &plane = s_.plane;
        const uint32_t tenants = plane.params.tenants;
        for (uint32_t base = 0; base < tenants; base += WARP_LANES) {
            uint32_t wanting = lanes::all().ballot([&](uint32_t lane) {
                return base + lane < tenants && device_atomic<uint32_t>(plane.pools[base + lane].wanted).load(relaxed) != 0;
            });
            for (; wanting != 0; wanting &= wanting - 1) {
                lanes::all().once([&] { grant_descriptors(base + lowest_bit(wanting), now); });
            }
        }
    }

    /** Called by one lane. */
    GBPF_DEVICE void grant_descriptors(uint32_t tenant, uint64_t now) {
        plane_view &plane = s_.plane;
        gbpf_pool &pool = plane.pools[tenant];
        uint32_t granted = 0;
        for (uint32_t t = 0; t < plane.params.tenants; ++t) granted += plane.pools[t].granted;
        const uint32_t left = plane.params.descriptors - granted;
        device_atomic<uint32_t>(pool.wanted).store(0, relaxed);
        if (left == 0) return;
        gbpf_mem_event_ctx ctx{};
        const int32_t allowance = device_atomic<int32_t>(pool.allowance).load(relaxed);
        ctx.now_ns = now;
        ctx.tenant = tenant;
        ctx.weight = t_.tenants[tenant].weight < 1 ? 1 : t_.tenants[tenant].weight;
        ctx.priority = t_.tenants[tenant].priority;
        ctx.bytes = sizeof(gbpf_task);
        ctx.used_bytes = uint64_t{pool.granted - (allowance > 0 ? static_cast<uint32_t>(allowance) : 0)} * sizeof(gbpf_task);
        ctx.quota_bytes = uint64_t{plane.params.descriptors} * sizeof(gbpf_task);
        ctx.free_bytes = uint64_t{left} * sizeof(gbpf_task);
        ctx.event = GBPF_MEM_EMPTY;
        ctx.size_class = DESCRIPTOR_CLASS;
        ctx.arenas = 1;
        if (policy_.template ask<GBPF_HOOK_MEM_EVENT>(&ctx, GBPF_GRANT) != GBPF_GRANT) return;
        const uint64_t wish = ctx.blocks == 0 ? POOL_BLOCKS : ctx.blocks;
        const uint32_t blocks = wish < left ? static_cast<uint32_t>(wish) : left;
        pool.granted += blocks;
        device_atomic<int32_t>(pool.allowance).fetch_add(static_cast<int32_t>(blocks), relaxed);
    }

    /** Looks at 32 workers each tick, and tells the host of the one whose task runs the longest. */
    GBPF_DEVICE void watch_workers(uint64_t now) {
        const uint32_t workers = s_.plane.params.workers * s_.warps, groups = (workers + WARP_LANES - 1) / WARP_LANES;
        const uint32_t group = watched_;
        lane_array<uint64_t> slow;
        lanes::all().each([&](uint32_t lane) {
            slow[lane] = 0;
            const uint32_t worker = group * WARP_LANES + lane;
            if (worker >= workers) return;
            const uint32_t serial = device_atomic<uint32_t>(s_.plane.heartbeats[worker].serial).load(relaxed);
            if (serial != t_.beats[lane] || (serial & 1) == 0) {
                t_.beats[lane] = serial;
                t_.beat_since[lane] = now;
            }
            slow[lane] = now - t_.beat_since[lane];
        });
        const uint32_t late = lanes::all().ballot([&](uint32_t lane) { return slow[lane] > GBPF_SLOW_TASK_NS; });
        gbpf_host_status &status = s_.plane.status();
        if (late != 0) {
            const uint32_t lane = lowest_bit(late);
            const uint64_t ns = from_lane(ALL_LANES, slow, lane);
            lanes::all().once([&] {
                const uint32_t worker = group * WARP_LANES + lane;
                const uint32_t what = device_atomic<uint32_t>(s_.plane.heartbeats[worker].what).load(relaxed);
                system_atomic<uint32_t>(status.slow_worker).store(worker, relaxed);
                system_atomic<uint32_t>(status.slow_what).store(what, relaxed);
                system_atomic<uint64_t>(status.slow_ns).store(ns, relaxed);
            });
        }
        // A group is looked at for a few milliseconds, unless something is slow there.
        if (late == 0 && now - group_since_ > 3 * uint64_t{GBPF_SLOW_TASK_NS}) {
            if (reported_ == group) lanes::all().once([&] { system_atomic<uint64_t>(status.slow_ns).store(0, relaxed); });
            watched_ = group + 1 < groups ? group + 1 : 0;
            group_since_ = now;
            lanes::all().each([&](uint32_t lane) {
                t_.beats[lane] = 0;
                t_.beat_since[lane] = now;
            });
        }
        if (late != 0) reported_ = group;
    }

    /** Takes a policy out under which tasks wait for STALL_NS while none runs and none starts. */
    GBPF_DEVICE void watch_policy(uint64_t now) {
        plane_view &plane = s_.plane;
        lane_array<uint32_t> waiting; // 1 + a tenant
        const uint32_t moves = lanes::all().ballot([&](uint32_t lane) {
            uint64_t started = 0, finished = 0;
            waiting[lane] = 0;
            for (uint32_t t = lane; t < plane.params.tenants; t += WARP_LANES) {
                for (uint32_t v = 0; v < plane.params.vslices; ++v) {
                    gbpf_account &account = plane.accounts[v * plane.params.tenants + t];
                    finished += device_atomic<uint64_t>(account.finished).load(relaxed);
                    started += device_atomic<uint64_t>(account.started).load(relaxed);
                }
                if (waiting[lane] == 0 && t_.tenants[t].quota_ns != 0 && plane.queued(t) != 0) waiting[lane] = t + 1;
            }
            const bool moved = started != t_.started[lane] || started != finished;
            t_.started[lane] = started;
            return moved;
        });
        const uint32_t waits = lanes::all().ballot([&](uint32_t lane) { return waiting[lane] != 0; });
        const uint32_t tenant = from_lane(ALL_LANES, waiting, waits == 0 ? 0 : lowest_bit(waits)) - 1;
        lanes::all().once([&] {
            if (moves != 0 || waits == 0 || !policy_.decides()) {
                t_.moved_ns = now;
            } else if (now - t_.moved_ns > STALL_NS) {
                policy_.stalls(tenant);
                t_.moved_ns = now;
            }
        });
    }

    GBPF_DEVICE void report(uint64_t number, uint64_t now) {
        plane_view &plane = s_.plane;
        gbpf_host_status &status = plane.status();
        if (number % 4 == 0) {
            lanes::all().each([&](uint32_t lane) {
                for (uint32_t t = lane; t < plane.params.tenants; t += WARP_LANES) {
                    uint64_t finished = 0, failed = 0, used = 0;
                    for (uint32_t v = 0; v < plane.params.vslices; ++v) {
                        gbpf_account &account = plane.accounts[v * plane.params.tenants + t];
                        finished += device_atomic<uint64_t>(account.finished).load(relaxed);
                        failed += device_atomic<uint64_t>(account.failed).load(relaxed);
                        used += device_atomic<uint64_t>(account.used_cycles).load(relaxed);
                    }
                    gbpf_tenant_status &to = status.tenants[t];
                    system_atomic<uint64_t>(to.finished).store(finished, relaxed);
                    system_atomic<uint64_t>(to.failed).store(failed, relaxed);
                    system_atomic<uint64_t>(to.used_ns).store(ns_of(used), relaxed);
                    system_atomic<uint64_t>(to.queued).store(plane.queued(t), relaxed);
                }
            });
        }
        lanes::all().once([&] {
            gbpf_board &board = *plane.board;
            system_atomic<uint64_t>(status.now_ns).store(now, relaxed);
            if (number % 4 == 0) {
                system_atomic<uint64_t>(status.handed_over).store(device_atomic<uint64_t>(board.handed_over).load(relaxed), relaxed);
                system_atomic<uint64_t>(status.refused).store(device_atomic<uint64_t>(board.refused).load(relaxed), relaxed);
                system_atomic<uint64_t>(status.misused).store(device_atomic<uint64_t>(board.misused).load(relaxed), relaxed);
                system_atomic<uint64_t>(status.records_lost).store(device_atomic<uint64_t>(board.records_lost).load(relaxed), relaxed);
            }
            system_atomic<uint64_t>(status.tick).store(number + 1, relaxed);
        });
    }

    /** Nothing runs and nothing waits: seen so in three ticks, in which no warp woke. */
    GBPF_DEVICE bool quiet() {
        plane_view &plane = s_.plane;
        const uint32_t waiting = lanes::all().ballot([&](uint32_t lane) {
            bool some = false;
            if (lane < plane.params.host_mailboxes) { // first: what a request makes is there before it has ended
                gbpf_request &last = plane.requests[lane];
                const uint64_t attended = device_atomic<uint64_t>(last.attended).load(acquire);
                some |= attended != device_atomic<uint64_t>(last.task[0]).load(relaxed) >> 32;
                some |= attended_nearby(s_, lane) && peek(s_.attended[lane]) != cluster_look(s_.attended_end[lane]);
            }
            for (uint32_t b = lane; b < plane.params.workers; b += WARP_LANES) { // before the activity: block.cuh
                const uint64_t word0 = device_atomic<uint64_t>(plane.mail_of(b).word0).load(acquire);
                some |= word0 == GBPF_MAIL_FILLING || (word0 & MAIL_IS_TASK) != 0;
            }
            for (uint32_t t = lane; t < plane.params.tenants; t += WARP_LANES) {
                for (uint32_t way = 0; way < 2; ++way) some |= device_atomic<uint32_t>(plane.copies_of(t, way).held).load(acquire) != 0;
                some |= plane.queued(t) != 0; // after what is held: a copy that comes back is there until a warp has it
            }
            if (lane < plane.params.host_rings) {
                gbpf_host_ring &from = at<gbpf_host_ring>(plane.params.host_ring_address)[lane];
                some |= system_atomic<uint64_t>(from.tail).load(acquire) != device_atomic<uint64_t>(plane.taken[lane]).load(acquire);
            }
            return some;
        });
        return lanes::all().leader([&] {
            const uint64_t activity = device_atomic<uint64_t>(plane.board->activity).load(acquire);
            const bool same = (activity & 0xffffffff) == 0 && waiting == 0 && activity == t_.quiet_activity;
            t_.quiet_ticks = same ? t_.quiet_ticks + 1 : 0;
            t_.quiet_activity = activity;
            return t_.quiet_ticks;
        }) >= 3;
    }

    GBPF_DEVICE uint32_t whether_to_leave() {
        if (now_ns_of_all() > s_.plane.deadline_ns) return GBPF_STATE_DEADLINE;
        if (host_stop() == GBPF_LEAVE) return GBPF_STATE_LEFT;
        if (host_stop() == GBPF_DRAIN && quiet()) return GBPF_STATE_DRAINED;
        return GBPF_STATE_RUNNING;
    }

    GBPF_DEVICE uint64_t now_ns_of_all() const {
        return lanes::all().leader([&] { return now_ns(); });
    }

    block_state &s_;
    tick_state &t_;
    Policy &policy_;
    uint32_t watched_ = 0;
    uint32_t reported_ = UINT32_MAX;
    uint64_t group_since_ = 0;
};

}  // namespace gbpf

// The resident kernel: which block and which warp does what, from the launch to the leave.
//
// The last block is the control block: its warp 0 ticks, the next ones poll the host's mailboxes, the others its rings, and the last one reads
// the host's control words. All other blocks work. Nobody waits without end: workers look at board.leave, which the ticking warp sets when the
// host asks, when the plane is drained, or when the launch's deadline has come; and they look at the deadline themselves.
#pragma once

#include "api.cuh"
#include "host_mail.cuh"
#include "ingress.cuh"
#include "table.cuh"
#include "tick.cuh"
#include "worker.cuh"

namespace gbpf {

/** A block's shared memory. */
struct block_memory : policy_memory {
    tick_state tick;
    host_feed feeds[GBPF_MAX_HOST_RINGS]; // control block
    ingress_stage stages[INGRESS_WARPS];
};

/**
 * Makes a block's shared memory ready; called by its first warp, before a barrier of the block and its partner (open_block()).
 *
 * @param table the host's newest policy table when it launched
 */
GBPF_DEVICE void enter_block(
    block_memory &m, gbpf_plane *plane, uint32_t block, uint64_t partner, uint64_t deadline_ns, uint32_t launch, const table_place &table) {
    open_block(m.state, plane, block, partner, deadline_ns, launch);
    open_table(m.table, m.state, table);
    lanes::all().once([&] { m.tick.seen.number = 0; });
    lanes::all().each([&](uint32_t lane) {
        gbpf_env &env = m.envs[lane];
        env = gbpf_env{};
        env.block = &m.state;
        env.warp = lane;
        env.worker = block * m.state.warps + lane;
        const gbpf_params &q = m.state.plane.params;
        if (!m.state.is_control() || lane >= q.host_rings) return;
        open_feed(m.feeds[lane], m.state.plane.taken[lane], at<gbpf_host_ring>(q.host_ring_address)[lane]);
    });
}

constexpr uint32_t MAILBOX_POLLERS = GBPF_MAILBOX_COPIES; // of each mailbox, where there are warps for them

template <class Policy> GBPF_DEVICE void tick_until_the_end(block_memory &m, Policy &policy) {
    block_state &s = m.state;
    plane_view &plane = s.plane;
    gbpf_host_status &status = plane.status();
    ticker<Policy> clock(s, m.tick, policy);
    clock.open();
    lanes::all().once([&] { system_atomic<uint32_t>(status.state).store(GBPF_STATE_RUNNING, relaxed); });
    uint32_t state = GBPF_STATE_RUNNING;
    for (uint64_t number = plane.root->tick; state == GBPF_STATE_RUNNING; ++number) {
        const uint64_t due = lanes::all().leader([&] { return now_ns() + plane.params.tick_ns; });
        state = clock.tick(number);
        lanes::all().once([&] {
            plane.root->tick = number + 1;
            while (state == GBPF_STATE_RUNNING && now_ns() < due) nap(plane.params.tick_ns < 1000 ? plane.params.tick_ns : 500);
        });
    }
    lanes::all().once([&] {
        device_atomic<uint32_t>(plane.board->leave).store(plane.launch, release);
        poke(s.known.leave, 1u);
        poke(m.tick.end_state, state);
    });
}

/** Moves what is in host rings, whichever has something; the first warp is 0. */
GBPF_DEVICE void poll_rings(block_memory &m, uint32_t warp) {
    block_state &s = m.state;
    const uint32_t rings = s.plane.params.host_rings;
    if (warp >= INGRESS_WARPS || (warp != 0 && rings == 0)) return;
    ingress in(s, m.feeds, m.stages[warp]);
    for (uint32_t ring = rings == 0 ? 0 : warp % rings; agreed(s.known.leave) == 0;) {
        uint32_t moved = 0;
        for (uint32_t looked = 0; looked < rings && moved == 0; ++looked) {
            moved = in.move(ring);
            if (moved == 0) ring = ring + 1 == rings ? 0 : ring + 1;
        }
        refresh(s, REFRESH_OF_CONTROL, [] {});
        if (moved == 0) nap(GBPF_GPU ? 200 : 50000);
    }
}

/** Reads the host's control words all the time: for the tick, and so that a swap of the policy table waits for none. No other warp reads them. */
template <class Policy> GBPF_DEVICE void watch_host(block_memory &m, Policy &policy) {
    block_state &s = m.state;
    while (agreed(s.known.leave) == 0) {
        const lane_array<uint64_t> words = host_words::read(s.plane.control());
        m.tick.seen.show(words);
        policy.watch(from_lane(ALL_LANES, words, CONTROL_POLICY_ADDRESS), from_lane(ALL_LANES, words, CONTROL_POLICY_EPOCH));
        nap(GBPF_GPU ? 2000 : 20000); // a read that is under way holds up the fences of this SM
    }
}

/** Everything that one warp does in a launch. */
template <class Policy> GBPF_DEVICE void run_warp(block_memory &m, uint32_t warp, Policy &policy) {
    block_state &s = m.state;
    const gbpf_params &q = s.plane.params;
    gbpf_env &env = m.envs[warp];
    policy.attach(s, m.table);
    if (!s.is_control()) {
        worker<Policy>(env, policy, cycles_of(q.refresh_ns)).run();
    } else if (warp == 0) {
        tick_until_the_end(m, policy);
    } else if (warp == s.warps - 1) {
        watch_host(m, policy);
    } else {
        // At least one warp keeps what the block knows fresh, and polls the rings; mailboxes have several pollers where there are warps.
        const uint32_t spare = s.warps - 3 < q.host_rings ? 0 : s.warps - 3 - q.host_rings;
        const uint32_t could = q.host_mailboxes == 0 ? 0 : spare / q.host_mailboxes;
        const uint32_t each = could < 1 ? 1 : could < MAILBOX_POLLERS ? could : MAILBOX_POLLERS;
        const uint32_t pollers = each * q.host_mailboxes;
        if (warp <= pollers) {
            mailbox_poller(env, (warp - 1) % q.host_mailboxes, (warp - 1) / q.host_mailboxes).run();
        } else {
            poll_rings(m, warp - 1 - pollers);
        }
    }
}

/** Tells the host why the launch ends; it is over when the host sees the kernel end. Called by one warp of the control block. */
GBPF_DEVICE void report_end(gbpf_plane *plane, uint32_t state) {
    gbpf_host_status &status = *at<gbpf_host_status>(plane->params.status_address);
    lanes::all().once([&] { system_atomic<uint32_t>(status.state).store(state, release); });
}

#if GBPF_GPU
/** All that a kernel does in one launch; what it decides by is made once for each thread. */
template <class Policy> GBPF_DEVICE void run_launch(gbpf_plane *plane, uint64_t duration_ns, uint32_t launch, const table_place &table) {
    block_memory &memory = *reinterpret_cast<block_memory *>(gbpf_shared);
    const uint32_t warp = threadIdx.x / WARP_LANES;
    if (warp == 0) {
        const uint64_t deadline = lanes::all().leader([&] { return now_ns() + duration_ns; });
        enter_block(memory, plane, blockIdx.x, partner_in_cluster(), deadline, launch, table);
    }
    cluster_barrier();
    Policy policy;
    run_warp(memory, warp, policy);
    __syncthreads();
    if (memory.state.is_control() && warp == 0) report_end(plane, memory.tick.end_state);
    cluster_barrier(); // a block's memory is there until it ends
    if (memory.state.is_control() && warp == 0) return_requests(memory.state);
}
#endif

}  // namespace gbpf

// The plane as pointers: where everything is, and how its memory is laid out and formatted.
#pragma once

#include "deps.cuh"
#include "layout.h"
#include "ring.cuh"

namespace gbpf {

#if defined(__CUDACC__)
#define GBPF_BOTH_SIDES __host__ __device__ inline
#else
#define GBPF_BOTH_SIDES inline
#endif

using task_ring = ring<gbpf_compact_task, device_scope>;
using number_ring = ring<uint32_t, device_scope>;

/**
 * Slots of a tenant's ring of released tasks. A tenant that is not served makes no task wait for others, so that no more than there are
 * counters can be released meanwhile, and no more come back than warps have at hand: whoever has one never waits for the tenant's turn.
 */
GBPF_BOTH_SIDES uint32_t released_capacity(const gbpf_params &q) {
    uint32_t capacity = 64;
    while (capacity < q.dependencies + (q.workers + 1) * q.warps) capacity *= 2;
    return capacity;
}

/** Slots of all rings of a tenant. */
GBPF_BOTH_SIDES uint64_t ring_slots_of(const gbpf_params &q) { return uint64_t{GBPF_RINGS - 1} * q.ring_capacity + released_capacity(q); }

/** Fills in the addresses of the plane's parts for memory at `base`, and how many bytes that takes. */
GBPF_BOTH_SIDES void lay_out(gbpf_plane &p, uint64_t base, uint64_t saved_bytes) {
    const gbpf_params &q = p.params;
    uint64_t end = base + sizeof(gbpf_plane);
    const auto part = [&end](uint64_t count, uint64_t bytes) {
        end = (end + 2 * GBPF_LINE - 1) / (2 * GBPF_LINE) * (2 * GBPF_LINE);
        const uint64_t at = end;
        end += count * bytes;
        return at;
    };
    const uint64_t rings = uint64_t{q.tenants} * GBPF_RINGS, warps = uint64_t{q.workers} * q.warps;
    p.board_address = part(1, sizeof(gbpf_board));
    p.rings_address = part(rings, sizeof(gbpf_ring));
    p.ring_sequences_address = part(q.tenants * ring_slots_of(q), sizeof(uint32_t));
    p.ring_slots_address = part(q.tenants * ring_slots_of(q), sizeof(gbpf_compact_task));
    p.dependencies_address = part(q.dependencies, sizeof(gbpf_dependency));
    p.descriptors_address = part(q.descriptors, sizeof(gbpf_task));
    p.free_rings_address = part(2, sizeof(gbpf_ring));
    p.free_descriptors_address = part(q.descriptors, 2 * sizeof(uint32_t));
    p.free_dependencies_address = part(q.dependencies, 2 * sizeof(uint32_t));
    p.mail_address = part(q.workers, GBPF_LINE);
    p.idle_address = part(q.workers, sizeof(uint32_t));
    p.heartbeats_address = part(warps, sizeof(gbpf_heartbeat));
    p.accounts_address = part(uint64_t{q.vslices} * q.tenants, sizeof(gbpf_account));
    p.grants_address = part(uint64_t{q.vslices} * q.tenants, sizeof(gbpf_grant));
    p.vslices_address = part(q.vslices, sizeof(gbpf_vslice_state));
    p.pools_address = part(q.tenants, sizeof(gbpf_pool));
    p.completions_address = part(q.tenants, sizeof(uint64_t));
    p.taken_address = part(GBPF_MAX_HOST_RINGS, sizeof(uint64_t));
    p.requests_address = part(GBPF_MAX_HOST_MAILBOXES, sizeof(gbpf_request));
    p.policy_epochs_address = part(q.workers, sizeof(uint64_t));
    p.copies_address = part(uint64_t{q.tenants} * 2, sizeof(gbpf_copies));
    p.copy_links_address = part(q.descriptors, sizeof(uint32_t));
    p.saved_address = part(q.workers, saved_bytes);
    p.saved_bytes = saved_bytes;
    p.bytes = part(0, 0) - base;
}

template <class T> GBPF_DEVICE T *at(uint64_t address) { return reinterpret_cast<T *>(address); }

/** The vSlice of a worker block. */
GBPF_DEVICE uint32_t vslice_of(const gbpf_params &q, uint32_t block) {
    uint32_t v = 0;
    while (v + 1 < q.vslices && block >= q.vslice_end[v]) ++v;
    return v;
}

/** The first block of a vSlice. */
GBPF_DEVICE uint32_t first_block_of(const gbpf_params &q, uint32_t vslice) { return vslice == 0 ? 0 : q.vslice_end[vslice - 1]; }

/** A ring whose counts, sequence numbers and slots are here. */
template <class Item>
GBPF_DEVICE ring<Item, device_scope> ring_at(gbpf_ring *counts, uint32_t *sequence, Item *slots, uint32_t capacity) {
    return ring<Item, device_scope>{&counts->space, &counts->tail, &counts->items, &counts->head, sequence, slots, capacity};
}

/** Descriptors that each tenant may hold before mem_event is asked: half of the pool is left for that. */
GBPF_DEVICE uint32_t first_allowance(const gbpf_params &q) {
    const uint32_t half = q.descriptors / (2 * q.tenants);
    return half < 64 ? half : 64;
}

/** How long after the end of a launch its warps may still wait for each other. */
constexpr uint64_t GRACE_NS = 200'000'000;

/** What workers need of the plane, in shared memory of each block. */
struct plane_view {
    gbpf_params params;
    gbpf_plane *root;
    gbpf_board *board;
    gbpf_ring *rings;
    uint32_t *ring_sequences;
    gbpf_compact_task *ring_slots;
    dependencies waiting;
    gbpf_task *descriptors;
    number_ring free_descriptors;
    uint64_t mail_address;
    uint32_t *idle;
    gbpf_heartbeat *heartbeats;
    gbpf_account *accounts;
    gbpf_grant *grants;
    gbpf_vslice_state *vslices;
    gbpf_pool *pools;
    uint64_t *completions;
    uint64_t *taken;
    gbpf_request *requests;
    uint64_t *policy_epochs;
    gbpf_copies *copies;
    uint32_t *copy_links;
    uint64_t deadline_ns;
    uint64_t slots_of_a_tenant; // of all of its rings
    uint32_t released_slots;
    uint32_t launch;

    GBPF_DEVICE void open(gbpf_plane *plane, uint64_t deadline, uint32_t number) {
        params = plane->params;
        root = plane;
        board = at<gbpf_board>(plane->board_address);
        rings = at<gbpf_ring>(plane->rings_address);
        ring_sequences = at<uint32_t>(plane->ring_sequences_address);
        ring_slots = at<gbpf_compact_task>(plane->ring_slots_address);
        gbpf_ring *free = at<gbpf_ring>(plane->free_rings_address);
        uint32_t *numbers = at<uint32_t>(plane->free_descriptors_address);
        free_descriptors = ring_at<uint32_t>(&free[0], numbers, numbers + params.descriptors, params.descriptors);
        numbers = at<uint32_t>(plane->free_dependencies_address);
        waiting.all = at<gbpf_dependency>(plane->dependencies_address);
        waiting.count = params.dependencies;
        waiting.free = ring_at<uint32_t>(&free[1], numbers, numbers + params.dependencies, params.dependencies);
        descriptors = at<gbpf_task>(plane->descriptors_address);
        mail_address = plane->mail_address;
        idle = at<uint32_t>(plane->idle_address);
        heartbeats = at<gbpf_heartbeat>(plane->heartbeats_address);
        accounts = at<gbpf_account>(plane->accounts_address);
        grants = at<gbpf_grant>(plane->grants_address);
        vslices = at<gbpf_vslice_state>(plane->vslices_address);
        pools = at<gbpf_pool>(plane->pools_address);
        completions = at<uint64_t>(plane->completions_address);
        taken = at<uint64_t>(plane->taken_address);
        requests = at<gbpf_request>(plane->requests_address);
        policy_epochs = at<uint64_t>(plane->policy_epochs_address);
        copies = at<gbpf_copies>(plane->copies_address);
        copy_links = at<uint32_t>(plane->copy_links_address);
        slots_of_a_tenant = ring_slots_of(params);
        released_slots = released_capacity(params);
        deadline_ns = deadline;
        launch = number;
    }

    /** The mail of a worker block. */
    GBPF_DEVICE gbpf_mail &mail_of(uint32_t block) const { return *at<gbpf_mail>(mail_address + uint64_t{block} * GBPF_LINE); }

    /** Whether this launch shall leave. */
    GBPF_DEVICE bool leaving() const { return device_atomic<uint32_t>(board->leave).load(relaxed) == launch; }

    /**
     * For waits for the next few instructions of another warp. Longer than the launch: who gave up when that ends, while all others still go on, would
     * lose what it holds.
     */
    GBPF_DEVICE patience limit() const {
        return patience(deadline_ns < UINT64_MAX - GRACE_NS ? deadline_ns + GRACE_NS : UINT64_MAX);
    }

    GBPF_DEVICE task_ring ring_of(uint32_t tenant, uint32_t level) const {
        const uint64_t index = uint64_t{tenant} * GBPF_RINGS + level;
        const bool released = level == GBPF_RING_RELEASED;
        // Those of released tasks are the last ones of a tenant.
        const uint64_t before = released ? GBPF_RINGS - 1 : level > GBPF_RING_RELEASED ? level - 1 : level;
        const uint64_t slot = tenant * slots_of_a_tenant + before * params.ring_capacity;
        return ring_at(rings + index, ring_sequences + slot, ring_slots + slot, released ? released_slots : params.ring_capacity);
    }

    /** What a tenant copies to the device (0) or to the host (1). */
    GBPF_DEVICE gbpf_copies &copies_of(uint32_t tenant, uint64_t way) const { return copies[2 * tenant + way]; }

    /** Slots of each ring for tasks that come back or were waited for, so that these find room whatever the host and spawns send. */
    GBPF_DEVICE uint32_t kept_slots() const { return params.ring_capacity / 4; }

    /** Whether the tenant has tasks in rings. */
    GBPF_DEVICE uint32_t queued(uint32_t tenant) const {
        uint32_t n = 0;
        for (uint32_t level = 0; level < GBPF_RINGS; ++level) n += ring_of(tenant, level).size();
        return n;
    }

    GBPF_DEVICE gbpf_host_control &control() const { return *at<gbpf_host_control>(params.control_address); }
    GBPF_DEVICE gbpf_host_status &status() const { return *at<gbpf_host_status>(params.status_address); }
};

/** The ring that a task of these flags waits in. */
GBPF_DEVICE uint32_t level_of(uint32_t flags) {
    if ((flags & GBPF_TASK_KIND) == GBPF_TASK_LANE) return GBPF_RING_LANES;
    return flags & GBPF_TASK_URGENT ? GBPF_RING_URGENT : flags & GBPF_TASK_BACKGROUND ? GBPF_RING_BACKGROUND : GBPF_RING_NORMAL;
}

/**
 * Makes a plane that was laid out in zeroed memory ready for its first launch. Called by `warps` warps, each with its number; who
 * comes next must wait for all.
 */
GBPF_DEVICE void format_plane(gbpf_plane *plane, uint32_t warp, uint32_t warps) {
    plane_view view;
    view.open(plane, UINT64_MAX, 0);
    const gbpf_params &q = view.params;
    for (uint32_t i = warp; i < q.tenants * GBPF_RINGS; i += warps) {
        view.ring_of(i / GBPF_RINGS, i % GBPF_RINGS).format(i % GBPF_RINGS == GBPF_RING_RELEASED ? 0 : view.kept_slots());
    }
    if (warp == 0) {
        lanes::all().once([&] {
            for (uint32_t v = 0; v < q.vslices; ++v) {
                view.vslices[v].first_block = first_block_of(q, v);
                view.vslices[v].end_block = q.vslice_end[v];
            }
            for (uint32_t t = 0; t < q.tenants; ++t) {
                view.pools[t].granted = first_allowance(q);
                view.pools[t].allowance = static_cast<int32_t>(view.pools[t].granted);
            }
        });
        view.waiting.format(q.own_dependencies, view.limit());
        view.free_descriptors.format();
        for (uint32_t base = 0; base < q.descriptors; base += WARP_LANES) {
            lane_array<uint32_t> numbers;
            lanes::all().each([&](uint32_t lane) { numbers[lane] = base + lane; });
            view.free_descriptors.push(lanes::all(), numbers, view.limit());
        }
    }
}

}  // namespace gbpf

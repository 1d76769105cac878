// A plane on the CPU and the host's part of it, for native tests.
#pragma once

#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "check.h"
#include "cpu/launch.h"

namespace gbpf {

constexpr uint64_t LAUNCH_NS = 240000000000u; // far more than any takes, also where a thread seldom gets a processor

/** A plane and all that the host has of it. */
struct test_plane {
    gbpf_params params{};
    gbpf_host_control control{};
    gbpf_host_status status{};
    std::vector<gbpf_host_mailbox> mailboxes{std::vector<gbpf_host_mailbox>(1)};
    std::vector<gbpf_host_ring> rings{std::vector<gbpf_host_ring>(3)};
    std::vector<std::vector<gbpf_compact_task>> compact;
    std::vector<gbpf_task> full;
    std::vector<gbpf_completion_ring> completions{std::vector<gbpf_completion_ring>(4)};
    std::vector<std::vector<gbpf_completion>> records;
    void *memory = nullptr;
    gbpf_plane *plane = nullptr;
    uint32_t launches = 0;

    explicit test_plane(const std::vector<gbpf_function> &functions, uint32_t ring_capacity = 1024, uint32_t local_capacity = 256,
        uint32_t vslices = 1, uint32_t workers = 3) {
        params.version = GBPF_LAYOUT_VERSION;
        params.workers = workers;
        params.warps = 4;
        params.tenants = 4;
        params.vslices = vslices;
        params.ring_capacity = ring_capacity;
        params.local_capacity = local_capacity;
        params.dependencies = 4096;
        params.own_dependencies = 1024;
        params.descriptors = 256;
        params.functions = static_cast<uint32_t>(functions.size());
        params.host_rings = 3;
        params.host_mailboxes = 1;
        params.tick_ns = 100000;
        params.refresh_ns = 20000;
        params.vslice_end[0] = vslices == 1 ? workers : 1; // all blocks, or one for the first
        params.vslice_end[1] = workers;
        params.control_address = reinterpret_cast<uint64_t>(&control);
        params.status_address = reinterpret_cast<uint64_t>(&status);
        params.mailbox_address = reinterpret_cast<uint64_t>(mailboxes.data());
        params.host_ring_address = reinterpret_cast<uint64_t>(rings.data());
        params.completion_address = reinterpret_cast<uint64_t>(completions.data());
        params.functions_address = reinterpret_cast<uint64_t>(functions.data());
        for (auto &tenant : control.tenants) tenant = gbpf_tenant_config{1, 0, UINT64_MAX, 0xffff, {0, 0, 0}};
        compact.resize(2, std::vector<gbpf_compact_task>(1024));
        full.resize(1024);
        records.resize(4, std::vector<gbpf_completion>(1024));
        for (uint32_t i = 0; i < 3; ++i) {
            rings[i].slots_address = i < 2 ? reinterpret_cast<uint64_t>(compact[i].data()) : reinterpret_cast<uint64_t>(full.data());
            rings[i].capacity = 1024;
            rings[i].task_bytes = i < 2 ? 16 : 64;
            rings[i].tenant = i;
        }
        for (uint32_t t = 0; t < 4; ++t) {
            completions[t].records_address = reinterpret_cast<uint64_t>(records[t].data());
            completions[t].capacity = 1024;
        }
        make();
    }
    ~test_plane() { std::free(memory); }
    test_plane(const test_plane &) = delete;
    test_plane &operator=(const test_plane &) = delete;

    /** Makes the plane's memory for `params`, anew after they were changed. */
    void make() {
        std::free(memory);
        const uint64_t bytes = plane_bytes(params);
        memory = std::aligned_alloc(256, (bytes + 255) / 256 * 256);
        std::memset(memory, 0, bytes);
        plane = make_plane(memory, params);
    }

    void stop(uint32_t how) { system_atomic<uint32_t>(control.stop).store(how, release); }

    template <class Policy = fair_policy> std::unique_ptr<cpu_launch<Policy>> start(const Policy &policy = Policy{}) {
        stop(GBPF_RUN);
        return std::make_unique<cpu_launch<Policy>>(plane, LAUNCH_NS, ++launches, policy, table_place{control.policy_address, control.policy_epoch});
    }

    /** Puts a task into a host ring, when there is room. */
    template <class Task> void submit(uint32_t ring, const Task &task) {
        gbpf_host_ring &r = rings[ring];
        while (r.tail - system_atomic<uint64_t>(r.taken).load(acquire) >= r.capacity) nap(20000);
        reinterpret_cast<Task *>(r.slots_address)[r.tail & (r.capacity - 1)] = task;
        system_atomic<uint64_t>(r.tail).store(r.tail + 1, release);
    }

    template <class Policy = fair_policy> void drain() {
        auto launch = start(Policy{});
        stop(GBPF_DRAIN);
        const uint32_t state = launch->join();
        if (state != GBPF_STATE_DRAINED) show();
        CHECK(state == GBPF_STATE_DRAINED);
    }

    /** What is left in a plane that ought to be empty. */
    void show() const {
        plane_view view;
        view.open(plane, UINT64_MAX, 0);
        const auto wide = [](uint64_t n) { return static_cast<unsigned long long>(n); };
        std::fprintf(stderr, "activity %llx backlog %llx\n", wide(view.board->activity), wide(view.board->backlog));
        for (uint32_t r = 0; r < params.host_rings; ++r) {
            std::fprintf(stderr, "host ring %u: tail %llu taken %llu\n", r, wide(rings[r].tail), wide(view.taken[r]));
        }
        for (uint32_t i = 0; i < params.tenants * GBPF_RINGS; ++i) {
            const gbpf_ring &q = view.rings[i];
            if (q.items == 0 && q.head == q.tail) continue;
            std::fprintf(stderr, "tenant %u level %u: space %d items %d head %u tail %u\n", i / GBPF_RINGS, i % GBPF_RINGS, q.space,
                q.items, q.head, q.tail);
        }
        for (uint32_t b = 0; b < params.workers; ++b) {
            const block_kept &kept = *at<block_kept>(plane->saved_address + b * plane->saved_bytes);
            std::fprintf(stderr, "block %u: mail %llx, own queue: space %d items %d head %u tail %u\n", b,
                wide(view.mail_of(b).word0), kept.space, kept.items, kept.head, kept.tail);
        }
    }

    uint64_t finished(uint32_t tenant) const {
        return at<gbpf_account>(plane->accounts_address)[tenant].finished;
    }
};

inline gbpf_compact_task task(uint16_t function, uint32_t flags, uint32_t a, uint64_t b) {
    return gbpf_compact_task{function, 0, static_cast<uint8_t>(flags), a, b};
}

}  // namespace gbpf

// A launch on the CPU: a thread for each warp, and the barriers of the launch shell (control_kernel.cu).
#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "gbpf/control.cuh"

namespace gbpf {

/** Bytes that a plane of these params takes. */
inline uint64_t plane_bytes(const gbpf_params &params) {
    gbpf_plane plane{};
    plane.params = params;
    lay_out(plane, 0, sizeof(block_kept));
    return plane.bytes;
}

/** Makes a plane in zeroed memory of plane_bytes(params), aligned to 256 bytes. */
inline gbpf_plane *make_plane(void *memory, const gbpf_params &params) {
    gbpf_plane *plane = static_cast<gbpf_plane *>(memory);
    plane->params = params;
    lay_out(*plane, reinterpret_cast<uint64_t>(memory), sizeof(block_kept));
    format_plane(plane, 0, 1);
    return plane;
}

/** One launch. Each warp has a copy of the policy. */
template <class Policy> class cpu_launch {
public:
    cpu_launch(gbpf_plane *plane, uint64_t duration_ns, uint32_t launch, const Policy &policy, const table_place &table) : plane_(plane) {
        const uint64_t deadline = duration_ns > UINT64_MAX - now_ns() ? UINT64_MAX : now_ns() + duration_ns;
        const uint32_t blocks = plane->params.workers + 1, warps = plane->params.warps;
        for (uint32_t block = 0; block < blocks; ++block) memories_.push_back(std::make_unique<block_memory>());
        for (uint32_t block = 0; block < blocks; ++block) { // in pairs, as in clusters
            const uint64_t partner = blocks % 2 == 0 ? reinterpret_cast<uint64_t>(&memories_[block ^ 1]->state) : 0;
            enter_block(*memories_[block], plane, block, partner, deadline, launch, table);
        }
        try {
            threads_.reserve(uint64_t{blocks} * warps);
            for (uint32_t block = 0; block < blocks; ++block) {
                for (uint32_t warp = 0; warp < warps; ++warp) {
                    threads_.emplace_back([this, block, warp, policy] {
                        Policy own = policy;
                        run_warp(*memories_[block], warp, own);
                    });
                }
            }
        } catch (...) { // no more threads to be had
            call_off(launch);
            throw;
        }
    }

    /** Waits for its end; GBPF_STATE_.... */
    uint32_t join() {
        for (auto &thread : threads_) thread.join();
        threads_.clear();
        const uint32_t state = memories_.back()->tick.end_state;
        return_requests(memories_.back()->state);
        report_end(plane_, state);
        return state;
    }

private:
    /** Ends a launch that not all warps have joined. */
    void call_off(uint32_t launch) {
        system_atomic<uint32_t>(at<gbpf_host_control>(plane_->params.control_address)->stop).store(GBPF_LEAVE, release);
        device_atomic<uint32_t>(at<gbpf_board>(plane_->board_address)->leave).store(launch, release);
        for (auto &memory : memories_) poke(memory->state.known.leave, 1u);
        for (auto &thread : threads_) thread.join();
    }

    gbpf_plane *plane_;
    std::vector<std::unique_ptr<block_memory>> memories_;
    std::vector<std::thread> threads_;
};

}  // namespace gbpf

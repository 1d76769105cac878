// The host's control words: one warp of the control block reads them, and shows them to the others. Two warps that read one line of host memory
// at the same time keep a slice of L2 from answering anybody (ADR 0049).
#pragma once

#include "block.cuh"

namespace gbpf {

// Of the first line of gbpf_host_control, words of 8 bytes.
constexpr uint32_t CONTROL_WORDS = 16, CONTROL_LANES = (1u << CONTROL_WORDS) - 1;
constexpr uint32_t CONTROL_POLICY_ADDRESS = offsetof(gbpf_host_control, policy_address) / 8, CONTROL_POLICY_EPOCH = offsetof(gbpf_host_control, policy_epoch) / 8;
static_assert(offsetof(gbpf_host_control, tenants) == CONTROL_WORDS * 8, "one line");

/** The words as they were read last, in the control block's shared memory. */
struct host_words {
    uint64_t word[CONTROL_WORDS];
    uint32_t number; // counts by two; odd while they are written; 0: none was read yet

    /** Reads them; called by a whole warp, the only one that does. */
    static GBPF_DEVICE lane_array<uint64_t> read(gbpf_host_control &host) {
        lane_array<uint64_t> words{};
        for_lanes(CONTROL_LANES, [&](uint32_t lane) {
            words[lane] = system_atomic<uint64_t>(reinterpret_cast<uint64_t *>(&host)[lane]).load(together_acquire);
        });
        return words;
    }

    /** Shows them to the block; called by the warp that read them. */
    GBPF_DEVICE void show(const lane_array<uint64_t> &words) {
        const uint32_t before = agreed(number);
        lanes::all().once([&] { poke(number, before + 1); });
        for_lanes(CONTROL_LANES, [&](uint32_t lane) { block_atomic<uint64_t>(word[lane]).store(words[lane], release); });
        lanes::all().once([&] { block_atomic<uint32_t>(number).store(before + 2, release); });
    }

    /** Copies words that were read together, as soon as there are some; false: the launch is over before. Called by a whole warp. */
    GBPF_DEVICE bool copy(uint64_t (&to)[CONTROL_WORDS], patience limit) {
        while (true) {
            const uint32_t before = lanes::all().leader([&] { return block_atomic<uint32_t>(number).load(acquire); });
            for_lanes(CONTROL_LANES, [&](uint32_t lane) { to[lane] = block_atomic<uint64_t>(word[lane]).load(acquire); });
            if (before != 0 && before % 2 == 0 && agreed(number) == before) return true;
            if (lanes::all().leader([&]() -> uint32_t { return limit.wait() ? 1 : 0; }) == 0) return false;
        }
    }
};

}  // namespace gbpf

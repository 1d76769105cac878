// Policies of micro-operations for native tests, and the host's part of their publication.
#pragma once

#include <initializer_list>

#include "gbpf/table_policy.cuh"
#include "test_plane.h"

namespace gbpf {

// ---- programs ----

inline gbpf_micro_op op(uint32_t number, uint32_t d, uint32_t a, int32_t offset, uint64_t imm) {
    return gbpf_micro_op{0, 0, number | d << GBPF_OP_D_SHIFT | a << GBPF_OP_A_SHIFT | static_cast<uint32_t>(offset) << GBPF_OP_OFFSET_SHIFT, imm};
}
inline gbpf_micro_op set(uint32_t d, uint64_t imm) { return op(GBPF_OP_MOV64_I, d, 0, 0, imm); }
inline gbpf_micro_op address(uint32_t d, const void *of) { return set(d, reinterpret_cast<uint64_t>(of)); }
inline gbpf_micro_op move(uint32_t d, uint32_t a) { return op(GBPF_OP_MOV64, d, a, 0, 0); }
inline gbpf_micro_op load32(uint32_t d, uint32_t a, uint64_t at) { return op(GBPF_OP_LOAD32, d, a, 0, at); }
inline gbpf_micro_op load64(uint32_t d, uint32_t a, uint64_t at) { return op(GBPF_OP_LOAD64, d, a, 0, at); }
inline gbpf_micro_op store64(uint32_t base, uint64_t at, uint32_t a) { return op(GBPF_OP_STORE64, base, a, 0, at); }
/** To `offset` operations after the next one when a is imm. */
inline gbpf_micro_op if_is(uint32_t a, uint64_t imm, int32_t offset) { return op(GBPF_OP_JEQ64_I, 0, a, offset, imm); }
inline gbpf_micro_op if_not(uint32_t a, uint64_t imm, int32_t offset) { return op(GBPF_OP_JNE64_I, 0, a, offset, imm); }
inline gbpf_micro_op jump(int32_t offset) { return op(GBPF_OP_JUMP, 0, 0, offset, 0); }
inline gbpf_micro_op helper(uint32_t id) { return op(GBPF_OP_CALL_HELPER, 0, 0, 0, id); }
/** *(u64 *)base += d, atomically. */
inline gbpf_micro_op count(uint32_t base, uint32_t d) { return op(GBPF_OP_ATOMIC, d, base, 8, 0); }
inline gbpf_micro_op leave() { return op(GBPF_OP_EXIT, 0, 0, 0, 0); }

using code = std::vector<gbpf_micro_op>;

inline code answer(uint64_t verdict) { return {set(0, verdict), leave()}; }

struct hook_code {
    uint32_t hook;
    code operations;
    uint32_t jumps = 1000;
};

// ---- the host's part ----

/** The two tables of a plane; what is free is filled with rubbish, so that whoever still uses it is found out. */
class host_tables {
public:
    explicit host_tables(test_plane &plane) : plane_(plane) {}

    /** Publishes programs, compiled ones in place of those that have any; first waits until a table is free, if a kernel runs. */
    uint64_t publish(std::initializer_list<hook_code> programs, const std::vector<gbpf_map> &maps = {}, const uint64_t *compiled = nullptr) {
        if (running && epoch_ > 0) settled();
        room &free = rooms_[++epoch_ % 2];
        free.maps = maps;
        free.operations.clear();
        free.fault = {};
        gbpf_policy_table &t = free.table;
        const uint64_t epoch = epoch_;
        for (auto &p : t.programs) p = {};
        for (const hook_code &p : programs) {
            t.programs[table_index(p.hook)] = {static_cast<uint32_t>(free.operations.size()), static_cast<uint32_t>(p.operations.size() + 1), p.jumps, 0};
            free.operations.insert(free.operations.end(), p.operations.begin(), p.operations.end());
            free.operations.push_back(leave());
        }
        t.version = GBPF_TABLE_VERSION;
        t.maps = static_cast<uint32_t>(maps.size());
        t.operations = static_cast<uint32_t>(free.operations.size());
        t.maps_address = reinterpret_cast<uint64_t>(free.maps.data());
        t.operations_address = reinterpret_cast<uint64_t>(free.operations.data());
        t.fault_address = reinterpret_cast<uint64_t>(&free.fault);
        t.log_address = reinterpret_cast<uint64_t>(&log);
        t.code_address = reinterpret_cast<uint64_t>(compiled);
        system_atomic<uint64_t>(t.epoch).store(epoch, release);
        system_atomic<uint64_t>(plane_.control.policy_address).store(reinterpret_cast<uint64_t>(&t), release);
        system_atomic<uint64_t>(plane_.control.policy_epoch).store(epoch, release);
        return epoch;
    }

    /** Waits until all blocks have the newest table, and spoils the other one. */
    void settled() {
        while (system_atomic<uint64_t>(plane_.status.policy_settled).load(acquire) < epoch_) nap(5000);
        room &old = rooms_[(epoch_ + 1) % 2];
        system_atomic<uint64_t>(old.table.epoch).store(0, release);
        for (auto &o : old.operations) o = op(127, 15, 15, -1, UINT64_MAX);
        for (auto &m : old.maps) m.address = 8;
        for (auto &p : old.table.programs) p = {UINT32_MAX, UINT32_MAX, UINT32_MAX, 0};
    }

    /** Waits for the fault that ejected an epoch's policy. */
    const gbpf_policy_fault &fault(uint64_t epoch) {
        gbpf_policy_fault &f = rooms_[epoch % 2].fault;
        while (system_atomic<uint64_t>(f.epoch).load(acquire) != epoch) nap(5000);
        return f;
    }

    bool running = false;
    gbpf_policy_log log{};

private:
    struct room {
        gbpf_policy_table table{};
        std::vector<gbpf_map> maps;
        std::vector<gbpf_micro_op> operations;
        gbpf_policy_fault fault{};
    };
    test_plane &plane_;
    room rooms_[2];
    uint64_t epoch_ = 0;
};

}  // namespace gbpf

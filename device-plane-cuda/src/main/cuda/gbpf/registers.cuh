// The registers of a run of a program, and its place in the program's operations.
#pragma once

#include "micro_op.h"
#include "platform.cuh"

namespace gbpf {

/** r0 to r10. */
constexpr uint32_t VM_REGISTERS = 11;

/** Registers of a program. On the GPU an index that is not a constant chooses among all of them, since they stay in registers. */
struct vm_registers {
    uint64_t r[VM_REGISTERS];

    GBPF_DEVICE uint64_t get(uint32_t i) const {
#if GBPF_GPU
        uint64_t value = r[0];
        GBPF_UNROLL
        for (uint32_t k = 1; k < VM_REGISTERS; ++k) value = i == k ? r[k] : value;
        return value;
#else
        return r[i];
#endif
    }

    GBPF_DEVICE void set(uint32_t i, uint64_t value) {
#if GBPF_GPU
        GBPF_UNROLL
        for (uint32_t k = 0; k < VM_REGISTERS - 1; ++k) r[k] = i == k ? value : r[k];
#else
        r[i] = value;
#endif
    }
};

#if GBPF_GPU
/** Where an operation is: an address in the block's shared memory, where the program has to be. */
using code_address = uint32_t;
GBPF_DEVICE code_address address_of(const gbpf_micro_op *op) {
    code_address at;
    asm("{ .reg .b64 t; cvta.to.shared.u64 t, %1; cvt.u32.u64 %0, t; }" : "=r"(at) : "l"(op));
    return at;
}
GBPF_DEVICE gbpf_micro_op operation_at(code_address at) {
    gbpf_micro_op op;
    asm volatile("ld.shared.u32 %0, [%2+4]; ld.shared.u64 %1, [%2+8];" : "=r"(op.parts), "=l"(op.imm) : "r"(at) : "memory");
    return op;
}
/** The handler of an operation, for the fast part, which reads it one operation ahead. */
GBPF_DEVICE uint32_t handler_at(code_address at) {
    uint32_t handler;
    asm volatile("ld.shared.u16 %0, [%1];" : "=r"(handler) : "r"(at) : "memory");
    return handler;
}
#else
using code_address = uint64_t;
inline code_address address_of(const gbpf_micro_op *op) { return reinterpret_cast<uint64_t>(op); }
inline gbpf_micro_op operation_at(code_address at) { return *reinterpret_cast<const gbpf_micro_op *>(at); }
inline uint32_t handler_at(code_address at) { return reinterpret_cast<const gbpf_micro_op *>(at)->handler; }
#endif

/** A jump too many ends the run where the next operation would begin. */
GBPF_DEVICE void take_jump(code_address &pc, int32_t &jumps, int32_t offset) {
    pc += static_cast<code_address>(static_cast<int64_t>(offset) * int64_t{sizeof(gbpf_micro_op)});
    --jumps;
}

}  // namespace gbpf

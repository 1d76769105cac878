// The interpreter of verified programs: one run in each lane that calls.
//
// On the GPU most operations are done by the PTX of fast_ops.h; it leaves to C++ what is rare: divisions, sign extensions, byte
// swaps, atomic operations, calls. On the CPU C++ does all (common_ops.cuh). Tests hold both to the host's interpreter.
//
// A verified program stays inside its memory and ends. What the interpreter still counts is taken jumps, and what it still checks
// is that there is such an operation: if the proof or the table is wrong, the control kernel must go on.
#pragma once

#include "common_ops.cuh"
#include "fast_ops.h"
#include "helper.cuh"

namespace gbpf {

constexpr uint32_t VM_FRAMES = 8;
constexpr uint32_t VM_FRAME_BYTES = 512;

/** What a local call keeps of its caller. */
struct vm_frame {
    code_address back;
    uint64_t saved[4];
};

/** What a run keeps in memory. */
struct vm_memory {
    uint64_t stack[VM_FRAMES * VM_FRAME_BYTES / 8];
    vm_frame frames[VM_FRAMES];
};

/** How a run left off: where it is, which is at no operation then. */
constexpr code_address CODE_END = GBPF_CODE_END;
constexpr code_address CODE_FAR = 2;   // at work that is far, which env has
constexpr code_address CODE_FAULT = 3; // env has it
constexpr code_address CODE_STOPS = sizeof(gbpf_micro_op) - 1;

/** Added to the depth of local calls when a run goes on after far work. */
constexpr uint32_t VM_COMES_BACK = 1u << 8;

/** One run. All of it but stack and frames is in registers. */
class vm {
public:
    GBPF_DEVICE vm(code_address code, uint32_t handler, uint64_t r1, uint64_t r2, int32_t jumps, uint32_t depth, vm_memory &memory, vm_env &env)
        : code_(code), pc_(code), next_(handler), env_(env), jumps_(jumps), depth_(depth), frames_(memory.frames) {
        GBPF_UNROLL
        for (uint32_t i = 0; i < VM_REGISTERS; ++i) r_.r[i] = 0;
        r_.r[1] = r1;
        r_.r[2] = r2;
        r_.r[10] = reinterpret_cast<uint64_t>(memory.stack) + VM_FRAME_BYTES;
    }

    /** Until it leaves off; says why. */
    GBPF_DEVICE code_address run() {
        for (;;) {
            fast();
            // Most of the time it was the end that the fast part came to.
            if ((pc_ & CODE_STOPS) != 0) return pc_;
            if (depth_ >= VM_COMES_BACK) {
                come_back();
            } else {
                const gbpf_micro_op op = operation_at(pc_ - sizeof(gbpf_micro_op));
                if (jumps_ < 0) {
                    stop(fault_kind::overrun);
                } else {
                    slow(op);
                }
                if ((pc_ & CODE_STOPS) != 0) return pc_;
            }
            next_ = handler_at(pc_);
        }
    }

    GBPF_DEVICE uint64_t r0() const { return r_.r[0]; }

private:
    static constexpr uint32_t OP_MASK = (1u << GBPF_OP_BITS) - 1;

    code_address code_;
    code_address pc_;
    uint32_t next_;
    vm_env &env_;
    uint64_t y_ = 0;
    int32_t jumps_;
    uint32_t depth_;
    vm_registers r_;
    /** VM_FRAMES of them. */
    vm_frame *frames_;

    /** Runs as far as the fast part goes, which the CPU has not: to behind the operation that it leaves to C++. */
    GBPF_DEVICE void fast() {
#if GBPF_GPU
        asm volatile(GBPF_FAST_PTX
                     : "+l"(r_.r[0]), "+l"(r_.r[1]), "+l"(r_.r[2]), "+l"(r_.r[3]), "+l"(r_.r[4]), "+l"(r_.r[5]), "+l"(r_.r[6]),
                       "+l"(r_.r[7]), "+l"(r_.r[8]), "+l"(r_.r[9]), "+r"(pc_), "+l"(y_), "+r"(jumps_)
                     : "l"(r_.r[10]), "r"(depth_), "r"(next_)
                     : "memory");
#else
        pc_ += sizeof(gbpf_micro_op);
#endif
    }

    GBPF_DEVICE void stop(fault_kind why) {
        env_.fault.kind = why;
        env_.fault.at = static_cast<uint32_t>((pc_ - code_) / sizeof(gbpf_micro_op)) - 1;
        GBPF_UNROLL
        for (uint32_t i = 0; i < VM_REGISTERS; ++i) env_.fault.registers[i] = r_.r[i];
        pc_ = CODE_FAULT;
    }

    /** Leaves the run for work that is far. */
    GBPF_DEVICE void go_far() {
        GBPF_UNROLL
        for (uint32_t i = 0; i < VM_REGISTERS; ++i) env_.far.registers[i] = r_.r[i];
        env_.far.back = pc_;
        env_.far.jumps = jumps_;
        env_.far.depth = depth_;
        pc_ = CODE_FAR;
    }

    /** Goes on after work that was far. */
    GBPF_DEVICE void come_back() {
        depth_ -= VM_COMES_BACK;
        GBPF_UNROLL
        for (uint32_t i = 0; i < VM_REGISTERS - 1; ++i) r_.r[i] = env_.far.registers[i];
        r_.r[10] += depth_ * VM_FRAME_BYTES;
        pc_ = static_cast<code_address>(env_.far.back);
    }

    GBPF_DEVICE void keep(vm_frame &frame) const {
        frame.back = pc_;
        GBPF_UNROLL
        for (uint32_t i = 0; i < 4; ++i) frame.saved[i] = r_.r[6 + i];
    }

    GBPF_DEVICE void restore(const vm_frame &frame) {
        pc_ = frame.back;
        GBPF_UNROLL
        for (uint32_t i = 0; i < 4; ++i) r_.r[6 + i] = frame.saved[i];
    }

    GBPF_DEVICE void jump(int32_t offset) { take_jump(pc_, jumps_, offset); }

    GBPF_DEVICE void slow(const gbpf_micro_op &op) {
        const uint32_t number = op.parts & OP_MASK;
        const uint32_t d = op.parts >> GBPF_OP_D_SHIFT & 15;
        const uint32_t a = op.parts >> GBPF_OP_A_SHIFT & 15;
        const int32_t offset = static_cast<int32_t>(op.parts) >> GBPF_OP_OFFSET_SHIFT;
        const uint64_t x = r_.get(d);
        const uint64_t y = y_;
        const uint64_t from = r_.get(a);
        switch (number) {
            case GBPF_OP_DIV64: return r_.set(d, y == 0 ? 0 : x / y);
            case GBPF_OP_MOD64: return r_.set(d, y == 0 ? x : x % y);
            case GBPF_OP_SDIV64: return r_.set(d, u64(divide(s64(x), s64(y))));
            case GBPF_OP_SMOD64: return r_.set(d, u64(modulo(s64(x), s64(y))));
            case GBPF_OP_DIV32: return r_.set(d, u32(y) == 0 ? 0 : u32(x) / u32(y));
            case GBPF_OP_MOD32: return r_.set(d, u32(y) == 0 ? u32(x) : u32(x) % u32(y));
            case GBPF_OP_SDIV32: return r_.set(d, u32(divide(s32(x), s32(y))));
            case GBPF_OP_SMOD32: return r_.set(d, u32(modulo(s32(x), s32(y))));
            case GBPF_OP_NEG32: return r_.set(d, u32(0 - x));
            case GBPF_OP_SEXT64_8: return r_.set(d, u64(static_cast<int8_t>(from)));
            case GBPF_OP_SEXT64_16: return r_.set(d, u64(static_cast<int16_t>(from)));
            case GBPF_OP_SEXT64_32: return r_.set(d, u64(s32(from)));
            case GBPF_OP_SEXT32_8: return r_.set(d, u32(static_cast<int8_t>(from)));
            case GBPF_OP_SEXT32_16: return r_.set(d, u32(static_cast<int16_t>(from)));
            case GBPF_OP_SWAP16: return r_.set(d, swap_bytes(x) >> 48);
            case GBPF_OP_SWAP32: return r_.set(d, swap_bytes(x) >> 32);
            case GBPF_OP_SWAP64: return r_.set(d, swap_bytes(x));
            // On the GPU those that are not aligned.
            case GBPF_OP_LOAD64: return r_.set(d, load_at<uint64_t>(from + op.imm));
            case GBPF_OP_LOAD32: return r_.set(d, load_at<uint32_t>(from + op.imm));
            case GBPF_OP_LOAD16_Y: return r_.set(d, load_at<uint16_t>(y_ + op.imm));
            case GBPF_OP_LOAD8_Y: return r_.set(d, load_at<uint8_t>(y_ + op.imm));
            case GBPF_OP_STORE64: return store_at<uint64_t>(x + op.imm, from);
            case GBPF_OP_STORE32: return store_at<uint32_t>(x + op.imm, from);
            case GBPF_OP_STORE16_Y: return store_at<uint16_t>(from + op.imm, y_);
            case GBPF_OP_STORE8_Y: return store_at<uint8_t>(from + op.imm, y_);
            case GBPF_OP_STORE64_I: return store_at<uint64_t>(from + u64(offset), op.imm);
            case GBPF_OP_STORE32_I: return store_at<uint32_t>(from + u64(offset), op.imm);
            case GBPF_OP_STORE16_I: return store_at<uint16_t>(from + u64(offset), op.imm);
            case GBPF_OP_STORE8_I: return store_at<uint8_t>(from + u64(offset), op.imm);
            case GBPF_OP_LOADS8: return r_.set(d, u64(load_at<int8_t>(from + op.imm)));
            case GBPF_OP_LOADS16: return r_.set(d, u64(load_at<int16_t>(from + op.imm)));
            case GBPF_OP_LOADS32: return r_.set(d, u64(load_at<int32_t>(from + op.imm)));
            case GBPF_OP_ATOMIC: return atomic(static_cast<uint32_t>(offset), d, from + op.imm);
            case GBPF_OP_CALL_HELPER: {
                uint64_t result = 0;
                const helper_end end = call_helper(env_, u32(op.imm), r_.r[1], r_.r[2], r_.r[3], r_.r[4], r_.r[5], result);
                if (end == helper_end::missing) return stop(fault_kind::bad_helper);
                if (end == helper_end::far) return go_far();
                r_.r[0] = result;
                return;
            }
            case GBPF_OP_CALL_LOCAL: return call(offset);
            case GBPF_OP_RETURN_I:
                r_.r[0] = op.imm;
                return leave();
            case GBPF_OP_RETURN_SHR_AND:
                r_.r[0] = from >> offset & op.imm;
                return leave();
            case GBPF_OP_EXIT: return leave();
            default:
#if !GBPF_GPU
                if (common_ops(r_, y_, pc_, jumps_).run(number, d, a, offset, op.imm)) return;
#endif
                return stop(fault_kind::bad_operation);
        }
    }

    GBPF_DEVICE void atomic(uint32_t form, uint32_t operand, uint64_t address) {
        env_.far.helper = 0;
        env_.far.form = form;
        env_.far.operand = operand;
        env_.far.address = address;
        go_far();
    }

    GBPF_DEVICE void call(int32_t offset) {
        if (depth_ == VM_FRAMES - 1) return stop(fault_kind::call_depth);
        keep(frames_[depth_++]);
        r_.r[10] += VM_FRAME_BYTES;
        jump(offset);
    }

    GBPF_DEVICE void leave() {
#if !GBPF_GPU
        if (depth_ == 0) {
            pc_ = CODE_END;
            return;
        }
#endif
        restore(frames_[--depth_]);
        r_.r[10] -= VM_FRAME_BYTES;
    }
};

/** What is left of a run that left off. */
struct vm_stop {
    uint64_t r0;
    code_address why;
};

/**
 * A run until it leaves off. Calls nothing, since a function that does keeps registers of its caller on the stack, each time; and has no
 * more arguments than there are registers for.
 *
 * @param handler of the first operation; 0, which is none's, when it goes on after far work
 * @param depth 0; when it goes on after far work that of local calls, and VM_COMES_BACK
 */
static GBPF_OUTLINE vm_stop vm_stretch(
    code_address code, uint32_t handler, uint64_t r1, uint64_t r2, int32_t jumps, uint32_t depth, vm_memory &memory, vm_env &env) {
    vm machine(code, handler, r1, r2, jumps, depth, memory, env);
    const code_address why = machine.run();
    return vm_stop{machine.r0(), why};
}

/** An atomic operation of a program. */
GBPF_DEVICE void do_atomic(far_work &far) {
    const uint32_t op = far.form & 7;
    uint64_t &operand = far.registers[far.operand];
    uint64_t &r0 = far.registers[0];
    const uint64_t before = (far.form & 8) != 0
        ? atomic_at<uint64_t>(op, far.address, operand, r0)
        : atomic_at<uint32_t>(op, far.address, static_cast<uint32_t>(operand), static_cast<uint32_t>(r0));
    if (op == 5) {
        r0 = before;
    } else if ((far.form & 16) != 0) {
        operand = before;
    }
}

/** Does what is far. */
GBPF_DEVICE void do_far(vm_env &env) {
    uint64_t *r = env.far.registers;
    switch (env.far.helper) {
        case 0: return do_atomic(env.far);
        case GBPF_HELPER_LOG:
            write_log(env, r[1], r[2]);
            r[0] = 0;
            return;
        default: r[0] = call_hash(env.far.address, env.far.helper, r[2], r[3], r[4]); return;
    }
}

/** Does what is far, and runs what is between that, to the end; 0 after a fault. */
static GBPF_OUTLINE uint64_t vm_go_on(vm_stop stop, code_address code, vm_memory &memory, vm_env &env) {
    while (stop.why == CODE_FAR) {
        do_far(env);
        stop = vm_stretch(code, 0, 0, 0, env.far.jumps, env.far.depth | VM_COMES_BACK, memory, env);
    }
    return stop.why == CODE_END ? stop.r0 : 0;
}

/**
 * Runs a program once in the calling lane, and gives r0; 0 after a fault, which env then has, and which it must not have had before.
 *
 * @param code its micro-operations, the last of which never runs
 * @param r1 address of the context
 * @param r2 0, or what r2 begins with
 * @param jumps how many jumps it may take, less than 2^31
 */
GBPF_DEVICE uint64_t vm_run(const gbpf_micro_op *code, uint64_t r1, uint64_t r2, uint32_t jumps, vm_env &env) {
    vm_memory memory;
    const code_address begin = address_of(code);
    const uint32_t handler = handler_at(begin);
    const vm_stop stop = vm_stretch(begin, handler, r1, r2, static_cast<int32_t>(jumps), 0, memory, env);
    return stop.why == CODE_END ? stop.r0 : vm_go_on(stop, begin, memory, env);
}

}  // namespace gbpf

// The operations that the GPU has in PTX (fast_ops.h), in C++ for the CPU.
#pragma once

#include "micro_op.h"
#include "operations.cuh"
#include "registers.cuh"

#if !GBPF_GPU
namespace gbpf {

/** Such operations of a run, whose registers and place it has. */
class common_ops {
public:
    common_ops(vm_registers &registers, uint64_t &y, code_address &pc, int32_t &jumps) : r_(registers), y_(y), pc_(pc), jumps_(jumps) {}

    /** Runs such an operation; false: it is none of them. */
    bool run(uint32_t number, uint32_t d, uint32_t a, int32_t offset, uint64_t imm) {
        const uint64_t x = r_.r[d];
        const uint64_t from = r_.r[a];
        if (number == GBPF_OP_JEQ_FIELDS || number == GBPF_OP_JLT_FIELDS) {
            compare_fields(number, x, from, offset, imm);
            return true;
        }
        if (number >= GBPF_OP_JEQ64_I && number <= GBPF_OP_JSLE32_Y) {
            branch(number, x, from, offset, imm);
            return true;
        }
        switch (number) {
            case GBPF_OP_MOV64: r_.set(d, from); break;
            case GBPF_OP_MOV64_I: r_.set(d, imm); break;
            case GBPF_OP_GET_Y: y_ = from; break;
            case GBPF_OP_SET_Y: y_ = imm; break;
            case GBPF_OP_ADD64_I: r_.set(d, from + imm); break;
            case GBPF_OP_MUL64_I: r_.set(d, from * imm); break;
            case GBPF_OP_AND64_I: r_.set(d, from & imm); break;
            case GBPF_OP_RSUB64_I: r_.set(d, imm - from); break;
            case GBPF_OP_SHL_ADD: r_.set(d, (from << offset) + imm); break;
            case GBPF_OP_SHR_AND: r_.set(d, from >> offset & imm); break;
            case GBPF_OP_HASH: hash(d, from, static_cast<uint32_t>(offset), imm); break;
            case GBPF_OP_MIX: mix(d, from, static_cast<uint32_t>(offset), imm); break;
            case GBPF_OP_OR64_I: r_.set(d, x | imm); break;
            case GBPF_OP_XOR64_I: r_.set(d, x ^ imm); break;
            case GBPF_OP_ARSH64_I: r_.set(d, u64(s64(x) >> (imm & 63))); break;
            case GBPF_OP_ADD64: r_.set(d, x + from); break;
            case GBPF_OP_SUB64: r_.set(d, x - from); break;
            case GBPF_OP_MUL64: r_.set(d, x * from); break;
            case GBPF_OP_AND64: r_.set(d, x & from); break;
            case GBPF_OP_OR64: r_.set(d, x | from); break;
            case GBPF_OP_XOR64: r_.set(d, x ^ from); break;
            case GBPF_OP_LSH64_Y: r_.set(d, x << (y_ & 63)); break;
            case GBPF_OP_RSH64_Y: r_.set(d, x >> (y_ & 63)); break;
            case GBPF_OP_ARSH64_Y: r_.set(d, u64(s64(x) >> (y_ & 63))); break;
            case GBPF_OP_ADD32_Y: r_.set(d, u32(x + y_)); break;
            case GBPF_OP_SUB32_Y: r_.set(d, u32(x - y_)); break;
            case GBPF_OP_MUL32_Y: r_.set(d, u32(x * y_)); break;
            case GBPF_OP_AND32_Y: r_.set(d, u32(x & y_)); break;
            case GBPF_OP_OR32_Y: r_.set(d, u32(x | y_)); break;
            case GBPF_OP_XOR32_Y: r_.set(d, u32(x ^ y_)); break;
            case GBPF_OP_LSH32_Y: r_.set(d, u32(x) << (y_ & 31)); break;
            case GBPF_OP_RSH32_Y: r_.set(d, u32(x) >> (y_ & 31)); break;
            case GBPF_OP_ARSH32_Y: r_.set(d, static_cast<uint32_t>(s32(x) >> (y_ & 31))); break;
            case GBPF_OP_ADD32_I: r_.set(d, u32(x + imm)); break;
            case GBPF_OP_MUL32_I: r_.set(d, u32(x * imm)); break;
            case GBPF_OP_AND32_I: r_.set(d, u32(x & imm)); break;
            case GBPF_OP_OR32_I: r_.set(d, u32(x | imm)); break;
            case GBPF_OP_XOR32_I: r_.set(d, u32(x ^ imm)); break;
            case GBPF_OP_LSH32_I: r_.set(d, u32(x) << (imm & 31)); break;
            case GBPF_OP_RSH32_I: r_.set(d, u32(x) >> (imm & 31)); break;
            case GBPF_OP_ARSH32_I: r_.set(d, static_cast<uint32_t>(s32(x) >> (imm & 31))); break;
            case GBPF_OP_JUMP: jump(offset); break;
            default: return false;
        }
        return true;
    }

private:
    void mix(uint32_t d, uint64_t from, uint32_t shifts, uint64_t factor) {
        const uint32_t first = shifts & ((1u << GBPF_OP_MIX_BITS) - 1);
        const uint32_t second = shifts >> GBPF_OP_MIX_BITS;
        const uint64_t mixed = r_.r[d] ^ (first < 64 ? from >> first : 0);
        r_.r[d] = (mixed ^ (second < 64 ? mixed >> second : 0)) * factor;
    }

    void hash(uint32_t d, uint64_t from, uint32_t form, uint64_t factors) {
        const uint64_t other = r_.r[form >> GBPF_OP_HASH_B_SHIFT & 7];
        r_.r[d] = from * u32(factors);
        mix(d, other, form & ((1u << GBPF_OP_HASH_B_SHIFT) - 1), factors >> 32);
    }

    bool compares(uint32_t number, uint64_t x, uint64_t y) const {
        switch (number) {
            case GBPF_OP_JEQ64: return x == y;
            case GBPF_OP_JLT64: return x < y;
            case GBPF_OP_JSLT64: return s64(x) < s64(y);
            default: return (x & y) != 0;
        }
    }

    /** A jump on fields of two registers. */
    void compare_fields(uint32_t number, uint64_t x, uint64_t from, int32_t offset, uint64_t imm) {
        const uint32_t flags = static_cast<uint32_t>(imm >> GBPF_OP_FIELDS_FLAGS_SHIFT);
        const uint64_t left = x >> (imm >> GBPF_OP_FIELDS_D_SHIFT & 63) & (imm >> 32 & 0xFFFF);
        const uint64_t right = from >> (imm >> GBPF_OP_FIELDS_A_SHIFT & 63) & imm >> 48;
        const bool holds = number == GBPF_OP_JEQ_FIELDS ? left == right : left < right;
        if ((flags & GBPF_OP_JUMP_RESULT) != 0) r_.r[0] = u64(static_cast<int16_t>(imm));
        if (holds != ((flags & GBPF_OP_JUMP_NEGATED) != 0)) jump(offset);
    }

    void branch(uint32_t number, uint64_t x, uint64_t from, int32_t offset, uint64_t imm) {
        bool taken;
        if (number < GBPF_OP_JEQ64) {
            taken = holds<uint64_t, int64_t>(number - GBPF_OP_JEQ64_I, from, imm);
        } else if (number < GBPF_OP_JEQ32_Y) {
            taken = compares(number, x, from) != ((imm >> 32 & GBPF_OP_JUMP_NEGATED) != 0);
            if ((imm >> 32 & GBPF_OP_JUMP_RESULT) != 0) r_.r[0] = u64(s32(imm));
        } else {
            taken = holds<uint32_t, int32_t>(number - GBPF_OP_JEQ32_Y, u32(from), u32(y_));
        }
        if (taken) jump(offset);
    }

    void jump(int32_t offset) { take_jump(pc_, jumps_, offset); }

    vm_registers &r_;
    uint64_t &y_;
    code_address &pc_;
    int32_t &jumps_;
};

}  // namespace gbpf
#endif

// What single operations of programs do with values and with memory: accesses, atomic operations, divisions, byte swaps, conditions.
#pragma once

#include <type_traits>

#include "platform.cuh"

namespace gbpf {

GBPF_DEVICE uint64_t u64(int64_t x) { return static_cast<uint64_t>(x); }
GBPF_DEVICE int64_t s64(uint64_t x) { return static_cast<int64_t>(x); }
GBPF_DEVICE uint32_t u32(uint64_t x) { return static_cast<uint32_t>(x); }
GBPF_DEVICE int32_t s32(uint64_t x) { return static_cast<int32_t>(x); }

/** Memory of any alignment. */
template <class T> GBPF_DEVICE T load_at(uint64_t address) {
    T value;
    memcpy(&value, reinterpret_cast<const void *>(address), sizeof value);
    return value;
}

template <class T> GBPF_DEVICE void store_at(uint64_t address, uint64_t value) {
    T narrow = static_cast<T>(value);
    memcpy(reinterpret_cast<void *>(address), &narrow, sizeof narrow);
}

/** Whether an address is of memory that is a thread's own, where the GPU has no atomic operations and needs none. */
GBPF_DEVICE bool is_own_memory(uint64_t address) {
#if GBPF_GPU
    return __isLocal(reinterpret_cast<const void *>(address));
#else
    (void)address;
    return false;
#endif
}

/** Does an atomic operation of the number of dev.gbpf.isa.AtomicOp, and gives what was there before. */
template <class T> GBPF_DEVICE T atomic_at(uint32_t op, uint64_t address, T operand, T expected) {
    T *place = reinterpret_cast<T *>(address);
    if (is_own_memory(address)) {
        T before = *place;
        switch (op) {
            case 0: *place = before + operand; break;
            case 1: *place = before | operand; break;
            case 2: *place = before & operand; break;
            case 3: *place = before ^ operand; break;
            case 4: *place = operand; break;
            default: *place = before == expected ? operand : before; break;
        }
        return before;
    }
    device_atomic<T> word(*place);
    switch (op) {
        case 0: return word.fetch_add(operand, acq_rel);
        case 1: return word.fetch_or(operand, acq_rel);
        case 2: return word.fetch_and(operand, acq_rel);
        case 3: return word.fetch_xor(operand, acq_rel);
        case 4: return word.exchange(operand, acq_rel);
        default:
            word.compare_exchange_strong(expected, operand, acq_rel, acquire);
            return expected;
    }
}

/** Signed divisions of RFC 9669, section 4.1: by zero gives zero, the least over -1 is itself. */
template <class T> GBPF_DEVICE T divide(T x, T y) {
    if (y == 0) return 0;
    return y == -1 ? static_cast<T>(0 - static_cast<std::make_unsigned_t<T>>(x)) : x / y;
}
/** The remainder of it; by zero it leaves the dividend. */
template <class T> GBPF_DEVICE T modulo(T x, T y) {
    if (y == 0) return x;
    return y == -1 ? 0 : x % y;
}

GBPF_DEVICE uint64_t swap_bytes(uint64_t x) {
    x = (x & 0x00FF00FF00FF00FFu) << 8 | (x >> 8 & 0x00FF00FF00FF00FFu);
    x = (x & 0x0000FFFF0000FFFFu) << 16 | (x >> 16 & 0x0000FFFF0000FFFFu);
    return x << 32 | x >> 32;
}

/** Whether a condition of the number of dev.gbpf.isa.JumpOp holds. */
template <class U, class S> GBPF_DEVICE bool holds(uint32_t condition, U x, U y) {
    switch (condition) {
        case 0: return x == y;
        case 1: return x > y;
        case 2: return x >= y;
        case 3: return (x & y) != 0;
        case 4: return x != y;
        case 5: return static_cast<S>(x) > static_cast<S>(y);
        case 6: return static_cast<S>(x) >= static_cast<S>(y);
        case 7: return x < y;
        case 8: return x <= y;
        case 9: return static_cast<S>(x) < static_cast<S>(y);
        default: return static_cast<S>(x) <= static_cast<S>(y);
    }
}

}  // namespace gbpf

// Atomics on words in a block's shared memory, by instructions for that memory: through a generic address each takes twice as long.
#pragma once

#include <cstdint>
#include <cuda/atomic>
#include <type_traits>

namespace gbpf {

/** As cuda::atomic_ref at block scope, for words of 4 or 8 bytes in shared memory. */
template <class T> class block_atomic {
    static_assert(std::is_integral_v<T> && (sizeof(T) == 4 || sizeof(T) == 8), "words");
    static constexpr bool WIDE = sizeof(T) == 8;
    using order = cuda::memory_order;

public:
    __device__ __forceinline__ explicit block_atomic(T &word) : at_(static_cast<uint32_t>(__cvta_generic_to_shared(&word))) {}

    __device__ __forceinline__ T load(order o) const {
        T value;
        if (o == cuda::memory_order_relaxed) {
            if constexpr (WIDE) {
                asm volatile("ld.relaxed.cta.shared.u64 %0, [%1];" : "=l"(value) : "r"(at_) : "memory");
            } else {
                asm volatile("ld.relaxed.cta.shared.u32 %0, [%1];" : "=r"(value) : "r"(at_) : "memory");
            }
        } else if constexpr (WIDE) {
            asm volatile("ld.acquire.cta.shared.u64 %0, [%1];" : "=l"(value) : "r"(at_) : "memory");
        } else {
            asm volatile("ld.acquire.cta.shared.u32 %0, [%1];" : "=r"(value) : "r"(at_) : "memory");
        }
        return value;
    }

    __device__ __forceinline__ void store(T value, order o) const {
        if (o == cuda::memory_order_relaxed) {
            if constexpr (WIDE) {
                asm volatile("st.relaxed.cta.shared.u64 [%0], %1;" ::"r"(at_), "l"(value) : "memory");
            } else {
                asm volatile("st.relaxed.cta.shared.u32 [%0], %1;" ::"r"(at_), "r"(value) : "memory");
            }
        } else if constexpr (WIDE) {
            asm volatile("st.release.cta.shared.u64 [%0], %1;" ::"r"(at_), "l"(value) : "memory");
        } else {
            asm volatile("st.release.cta.shared.u32 [%0], %1;" ::"r"(at_), "r"(value) : "memory");
        }
    }

#define GBPF_SHARED_OPERATION(NAME, WORD, DOUBLE)                                                                           \
    __device__ __forceinline__ T NAME(T value, order o) const {                                                          \
        T before;                                                                                                        \
        if (o == cuda::memory_order_relaxed) {                                                                           \
            if constexpr (WIDE) {                                                                                        \
                asm volatile("atom.relaxed.cta.shared." DOUBLE " %0, [%1], %2;" : "=l"(before) : "r"(at_), "l"(value) : "memory"); \
            } else {                                                                                                     \
                asm volatile("atom.relaxed.cta.shared." WORD " %0, [%1], %2;" : "=r"(before) : "r"(at_), "r"(value) : "memory"); \
            }                                                                                                            \
        } else if constexpr (WIDE) {                                                                                     \
            asm volatile("atom.acq_rel.cta.shared." DOUBLE " %0, [%1], %2;" : "=l"(before) : "r"(at_), "l"(value) : "memory"); \
        } else {                                                                                                         \
            asm volatile("atom.acq_rel.cta.shared." WORD " %0, [%1], %2;" : "=r"(before) : "r"(at_), "r"(value) : "memory"); \
        }                                                                                                                \
        return before;                                                                                                   \
    }
    GBPF_SHARED_OPERATION(fetch_add, "add.u32", "add.u64")
    GBPF_SHARED_OPERATION(fetch_or, "or.b32", "or.b64")
    GBPF_SHARED_OPERATION(fetch_and, "and.b32", "and.b64")
    GBPF_SHARED_OPERATION(exchange, "exch.b32", "exch.b64")
#undef GBPF_SHARED_OPERATION

    __device__ __forceinline__ T fetch_sub(T value, order o) const { return fetch_add(static_cast<T>(T{0} - value), o); }

    __device__ __forceinline__ bool compare_exchange_strong(T &expected, T value, order success, order) const {
        T before;
        if (success == cuda::memory_order_relaxed) {
            if constexpr (WIDE) {
                asm volatile("atom.relaxed.cta.shared.cas.b64 %0, [%1], %2, %3;" : "=l"(before) : "r"(at_), "l"(expected), "l"(value) : "memory");
            } else {
                asm volatile("atom.relaxed.cta.shared.cas.b32 %0, [%1], %2, %3;" : "=r"(before) : "r"(at_), "r"(expected), "r"(value) : "memory");
            }
        } else if (success == cuda::memory_order_acquire) {
            if constexpr (WIDE) {
                asm volatile("atom.acquire.cta.shared.cas.b64 %0, [%1], %2, %3;" : "=l"(before) : "r"(at_), "l"(expected), "l"(value) : "memory");
            } else {
                asm volatile("atom.acquire.cta.shared.cas.b32 %0, [%1], %2, %3;" : "=r"(before) : "r"(at_), "r"(expected), "r"(value) : "memory");
            }
        } else if constexpr (WIDE) {
            asm volatile("atom.acq_rel.cta.shared.cas.b64 %0, [%1], %2, %3;" : "=l"(before) : "r"(at_), "l"(expected), "l"(value) : "memory");
        } else {
            asm volatile("atom.acq_rel.cta.shared.cas.b32 %0, [%1], %2, %3;" : "=r"(before) : "r"(at_), "r"(expected), "r"(value) : "memory");
        }
        const bool same = before == expected;
        expected = before;
        return same;
    }

    __device__ __forceinline__ bool compare_exchange_weak(T &expected, T value, order success, order failure) const {
        return compare_exchange_strong(expected, value, success, failure);
    }

private:
    uint32_t at_;
};

}  // namespace gbpf

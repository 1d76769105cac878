// Atomics on words whose memory is known. By a generic address those in shared memory take twice as long, and those in global memory on which
// the instruction must first find out which it is are waited for, also where nobody needs what was there before.
#pragma once

#include <cstdint>
#include <cuda/atomic>
#include <type_traits>

namespace gbpf {

// One instruction: the address is an operand of the constraint AT, the word one of 4 or 8 bytes.
#define GBPF_LOAD(ORDER, PLACE, AT)                                                                                                 \
    if constexpr (WIDE) {                                                                                                           \
        asm volatile("ld." ORDER "." PLACE ".u64 %0, [%1];" : "=l"(value) : AT(at_) : "memory");                                    \
    } else {                                                                                                                        \
        asm volatile("ld." ORDER "." PLACE ".u32 %0, [%1];" : "=r"(value) : AT(at_) : "memory");                                    \
    }
#define GBPF_STORE(ORDER, PLACE, AT)                                                                                                \
    if constexpr (WIDE) {                                                                                                           \
        asm volatile("st." ORDER "." PLACE ".u64 [%0], %1;" ::AT(at_), "l"(value) : "memory");                                      \
    } else {                                                                                                                        \
        asm volatile("st." ORDER "." PLACE ".u32 [%0], %1;" ::AT(at_), "r"(value) : "memory");                                      \
    }
#define GBPF_MODIFY(ORDER, PLACE, AT, OPERATION)                                                                                    \
    if constexpr (WIDE) {                                                                                                           \
        asm volatile("atom." ORDER "." PLACE "." OPERATION "64 %0, [%1], %2;" : "=l"(before) : AT(at_), "l"(value) : "memory");     \
    } else {                                                                                                                        \
        asm volatile("atom." ORDER "." PLACE "." OPERATION "32 %0, [%1], %2;" : "=r"(before) : AT(at_), "r"(value) : "memory");     \
    }
#define GBPF_SWAP(ORDER, PLACE, AT)                                                                                                 \
    if constexpr (WIDE) {                                                                                                           \
        asm volatile("atom." ORDER "." PLACE ".cas.b64 %0, [%1], %2, %3;" : "=l"(before) : AT(at_), "l"(expected), "l"(value) : "memory");\
    } else {                                                                                                                        \
        asm volatile("atom." ORDER "." PLACE ".cas.b32 %0, [%1], %2, %3;" : "=r"(before) : AT(at_), "r"(expected), "r"(value) : "memory");\
    }
#define GBPF_IN_ORDER(EMIT, ...)                                                                                                    \
    if (o == cuda::memory_order_relaxed) {                                                                                          \
        EMIT("relaxed", __VA_ARGS__)                                                                                                \
    } else if (o == cuda::memory_order_acquire) {                                                                                   \
        EMIT("acquire", __VA_ARGS__)                                                                                                \
    } else if (o == cuda::memory_order_release) {                                                                                   \
        EMIT("release", __VA_ARGS__)                                                                                                \
    } else {                                                                                                                        \
        EMIT("acq_rel", __VA_ARGS__)                                                                                                \
    }
#define GBPF_FETCH(NAME, OPERATION, PLACE, AT)                                                                                      \
    __device__ __forceinline__ T NAME(T value, order o) const {                                                                     \
        T before;                                                                                                                   \
        GBPF_IN_ORDER(GBPF_MODIFY, PLACE, AT, OPERATION)                                                                            \
        return before;                                                                                                              \
    }

#define GBPF_ATOMICS(NAME, PLACE, AT, ADDRESS, ADDRESS_OF)                                                                          \
    template <class T> class NAME {                                                                                                 \
        static_assert(std::is_integral_v<T> && (sizeof(T) == 4 || sizeof(T) == 8), "words");                                        \
        static constexpr bool WIDE = sizeof(T) == 8;                                                                                \
        using order = cuda::memory_order;                                                                                           \
                                                                                                                                    \
    public:                                                                                                                         \
        __device__ __forceinline__ explicit NAME(T &word) : at_(static_cast<ADDRESS>(ADDRESS_OF(&word))) {}                         \
                                                                                                                                    \
        __device__ __forceinline__ T load(order o) const {                                                                          \
            T value;                                                                                                                \
            if (o == cuda::memory_order_relaxed) {                                                                                  \
                GBPF_LOAD("relaxed", PLACE, AT)                                                                                     \
            } else {                                                                                                                \
                GBPF_LOAD("acquire", PLACE, AT)                                                                                     \
            }                                                                                                                       \
            return value;                                                                                                           \
        }                                                                                                                           \
        __device__ __forceinline__ void store(T value, order o) const {                                                             \
            if (o == cuda::memory_order_relaxed) {                                                                                  \
                GBPF_STORE("relaxed", PLACE, AT)                                                                                    \
            } else {                                                                                                                \
                GBPF_STORE("release", PLACE, AT)                                                                                    \
            }                                                                                                                       \
        }                                                                                                                           \
        GBPF_FETCH(fetch_add, "add.u", PLACE, AT)                                                                                   \
        GBPF_FETCH(fetch_or, "or.b", PLACE, AT)                                                                                     \
        GBPF_FETCH(fetch_and, "and.b", PLACE, AT)                                                                                   \
        GBPF_FETCH(fetch_xor, "xor.b", PLACE, AT)                                                                                   \
        GBPF_FETCH(exchange, "exch.b", PLACE, AT)                                                                                   \
        __device__ __forceinline__ T fetch_sub(T value, order o) const { return fetch_add(static_cast<T>(T{0} - value), o); }       \
        __device__ __forceinline__ bool compare_exchange_strong(T &expected, T value, order o, order) const {                       \
            T before;                                                                                                               \
            GBPF_IN_ORDER(GBPF_SWAP, PLACE, AT)                                                                                     \
            const bool same = before == expected;                                                                                   \
            expected = before;                                                                                                      \
            return same;                                                                                                            \
        }                                                                                                                           \
        __device__ __forceinline__ bool compare_exchange_weak(T &expected, T value, order success, order failure) const {           \
            return compare_exchange_strong(expected, value, success, failure);                                                      \
        }                                                                                                                           \
                                                                                                                                    \
    private:                                                                                                                        \
        ADDRESS at_;                                                                                                                \
    };

/** As cuda::atomic_ref, for words of 4 or 8 bytes in a block's shared memory, seen by the block. */
GBPF_ATOMICS(block_atomic, "cta.shared", "r", uint32_t, __cvta_generic_to_shared)
/** The same for words in global memory, seen by the device. */
GBPF_ATOMICS(device_atomic, "gpu.global", "l", uint64_t, __cvta_generic_to_global)
/** The same, seen by the host too. */
GBPF_ATOMICS(system_atomic, "sys.global", "l", uint64_t, __cvta_generic_to_global)

#undef GBPF_ATOMICS
#undef GBPF_FETCH
#undef GBPF_IN_ORDER
#undef GBPF_SWAP
#undef GBPF_MODIFY
#undef GBPF_STORE
#undef GBPF_LOAD

}  // namespace gbpf

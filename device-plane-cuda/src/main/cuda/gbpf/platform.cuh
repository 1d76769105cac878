// The one macro layer: the same sources are compiled by nvcc for the GPU and by a C++20 compiler for the CPU.
//
// Code is written for a warp. On the GPU a warp is 32 threads; on the CPU a warp is one thread that does for each lane in turn
// what the GPU does in all at once. `lanes` says which lanes take part, `lane_array` holds one value for each.
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__CUDACC__)
#define GBPF_GPU 1
#include "atomics.cuh"
#define GBPF_DEVICE __device__ __forceinline__
#define GBPF_DEVICE_CALL __device__ __noinline__
#define GBPF_OUTLINE __device__ __noinline__
#define GBPF_UNROLL _Pragma("unroll")
#define GBPF_LOOP _Pragma("unroll 1")
#else
#define GBPF_GPU 0
#include <atomic>
#include <ctime>
#include <sched.h>
#define GBPF_DEVICE inline
#define GBPF_DEVICE_CALL inline __attribute__((used, visibility("default"))) /* task libraries call it */
#define GBPF_OUTLINE inline
#define GBPF_UNROLL
#define GBPF_LOOP
#endif

// GBPF_DEVICE functions are inlined: a call on the way of a task costs more than the room that it saves. GBPF_OUTLINE is for what is
// large and seldom run.

namespace gbpf {

constexpr uint32_t WARP_LANES = 32;
constexpr uint32_t ALL_LANES = 0xffffffffu;

// ---- atomics: always with an explicit order, always with the narrowest scope that holds ---------------------------

#if GBPF_GPU
constexpr auto relaxed = cuda::memory_order_relaxed;
constexpr auto acquire = cuda::memory_order_acquire;
constexpr auto release = cuda::memory_order_release;
constexpr auto acq_rel = cuda::memory_order_acq_rel;
#else
template <class T> using block_atomic = std::atomic_ref<T>;
template <class T> using device_atomic = std::atomic_ref<T>;
template <class T> using system_atomic = std::atomic_ref<T>;
constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;
constexpr auto acq_rel = std::memory_order_acq_rel;
#endif

/**
 * Many accesses that one fence orders: on the GPU they are relaxed and under way together, with together_fence() after the loads and
 * before the stores; elsewhere each is ordered by itself.
 */
#if GBPF_GPU
constexpr auto together_acquire = relaxed;
constexpr auto together_release = relaxed;
GBPF_DEVICE void together_fence() { cuda::atomic_thread_fence(cuda::memory_order_acq_rel, cuda::thread_scope_device); }
/** The same with the host. */
GBPF_DEVICE void system_fence() { cuda::atomic_thread_fence(cuda::memory_order_acq_rel, cuda::thread_scope_system); }
#else
constexpr auto together_acquire = acquire;
constexpr auto together_release = release;
GBPF_DEVICE void together_fence() {}
GBPF_DEVICE void system_fence() {}
#endif

/** Scopes as template arguments: who else sees the word. */
struct block_scope {
    template <class T> using atomic = block_atomic<T>;
};
struct device_scope {
    template <class T> using atomic = device_atomic<T>;
};

// ---- copies -------------------------------------------------------------------------------------------------------

/** Begins to copy 16 bytes, aligned to 16, from global or pinned to shared memory; there after await_copies() in this lane. */
GBPF_DEVICE void copy_16(void *to, const void *from) {
#if GBPF_GPU
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(static_cast<uint32_t>(__cvta_generic_to_shared(to))), "l"(from) : "memory");
#else
    memcpy(to, from, 16);
#endif
}

GBPF_DEVICE void await_copies() {
#if GBPF_GPU
    asm volatile("cp.async.wait_all;" ::: "memory");
#endif
}

#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
/** 16 bytes of device memory as one unit, of two words. */
GBPF_DEVICE void store_unit(void *to, uint64_t word0, uint64_t word1) {
    asm volatile("{\n .reg .b128 v;\n mov.b128 v, {%1, %2};\n st.relaxed.gpu.global.b128 [%0], v;\n}" ::"l"(to), "l"(word0), "l"(word1) : "memory");
}

GBPF_DEVICE void load_unit(const void *from, uint64_t &word0, uint64_t &word1) {
    asm volatile("{\n .reg .b128 v;\n ld.relaxed.gpu.global.b128 v, [%2];\n mov.b128 {%0, %1}, v;\n}" : "=l"(word0), "=l"(word1) : "l"(from) : "memory");
}

GBPF_DEVICE void load_unit_acquire(const void *from, uint64_t &word0, uint64_t &word1) {
    asm volatile("{\n .reg .b128 v;\n ld.acquire.gpu.global.b128 v, [%2];\n mov.b128 {%0, %1}, v;\n}" : "=l"(word0), "=l"(word1) : "l"(from) : "memory");
}
#endif

// ---- clusters ----------------------------------------------------------------------------------------------------

#if GBPF_GPU
/** 1 + the rank of the other block, in a cluster of two; else 0. */
GBPF_DEVICE uint32_t partner_in_cluster() {
    uint32_t blocks = 1, rank = 0;
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
    asm("mov.u32 %0, %%cluster_nctaid.x;" : "=r"(blocks));
    asm("mov.u32 %0, %%cluster_ctarank;" : "=r"(rank));
#endif
    return blocks == 2 ? 2 - rank : 0;
}

/** Waits for all threads of the cluster, which see what the others wrote before. */
GBPF_DEVICE void cluster_barrier() {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
    asm volatile("barrier.cluster.arrive.release.aligned;\n barrier.cluster.wait.acquire.aligned;" ::: "memory");
#else
    __syncthreads();
#endif
}
#endif

// ---- time ---------------------------------------------------------------------------------------------------------

/** The clock that all SMs and no host share, ns. It may advance in steps of 32 ns or more. */
GBPF_DEVICE uint64_t now_ns() {
#if GBPF_GPU
    uint64_t t;
    asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(t));
    return t;
#else
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return static_cast<uint64_t>(t.tv_sec) * 1000000000u + static_cast<uint64_t>(t.tv_nsec);
#endif
}

/** The SM's own cycle counter: cheap, fine, and good for differences on one SM only. On the CPU, ns. */
GBPF_DEVICE uint64_t cycles() {
#if GBPF_GPU
    uint64_t t;
    asm volatile("mov.u64 %0, %%clock64;" : "=l"(t));
    return t;
#else
    return now_ns();
#endif
}

/** The SM that this thread runs on; on the CPU 0. */
GBPF_DEVICE uint32_t sm_id() {
#if GBPF_GPU
    uint32_t sm;
    asm("mov.u32 %0, %%smid;" : "=r"(sm));
    return sm;
#else
    return 0;
#endif
}

/** Gives up the issue slot (GPU) or the core (CPU) for about so many ns. */
GBPF_DEVICE void nap(uint32_t ns) {
#if GBPF_GPU
    __nanosleep(ns);
#else
    if (ns < 2000) {
        sched_yield();
    } else {
        timespec t{0, static_cast<long>(ns)};
        nanosleep(&t, nullptr);
    }
#endif
}

/** The last resort of a loop that waits for another warp's next few instructions: the deadline of the launch. */
class patience {
public:
    GBPF_DEVICE explicit patience(uint64_t deadline_ns) : deadline_(deadline_ns) {}
    /** False once the deadline has passed; looked up now and then only. */
    GBPF_DEVICE bool wait() {
#if GBPF_GPU
        if ((++spins_ & 255) == 0 && now_ns() > deadline_) return false;
#else
        if ((++spins_ & 15) == 0) sched_yield();
        if ((spins_ & 1023) == 0 && now_ns() > deadline_) return false;
#endif
        return true;
    }

private:
    uint64_t deadline_;
    uint32_t spins_ = 0;
};

// ---- lanes --------------------------------------------------------------------------------------------------------

#if GBPF_GPU
GBPF_DEVICE uint32_t lane_id() {
    uint32_t l;
    asm("mov.u32 %0, %%laneid;" : "=r"(l));
    return l;
}
GBPF_DEVICE uint32_t count_bits(uint32_t x) { return __popc(x); }
GBPF_DEVICE uint32_t lowest_bit(uint32_t x) { return __ffs(static_cast<int>(x)) - 1; }
GBPF_DEVICE uint32_t lowest_bit(uint64_t x) { return __ffsll(static_cast<long long>(x)) - 1; }
#else
GBPF_DEVICE uint32_t count_bits(uint32_t x) { return static_cast<uint32_t>(__builtin_popcount(x)); }
GBPF_DEVICE uint32_t lowest_bit(uint32_t x) { return static_cast<uint32_t>(__builtin_ctz(x)); }
GBPF_DEVICE uint32_t lowest_bit(uint64_t x) { return static_cast<uint32_t>(__builtin_ctzll(x)); }
#endif

/** One value for each lane: on the GPU a register, so that only the own lane's value can be had. */
template <class T> struct lane_array {
#if GBPF_GPU
    T value;
    GBPF_DEVICE T &operator[](uint32_t) { return value; }
    GBPF_DEVICE const T &operator[](uint32_t) const { return value; }
#else
    T value[WARP_LANES];
    T &operator[](uint32_t lane) { return value[lane]; }
    const T &operator[](uint32_t lane) const { return value[lane]; }
#endif
};

/** Such an array as an argument: on the GPU by value, that is in registers. */
#if GBPF_GPU
template <class T> using lane_argument = lane_array<T>;
#else
template <class T> using lane_argument = const lane_array<T> &;
#endif

/** The value that a lane has, in all lanes of `mask`; T of a multiple of 4 bytes. */
template <class T> GBPF_DEVICE T from_lane(uint32_t mask, const lane_array<T> &values, uint32_t lane) {
#if GBPF_GPU
    static_assert(sizeof(T) % 4 == 0, "shuffles move words");
    uint32_t words[sizeof(T) / 4];
    memcpy(words, &values.value, sizeof(T));
    GBPF_UNROLL
    for (uint32_t i = 0; i < sizeof(T) / 4; ++i) words[i] = __shfl_sync(mask, words[i], static_cast<int>(lane));
    T out;
    memcpy(&out, words, sizeof(T));
    return out;
#else
    (void)mask;
    return values[lane];
#endif
}

/** f() in the lane `first` of those in `all`, which all call; all get what it gave. */
template <class F> GBPF_DEVICE auto led_by(uint32_t all, uint32_t first, F f) -> decltype(f()) {
#if GBPF_GPU
    lane_array<decltype(f())> r{};
    if (lane_id() == first) r.value = f();
    __syncwarp(all); // else each of the shuffles brings the lanes together by itself, by code that is far away
    return from_lane(all, r, first);
#else
    (void)all;
    (void)first;
    return f();
#endif
}

/** The same, without a result. */
template <class F> GBPF_DEVICE void once_by(uint32_t all, uint32_t first, F f) {
#if GBPF_GPU
    if (lane_id() == first) f();
    __syncwarp(all);
#else
    (void)all;
    (void)first;
    f();
#endif
}

struct some_lanes;

/** Lanes of one warp that go the same way. On the GPU the caller must be one of them, and all of them must call. */
struct lanes {
    uint32_t mask;

    static GBPF_DEVICE lanes all() { return lanes{ALL_LANES}; }
    GBPF_DEVICE uint32_t count() const { return count_bits(mask); }
    /** How many lanes of the set stand before this one. */
    GBPF_DEVICE uint32_t rank(uint32_t lane) const { return count_bits(mask & ((1u << lane) - 1)); }
    GBPF_DEVICE uint32_t first() const { return lowest_bit(mask); }
    /** These of them, one or more. */
    GBPF_DEVICE some_lanes some(uint32_t of) const;

    /** Waits for all; each sees what the others wrote before. */
    GBPF_DEVICE void sync() const {
#if GBPF_GPU
        __syncwarp(mask);
#endif
    }

    /** f(lane) for each lane of the set. */
    template <class F> GBPF_DEVICE void each(F f) const {
#if GBPF_GPU
        f(lane_id());
        __syncwarp(mask);
#else
        for (uint32_t rest = mask; rest != 0; rest &= rest - 1) f(lowest_bit(rest));
#endif
    }

    /** f() in one lane; all get what it gave. */
    template <class F> GBPF_DEVICE auto leader(F f) const -> decltype(f()) { return led_by(mask, first(), f); }

    /** f() in one lane, without a result. */
    template <class F> GBPF_DEVICE void once(F f) const { once_by(mask, first(), f); }

    /** The lanes for which p(lane) is true. */
    template <class P> GBPF_DEVICE uint32_t ballot(P p) const {
#if GBPF_GPU
        return __ballot_sync(mask, p(lane_id()));
#else
        uint32_t out = 0;
        each([&](uint32_t lane) { out |= (p(lane) ? 1u : 0u) << lane; });
        return out;
#endif
    }
};

/**
 * Some of the lanes that go the same way: all of those call, and it is done for these. A sync of fewer lanes, while the others wait in a sync
 * that names these too, has no defined result (CUDA C++ Programming Guide, __syncwarp).
 */
struct some_lanes {
    uint32_t all;
    uint32_t mask;

    GBPF_DEVICE uint32_t count() const { return count_bits(mask); }
    GBPF_DEVICE uint32_t rank(uint32_t lane) const { return lanes{mask}.rank(lane); }
    GBPF_DEVICE uint32_t first() const { return lowest_bit(mask); }
    template <class F> GBPF_DEVICE void each(F f) const {
#if GBPF_GPU
        if (mask >> lane_id() & 1) f(lane_id());
        __syncwarp(all);
#else
        lanes{mask}.each(f);
#endif
    }
    template <class F> GBPF_DEVICE auto leader(F f) const -> decltype(f()) { return led_by(all, first(), f); }
    template <class F> GBPF_DEVICE void once(F f) const { once_by(all, first(), f); }
    template <class P> GBPF_DEVICE uint32_t ballot(P p) const {
#if GBPF_GPU
        return __ballot_sync(all, (mask >> lane_id() & 1) != 0 && p(lane_id()));
#else
        return lanes{mask}.ballot(p);
#endif
    }
};
GBPF_DEVICE some_lanes lanes::some(uint32_t of) const { return some_lanes{mask, of}; }

/** One lane by itself, whatever the others do: nobody waits. */
struct one_lane {
    uint32_t lane;

    GBPF_DEVICE uint32_t count() const { return 1; }
    GBPF_DEVICE uint32_t rank(uint32_t) const { return 0; }
    GBPF_DEVICE one_lane some(uint32_t) const { return *this; }
    template <class F> GBPF_DEVICE void each(F f) const { f(lane); }
    template <class F> GBPF_DEVICE auto leader(F f) const -> decltype(f()) { return f(); }
    template <class F> GBPF_DEVICE void once(F f) const { f(); }
    template <class P> GBPF_DEVICE uint32_t ballot(P p) const { return p(lane) ? 1u << lane : 0; }
};

/** The lanes that call a warp's function: all at once on the GPU, the one thread on the CPU. */
constexpr uint32_t WARP_IS_ONE_CALL = GBPF_GPU ? ALL_LANES : 1;

/** f(lane) for the lanes of `mask` in a warp that is all together. */
template <class F> GBPF_DEVICE void for_lanes(uint32_t mask, F f) { lanes::all().some(mask).each(f); }

/** The index from 0 to 63 of the least key(index), in all lanes of a whole warp. */
template <class K> GBPF_DEVICE uint32_t least_of_64(K key) {
#if GBPF_GPU
    const uint32_t lane = lane_id();
    uint64_t best = key(lane);
    uint32_t index = lane;
    const uint64_t other = key(lane + WARP_LANES);
    if (other < best) {
        best = other;
        index = lane + WARP_LANES;
    }
    GBPF_UNROLL
    for (int step = 16; step > 0; step /= 2) {
        const uint64_t theirs = __shfl_xor_sync(ALL_LANES, best, step);
        const uint32_t their_index = __shfl_xor_sync(ALL_LANES, index, step);
        if (theirs < best || (theirs == best && their_index < index)) {
            best = theirs;
            index = their_index;
        }
    }
    return index;
#else
    uint32_t index = 0;
    uint64_t best = key(0);
    for (uint32_t i = 1; i < 2 * WARP_LANES; ++i) {
        const uint64_t k = key(i);
        if (k < best) {
            best = k;
            index = i;
        }
    }
    return index;
#endif
}

}  // namespace gbpf

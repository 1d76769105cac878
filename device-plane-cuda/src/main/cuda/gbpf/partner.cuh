// Partners: two blocks of one cluster, of which each has the other's shared memory at hand (CUDA C++ Programming Guide, Distributed Shared
// Memory). A task for another SM goes to the partner first: the compare-and-swap that gives it and the look that finds it take no way
// through L2.
//
// Each worker block has a place for one task from its partner. It is open while an idle warp of the block, the watcher, looks at it, which
// there is only when the partner asked for one: a warp that looks there finds other work later. The opening is a word in the partner's
// memory, so that a sender takes it by an atomic of its own SM; who closes goes the long way, and seldom has to. The task's words say which
// opening they are for, so that nothing orders them. What takes longest is the sender's fence: the watcher has the task before that, and
// comes as far as the call of its function, which waits until the sender says that the fence is over.
#pragma once

#include "env.cuh"

namespace gbpf {

/** A word of a block's state as its partner has it. */
template <class T> class partner_word {
public:
#if GBPF_GPU
    GBPF_DEVICE explicit partner_word(uint32_t at) : at_(at) {}
#else
    explicit partner_word(T *at) : at_(at) {}
#endif

    /** Stores, without an order. */
    GBPF_DEVICE void store(T value) const {
#if !GBPF_GPU
        block_atomic<T>(*at_).store(value, relaxed);
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
        if constexpr (sizeof(T) == 8) {
            asm volatile("st.relaxed.cluster.shared::cluster.u64 [%0], %1;" ::"r"(at_), "l"(value) : "memory");
        } else {
            asm volatile("st.relaxed.cluster.shared::cluster.u32 [%0], %1;" ::"r"(at_), "r"(value) : "memory");
        }
#endif
    }

    /** Stores; who finds the value by cluster_look() sees what was written before. */
    GBPF_DEVICE void show(T value) const {
#if !GBPF_GPU
        block_atomic<T>(*at_).store(value, release);
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
        asm volatile("st.release.cluster.shared::cluster.u32 [%0], %1;" ::"r"(at_), "r"(value) : "memory");
#endif
    }

    /** Puts `value` in place of `expected`, if it is that; what was there. Without an order. */
    GBPF_DEVICE T swap(T expected, T value) const {
        static_assert(sizeof(T) == 4, "of 8 bytes the compiler makes a branch that waits for it");
#if !GBPF_GPU
        block_atomic<T>(*at_).compare_exchange_strong(expected, value, relaxed, relaxed);
        return expected;
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
        T was;
        asm volatile("atom.relaxed.cluster.shared::cluster.cas.b32 %0, [%1], %2, %3;" : "=r"(was) : "r"(at_), "r"(expected), "r"(value) : "memory");
        return was;
#else
        return 0;
#endif
    }

    GBPF_DEVICE void subtract(T value) const {
#if !GBPF_GPU
        block_atomic<T>(*at_).fetch_sub(value, acq_rel);
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
        asm volatile("red.release.cluster.shared::cluster.add.u32 [%0], %1;" ::"r"(at_), "r"(0u - value) : "memory");
#endif
    }

private:
#if GBPF_GPU
    uint32_t at_ = 0;
#else
    T *at_;
#endif
};

/** The partner's memory: its own of what a block has. */
class partner_memory {
public:
#if GBPF_GPU
    GBPF_DEVICE explicit partner_memory(const block_state &own) : own_(static_cast<uint32_t>(__cvta_generic_to_shared(&own))) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
        asm("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(there_) : "r"(own_), "r"(static_cast<uint32_t>(own.partner) - 1));
#endif
    }
    template <class T> GBPF_DEVICE partner_word<T> word(T &own) const {
        return partner_word<T>(there_ + (static_cast<uint32_t>(__cvta_generic_to_shared(&own)) - own_));
    }

private:
    uint32_t own_, there_ = 0;
#else
    explicit partner_memory(block_state &own) : own_(reinterpret_cast<uint64_t>(&own)), there_(own.partner) {}
    template <class T> partner_word<T> word(T &own) const { return partner_word<T>(reinterpret_cast<T *>(there_ + (reinterpret_cast<uint64_t>(&own) - own_))); }

private:
    uint64_t own_, there_;
#endif
};

/** A word of the own block that the partner writes, and with it what was written before. */
template <class T> GBPF_DEVICE T cluster_look(const T &word) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
    T value;
    const uint32_t at = static_cast<uint32_t>(__cvta_generic_to_shared(&word));
    if constexpr (sizeof(T) == 8) {
        asm volatile("ld.acquire.cluster.shared::cta.u64 %0, [%1];" : "=l"(value) : "r"(at) : "memory");
    } else {
        asm volatile("ld.acquire.cluster.shared::cta.u32 %0, [%1];" : "=r"(value) : "r"(at) : "memory");
    }
    return value;
#else
    return block_atomic<T>(const_cast<T &>(word)).load(acquire);
#endif
}

// An opening is a number, never 0, and the watcher's warp below it.
constexpr uint32_t OPENING_SHIFT = 5;
static_assert(GBPF_MAX_WARPS <= 1 << OPENING_SHIFT);
GBPF_DEVICE uint32_t warp_of(uint32_t opening) { return opening & ((1u << OPENING_SHIFT) - 1); }

/** What a watcher does with its block's place. */
struct own_place {
    /** Closes it; false: a task comes. Called by one lane. */
    static GBPF_DEVICE bool close(block_state &s) {
        const uint32_t opening = peek(s.opening);
        return partner_memory(s).word(s.partner_opened).swap(opening, 0) == opening;
    }

    /** Whether all of an opening's task is there, and what it is; it may not start yet. */
    static GBPF_DEVICE bool look(const partner_place &place, uint32_t opening, task_words &words) {
        const uint64_t u0 = peek(place.units[0]), u1 = peek(place.units[1]), u2 = peek(place.units[2]), u3 = peek(place.units[3]);
        const uint64_t tag = uint64_t{opening} << 32, other = (u0 ^ tag) | (u1 ^ tag) | (u2 ^ tag) | (u3 ^ tag);
        words = task_words{static_cast<uint32_t>(u0) | u1 << 32, static_cast<uint32_t>(u2) | u3 << 32};
        return other >> 32 == 0;
    }

    /** Waits until it may start; called by the whole warp that took it. */
    static GBPF_DEVICE void await(const partner_place &place, uint32_t opening, patience limit) {
        const uint32_t &ready = place.ready[warp_of(opening)];
        bool is_ready;
        do {
            is_ready = peek(ready) == opening;
        } while (lanes::all().ballot([&](uint32_t) { return is_ready || !limit.wait(); }) != ALL_LANES);
        cluster_look(ready);
    }
};

/** Tells the partner that there are tasks for it, if none of its warps watches; called by a whole warp. */
GBPF_OUTLINE void ask_for_a_watcher(block_state &s) {
    lanes::all().once([&] {
        if (peek(s.partner_asked) != 0 || peek(s.partner_opened) != 0 || peek(s.known.partner_eligible) == 0) return;
        poke(s.partner_asked, 1u);
        partner_memory(s).word(s.wanted).store(1);
    });
}

/** Takes the partner's opening: gives it, or 0 when another sender did or the partner has closed. Called by a whole warp, which stays together. */
GBPF_DEVICE uint32_t take_opening(uint32_t &word, uint32_t opened) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
    uint32_t taken;
    asm volatile(
        "{\n .reg .pred first, mine;\n .reg .b32 lane, was;\n mov.u32 lane, %%laneid;\n setp.eq.u32 first, lane, 0;\n mov.u32 was, 0;\n"
        " @first atom.relaxed.cluster.shared::cta.cas.b32 was, [%1], %2, 0;\n setp.eq.u32 mine, was, %2;\n selp.u32 was, was, 0, mine;\n"
        " shfl.sync.idx.b32 %0, was, 0, 0x1f, 0xffffffff;\n}"
        : "=r"(taken)
        : "r"(static_cast<uint32_t>(__cvta_generic_to_shared(&word))), "r"(opened)
        : "memory");
    return taken;
#else
    const uint32_t taken = opened;
    return block_atomic<uint32_t>(word).compare_exchange_strong(opened, 0u, relaxed, relaxed) ? taken : 0;
#endif
}

/**
 * Hands a warp or block task over to the partner, if one of its warps waits for that; false: nothing was done. Called by a whole warp, which stays
 * together: each lane writes one of the units, so that they go as one.
 *
 * Until the partner has counted itself, this block counts as busy for it.
 */
GBPF_DEVICE bool hand_over_to_partner(gbpf_env &env, const gbpf_compact_task &task) {
    block_state &s = block_of(env);
    partner_place &place = s.from_partner;
    const uint32_t opened = peek(s.partner_opened);
    const partner_memory there(s);
    const bool fits = (static_cast<int>(opened != 0) & static_cast<int>(peek(s.known.partner_eligible) >> task.tenant & 1)) != 0;
    const task_words words = words_of(task);
    lane_array<uint32_t> halves;
    lanes::all().each([&](uint32_t lane) {
        const uint64_t word = lane < 2 ? words.word0 : words.word1;
        halves[lane] = static_cast<uint32_t>(lane % 2 == 0 ? word : word >> 32);
    });
    if (lanes::all().ballot([&](uint32_t) { return fits; }) != ALL_LANES) {
        ask_for_a_watcher(s);
        return false;
    }
    const uint32_t taken = take_opening(s.partner_opened, opened);
    if (taken == 0) return false;
    add_once(s.presence, ONE_PRESENT);
    for_lanes(0xf, [&](uint32_t lane) { there.word(place.units[lane]).store(uint64_t{taken} << 32 | halves[lane]); });
    if (!shows_nothing(task)) for_lanes(1, [&](uint32_t) { there.word(place.ready[warp_of(taken)]).show(taken); });
    add_once(s.handed_over, 1);
    return true;
}

/** Opens the place for a task from the partner, and tells it; called by one lane. */
GBPF_DEVICE void open_to_partner(block_state &s, uint32_t warp) {
    const uint32_t last = peek(s.opening) >> OPENING_SHIFT, number = last == UINT32_MAX >> OPENING_SHIFT ? 1 : last + 1;
    const uint32_t opening = number << OPENING_SHIFT | warp;
    poke(s.opening, opening);
    partner_memory(s).word(s.partner_opened).store(opening);
}

/** No warp becomes the watcher until the partner asks again; called by one lane of one that nothing came to. */
GBPF_DEVICE void stop_watching(block_state &s) {
    poke(s.wanted, 0u);
    partner_memory(s).word(s.partner_asked).store(0);
}

/** Counts this block for the tasks that came from the partner, which has counted itself for them until now; called by one lane. */
GBPF_DEVICE void settle_with_partner(block_state &s) {
    if (peek(s.owed) == 0) return;
    const uint32_t n = block_atomic<uint32_t>(s.owed).exchange(0, relaxed);
    if (n == 0) return;
    count_block(s, true);
    partner_memory(s).word(s.presence).subtract(n * ONE_PRESENT);
}

/**
 * Counts the partner out if nobody is busy there; called by one lane of each warp that leaves. The partner's warps may have left before this block
 * settled, so that none of them could. By each, since only what one warp writes there arrives in order: what it settled itself comes before this.
 */
GBPF_DEVICE void count_partner_out(block_state &s) {
    if (s.hands_over == 0) return;
    if (partner_memory(s).word(s.presence).swap(IS_COUNTED, 0) == IS_COUNTED) device_atomic<uint64_t>(s.plane.board->activity).fetch_sub(1, release);
}

}  // namespace gbpf

// Partners: two blocks of one cluster, of which each has the other's shared memory at hand (CUDA C++ Programming Guide, Distributed Shared
// Memory). A task for another SM goes to the partner first: the compare-and-swap that gives it and the look that finds it take no way
// through L2.
//
// Each worker block has a place for one task from its partner. It is open while an idle warp of the block, the watcher, looks at it; a sender
// closes it by the task's first word. Senders are warps of one block, which take turns by a lock in their own shared memory, so that the
// second word can be there before the first one.
#pragma once

#include "env.cuh"

namespace gbpf {

/** A word of a block's state as its partner has it. */
template <class T> class partner_word {
public:
#if GBPF_GPU
    GBPF_DEVICE partner_word(const block_state &own, T &word) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
        asm("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(at_) : "r"(static_cast<uint32_t>(__cvta_generic_to_shared(&word))), "r"(static_cast<uint32_t>(own.partner) - 1));
#endif
    }
#else
    partner_word(block_state &own, T &word)
    : at_(reinterpret_cast<T *>(own.partner + (reinterpret_cast<uint64_t>(&word) - reinterpret_cast<uint64_t>(&own)))) {}
#endif

    /** The word after this one. */
    GBPF_DEVICE partner_word next() const {
        partner_word out = *this;
#if GBPF_GPU
        out.at_ += sizeof(T);
#else
        ++out.at_;
#endif
        return out;
    }

    /** Stores without an order. */
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

    /** Puts `value` in place of `expected`, if it is that; who finds it sees what was written before. */
    GBPF_DEVICE bool put(T expected, T value) const {
#if !GBPF_GPU
        return block_atomic<T>(*at_).compare_exchange_strong(expected, value, release, relaxed);
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
        T was;
        if constexpr (sizeof(T) == 8) {
            asm volatile("atom.release.cluster.shared::cluster.cas.b64 %0, [%1], %2, %3;" : "=l"(was) : "r"(at_), "l"(expected), "l"(value) : "memory");
        } else {
            asm volatile("atom.release.cluster.shared::cluster.cas.b32 %0, [%1], %2, %3;" : "=r"(was) : "r"(at_), "r"(expected), "r"(value) : "memory");
        }
        return was == expected;
#else
        return false;
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

/** The own place for tasks from the partner, which may be written from there at any time. */
struct partner_mail {
    /** What lies there, and what was written before it came. */
    static GBPF_DEVICE task_words look(const gbpf_mail &mail) {
        const uint64_t word0 = cluster_look(mail.word0);
        return task_words{word0, peek(mail.word1)};
    }

    static GBPF_DEVICE void open(gbpf_mail &mail) { block_atomic<uint64_t>(mail.word0).store(GBPF_MAIL_OPEN, release); }

    /** False: a task is there. */
    static GBPF_DEVICE bool close(gbpf_mail &mail) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
        uint64_t was;
        asm volatile("atom.relaxed.cluster.shared::cta.cas.b64 %0, [%1], %2, %3;"
            : "=l"(was)
            : "r"(static_cast<uint32_t>(__cvta_generic_to_shared(&mail.word0))), "l"(uint64_t{GBPF_MAIL_OPEN}), "l"(uint64_t{GBPF_MAIL_CLOSED})
            : "memory");
        return was == GBPF_MAIL_OPEN;
#else
        uint64_t expected = GBPF_MAIL_OPEN;
        return block_atomic<uint64_t>(mail.word0).compare_exchange_strong(expected, GBPF_MAIL_CLOSED, relaxed, relaxed);
#endif
    }
};

/**
 * Hands a warp or block task over to the partner, if one of its warps waits for that; false: nothing was done. Called by a whole warp.
 *
 * Until the partner has counted itself, this block counts as busy for it.
 */
GBPF_DEVICE bool hand_over_to_partner(gbpf_env &env, const gbpf_compact_task &task) {
    block_state &s = block_of(env);
    const uint32_t opened = peek(s.partner_opened);
    const bool fits = (static_cast<int>(opened != peek(s.partner_tried)) & static_cast<int>(peek(s.known.partner_eligible) >> task.tenant & 1)) != 0;
    if (lanes::all().ballot([&](uint32_t) { return fits; }) == 0) return false;
    return lanes::all().leader([&]() -> uint32_t {
        if (block_atomic<uint32_t>(s.partner_lock).exchange(1, relaxed) != 0) return 0; // what follows waits for it
        const task_words words = words_of(task);
        const partner_word<uint64_t> place(s, s.from_partner.word0);
        block_atomic<uint32_t>(s.presence).fetch_add(ONE_PRESENT, relaxed);
        place.next().store(words.word1);
        const bool given = place.put(GBPF_MAIL_OPEN, words.word0);
        poke(s.partner_tried, opened);
        block_atomic<uint32_t>(s.partner_lock).store(0, release);
        if (given) {
            block_atomic<uint32_t>(s.handed_over).fetch_add(1, relaxed);
        } else {
            block_atomic<uint32_t>(s.presence).fetch_sub(ONE_PRESENT, relaxed);
        }
        return given ? 1 : 0;
    }) != 0;
}

/** Opens the place for a task from the partner, and tells it; called by one lane. */
GBPF_DEVICE void open_to_partner(block_state &s) {
    partner_mail::open(s.from_partner);
    const uint32_t number = peek(s.openings) + 1;
    poke(s.openings, number);
    partner_word<uint32_t>(s, s.partner_opened).store(number);
}

/** Counts this block for the tasks that came from the partner, which has counted itself for them until now; called by one lane. */
GBPF_DEVICE void settle_with_partner(block_state &s) {
    if (peek(s.owed) == 0) return;
    const uint32_t n = block_atomic<uint32_t>(s.owed).exchange(0, relaxed);
    if (n == 0) return;
    count_block(s, true);
    partner_word<uint32_t>(s, s.presence).subtract(n * ONE_PRESENT);
}

/**
 * Counts the partner out if nobody is busy there; called by one lane of the last warp that leaves, when all is settled. The partner's warps may
 * have left before that, so that none of them could.
 */
GBPF_DEVICE void count_partner_out(block_state &s) {
    if (s.hands_over == 0) return;
    if (partner_word<uint32_t>(s, s.presence).put(IS_COUNTED, 0)) device_atomic<uint64_t>(s.plane.board->activity).fetch_sub(1, release);
}

}  // namespace gbpf

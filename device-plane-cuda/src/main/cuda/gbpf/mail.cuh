// Hand-over: a task given straight to an idle worker.
//
// A worker that finds nothing to do opens its mail and looks at it; whoever has a task puts it there by one compare-and-swap, so that
// choosing the worker and delivering are one step, and what a sender knew about who is idle may be out of date. A worker that
// finds work elsewhere closes its mail; when that fails a task is there, or about to be.
//
// On chips that compare and swap 16 bytes the task is there at once; elsewhere the sender marks the mail as being filled first.
#pragma once

#include "layout.h"
#include "platform.cuh"

namespace gbpf {

/** The task's two words. */
struct task_words {
    uint64_t word0;
    uint64_t word1;
};

constexpr uint64_t MAIL_IS_TASK = uint64_t{GBPF_TASK_VALID} << 24;

GBPF_DEVICE task_words words_of(const gbpf_compact_task &task) {
    return task_words{uint64_t{task.function} | uint64_t{task.tenant} << 16 | uint64_t{task.flags} << 24 | uint64_t{task.a} << 32,
        task.b};
}

// In `a` of a described task: the request of a mailbox, as mailed() has it. Its other half lies in plane.requests[box], or soon will.
constexpr uint32_t MAILED = 0x80000000u;
constexpr uint32_t MAILED_SEQUENCE = 0x0fffffffu;
static_assert(GBPF_MAX_HOST_MAILBOXES <= 8, "three bits");

GBPF_DEVICE gbpf_compact_task task_of(const task_words &w) {
    gbpf_compact_task task;
    task.function = static_cast<uint16_t>(w.word0);
    task.tenant = static_cast<uint8_t>(w.word0 >> 16);
    task.flags = static_cast<uint8_t>(w.word0 >> 24);
    task.a = static_cast<uint32_t>(w.word0 >> 32);
    task.b = w.word1;
    return task;
}

/** A request as a task for any warp, which looks its other half up. */
GBPF_DEVICE gbpf_compact_task mailed(gbpf_compact_task task, uint32_t box, uint32_t sequence) {
    task.flags |= GBPF_TASK_DESCRIBED;
    task.a = MAILED | box << 28 | (sequence & MAILED_SEQUENCE);
    return task;
}

/** Whether a task is a mailbox's request. */
GBPF_DEVICE bool is_mailed(const gbpf_compact_task &task) { return (task.flags & GBPF_TASK_DESCRIBED) != 0 && (task.a & MAILED) != 0; }

/** Whether a task's words are all that whoever gives it has to show: a request of a mailbox, or one that said so. */
GBPF_DEVICE bool shows_nothing(const gbpf_compact_task &task) { return is_mailed(task) || (task.flags & GBPF_TASK_PURE) != 0; }

/** Mail as words: the two-step way, for any scope. */
template <class Scope> struct mail_by_words {
    template <class T> using atomic = typename Scope::template atomic<T>;

    static GBPF_DEVICE void open(gbpf_mail &mail) { atomic<uint64_t>(mail.word0).store(GBPF_MAIL_OPEN, release); }

    static GBPF_DEVICE bool post(gbpf_mail &mail, const task_words &task) {
        uint64_t expected = GBPF_MAIL_OPEN;
        if (!atomic<uint64_t>(mail.word0).compare_exchange_strong(expected, GBPF_MAIL_FILLING, acquire, relaxed)) return false;
        atomic<uint64_t>(mail.word1).store(task.word1, relaxed);
        atomic<uint64_t>(mail.word0).store(task.word0, release);
        return true;
    }

    static GBPF_DEVICE task_words look(gbpf_mail &mail) {
        const uint64_t word0 = atomic<uint64_t>(mail.word0).load(acquire);
        return task_words{word0, atomic<uint64_t>(mail.word1).load(relaxed)};
    }

    /** Like look(); a task seen so may be run after settle(). */
    static GBPF_DEVICE task_words glance(gbpf_mail &mail) { return look(mail); }
    static GBPF_DEVICE void settle() {}

    static GBPF_DEVICE bool close(gbpf_mail &mail) {
        uint64_t expected = GBPF_MAIL_OPEN;
        return atomic<uint64_t>(mail.word0).compare_exchange_strong(expected, GBPF_MAIL_CLOSED, relaxed, relaxed);
    }
};

#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
/** Mail in device memory as one unit of 16 bytes. */
struct mail_by_units {
    static GBPF_DEVICE void open(gbpf_mail &mail) { store_unit(&mail, GBPF_MAIL_OPEN, 0); }

    static GBPF_DEVICE bool post(gbpf_mail &mail, const task_words &task) {
        uint64_t was0, was1;
#define GBPF_POST(ORDER)                                                                                                \
    asm volatile("{\n .reg .b128 e, n, o;\n mov.b128 e, {%3, %4};\n mov.b128 n, {%5, %6};\n atom." ORDER                \
        ".gpu.global.cas.b128 o, [%2], e, n;\n mov.b128 {%0, %1}, o;\n}"                                                \
        : "=l"(was0), "=l"(was1)                                                                                        \
        : "l"(&mail), "l"(uint64_t{GBPF_MAIL_OPEN}), "l"(uint64_t{0}), "l"(task.word0), "l"(task.word1)                 \
        : "memory")
        // A fence takes microseconds where reads of host memory are under way, as where requests come from.
        if (shows_nothing(task_of(task))) {
            GBPF_POST("relaxed");
        } else {
            GBPF_POST("release");
        }
#undef GBPF_POST
        return was0 == GBPF_MAIL_OPEN && was1 == 0;
    }

    static GBPF_DEVICE task_words look(gbpf_mail &mail) {
        task_words w;
        load_unit_acquire(&mail, w.word0, w.word1);
        return w;
    }

    static GBPF_DEVICE task_words glance(gbpf_mail &mail) {
        task_words w;
        load_unit(&mail, w.word0, w.word1);
        return w;
    }
    static GBPF_DEVICE void settle() { together_fence(); }

    static GBPF_DEVICE bool close(gbpf_mail &mail) {
        uint64_t was0, was1;
        asm volatile("{\n .reg .b128 e, n, o;\n mov.b128 e, {%3, %4};\n mov.b128 n, {%5, %4};\n"
            " atom.relaxed.gpu.global.cas.b128 o, [%2], e, n;\n mov.b128 {%0, %1}, o;\n}"
            : "=l"(was0), "=l"(was1)
            : "l"(&mail), "l"(uint64_t{GBPF_MAIL_OPEN}), "l"(uint64_t{0}), "l"(uint64_t{GBPF_MAIL_CLOSED})
            : "memory");
        return was0 == GBPF_MAIL_OPEN && was1 == 0;
    }
};
using device_mail = mail_by_units;
#else
using device_mail = mail_by_words<device_scope>;
#endif
using block_mail = mail_by_words<block_scope>;

}  // namespace gbpf

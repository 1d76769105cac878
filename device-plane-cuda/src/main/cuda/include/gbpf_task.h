/*
 * gbpf_task.h: for those who write task functions in CUDA C++ (or, for the CPU build, in C++).
 *
 * A task function gets two arguments and returns a result. It runs in one thread (GBPF_TASK_LANE), in a warp (GBPF_TASK_WARP), or in
 * all warps of a worker block (GBPF_TASK_BLOCK), as the task's flags say; in a block each warp is called, and __syncthreads() works.
 * A call below counts once for each task: in a LANE task a thread calls for itself; in a WARP task all 32 threads call together and
 * one call is made; in a BLOCK task one warp calls. Functions must come back: nothing interrupts them.
 *
 * Each function is exported by name:
 *     __device__ uint64_t square(gbpf_env *env, uint64_t a, uint64_t b) { return a * a; }
 *     GBPF_EXPORT_TASK(square)
 *     GBPF_EXPORT_VARIABLE(unsigned, squares)      a variable that the host can read and write by its name
 * and the host finds it under that name when it links the module with the control kernel (nvcc -rdc=true -fatbin, -cubin or -ptx), or
 * loads the library for the CPU build (g++ -std=c++20 -x c++ -shared -fPIC).
 */
#ifndef GBPF_TASK_H
#define GBPF_TASK_H

#include <stdint.h>

#include "gbpf/layout.h"

struct gbpf_env; /* the runtime's own, of the warp that runs the task; it begins with: */
struct gbpf_env_front {
    uint32_t kind;   /* of the task that runs: GBPF_TASK_LANE, ... */
    uint32_t tenant; /* whose it is */
    struct gbpf_mail next; /* the task that this warp runs after this one, or GBPF_MAIL_OPEN, or, where none is kept, GBPF_MAIL_CLOSED */
};

#if defined(__CUDACC__)
#define GBPF_TASK_CALL extern "C" __device__
#define GBPF_TASK_INLINE static inline __device__
#define GBPF_EXPORT_TASK(name) extern "C" __device__ const gbpf_function gbpf_task_##name = name;
#define GBPF_EXPORT_VARIABLE(type, name) extern "C" { __device__ type name; }
#else
#ifndef __device__
#define __device__ /* the same source is compiled for the CPU */
#endif
#define GBPF_TASK_CALL extern "C"
#define GBPF_TASK_INLINE static inline
#define GBPF_EXPORT_TASK(name) extern "C" __attribute__((visibility("default"))) const gbpf_function gbpf_task_##name = name;
#define GBPF_EXPORT_VARIABLE(type, name) extern "C" { __attribute__((visibility("default"))) type name; }
#endif

/* The threads of a warp share the numbers below n: GBPF_SHARE(i, n) { ... } runs once for each i. On the CPU there is one thread. */
#if defined(__CUDACC__)
#define GBPF_SHARE(i, n) for (uint32_t i = threadIdx.x % 32, i##_end = (n); i < i##_end; i += 32)
#else
#define GBPF_SHARE(i, n) for (uint32_t i = 0, i##_end = (n); i < i##_end; ++i)
#endif

/* A task's function. a and b are the task's arguments (args[0] and args[1] of a struct gbpf_task). */
typedef uint64_t (*gbpf_function)(gbpf_env *env, uint64_t a, uint64_t b);

#define GBPF_ANYWHERE 0
#define GBPF_HERE 1      /* this SM: one that a WARP task makes runs in its warp when it ends, others in an idle warp; else the tenant's ring */
#define GBPF_ELSEWHERE 2 /* an idle warp of another SM, of the neighbouring one if it has one, else the tenant's ring */
#define GBPF_SHARED 3    /* the tenant's ring, in which all workers look */

/*
 * Makes a task of the same tenant that may start at once; false: there was no room, and it was not made. flags: GBPF_TASK_... What was written
 * before is seen by the task, unless it has GBPF_TASK_PURE: on another SM that starts sooner, and may use its arguments only.
 */
GBPF_TASK_CALL bool gbpf_spawn(gbpf_env *env, uint32_t function, uint32_t flags, uint32_t a, uint64_t b);
GBPF_TASK_INLINE bool gbpf_spawn_at(gbpf_env *env, uint32_t where, uint32_t function, uint32_t flags, uint32_t a, uint64_t b);
/* The same with a full descriptor, which is copied; its tenant is set. Of function GBPF_FUNCTION_COPY it is a copy that a warp makes. */
GBPF_TASK_CALL bool gbpf_submit(gbpf_env *env, const gbpf_task *task);

/* A dependency counter that nobody uses, or 0. It is free again when its task was released. */
GBPF_TASK_CALL uint32_t gbpf_dependency_take(gbpf_env *env);
/* Lets a task wait until the counter was counted down n times, 1 or more; before anyone counts it down. */
GBPF_TASK_CALL void gbpf_dependency_arm(gbpf_env *env, uint32_t counter, uint32_t n, uint32_t function, uint32_t flags, uint32_t a, uint64_t b);
/* Counts a counter down; false: it was at 0. What is written before is seen by the task that is released. */
GBPF_TASK_CALL bool gbpf_signal(gbpf_env *env, uint32_t counter);

/* The task ends as failed. */
GBPF_TASK_CALL void gbpf_fail(gbpf_env *env);
/* A yield point of a long task: pauses as long as the policy says (warp_throttle_tick). True: the plane wants to leave; come back soon. */
GBPF_TASK_CALL bool gbpf_yield(gbpf_env *env);

GBPF_TASK_CALL uint32_t gbpf_tenant(const gbpf_env *env);
/* The lane of a LANE task; the warp in its block of others. */
GBPF_TASK_CALL uint32_t gbpf_place_in_group(const gbpf_env *env);
/* The task's descriptor; null for a compact task. */
GBPF_TASK_CALL const gbpf_task *gbpf_descriptor(const gbpf_env *env);

/*
 * The runtime's: as gbpf_spawn_at(), whatever the task. Its number changes with struct gbpf_env_front, so that functions compiled with a
 * header of another front do not link.
 */
GBPF_TASK_CALL bool gbpf_place_1(gbpf_env *env, uint32_t where, uint32_t function, uint32_t flags, uint32_t a, uint64_t b);

/*
 * The runtime's: hands a warp or block task over to the neighbouring SM, if that waits for one; false: nothing was done, as always where a LANE task
 * calls. Called by all threads of a warp.
 */
GBPF_TASK_CALL bool gbpf_send_1(gbpf_env *env, uint32_t function, uint32_t flags, uint32_t a, uint64_t b);

/*
 * The runtime's: keeps a task for the warp, which runs it when the one that runs ends; false: it keeps one already, or the task is not one
 * for that. Here, because a call of a function by a warp takes as long as all of this. Called by one thread, or by all of a warp, which
 * then all write the same: parting them takes longer.
 */
GBPF_TASK_INLINE bool gbpf_keep(gbpf_env *env, bool by_warp, uint32_t function, uint32_t flags, uint32_t a, uint64_t b) {
    struct gbpf_env_front *front = (struct gbpf_env_front *)env;
    const uint32_t wants = GBPF_TASK_KIND | GBPF_TASK_URGENT | GBPF_TASK_BACKGROUND | GBPF_TASK_DESCRIBED | GBPF_TASK_NOTIFY;
    if ((flags & wants) != GBPF_TASK_WARP) return false;
#if defined(__CUDACC__)
    /* All under predicates: a branch that lanes may take apart costs more than these instructions. Threads that are not all here see so, and
       go the other way, which brings them together; those that are have all read before one writes. */
    uint32_t kept;
    asm volatile(
        "{\n .reg .pred mine, open;\n .reg .b32 kind, tenant, low, active;\n .reg .b64 next, word;\n"
        " ld.shared.v2.u32 {kind, tenant}, [%1];\n ld.shared.u64 next, [%1 + 16];\n activemask.b32 active;\n"
        " or.b32 active, active, %6;\n setp.eq.u32 mine, kind, %5;\n setp.eq.and.u32 mine, active, 0xffffffff, mine;\n"
        " setp.eq.and.u64 open, next, %7, mine;\n"
        " bfi.b32 low, tenant, %2, 16, 8;\n mov.b64 word, {low, %3};\n @open st.shared.v2.u64 [%1 + 16], {word, %4};\n selp.u32 %0, 1, 0, open;\n}"
        : "=r"(kept)
        : "r"((uint32_t)__cvta_generic_to_shared(front)), "r"((function & 0xffff) | ((flags & 0xff) | GBPF_TASK_VALID) << 24), "r"(a), "l"(b),
        "n"(GBPF_TASK_WARP), "r"(by_warp ? 0u : 0xffffffffu), "n"(GBPF_MAIL_OPEN)
        : "memory");
    return kept != 0;
#else
    (void)by_warp;
    if (front->kind != GBPF_TASK_WARP || front->next.word0 != GBPF_MAIL_OPEN) return false;
    front->next.word0 = (function & 0xffff) | (uint64_t)(front->tenant & 0xff) << 16 | (uint64_t)((flags & 0xff) | GBPF_TASK_VALID) << 24 | (uint64_t)a << 32;
    front->next.word1 = b;
    return true;
#endif
}

/* Whether all threads of a warp make a task for a warp or block: what the runtime's shorter ways are for. */
GBPF_TASK_INLINE bool gbpf_by_warp_for_warp(const gbpf_env *env, uint32_t flags) {
    return (flags & GBPF_TASK_KIND) != GBPF_TASK_LANE && ((const struct gbpf_env_front *)env)->kind != GBPF_TASK_LANE;
}

GBPF_TASK_INLINE bool gbpf_spawn_at(gbpf_env *env, uint32_t where, uint32_t function, uint32_t flags, uint32_t a, uint64_t b) {
    return (where == GBPF_HERE && gbpf_keep(env, true, function, flags, a, b)) ||
        (where == GBPF_ELSEWHERE && (flags & GBPF_TASK_KIND) != GBPF_TASK_LANE && gbpf_send_1(env, function, flags, a, b)) ||
        gbpf_place_1(env, where, function, flags, a, b);
}

#endif

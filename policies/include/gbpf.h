/*
 * gbpf.h: what a gBPF policy in C may ask and answer, interface version 1.10.
 *
 * Generated from the schema of the interface (gbpf header prints it); do not edit.
 * How to write a policy in C: docs/c-policies.md. Compile with
 *     clang -target bpf -O2 -g -mcpu=v3 -c policy.c
 */
#ifndef GBPF_H
#define GBPF_H

#define GBPF_ABI_MAJOR 1
#define GBPF_ABI_MINOR 10

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;

#ifndef NULL
#define NULL ((void *)0)
#endif

/* ---- Macros ---- */

#ifndef SEC
#define SEC(name) __attribute__((section(name), used))
#endif
#ifndef __noinline
#define __noinline __attribute__((noinline))
#endif
#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

/* The version of the interface that this object is compiled for; a plane that is older than it refuses it. */
static const __u16 gbpf_abi[2] SEC("gbpf.abi") = {GBPF_ABI_MAJOR, GBPF_ABI_MINOR};

/* The policy's name, once per policy: GBPF_POLICY("fair"). Maps and their contents belong to this name. */
#define GBPF_POLICY(name) const char gbpf_policy_name[] SEC("gbpf.policy") = name

/*
 * The program of a hook: GBPF_HOOK(on_submit, ctx) { return GBPF_ENQUEUE; }
 * defines a function of the hook's context that returns the verdict.
 */
#define GBPF_HOOK(hook, ctx) \
    SEC("gbpf/" #hook) __s64 gbpf_hook_##hook(__attribute__((unused)) GBPF_CTX_##hook *ctx)

/* ---- Maps ---- */

/*
 * A map is a variable in section .maps: struct { __uint(type, BPF_MAP_TYPE_HASH); __type(key, __u32);
 * __type(value, __u64); __uint(max_entries, 64); } used SEC(".maps");
 */
#ifndef __uint
#define __uint(name, val) int (*name)[val]
#endif
#ifndef __type
#define __type(name, val) __typeof__(val) *name
#endif

#ifndef _UAPI__LINUX_BPF_H__
enum gbpf_map_type {
    BPF_MAP_TYPE_HASH = 1,
    BPF_MAP_TYPE_ARRAY = 2,
    BPF_MAP_TYPE_PERCPU_ARRAY = 6,
    BPF_MAP_TYPE_LRU_HASH = 9,
    BPF_MAP_TYPE_QUEUE = 22,
    BPF_MAP_TYPE_STACK = 23,
    BPF_MAP_TYPE_RINGBUF = 27,
    BPF_MAP_TYPE_SNAPSHOT = 65536,
    BPF_MAP_TYPE_COUNTERS = 65537,
};

/* Flags of bpf_map_update_elem. */
#define BPF_ANY 0
#define BPF_NOEXIST 1
#define BPF_EXIST 2
#endif

/* ---- Errors: helpers return them negated ---- */

#ifndef ENOENT
#define ENOENT 2 /* no such key, queue or job */
#endif
#ifndef E2BIG
#define E2BIG 7 /* the map is full, or the index is out of range */
#endif
#ifndef EAGAIN
#define EAGAIN 11 /* a ring buffer has no room, or others change the same entry all the time */
#endif
#ifndef EEXIST
#define EEXIST 17 /* it is there already */
#endif
#ifndef EINVAL
#define EINVAL 22 /* an argument is out of its range */
#endif
#ifndef ENOSPC
#define ENOSPC 28 /* no room for another */
#endif
#ifndef EOPNOTSUPP
#define EOPNOTSUPP 95 /* the device has no such lever */
#endif

/* ---- Verdicts ---- */

/* init: left out, the activation goes on. */
enum gbpf_init_verdict {
    /* Go on; any other value refuses the activation, as its reason code. */
    GBPF_OK = 0,
};

/* exit: left out, nothing happens. */
/* GBPF_OK, as above: Done. */

/* on_submit: left out, the job joins the global queue. */
enum gbpf_on_submit_verdict {
    /* Wait in the chosen dispatch queue. */
    GBPF_ENQUEUE = 0,
    /*
     * Go to the device at once, past queues, on_admit and the in-flight limit; jobs of its stream that wait
     * go first.
     */
    GBPF_DIRECT = 1,
    /* Refuse the job; its tenant sees the reason. */
    GBPF_REJECT = 2,
};

/* on_admit: left out, the job goes. */
/* GBPF_REJECT, as above: Refuse the job; its tenant sees the reason. */
enum gbpf_on_admit_verdict {
    /* Go. */
    GBPF_ADMIT = 0,
    /* Stay at the head; the queue is held until defer_until_ns. */
    GBPF_DEFER = 1,
};

/* on_dispatch: left out, the dispatch queue whose head was queued first. */
enum gbpf_on_dispatch_verdict {
    /* Nothing now; any other value is the id of the dispatch queue to serve. */
    GBPF_IDLE = 0,
};

/* on_retire: left out, nothing happens. */
/* GBPF_OK, as above: Done. */

/* on_tick: left out, nothing happens. */
/* GBPF_OK, as above: Done. */

/* migrate: left out, maps whose definition changed start empty. */
/* GBPF_OK, as above: Go on; any other value refuses the activation, as its reason code. */

/* on_preempt: left out, the kernel runs on. */
enum gbpf_on_preempt_verdict {
    /* Run on; see budget_ns. */
    GBPF_CONTINUE = 0,
    /*
     * Give up the place at the kernel's next boundary. The job keeps what is done and its memory, is offered
     * to on_submit again, and goes on later.
     */
    GBPF_YIELD = 1,
    /* As YIELD, and from then on give up the place after every piece of piece_ns. */
    GBPF_ATOMIZE = 2,
};

/* on_thermal: left out, kernels may use all SMs. */
enum gbpf_on_thermal_verdict {
    /* All; any other value is the part in thousandths, one SM at least, until it is asked again. */
    GBPF_UNCAPPED = 0,
};

/* on_mem_alloc: left out, the first pool, pages of 64 KiB, not compressed. */
enum gbpf_on_mem_alloc_verdict {
    /* Device memory; on_mem_fault is asked when the pool has no room. */
    GBPF_ALLOW = 0,
    /* Refuse it; its tenant sees the reason. With MEM_RETURNS it is POSTPONE. */
    GBPF_DENY = 1,
    /* Host memory until it is used. With MEM_RETURNS it is POSTPONE. */
    GBPF_SPILL = 2,
    /* Wait; others may pass. It is asked about again when memory came back. */
    GBPF_POSTPONE = 3,
};

/* on_mem_fault: left out, the request waits until memory comes back. */
enum gbpf_on_mem_fault_verdict {
    /* Nothing: the request waits until memory comes back, and nobody passes it. */
    GBPF_WAIT = 0,
    /* Make room in the pool: on_reclaim is asked who gives way. */
    GBPF_SHRINK = 1,
    /* The pool takes what is missing from the free parts of other pools, if they have it. */
    GBPF_GROW = 2,
};

/* on_reclaim: left out, what was not used for longest goes to host memory. */
enum gbpf_on_reclaim_verdict {
    /* It may go to host memory. */
    GBPF_EVICT = 0,
    /* It stays. */
    GBPF_KEEP = 1,
    /* It may be compressed where it is; as KEEP when that would free nothing. */
    GBPF_COMPRESS = 2,
};

/* on_copy_enqueue: left out, the copy moves in one piece, first come first served. */
/* GBPF_ALLOW, as above: Wait for the engine, and then move in one piece. */
enum gbpf_on_copy_enqueue_verdict {
    /*
     * As SPLIT, and not before not_before_ns, and no faster than rate_mbps: the next piece waits for the
     * engine only when its time has come.
     */
    GBPF_PACE = 1,
    /*
     * Move in pieces of chunk_bytes. Between two pieces it lets copies go first that are in one piece, and
     * takes turns with others that are split.
     */
    GBPF_SPLIT = 2,
};

/*
 * on_collective_phase: left out, each rank goes its own way, and may wait on the device for others that find
 * no room there.
 */
enum gbpf_on_collective_phase_verdict {
    /* Each rank goes its own way, like any job. */
    GBPF_ALONE = 0,
    /* As ALONE, but past on_submit, to the global queue, ahead of all others that wait. */
    GBPF_BOOST = 1,
    /*
     * Past on_submit, the ranks wait for each other, and then start in one instant. Their turn comes in order
     * of arrival: then room is kept free until there is enough for all of them.
     */
    GBPF_GANG = 2,
    /* As GANG, and room is kept free for them from when they all are there. */
    GBPF_GANG_BOOST = 3,
};

/* sm_tick: left out, the tenant is given its quota, at its configured weight. */
enum gbpf_sm_tick_verdict {
    /* Give it the refill. */
    GBPF_REFILL = 0,
    /* Give it nothing this time. */
    GBPF_WITHHOLD = 1,
};

/* cta_admit: left out, the task starts. */
enum gbpf_cta_admit_verdict {
    /* The task starts. */
    GBPF_START = 0,
    /* Another tenant's task is asked about; see next. */
    GBPF_SKIP = 1,
    /* The worker stays free until the next tick. */
    GBPF_PARK = 2,
};

/* warp_throttle_tick: left out, no warp pauses. */
enum gbpf_warp_throttle_tick_verdict {
    /* They do not; any other value is how long each of them pauses at each of its yield points, ns. */
    GBPF_NO_PAUSE = 0,
};

/* dma_tick: left out, copies start while the quota lasts. */
/* GBPF_REFILL, as above: Copies start while the budget lasts. */
/* GBPF_WITHHOLD, as above: No copy starts until the next tick. */

/* mem_event: left out, the memory is taken from the arena, within the quota. */
enum gbpf_mem_event_verdict {
    /* Take the memory from the arena. */
    GBPF_GRANT = 0,
    /* The request fails; with MEM_LOW nothing happens. */
    GBPF_REFUSE = 1,
};

/* therm_tick: left out, all workers run. */
enum gbpf_therm_tick_verdict {
    /* All; any other value is how many at most, until the next tick. */
    GBPF_UNLIMITED = 0,
};

/* ---- Constants ---- */

/* Order of a dispatch queue: first in, first out. */
#define GBPF_DSQ_FIFO 0
/* Order of a dispatch queue: least vtime first. */
#define GBPF_DSQ_VTIME 1
/* All ones: dsq_peek found nothing. */
#define GBPF_NONE (~0ULL)
/* All ones: gate_set lets everything pass. */
#define GBPF_OPEN (~0ULL)
/* Tenants are numbered from 0 and are fewer than this. */
#define GBPF_MAX_TENANTS 64
/* vSlices are numbered from 0 and are fewer than this. */
#define GBPF_MAX_VSLICES 16
/* dsq_peek: the job's id. */
#define GBPF_JOB_ID 0
/* dsq_peek: the job's tenant. */
#define GBPF_JOB_TENANT 1
/* dsq_peek: when it was submitted. */
#define GBPF_JOB_SUBMITTED_NS 2
/* dsq_peek: its deadline, 0 when it has none. */
#define GBPF_JOB_DEADLINE_NS 3
/* dsq_peek: its estimated device time. */
#define GBPF_JOB_COST_NS 4
/* dsq_peek: its tenant's priority. */
#define GBPF_JOB_PRIORITY 5
/* dsq_peek: its tenant's weight. */
#define GBPF_JOB_WEIGHT 6
/* dsq_peek: the vtime it was inserted with, 0 in a FIFO queue. */
#define GBPF_JOB_VTIME 7
/* ctx.kind: a kernel or a graph. */
#define GBPF_KIND_KERNEL 0
/* ctx.kind: a copy from host to device. */
#define GBPF_KIND_COPY_H2D 1
/* ctx.kind: a copy from device to host. */
#define GBPF_KIND_COPY_D2H 2
/* ctx.flags: offered again after a swap. */
#define GBPF_JOB_REOFFERED 1
/* ctx.flags: the device may batch it with others. */
#define GBPF_JOB_BATCHABLE 2
/* ctx.status: the job ran to its end. */
#define GBPF_STATUS_OK 0
/* ctx.status: the device reported an error. */
#define GBPF_STATUS_FAILED 1
/* ctx.reason of init: no policy was active. */
#define GBPF_START_FIRST 0
/* ctx.reason of init: the policy replaces another. */
#define GBPF_START_SWAP 1
/* ctx.reason of init: the policy comes back. */
#define GBPF_START_ROLLBACK 2
/* ctx.kind of exit: the plane stops. */
#define GBPF_EXIT_DONE 0
/* ctx.kind of exit: another policy took over. */
#define GBPF_EXIT_SWAPPED 1
/* ctx.kind of exit: the plane took the policy out. */
#define GBPF_EXIT_EJECTED 2
/* ctx.reason of on_preempt: the budget is used up. */
#define GBPF_PREEMPT_BUDGET 0
/* ctx.reason of on_preempt: more urgent work waits. */
#define GBPF_PREEMPT_URGENT 1
/* Bit of ctx.changed of on_thermal: power, by 5 W or more. */
#define GBPF_THERMAL_POWER 1
/* Bit of ctx.changed of on_thermal: the clock. */
#define GBPF_THERMAL_CLOCK 2
/* Bit of ctx.changed of on_thermal: by 1 degree or more. */
#define GBPF_THERMAL_TEMPERATURE 4
/* Pools of device memory are numbered from 0 and are at most this many. */
#define GBPF_MAX_POOLS 16
/* ctx.access: used again and again. */
#define GBPF_MEM_HOT 0
/* ctx.access: used now and then, or nobody knows. */
#define GBPF_MEM_WARM 1
/* ctx.access: used rarely. */
#define GBPF_MEM_COLD 2
/* Bit of ctx.flags: it never leaves the device. */
#define GBPF_MEM_PINNED 1
/* Bit of ctx.flags: it is read here and there, not from end to end. */
#define GBPF_MEM_RANDOM 2
/* Bit of ctx.flags: it is in host memory, and is used. */
#define GBPF_MEM_RETURNS 4
/* Bit of ctx.flags: the request waited, and memory came back. */
#define GBPF_MEM_AGAIN 8
/* ctx.reason of on_mem_fault and on_reclaim: an allocation finds no room. */
#define GBPF_MEM_FULL 0
/* ctx.reason of on_mem_fault and on_reclaim: less than a sixteenth of the pool is free. */
#define GBPF_MEM_PRESSURE 1
/* ctx.page_size of on_mem_alloc: 4 KiB. */
#define GBPF_PAGE_4K 4096
/* ctx.page_size of on_mem_alloc: 64 KiB. */
#define GBPF_PAGE_64K 65536
/* ctx.page_size of on_mem_alloc: 2 MiB. */
#define GBPF_PAGE_2M 2097152
/* ctx.phase of on_collective_phase: a rank's part enters. */
#define GBPF_COLLECTIVE_BEGIN 0
/* ctx.phase of on_collective_phase: a rank's part is over. */
#define GBPF_COLLECTIVE_END 1
/* Arenas are numbered from 0; there are at most this many. */
#define GBPF_MAX_ARENAS 16
/* ctx.event of mem_event: a size class has no free block. */
#define GBPF_MEM_EMPTY 0
/* ctx.event of mem_event: a request for more than 8,192 bytes. */
#define GBPF_MEM_LARGE 1
/* ctx.event of mem_event: little is free in an arena. */
#define GBPF_MEM_LOW 2

/* ---- Contexts: load whole fields; store only those that are not const ---- */

/*
 * init: The image is about to become active; jobs that another policy had queued are offered to on_submit
 * right after.
 */
struct gbpf_init_ctx {
    /* The plane's clock, ns. */
    const __u64 now_ns;
    /* Why: START_FIRST, START_SWAP or START_ROLLBACK. */
    const __u32 reason;
    /* How many of the policy's maps kept their contents from an earlier activation. */
    const __u32 kept_maps;
    /* How many tenants there are; they are numbered from 0. */
    const __u32 tenants;
    /* How many vSlices there are; they are numbered from 0. */
    const __u32 vslices;
    /* Jobs that wait in queues. */
    const __u64 queued;
};
_Static_assert(__builtin_offsetof(struct gbpf_init_ctx, now_ns) == 0, "now_ns");
_Static_assert(__builtin_offsetof(struct gbpf_init_ctx, reason) == 8, "reason");
_Static_assert(__builtin_offsetof(struct gbpf_init_ctx, kept_maps) == 12, "kept_maps");
_Static_assert(__builtin_offsetof(struct gbpf_init_ctx, tenants) == 16, "tenants");
_Static_assert(__builtin_offsetof(struct gbpf_init_ctx, vslices) == 20, "vslices");
_Static_assert(__builtin_offsetof(struct gbpf_init_ctx, queued) == 24, "queued");
_Static_assert(sizeof(struct gbpf_init_ctx) == 32, "gbpf_init_ctx");
#define GBPF_CTX_init struct gbpf_init_ctx

/* exit: The image has left: no decision of its is under way any more. */
struct gbpf_exit_ctx {
    /* The plane's clock, ns. */
    const __u64 now_ns;
    /* Why: EXIT_DONE, EXIT_SWAPPED or EXIT_EJECTED. */
    const __u32 kind;
    /* The reason code of an ejection, else 0. */
    const __u32 code;
    /* How many decisions the image made. */
    const __u64 decisions;
};
_Static_assert(__builtin_offsetof(struct gbpf_exit_ctx, now_ns) == 0, "now_ns");
_Static_assert(__builtin_offsetof(struct gbpf_exit_ctx, kind) == 8, "kind");
_Static_assert(__builtin_offsetof(struct gbpf_exit_ctx, code) == 12, "code");
_Static_assert(__builtin_offsetof(struct gbpf_exit_ctx, decisions) == 16, "decisions");
_Static_assert(sizeof(struct gbpf_exit_ctx) == 24, "gbpf_exit_ctx");
#define GBPF_CTX_exit struct gbpf_exit_ctx

/*
 * on_submit: A job enters. The program chooses a dispatch queue by dsq_insert or dsq_insert_vtime and returns
 * ENQUEUE; without a choice the job joins the global queue.
 */
struct gbpf_submit_ctx {
    /* The plane's clock, ns. */
    const __u64 now_ns;
    /* Identity of the job, unique over the plane's life. */
    const __u64 job_id;
    /* The stream that it belongs to; jobs of a stream go to the device in order. */
    const __u64 stream;
    /* When it was submitted, ns. */
    const __u64 submitted_ns;
    /* When it should be finished, ns; 0 when it has no deadline. */
    const __u64 deadline_ns;
    /* Estimated device time when run alone, ns; 0 when unknown. */
    const __u64 cost_ns;
    /* Copy: bytes to move. Kernel: device memory that it takes, bytes. */
    const __u64 bytes;
    /* A number of the application's own, not read by the plane. */
    const __u64 tag;
    /* The tenant, from 0. */
    const __u32 tenant;
    /* KIND_KERNEL, KIND_COPY_H2D or KIND_COPY_D2H. */
    const __u32 kind;
    /* The tenant's configured weight, at least 1. */
    const __u32 weight;
    /* The tenant's configured priority; greater is more urgent. */
    const __u32 priority;
    /* SMs that it can use; 0 for a copy. */
    const __u32 width;
    /* JOB_REOFFERED, JOB_BATCHABLE, or both. */
    const __u32 flags;
    /* Jobs that wait in queues, this one not counted. */
    const __u64 queued;
    /* Jobs that the device holds. */
    const __u64 running;
    /* Out: reason code of a REJECT for the tenant; the plane keeps the low 63 bits. */
    __u64 reason;
};
_Static_assert(__builtin_offsetof(struct gbpf_submit_ctx, now_ns) == 0, "now_ns");
_Static_assert(__builtin_offsetof(struct gbpf_submit_ctx, job_id) == 8, "job_id");
_Static_assert(__builtin_offsetof(struct gbpf_submit_ctx, stream) == 16, "stream");
_Static_assert(__builtin_offsetof(struct gbpf_submit_ctx, submitted_ns) == 24, "submitted_ns");
_Static_assert(__builtin_offsetof(struct gbpf_submit_ctx, deadline_ns) == 32, "deadline_ns");
_Static_assert(__builtin_offsetof(struct gbpf_submit_ctx, cost_ns) == 40, "cost_ns");
_Static_assert(__builtin_offsetof(struct gbpf_submit_ctx, bytes) == 48, "bytes");
_Static_assert(__builtin_offsetof(struct gbpf_submit_ctx, tag) == 56, "tag");
_Static_assert(__builtin_offsetof(struct gbpf_submit_ctx, tenant) == 64, "tenant");
_Static_assert(__builtin_offsetof(struct gbpf_submit_ctx, kind) == 68, "kind");
_Static_assert(__builtin_offsetof(struct gbpf_submit_ctx, weight) == 72, "weight");
_Static_assert(__builtin_offsetof(struct gbpf_submit_ctx, priority) == 76, "priority");
_Static_assert(__builtin_offsetof(struct gbpf_submit_ctx, width) == 80, "width");
_Static_assert(__builtin_offsetof(struct gbpf_submit_ctx, flags) == 84, "flags");
_Static_assert(__builtin_offsetof(struct gbpf_submit_ctx, queued) == 88, "queued");
_Static_assert(__builtin_offsetof(struct gbpf_submit_ctx, running) == 96, "running");
_Static_assert(__builtin_offsetof(struct gbpf_submit_ctx, reason) == 104, "reason");
_Static_assert(sizeof(struct gbpf_submit_ctx) == 112, "gbpf_submit_ctx");
#define GBPF_CTX_on_submit struct gbpf_submit_ctx

/* on_admit: The head job of the dispatch queue that on_dispatch named wants to go to the device. */
struct gbpf_admit_ctx {
    /* The plane's clock, ns. */
    const __u64 now_ns;
    /* Identity of the job, unique over the plane's life. */
    const __u64 job_id;
    /* The stream that it belongs to; jobs of a stream go to the device in order. */
    const __u64 stream;
    /* When it was submitted, ns. */
    const __u64 submitted_ns;
    /* When it should be finished, ns; 0 when it has no deadline. */
    const __u64 deadline_ns;
    /* Estimated device time when run alone, ns; 0 when unknown. */
    const __u64 cost_ns;
    /* Copy: bytes to move. Kernel: device memory that it takes, bytes. */
    const __u64 bytes;
    /* A number of the application's own, not read by the plane. */
    const __u64 tag;
    /* The tenant, from 0. */
    const __u32 tenant;
    /* KIND_KERNEL, KIND_COPY_H2D or KIND_COPY_D2H. */
    const __u32 kind;
    /* The tenant's configured weight, at least 1. */
    const __u32 weight;
    /* The tenant's configured priority; greater is more urgent. */
    const __u32 priority;
    /* SMs that it can use; 0 for a copy. */
    const __u32 width;
    /* JOB_REOFFERED, JOB_BATCHABLE, or both. */
    const __u32 flags;
    /* The dispatch queue that it heads. */
    const __u64 dsq;
    /* Jobs that the device holds. */
    const __u64 running;
    /* Jobs of the same tenant that the device holds. */
    const __u32 tenant_running;
    /* The vSlice that it would go to. */
    const __u32 vslice;
    /* Out: with DEFER, when to ask again, ns; not later than now means at the next event. */
    __u64 defer_until_ns;
    /* Out: reason code of a REJECT for the tenant; the plane keeps the low 63 bits. */
    __u64 reason;
};
_Static_assert(__builtin_offsetof(struct gbpf_admit_ctx, now_ns) == 0, "now_ns");
_Static_assert(__builtin_offsetof(struct gbpf_admit_ctx, job_id) == 8, "job_id");
_Static_assert(__builtin_offsetof(struct gbpf_admit_ctx, stream) == 16, "stream");
_Static_assert(__builtin_offsetof(struct gbpf_admit_ctx, submitted_ns) == 24, "submitted_ns");
_Static_assert(__builtin_offsetof(struct gbpf_admit_ctx, deadline_ns) == 32, "deadline_ns");
_Static_assert(__builtin_offsetof(struct gbpf_admit_ctx, cost_ns) == 40, "cost_ns");
_Static_assert(__builtin_offsetof(struct gbpf_admit_ctx, bytes) == 48, "bytes");
_Static_assert(__builtin_offsetof(struct gbpf_admit_ctx, tag) == 56, "tag");
_Static_assert(__builtin_offsetof(struct gbpf_admit_ctx, tenant) == 64, "tenant");
_Static_assert(__builtin_offsetof(struct gbpf_admit_ctx, kind) == 68, "kind");
_Static_assert(__builtin_offsetof(struct gbpf_admit_ctx, weight) == 72, "weight");
_Static_assert(__builtin_offsetof(struct gbpf_admit_ctx, priority) == 76, "priority");
_Static_assert(__builtin_offsetof(struct gbpf_admit_ctx, width) == 80, "width");
_Static_assert(__builtin_offsetof(struct gbpf_admit_ctx, flags) == 84, "flags");
_Static_assert(__builtin_offsetof(struct gbpf_admit_ctx, dsq) == 88, "dsq");
_Static_assert(__builtin_offsetof(struct gbpf_admit_ctx, running) == 96, "running");
_Static_assert(__builtin_offsetof(struct gbpf_admit_ctx, tenant_running) == 104, "tenant_running");
_Static_assert(__builtin_offsetof(struct gbpf_admit_ctx, vslice) == 108, "vslice");
_Static_assert(__builtin_offsetof(struct gbpf_admit_ctx, defer_until_ns) == 112, "defer_until_ns");
_Static_assert(__builtin_offsetof(struct gbpf_admit_ctx, reason) == 120, "reason");
_Static_assert(sizeof(struct gbpf_admit_ctx) == 128, "gbpf_admit_ctx");
#define GBPF_CTX_on_admit struct gbpf_admit_ctx

/* on_dispatch: A vSlice has room and the global queue is empty: which dispatch queue is served next? */
struct gbpf_dispatch_ctx {
    /* The plane's clock, ns. */
    const __u64 now_ns;
    /* The vSlice that has room. */
    const __u32 vslice;
    /* How many more jobs the vSlice takes now. */
    const __u32 room;
    /* Jobs that wait in queues. */
    const __u64 queued;
    /* Jobs that the device holds. */
    const __u64 running;
    /* How many tenants there are; they are numbered from 0. */
    const __u32 tenants;
    /* SMs of the vSlice. */
    const __u32 sms;
    /*
     * Out: how long a kernel from the chosen queue may run before on_preempt is asked, ns from its start; 0
     * for as long as it likes.
     */
    __u64 budget_ns;
};
_Static_assert(__builtin_offsetof(struct gbpf_dispatch_ctx, now_ns) == 0, "now_ns");
_Static_assert(__builtin_offsetof(struct gbpf_dispatch_ctx, vslice) == 8, "vslice");
_Static_assert(__builtin_offsetof(struct gbpf_dispatch_ctx, room) == 12, "room");
_Static_assert(__builtin_offsetof(struct gbpf_dispatch_ctx, queued) == 16, "queued");
_Static_assert(__builtin_offsetof(struct gbpf_dispatch_ctx, running) == 24, "running");
_Static_assert(__builtin_offsetof(struct gbpf_dispatch_ctx, tenants) == 32, "tenants");
_Static_assert(__builtin_offsetof(struct gbpf_dispatch_ctx, sms) == 36, "sms");
_Static_assert(__builtin_offsetof(struct gbpf_dispatch_ctx, budget_ns) == 40, "budget_ns");
_Static_assert(sizeof(struct gbpf_dispatch_ctx) == 48, "gbpf_dispatch_ctx");
#define GBPF_CTX_on_dispatch struct gbpf_dispatch_ctx

/* on_retire: A job that the device held is finished: for accounting. */
struct gbpf_retire_ctx {
    /* The plane's clock, ns. */
    const __u64 now_ns;
    /* Identity of the job, unique over the plane's life. */
    const __u64 job_id;
    /* The stream that it belongs to; jobs of a stream go to the device in order. */
    const __u64 stream;
    /* When it was submitted, ns. */
    const __u64 submitted_ns;
    /* When it should be finished, ns; 0 when it has no deadline. */
    const __u64 deadline_ns;
    /* Estimated device time when run alone, ns; 0 when unknown. */
    const __u64 cost_ns;
    /* Copy: bytes to move. Kernel: device memory that it takes, bytes. */
    const __u64 bytes;
    /* A number of the application's own, not read by the plane. */
    const __u64 tag;
    /* The tenant, from 0. */
    const __u32 tenant;
    /* KIND_KERNEL, KIND_COPY_H2D or KIND_COPY_D2H. */
    const __u32 kind;
    /* The tenant's configured weight, at least 1. */
    const __u32 weight;
    /* The tenant's configured priority; greater is more urgent. */
    const __u32 priority;
    /* SMs that it can use; 0 for a copy. */
    const __u32 width;
    /* JOB_REOFFERED, JOB_BATCHABLE, or both. */
    const __u32 flags;
    /* When it went to the device, ns. */
    const __u64 dispatched_ns;
    /* Device time it used, ns: its own share of a batch or of contended SMs. */
    const __u64 run_ns;
    /* STATUS_OK or STATUS_FAILED. */
    const __u32 status;
    /* Where it ran. */
    const __u32 vslice;
};
_Static_assert(__builtin_offsetof(struct gbpf_retire_ctx, now_ns) == 0, "now_ns");
_Static_assert(__builtin_offsetof(struct gbpf_retire_ctx, job_id) == 8, "job_id");
_Static_assert(__builtin_offsetof(struct gbpf_retire_ctx, stream) == 16, "stream");
_Static_assert(__builtin_offsetof(struct gbpf_retire_ctx, submitted_ns) == 24, "submitted_ns");
_Static_assert(__builtin_offsetof(struct gbpf_retire_ctx, deadline_ns) == 32, "deadline_ns");
_Static_assert(__builtin_offsetof(struct gbpf_retire_ctx, cost_ns) == 40, "cost_ns");
_Static_assert(__builtin_offsetof(struct gbpf_retire_ctx, bytes) == 48, "bytes");
_Static_assert(__builtin_offsetof(struct gbpf_retire_ctx, tag) == 56, "tag");
_Static_assert(__builtin_offsetof(struct gbpf_retire_ctx, tenant) == 64, "tenant");
_Static_assert(__builtin_offsetof(struct gbpf_retire_ctx, kind) == 68, "kind");
_Static_assert(__builtin_offsetof(struct gbpf_retire_ctx, weight) == 72, "weight");
_Static_assert(__builtin_offsetof(struct gbpf_retire_ctx, priority) == 76, "priority");
_Static_assert(__builtin_offsetof(struct gbpf_retire_ctx, width) == 80, "width");
_Static_assert(__builtin_offsetof(struct gbpf_retire_ctx, flags) == 84, "flags");
_Static_assert(__builtin_offsetof(struct gbpf_retire_ctx, dispatched_ns) == 88, "dispatched_ns");
_Static_assert(__builtin_offsetof(struct gbpf_retire_ctx, run_ns) == 96, "run_ns");
_Static_assert(__builtin_offsetof(struct gbpf_retire_ctx, status) == 104, "status");
_Static_assert(__builtin_offsetof(struct gbpf_retire_ctx, vslice) == 108, "vslice");
_Static_assert(sizeof(struct gbpf_retire_ctx) == 112, "gbpf_retire_ctx");
#define GBPF_CTX_on_retire struct gbpf_retire_ctx

/* on_tick: Every period of the plane. */
struct gbpf_tick_ctx {
    /* The plane's clock, ns. */
    const __u64 now_ns;
    /* Number of the tick, from 0. */
    const __u64 tick;
    /* Jobs that wait in queues. */
    const __u64 queued;
    /* Jobs that the device holds. */
    const __u64 running;
    /* How many tenants there are; they are numbered from 0. */
    const __u32 tenants;
    /* How many vSlices there are; they are numbered from 0. */
    const __u32 vslices;
};
_Static_assert(__builtin_offsetof(struct gbpf_tick_ctx, now_ns) == 0, "now_ns");
_Static_assert(__builtin_offsetof(struct gbpf_tick_ctx, tick) == 8, "tick");
_Static_assert(__builtin_offsetof(struct gbpf_tick_ctx, queued) == 16, "queued");
_Static_assert(__builtin_offsetof(struct gbpf_tick_ctx, running) == 24, "running");
_Static_assert(__builtin_offsetof(struct gbpf_tick_ctx, tenants) == 32, "tenants");
_Static_assert(__builtin_offsetof(struct gbpf_tick_ctx, vslices) == 36, "vslices");
_Static_assert(sizeof(struct gbpf_tick_ctx) == 40, "gbpf_tick_ctx");
#define GBPF_CTX_on_tick struct gbpf_tick_ctx

/*
 * migrate: The image is about to become active, before init, and an earlier version of the policy has a map m
 * that this one declares as old_m: old_m is then a copy of it. Fill the new maps from it.
 */
struct gbpf_migrate_ctx {
    /* The plane's clock, ns. */
    const __u64 now_ns;
    /*
     * How many of the policy's maps named old_... hold the contents of the earlier version's; the others are
     * empty.
     */
    const __u32 old_maps;
    /* How many tenants there are; they are numbered from 0. */
    const __u32 tenants;
};
_Static_assert(__builtin_offsetof(struct gbpf_migrate_ctx, now_ns) == 0, "now_ns");
_Static_assert(__builtin_offsetof(struct gbpf_migrate_ctx, old_maps) == 8, "old_maps");
_Static_assert(__builtin_offsetof(struct gbpf_migrate_ctx, tenants) == 12, "tenants");
_Static_assert(sizeof(struct gbpf_migrate_ctx) == 16, "gbpf_migrate_ctx");
#define GBPF_CTX_migrate struct gbpf_migrate_ctx

/*
 * on_preempt: A kernel that runs has used up the budget that on_dispatch gave it, or no vSlice has room and a
 * job of a greater priority waits.
 */
struct gbpf_preempt_ctx {
    /* The plane's clock, ns. */
    const __u64 now_ns;
    /* Identity of the job, unique over the plane's life. */
    const __u64 job_id;
    /* The stream that it belongs to; jobs of a stream go to the device in order. */
    const __u64 stream;
    /* When it was submitted, ns. */
    const __u64 submitted_ns;
    /* When it should be finished, ns; 0 when it has no deadline. */
    const __u64 deadline_ns;
    /* Estimated device time when run alone, ns; 0 when unknown. */
    const __u64 cost_ns;
    /* Copy: bytes to move. Kernel: device memory that it takes, bytes. */
    const __u64 bytes;
    /* A number of the application's own, not read by the plane. */
    const __u64 tag;
    /* The tenant, from 0. */
    const __u32 tenant;
    /* KIND_KERNEL, KIND_COPY_H2D or KIND_COPY_D2H. */
    const __u32 kind;
    /* The tenant's configured weight, at least 1. */
    const __u32 weight;
    /* The tenant's configured priority; greater is more urgent. */
    const __u32 priority;
    /* SMs that it can use; 0 for a copy. */
    const __u32 width;
    /* JOB_REOFFERED, JOB_BATCHABLE, or both. */
    const __u32 flags;
    /* Device time that it used before it came to its place, ns; 0 unless it had to yield earlier. */
    const __u64 used_ns;
    /* How long ago it went to the device, the last time, ns. */
    const __u64 running_ns;
    /* Jobs that wait in queues. */
    const __u64 queued;
    /* Jobs that the device holds. */
    const __u64 running;
    /* With PREEMPT_URGENT, the id of the job that waits; else 0. */
    const __u64 waiting_job;
    /* Its estimated device time, ns; 0 when unknown. */
    const __u64 waiting_cost_ns;
    /* When it should be finished, ns; 0 when it has no deadline. */
    const __u64 waiting_deadline_ns;
    /* Its tenant. */
    const __u32 waiting_tenant;
    /* Its tenant's priority. */
    const __u32 waiting_priority;
    /* Why: PREEMPT_BUDGET or PREEMPT_URGENT. */
    const __u32 reason;
    /* Where it runs. */
    const __u32 vslice;
    /*
     * Out: with CONTINUE, how much longer it may run before it is asked about again, ns; 0 for as long as it
     * likes.
     */
    __u64 budget_ns;
    /* Out: with ATOMIZE, how long each piece runs alone, ns; 0 means 1 ms. */
    __u64 piece_ns;
};
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, now_ns) == 0, "now_ns");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, job_id) == 8, "job_id");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, stream) == 16, "stream");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, submitted_ns) == 24, "submitted_ns");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, deadline_ns) == 32, "deadline_ns");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, cost_ns) == 40, "cost_ns");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, bytes) == 48, "bytes");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, tag) == 56, "tag");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, tenant) == 64, "tenant");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, kind) == 68, "kind");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, weight) == 72, "weight");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, priority) == 76, "priority");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, width) == 80, "width");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, flags) == 84, "flags");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, used_ns) == 88, "used_ns");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, running_ns) == 96, "running_ns");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, queued) == 104, "queued");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, running) == 112, "running");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, waiting_job) == 120, "waiting_job");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, waiting_cost_ns) == 128, "waiting_cost_ns");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, waiting_deadline_ns) == 136, "waiting_deadline_ns");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, waiting_tenant) == 144, "waiting_tenant");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, waiting_priority) == 148, "waiting_priority");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, reason) == 152, "reason");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, vslice) == 156, "vslice");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, budget_ns) == 160, "budget_ns");
_Static_assert(__builtin_offsetof(struct gbpf_preempt_ctx, piece_ns) == 168, "piece_ns");
_Static_assert(sizeof(struct gbpf_preempt_ctx) == 176, "gbpf_preempt_ctx");
#define GBPF_CTX_on_preempt struct gbpf_preempt_ctx

/*
 * on_thermal: Power, clocks or temperature of the device moved, for each vSlice: which part of its SMs may
 * its kernels use?
 */
struct gbpf_thermal_ctx {
    /* The plane's clock, ns. */
    const __u64 now_ns;
    /* Power of the device, mean since the last reading, mW. */
    const __u64 power_mw;
    /* Temperature of the device, thousandths of a degree Celsius. */
    const __u32 temperature_mc;
    /* Where the device begins to lower its clock, thousandths of a degree Celsius. */
    const __u32 limit_mc;
    /* The device's clock, thousandths of its full clock. */
    const __u32 clock;
    /* What moved: THERMAL_POWER, THERMAL_CLOCK and THERMAL_TEMPERATURE, or several. */
    const __u32 changed;
    /* The vSlice. */
    const __u32 vslice;
    /* SMs of the vSlice. */
    const __u32 sms;
    /* The verdict that holds until now. */
    const __u32 cap;
    /* How many vSlices there are; they are numbered from 0. */
    const __u32 vslices;
};
_Static_assert(__builtin_offsetof(struct gbpf_thermal_ctx, now_ns) == 0, "now_ns");
_Static_assert(__builtin_offsetof(struct gbpf_thermal_ctx, power_mw) == 8, "power_mw");
_Static_assert(__builtin_offsetof(struct gbpf_thermal_ctx, temperature_mc) == 16, "temperature_mc");
_Static_assert(__builtin_offsetof(struct gbpf_thermal_ctx, limit_mc) == 20, "limit_mc");
_Static_assert(__builtin_offsetof(struct gbpf_thermal_ctx, clock) == 24, "clock");
_Static_assert(__builtin_offsetof(struct gbpf_thermal_ctx, changed) == 28, "changed");
_Static_assert(__builtin_offsetof(struct gbpf_thermal_ctx, vslice) == 32, "vslice");
_Static_assert(__builtin_offsetof(struct gbpf_thermal_ctx, sms) == 36, "sms");
_Static_assert(__builtin_offsetof(struct gbpf_thermal_ctx, cap) == 40, "cap");
_Static_assert(__builtin_offsetof(struct gbpf_thermal_ctx, vslices) == 44, "vslices");
_Static_assert(sizeof(struct gbpf_thermal_ctx) == 48, "gbpf_thermal_ctx");
#define GBPF_CTX_on_thermal struct gbpf_thermal_ctx

/*
 * on_mem_alloc: A tenant asks for device memory, or an allocation is used that is in host memory: where does
 * it go? It is asked again when memory comes back for which the request waits.
 */
struct gbpf_mem_alloc_ctx {
    /* The plane's clock, ns. */
    const __u64 now_ns;
    /* Identity of the allocation, unique over the plane's life. */
    const __u64 alloc_id;
    /* What it is to hold, bytes; pages round it up. */
    const __u64 bytes;
    /* A number of the application's own, not read by the plane. */
    const __u64 tag;
    /* Device memory that the tenant's other allocations take, bytes. */
    const __u64 tenant_used;
    /* Bytes of the tenant's other allocations that are in host memory. */
    const __u64 tenant_spilled;
    /* Device memory that is free, of all pools, bytes. */
    const __u64 free;
    /* Device memory in all, bytes. */
    const __u64 capacity;
    /* The tenant, from 0. */
    const __u32 tenant;
    /* The tenant's configured weight, at least 1. */
    const __u32 weight;
    /* The tenant's configured priority; greater is more urgent. */
    const __u32 priority;
    /* How often it will be used, as far as its tenant knows: MEM_HOT, MEM_WARM or MEM_COLD. */
    const __u32 access;
    /* Any of MEM_PINNED, MEM_RANDOM, MEM_RETURNS and MEM_AGAIN. */
    const __u32 flags;
    /* What is left of it when it is compressed, in thousandths; 1000 for all. */
    const __u32 compressed_to;
    /* How many pools there are; they are numbered from 0. */
    const __u32 pools;
    /* How many other requests wait for device memory. */
    const __u32 waiting;
    /* Out: the pool to take it from; a number that no pool has means 0. */
    __u64 pool;
    /* Out: PAGE_4K, PAGE_64K or PAGE_2M; anything else means PAGE_64K. */
    __u64 page_size;
    /* Out: 0 to store it as it is; anything else to compress it. */
    __u64 compress;
    /* Out: reason code of a DENY for the tenant; the plane keeps the low 63 bits. */
    __u64 reason;
};
_Static_assert(__builtin_offsetof(struct gbpf_mem_alloc_ctx, now_ns) == 0, "now_ns");
_Static_assert(__builtin_offsetof(struct gbpf_mem_alloc_ctx, alloc_id) == 8, "alloc_id");
_Static_assert(__builtin_offsetof(struct gbpf_mem_alloc_ctx, bytes) == 16, "bytes");
_Static_assert(__builtin_offsetof(struct gbpf_mem_alloc_ctx, tag) == 24, "tag");
_Static_assert(__builtin_offsetof(struct gbpf_mem_alloc_ctx, tenant_used) == 32, "tenant_used");
_Static_assert(__builtin_offsetof(struct gbpf_mem_alloc_ctx, tenant_spilled) == 40, "tenant_spilled");
_Static_assert(__builtin_offsetof(struct gbpf_mem_alloc_ctx, free) == 48, "free");
_Static_assert(__builtin_offsetof(struct gbpf_mem_alloc_ctx, capacity) == 56, "capacity");
_Static_assert(__builtin_offsetof(struct gbpf_mem_alloc_ctx, tenant) == 64, "tenant");
_Static_assert(__builtin_offsetof(struct gbpf_mem_alloc_ctx, weight) == 68, "weight");
_Static_assert(__builtin_offsetof(struct gbpf_mem_alloc_ctx, priority) == 72, "priority");
_Static_assert(__builtin_offsetof(struct gbpf_mem_alloc_ctx, access) == 76, "access");
_Static_assert(__builtin_offsetof(struct gbpf_mem_alloc_ctx, flags) == 80, "flags");
_Static_assert(__builtin_offsetof(struct gbpf_mem_alloc_ctx, compressed_to) == 84, "compressed_to");
_Static_assert(__builtin_offsetof(struct gbpf_mem_alloc_ctx, pools) == 88, "pools");
_Static_assert(__builtin_offsetof(struct gbpf_mem_alloc_ctx, waiting) == 92, "waiting");
_Static_assert(__builtin_offsetof(struct gbpf_mem_alloc_ctx, pool) == 96, "pool");
_Static_assert(__builtin_offsetof(struct gbpf_mem_alloc_ctx, page_size) == 104, "page_size");
_Static_assert(__builtin_offsetof(struct gbpf_mem_alloc_ctx, compress) == 112, "compress");
_Static_assert(__builtin_offsetof(struct gbpf_mem_alloc_ctx, reason) == 120, "reason");
_Static_assert(sizeof(struct gbpf_mem_alloc_ctx) == 128, "gbpf_mem_alloc_ctx");
#define GBPF_CTX_on_mem_alloc struct gbpf_mem_alloc_ctx

/*
 * on_mem_fault: A pool has no room for an allocation that was allowed, or little of it is free: what is to be
 * done?
 */
struct gbpf_mem_fault_ctx {
    /* The plane's clock, ns. */
    const __u64 now_ns;
    /* With MEM_FULL, the allocation that finds no room; else 0. */
    const __u64 alloc_id;
    /* With MEM_FULL, what it takes in the pool, bytes; else 0. */
    const __u64 bytes;
    /* How many bytes more must become free in the pool, those that leave it already counted as free. */
    const __u64 missing;
    /* Bytes of the pool that are free. */
    const __u64 free;
    /* Bytes of the pool. */
    const __u64 capacity;
    /* Bytes of the pool that are on their way out. */
    const __u64 leaving;
    /* Bytes that are free in other pools. */
    const __u64 others_free;
    /* With MEM_FULL, the tenant; else 0. */
    const __u32 tenant;
    /* The tenant's configured weight, at least 1. */
    const __u32 weight;
    /* The tenant's configured priority; greater is more urgent. */
    const __u32 priority;
    /* Why: MEM_FULL or MEM_PRESSURE. */
    const __u32 reason;
    /* The pool. */
    const __u32 pool;
    /* How many pools there are; they are numbered from 0. */
    const __u32 pools;
    /* How many other requests wait for device memory. */
    const __u32 waiting;
};
_Static_assert(__builtin_offsetof(struct gbpf_mem_fault_ctx, now_ns) == 0, "now_ns");
_Static_assert(__builtin_offsetof(struct gbpf_mem_fault_ctx, alloc_id) == 8, "alloc_id");
_Static_assert(__builtin_offsetof(struct gbpf_mem_fault_ctx, bytes) == 16, "bytes");
_Static_assert(__builtin_offsetof(struct gbpf_mem_fault_ctx, missing) == 24, "missing");
_Static_assert(__builtin_offsetof(struct gbpf_mem_fault_ctx, free) == 32, "free");
_Static_assert(__builtin_offsetof(struct gbpf_mem_fault_ctx, capacity) == 40, "capacity");
_Static_assert(__builtin_offsetof(struct gbpf_mem_fault_ctx, leaving) == 48, "leaving");
_Static_assert(__builtin_offsetof(struct gbpf_mem_fault_ctx, others_free) == 56, "others_free");
_Static_assert(__builtin_offsetof(struct gbpf_mem_fault_ctx, tenant) == 64, "tenant");
_Static_assert(__builtin_offsetof(struct gbpf_mem_fault_ctx, weight) == 68, "weight");
_Static_assert(__builtin_offsetof(struct gbpf_mem_fault_ctx, priority) == 72, "priority");
_Static_assert(__builtin_offsetof(struct gbpf_mem_fault_ctx, reason) == 76, "reason");
_Static_assert(__builtin_offsetof(struct gbpf_mem_fault_ctx, pool) == 80, "pool");
_Static_assert(__builtin_offsetof(struct gbpf_mem_fault_ctx, pools) == 84, "pools");
_Static_assert(__builtin_offsetof(struct gbpf_mem_fault_ctx, waiting) == 88, "waiting");
_Static_assert(sizeof(struct gbpf_mem_fault_ctx) == 96, "gbpf_mem_fault_ctx");
#define GBPF_CTX_on_mem_fault struct gbpf_mem_fault_ctx

/*
 * on_reclaim: Room is needed in a pool: may this allocation give way? Each that may is asked about, for each
 * one that must: of each tenant the four that were not used for longest, of those that are neither pinned nor
 * in use.
 */
struct gbpf_reclaim_ctx {
    /* The plane's clock, ns. */
    const __u64 now_ns;
    /* Identity of the allocation that may give way. */
    const __u64 alloc_id;
    /* Device memory that it takes, bytes. */
    const __u64 bytes;
    /* What COMPRESS would free of it, bytes; 0 when it cannot be compressed or is already. */
    const __u64 saves;
    /* How many bytes more must become free in the pool. */
    const __u64 missing;
    /* When it was asked for, ns. */
    const __u64 created_ns;
    /* When it was used last, or granted, ns. */
    const __u64 last_use_ns;
    /* How often it was used. */
    const __u64 uses;
    /* A number of the application's own, not read by the plane. */
    const __u64 tag;
    /* Whose it is. */
    const __u32 tenant;
    /* Its tenant's configured weight, at least 1. */
    const __u32 weight;
    /* Its tenant's configured priority; greater is more urgent. */
    const __u32 priority;
    /* Who needs the memory; with MEM_PRESSURE its own tenant. */
    const __u32 for_tenant;
    /* Why: MEM_FULL or MEM_PRESSURE. */
    const __u32 reason;
    /* The pool. */
    const __u32 pool;
    /* How often it was to be used: MEM_HOT, MEM_WARM or MEM_COLD. */
    const __u32 access;
    /* MEM_RANDOM or 0. */
    const __u32 flags;
    /*
     * Out: of all that may give way the greatest rank does; of equals the one that was not used for longest.
     */
    __u64 rank;
};
_Static_assert(__builtin_offsetof(struct gbpf_reclaim_ctx, now_ns) == 0, "now_ns");
_Static_assert(__builtin_offsetof(struct gbpf_reclaim_ctx, alloc_id) == 8, "alloc_id");
_Static_assert(__builtin_offsetof(struct gbpf_reclaim_ctx, bytes) == 16, "bytes");
_Static_assert(__builtin_offsetof(struct gbpf_reclaim_ctx, saves) == 24, "saves");
_Static_assert(__builtin_offsetof(struct gbpf_reclaim_ctx, missing) == 32, "missing");
_Static_assert(__builtin_offsetof(struct gbpf_reclaim_ctx, created_ns) == 40, "created_ns");
_Static_assert(__builtin_offsetof(struct gbpf_reclaim_ctx, last_use_ns) == 48, "last_use_ns");
_Static_assert(__builtin_offsetof(struct gbpf_reclaim_ctx, uses) == 56, "uses");
_Static_assert(__builtin_offsetof(struct gbpf_reclaim_ctx, tag) == 64, "tag");
_Static_assert(__builtin_offsetof(struct gbpf_reclaim_ctx, tenant) == 72, "tenant");
_Static_assert(__builtin_offsetof(struct gbpf_reclaim_ctx, weight) == 76, "weight");
_Static_assert(__builtin_offsetof(struct gbpf_reclaim_ctx, priority) == 80, "priority");
_Static_assert(__builtin_offsetof(struct gbpf_reclaim_ctx, for_tenant) == 84, "for_tenant");
_Static_assert(__builtin_offsetof(struct gbpf_reclaim_ctx, reason) == 88, "reason");
_Static_assert(__builtin_offsetof(struct gbpf_reclaim_ctx, pool) == 92, "pool");
_Static_assert(__builtin_offsetof(struct gbpf_reclaim_ctx, access) == 96, "access");
_Static_assert(__builtin_offsetof(struct gbpf_reclaim_ctx, flags) == 100, "flags");
_Static_assert(__builtin_offsetof(struct gbpf_reclaim_ctx, rank) == 104, "rank");
_Static_assert(sizeof(struct gbpf_reclaim_ctx) == 112, "gbpf_reclaim_ctx");
#define GBPF_CTX_on_reclaim struct gbpf_reclaim_ctx

/*
 * on_copy_enqueue: A copy goes to the device, to the copy engine of its direction: does it move at once and
 * in one piece?
 */
struct gbpf_copy_ctx {
    /* The plane's clock, ns. */
    const __u64 now_ns;
    /* Identity of the job, unique over the plane's life. */
    const __u64 job_id;
    /* The stream that it belongs to; jobs of a stream go to the device in order. */
    const __u64 stream;
    /* When it was submitted, ns. */
    const __u64 submitted_ns;
    /* When it should be finished, ns; 0 when it has no deadline. */
    const __u64 deadline_ns;
    /* Estimated device time when run alone, ns; 0 when unknown. */
    const __u64 cost_ns;
    /* Copy: bytes to move. Kernel: device memory that it takes, bytes. */
    const __u64 bytes;
    /* A number of the application's own, not read by the plane. */
    const __u64 tag;
    /* The tenant, from 0. */
    const __u32 tenant;
    /* KIND_KERNEL, KIND_COPY_H2D or KIND_COPY_D2H. */
    const __u32 kind;
    /* The tenant's configured weight, at least 1. */
    const __u32 weight;
    /* The tenant's configured priority; greater is more urgent. */
    const __u32 priority;
    /* SMs that it can use; 0 for a copy. */
    const __u32 width;
    /* JOB_REOFFERED, JOB_BATCHABLE, or both. */
    const __u32 flags;
    /* Bytes that the copies of this direction that the device holds have still to move. */
    const __u64 engine_bytes;
    /* What the engine moves, bytes a second; 0 when unknown. */
    const __u64 bandwidth;
    /* Jobs that the device holds. */
    const __u64 running;
    /* Copies of this direction that the device holds, paced ones included. */
    const __u32 depth;
    /* Those of them that are of the same tenant. */
    const __u32 tenant_depth;
    /* The vSlice that it goes to. */
    const __u32 vslice;
    /* How many tenants there are; they are numbered from 0. */
    const __u32 tenants;
    /* Out: with PACE, when it may begin to move, ns; not later than now means at once. */
    __u64 not_before_ns;
    /* Out: with PACE, millions of bytes a second at most; 0 for as fast as it can. */
    __u64 rate_mbps;
    /*
     * Out: with PACE and SPLIT, bytes of a piece; 0 means 1 MiB. A piece has at least 4 KiB and 1/65536 of
     * the copy.
     */
    __u64 chunk_bytes;
};
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, now_ns) == 0, "now_ns");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, job_id) == 8, "job_id");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, stream) == 16, "stream");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, submitted_ns) == 24, "submitted_ns");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, deadline_ns) == 32, "deadline_ns");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, cost_ns) == 40, "cost_ns");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, bytes) == 48, "bytes");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, tag) == 56, "tag");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, tenant) == 64, "tenant");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, kind) == 68, "kind");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, weight) == 72, "weight");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, priority) == 76, "priority");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, width) == 80, "width");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, flags) == 84, "flags");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, engine_bytes) == 88, "engine_bytes");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, bandwidth) == 96, "bandwidth");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, running) == 104, "running");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, depth) == 112, "depth");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, tenant_depth) == 116, "tenant_depth");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, vslice) == 120, "vslice");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, tenants) == 124, "tenants");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, not_before_ns) == 128, "not_before_ns");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, rate_mbps) == 136, "rate_mbps");
_Static_assert(__builtin_offsetof(struct gbpf_copy_ctx, chunk_bytes) == 144, "chunk_bytes");
_Static_assert(sizeof(struct gbpf_copy_ctx) == 152, "gbpf_copy_ctx");
#define GBPF_CTX_on_copy_enqueue struct gbpf_copy_ctx

/*
 * on_collective_phase: A rank's part of a collective operation enters, before on_submit, or is over, after
 * on_retire. What the first rank of an operation is told when it enters holds for all its ranks; at the end
 * the verdict means nothing.
 */
struct gbpf_collective_ctx {
    /* The plane's clock, ns. */
    const __u64 now_ns;
    /* Identity of the job, unique over the plane's life. */
    const __u64 job_id;
    /* The stream that it belongs to; jobs of a stream go to the device in order. */
    const __u64 stream;
    /* When it was submitted, ns. */
    const __u64 submitted_ns;
    /* When it should be finished, ns; 0 when it has no deadline. */
    const __u64 deadline_ns;
    /* Estimated device time when run alone, ns; 0 when unknown. */
    const __u64 cost_ns;
    /* Copy: bytes to move. Kernel: device memory that it takes, bytes. */
    const __u64 bytes;
    /* A number of the application's own, not read by the plane. */
    const __u64 tag;
    /* The tenant, from 0. */
    const __u32 tenant;
    /* KIND_KERNEL, KIND_COPY_H2D or KIND_COPY_D2H. */
    const __u32 kind;
    /* The tenant's configured weight, at least 1. */
    const __u32 weight;
    /* The tenant's configured priority; greater is more urgent. */
    const __u32 priority;
    /* SMs that it can use; 0 for a copy. */
    const __u32 width;
    /* JOB_REOFFERED, JOB_BATCHABLE, or both. */
    const __u32 flags;
    /* Identity of the communicator. */
    const __u64 communicator;
    /* Number of the operation within its communicator, from 0. */
    const __u64 operation;
    /* Bytes that each rank has to send. */
    const __u64 message_bytes;
    /* How long ago the first of its ranks entered, ns. */
    const __u64 waited_ns;
    /* Jobs that wait in queues. */
    const __u64 queued;
    /* Jobs that the device holds. */
    const __u64 running;
    /* COLLECTIVE_BEGIN or COLLECTIVE_END. */
    const __u32 phase;
    /* Whose part it is. */
    const __u32 rank;
    /* How many ranks the communicator has. */
    const __u32 nranks;
    /* Ranks whose part has entered, this one counted. */
    const __u32 entered;
    /* Ranks whose part is over; at the end this one is counted. */
    const __u32 over;
    /* At the end STATUS_OK or STATUS_FAILED. */
    const __u32 status;
    /* Jobs that all vSlices together have room for now. */
    const __u32 slots;
    /* How many vSlices there are; they are numbered from 0. */
    const __u32 vslices;
    /*
     * Out: with GANG and GANG_BOOST, how long the ranks wait for each other; then those that are there go to
     * on_submit. 0 means 100 ms, and it is 1 s at most.
     */
    __u64 gang_wait_ns;
};
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, now_ns) == 0, "now_ns");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, job_id) == 8, "job_id");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, stream) == 16, "stream");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, submitted_ns) == 24, "submitted_ns");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, deadline_ns) == 32, "deadline_ns");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, cost_ns) == 40, "cost_ns");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, bytes) == 48, "bytes");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, tag) == 56, "tag");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, tenant) == 64, "tenant");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, kind) == 68, "kind");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, weight) == 72, "weight");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, priority) == 76, "priority");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, width) == 80, "width");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, flags) == 84, "flags");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, communicator) == 88, "communicator");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, operation) == 96, "operation");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, message_bytes) == 104, "message_bytes");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, waited_ns) == 112, "waited_ns");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, queued) == 120, "queued");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, running) == 128, "running");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, phase) == 136, "phase");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, rank) == 140, "rank");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, nranks) == 144, "nranks");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, entered) == 148, "entered");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, over) == 152, "over");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, status) == 156, "status");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, slots) == 160, "slots");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, vslices) == 164, "vslices");
_Static_assert(__builtin_offsetof(struct gbpf_collective_ctx, gang_wait_ns) == 168, "gang_wait_ns");
_Static_assert(sizeof(struct gbpf_collective_ctx) == 176, "gbpf_collective_ctx");
#define GBPF_CTX_on_collective_phase struct gbpf_collective_ctx

/*
 * sm_tick: Each tick of the control kernel, for each tenant of each vSlice: how much worker time is it given?
 */
struct gbpf_sm_tick_ctx {
    /* The device's clock, ns. */
    const __u64 now_ns;
    /* Number of the tick, from 0. */
    const __u64 tick;
    /* Time since the tick before, ns. */
    const __u64 period_ns;
    /* The tenant, from 0. */
    const __u32 tenant;
    /* The vSlice. */
    const __u32 vslice;
    /* The tenant's configured weight, at least 1. */
    const __u32 weight;
    /* The tenant's configured priority; greater is more urgent. */
    const __u32 priority;
    /* Worker time that the tenant may still use, ns. */
    const __u64 tokens_ns;
    /* Worker time that it used since the tick before, ns. */
    const __u64 used_ns;
    /* Worker time that the host allows it for this tick, ns. */
    const __u64 quota_ns;
    /* Its tasks that wait in rings. */
    const __u64 queued_tasks;
    /* Its tasks that workers run. */
    const __u32 running_tasks;
    /* Worker blocks of the vSlice. */
    const __u32 workers;
    /* Out: worker time added to its tokens, ns; 0 means quota_ns, and more counts as that. */
    __u64 refill_ns;
    /* Out: its weight until the next tick, at most 1,000,000; 0 means the configured weight. */
    __u64 share;
};
_Static_assert(__builtin_offsetof(struct gbpf_sm_tick_ctx, now_ns) == 0, "now_ns");
_Static_assert(__builtin_offsetof(struct gbpf_sm_tick_ctx, tick) == 8, "tick");
_Static_assert(__builtin_offsetof(struct gbpf_sm_tick_ctx, period_ns) == 16, "period_ns");
_Static_assert(__builtin_offsetof(struct gbpf_sm_tick_ctx, tenant) == 24, "tenant");
_Static_assert(__builtin_offsetof(struct gbpf_sm_tick_ctx, vslice) == 28, "vslice");
_Static_assert(__builtin_offsetof(struct gbpf_sm_tick_ctx, weight) == 32, "weight");
_Static_assert(__builtin_offsetof(struct gbpf_sm_tick_ctx, priority) == 36, "priority");
_Static_assert(__builtin_offsetof(struct gbpf_sm_tick_ctx, tokens_ns) == 40, "tokens_ns");
_Static_assert(__builtin_offsetof(struct gbpf_sm_tick_ctx, used_ns) == 48, "used_ns");
_Static_assert(__builtin_offsetof(struct gbpf_sm_tick_ctx, quota_ns) == 56, "quota_ns");
_Static_assert(__builtin_offsetof(struct gbpf_sm_tick_ctx, queued_tasks) == 64, "queued_tasks");
_Static_assert(__builtin_offsetof(struct gbpf_sm_tick_ctx, running_tasks) == 72, "running_tasks");
_Static_assert(__builtin_offsetof(struct gbpf_sm_tick_ctx, workers) == 76, "workers");
_Static_assert(__builtin_offsetof(struct gbpf_sm_tick_ctx, refill_ns) == 80, "refill_ns");
_Static_assert(__builtin_offsetof(struct gbpf_sm_tick_ctx, share) == 88, "share");
_Static_assert(sizeof(struct gbpf_sm_tick_ctx) == 96, "gbpf_sm_tick_ctx");
#define GBPF_CTX_sm_tick struct gbpf_sm_tick_ctx

/*
 * cta_admit: A worker block is free, and a task heads the ring of the tenant that the plane would serve: may
 * it start?
 */
struct gbpf_cta_admit_ctx {
    /* The device's clock, ns. */
    const __u64 now_ns;
    /* The tenant, from 0. */
    const __u32 tenant;
    /* The vSlice. */
    const __u32 vslice;
    /* The tenant's configured weight, at least 1. */
    const __u32 weight;
    /* The tenant's configured priority; greater is more urgent. */
    const __u32 priority;
    /* Identity of the task, unique over the control kernel's life. */
    const __u64 task_id;
    /* When it entered its ring, ns. */
    const __u64 submitted_ns;
    /* Estimated worker time, ns; 0 when unknown. */
    const __u64 cost_ns;
    /* Worker time that the tenant may still use, ns. */
    const __u64 tokens_ns;
    /* Tasks of the tenant that wait in rings, this one counted. */
    const __u64 queued_tasks;
    /* A number of the application's own, not read by the plane. */
    const __u64 tag;
    /* Number of the task's function in the function table. */
    const __u32 function;
    /* Tasks of the tenant that workers run. */
    const __u32 running_tasks;
    /* Worker blocks of the vSlice that are free, this one counted. */
    const __u32 free_workers;
    /* How many tenants were passed over for this worker already. */
    const __u32 skipped;
    /*
     * Out: with SKIP, 1 + the tenant to ask about next; 0, and a tenant that waits for nothing, mean the
     * plane's own order.
     */
    __u64 next;
};
_Static_assert(__builtin_offsetof(struct gbpf_cta_admit_ctx, now_ns) == 0, "now_ns");
_Static_assert(__builtin_offsetof(struct gbpf_cta_admit_ctx, tenant) == 8, "tenant");
_Static_assert(__builtin_offsetof(struct gbpf_cta_admit_ctx, vslice) == 12, "vslice");
_Static_assert(__builtin_offsetof(struct gbpf_cta_admit_ctx, weight) == 16, "weight");
_Static_assert(__builtin_offsetof(struct gbpf_cta_admit_ctx, priority) == 20, "priority");
_Static_assert(__builtin_offsetof(struct gbpf_cta_admit_ctx, task_id) == 24, "task_id");
_Static_assert(__builtin_offsetof(struct gbpf_cta_admit_ctx, submitted_ns) == 32, "submitted_ns");
_Static_assert(__builtin_offsetof(struct gbpf_cta_admit_ctx, cost_ns) == 40, "cost_ns");
_Static_assert(__builtin_offsetof(struct gbpf_cta_admit_ctx, tokens_ns) == 48, "tokens_ns");
_Static_assert(__builtin_offsetof(struct gbpf_cta_admit_ctx, queued_tasks) == 56, "queued_tasks");
_Static_assert(__builtin_offsetof(struct gbpf_cta_admit_ctx, tag) == 64, "tag");
_Static_assert(__builtin_offsetof(struct gbpf_cta_admit_ctx, function) == 72, "function");
_Static_assert(__builtin_offsetof(struct gbpf_cta_admit_ctx, running_tasks) == 76, "running_tasks");
_Static_assert(__builtin_offsetof(struct gbpf_cta_admit_ctx, free_workers) == 80, "free_workers");
_Static_assert(__builtin_offsetof(struct gbpf_cta_admit_ctx, skipped) == 84, "skipped");
_Static_assert(__builtin_offsetof(struct gbpf_cta_admit_ctx, next) == 88, "next");
_Static_assert(sizeof(struct gbpf_cta_admit_ctx) == 96, "gbpf_cta_admit_ctx");
#define GBPF_CTX_cta_admit struct gbpf_cta_admit_ctx

/*
 * warp_throttle_tick: Each tick of the control kernel, for each tenant with running warps: how long do they
 * pause?
 */
struct gbpf_warp_throttle_ctx {
    /* The device's clock, ns. */
    const __u64 now_ns;
    /* Number of the tick, from 0. */
    const __u64 tick;
    /* Time since the tick before, ns. */
    const __u64 period_ns;
    /* The tenant, from 0. */
    const __u32 tenant;
    /* The vSlice. */
    const __u32 vslice;
    /* The tenant's configured weight, at least 1. */
    const __u32 weight;
    /* The tenant's configured priority; greater is more urgent. */
    const __u32 priority;
    /* Worker time that the tenant used since the tick before, ns. */
    const __u64 used_ns;
    /* How long its warps paused since the tick before, ns, all together. */
    const __u64 paused_ns;
    /* Its warps that workers run. */
    const __u32 running_warps;
    /* Tasks of tenants with a greater priority that wait for a worker. */
    const __u32 urgent_tasks;
};
_Static_assert(__builtin_offsetof(struct gbpf_warp_throttle_ctx, now_ns) == 0, "now_ns");
_Static_assert(__builtin_offsetof(struct gbpf_warp_throttle_ctx, tick) == 8, "tick");
_Static_assert(__builtin_offsetof(struct gbpf_warp_throttle_ctx, period_ns) == 16, "period_ns");
_Static_assert(__builtin_offsetof(struct gbpf_warp_throttle_ctx, tenant) == 24, "tenant");
_Static_assert(__builtin_offsetof(struct gbpf_warp_throttle_ctx, vslice) == 28, "vslice");
_Static_assert(__builtin_offsetof(struct gbpf_warp_throttle_ctx, weight) == 32, "weight");
_Static_assert(__builtin_offsetof(struct gbpf_warp_throttle_ctx, priority) == 36, "priority");
_Static_assert(__builtin_offsetof(struct gbpf_warp_throttle_ctx, used_ns) == 40, "used_ns");
_Static_assert(__builtin_offsetof(struct gbpf_warp_throttle_ctx, paused_ns) == 48, "paused_ns");
_Static_assert(__builtin_offsetof(struct gbpf_warp_throttle_ctx, running_warps) == 56, "running_warps");
_Static_assert(__builtin_offsetof(struct gbpf_warp_throttle_ctx, urgent_tasks) == 60, "urgent_tasks");
_Static_assert(sizeof(struct gbpf_warp_throttle_ctx) == 64, "gbpf_warp_throttle_ctx");
#define GBPF_CTX_warp_throttle_tick struct gbpf_warp_throttle_ctx

/*
 * dma_tick: Each tick of the control kernel, for each tenant and direction with copies that the device
 * started: how much may start before the next?
 */
struct gbpf_dma_tick_ctx {
    /* The device's clock, ns. */
    const __u64 now_ns;
    /* Number of the tick, from 0. */
    const __u64 tick;
    /* Time since the tick before, ns. */
    const __u64 period_ns;
    /* The tenant, from 0. */
    const __u32 tenant;
    /* The vSlice. */
    const __u32 vslice;
    /* The tenant's configured weight, at least 1. */
    const __u32 weight;
    /* The tenant's configured priority; greater is more urgent. */
    const __u32 priority;
    /* What the tenant's copies moved since the tick before, bytes. */
    const __u64 moved_bytes;
    /* What its copies that may not begin or go on yet would move, bytes. */
    const __u64 waiting_bytes;
    /* What the host allows it to start before the next tick, bytes. */
    const __u64 quota_bytes;
    /*
     * KIND_COPY_D2H for copies to host memory, KIND_COPY_H2D for all others: each is asked about by itself.
     */
    const __u32 kind;
    /* Its copies in this direction that are under way. */
    const __u32 active_copies;
    /* Out: what may start before the next tick, bytes; 0 means quota_bytes, and more counts as that. */
    __u64 budget_bytes;
};
_Static_assert(__builtin_offsetof(struct gbpf_dma_tick_ctx, now_ns) == 0, "now_ns");
_Static_assert(__builtin_offsetof(struct gbpf_dma_tick_ctx, tick) == 8, "tick");
_Static_assert(__builtin_offsetof(struct gbpf_dma_tick_ctx, period_ns) == 16, "period_ns");
_Static_assert(__builtin_offsetof(struct gbpf_dma_tick_ctx, tenant) == 24, "tenant");
_Static_assert(__builtin_offsetof(struct gbpf_dma_tick_ctx, vslice) == 28, "vslice");
_Static_assert(__builtin_offsetof(struct gbpf_dma_tick_ctx, weight) == 32, "weight");
_Static_assert(__builtin_offsetof(struct gbpf_dma_tick_ctx, priority) == 36, "priority");
_Static_assert(__builtin_offsetof(struct gbpf_dma_tick_ctx, moved_bytes) == 40, "moved_bytes");
_Static_assert(__builtin_offsetof(struct gbpf_dma_tick_ctx, waiting_bytes) == 48, "waiting_bytes");
_Static_assert(__builtin_offsetof(struct gbpf_dma_tick_ctx, quota_bytes) == 56, "quota_bytes");
_Static_assert(__builtin_offsetof(struct gbpf_dma_tick_ctx, kind) == 64, "kind");
_Static_assert(__builtin_offsetof(struct gbpf_dma_tick_ctx, active_copies) == 68, "active_copies");
_Static_assert(__builtin_offsetof(struct gbpf_dma_tick_ctx, budget_bytes) == 72, "budget_bytes");
_Static_assert(sizeof(struct gbpf_dma_tick_ctx) == 80, "gbpf_dma_tick_ctx");
#define GBPF_CTX_dma_tick struct gbpf_dma_tick_ctx

/*
 * mem_event: The device's allocator needs memory: a size class is empty, a request is too large for the
 * classes, or an arena runs low.
 */
struct gbpf_mem_event_ctx {
    /* The device's clock, ns. */
    const __u64 now_ns;
    /* The tenant, from 0. */
    const __u32 tenant;
    /* The vSlice. */
    const __u32 vslice;
    /* The tenant's configured weight, at least 1. */
    const __u32 weight;
    /* The tenant's configured priority; greater is more urgent. */
    const __u32 priority;
    /* Size of the request that led here, bytes; 0 with MEM_LOW. */
    const __u64 bytes;
    /* What the tenant holds, bytes. */
    const __u64 used_bytes;
    /* What the host allows it to hold, bytes. */
    const __u64 quota_bytes;
    /* What is free in the arena, bytes. */
    const __u64 free_bytes;
    /* MEM_EMPTY, MEM_LARGE or MEM_LOW. */
    const __u32 event;
    /* With MEM_EMPTY, the class: blocks of 16 << size_class bytes. Otherwise 0. */
    const __u32 size_class;
    /* The arena that the request would be served from. */
    const __u32 arena;
    /* How many arenas there are; they are numbered from 0. */
    const __u32 arenas;
    /*
     * Out: with MEM_EMPTY, how many blocks the class gets; 0 means the allocator's own number, and more than
     * quota and arena allow counts as what they do.
     */
    __u64 blocks;
    /* Out: 1 + the arena to take from; 0, and an arena that is not there, mean arena. */
    __u64 from;
};
_Static_assert(__builtin_offsetof(struct gbpf_mem_event_ctx, now_ns) == 0, "now_ns");
_Static_assert(__builtin_offsetof(struct gbpf_mem_event_ctx, tenant) == 8, "tenant");
_Static_assert(__builtin_offsetof(struct gbpf_mem_event_ctx, vslice) == 12, "vslice");
_Static_assert(__builtin_offsetof(struct gbpf_mem_event_ctx, weight) == 16, "weight");
_Static_assert(__builtin_offsetof(struct gbpf_mem_event_ctx, priority) == 20, "priority");
_Static_assert(__builtin_offsetof(struct gbpf_mem_event_ctx, bytes) == 24, "bytes");
_Static_assert(__builtin_offsetof(struct gbpf_mem_event_ctx, used_bytes) == 32, "used_bytes");
_Static_assert(__builtin_offsetof(struct gbpf_mem_event_ctx, quota_bytes) == 40, "quota_bytes");
_Static_assert(__builtin_offsetof(struct gbpf_mem_event_ctx, free_bytes) == 48, "free_bytes");
_Static_assert(__builtin_offsetof(struct gbpf_mem_event_ctx, event) == 56, "event");
_Static_assert(__builtin_offsetof(struct gbpf_mem_event_ctx, size_class) == 60, "size_class");
_Static_assert(__builtin_offsetof(struct gbpf_mem_event_ctx, arena) == 64, "arena");
_Static_assert(__builtin_offsetof(struct gbpf_mem_event_ctx, arenas) == 68, "arenas");
_Static_assert(__builtin_offsetof(struct gbpf_mem_event_ctx, blocks) == 72, "blocks");
_Static_assert(__builtin_offsetof(struct gbpf_mem_event_ctx, from) == 80, "from");
_Static_assert(sizeof(struct gbpf_mem_event_ctx) == 88, "gbpf_mem_event_ctx");
#define GBPF_CTX_mem_event struct gbpf_mem_event_ctx

/* therm_tick: Each tick of the control kernel, for each vSlice: how many of its workers may run? */
struct gbpf_therm_tick_ctx {
    /* The device's clock, ns. */
    const __u64 now_ns;
    /* Number of the tick, from 0. */
    const __u64 tick;
    /* Time since the tick before, ns. */
    const __u64 period_ns;
    /* Power that the device draws, mW; 0 when unknown. */
    const __u64 power_mw;
    /* Power limit of the device, mW; 0 when unknown. */
    const __u64 power_limit_mw;
    /* Temperature of the device, degrees Celsius; 0 when unknown. */
    const __u32 temperature_c;
    /* Clock of the SMs, MHz; 0 when unknown. */
    const __u32 clock_mhz;
    /* Greatest clock of the SMs, MHz; 0 when unknown. */
    const __u32 max_clock_mhz;
    /* Worker blocks of the vSlice. */
    const __u32 workers;
    /* Worker blocks of the vSlice that run a task. */
    const __u32 busy_workers;
    /* The vSlice. */
    const __u32 vslice;
};
_Static_assert(__builtin_offsetof(struct gbpf_therm_tick_ctx, now_ns) == 0, "now_ns");
_Static_assert(__builtin_offsetof(struct gbpf_therm_tick_ctx, tick) == 8, "tick");
_Static_assert(__builtin_offsetof(struct gbpf_therm_tick_ctx, period_ns) == 16, "period_ns");
_Static_assert(__builtin_offsetof(struct gbpf_therm_tick_ctx, power_mw) == 24, "power_mw");
_Static_assert(__builtin_offsetof(struct gbpf_therm_tick_ctx, power_limit_mw) == 32, "power_limit_mw");
_Static_assert(__builtin_offsetof(struct gbpf_therm_tick_ctx, temperature_c) == 40, "temperature_c");
_Static_assert(__builtin_offsetof(struct gbpf_therm_tick_ctx, clock_mhz) == 44, "clock_mhz");
_Static_assert(__builtin_offsetof(struct gbpf_therm_tick_ctx, max_clock_mhz) == 48, "max_clock_mhz");
_Static_assert(__builtin_offsetof(struct gbpf_therm_tick_ctx, workers) == 52, "workers");
_Static_assert(__builtin_offsetof(struct gbpf_therm_tick_ctx, busy_workers) == 56, "busy_workers");
_Static_assert(__builtin_offsetof(struct gbpf_therm_tick_ctx, vslice) == 60, "vslice");
_Static_assert(sizeof(struct gbpf_therm_tick_ctx) == 64, "gbpf_therm_tick_ctx");
#define GBPF_CTX_therm_tick struct gbpf_therm_tick_ctx


/* ---- Well-known maps: what is const in a value is the plane's to write ---- */

/*
 * MEMPOOL, of type BPF_MAP_TYPE_ARRAY with 64 entries: Device memory of each tenant, by its number. The plane
 * writes the limits that are configured when both are 0, and keeps the other fields up to date. Limits may be
 * changed at any time; it is the policy that keeps them.
 */
struct gbpf_mempool {
    /* Bytes that the tenant may count on; 0 for all that is free. */
    __u64 soft;
    /* Bytes that it must not exceed; 0 for no limit. */
    __u64 hard;
    /* Device memory that its allocations take, bytes. */
    const __u64 used;
    /* Bytes of it that are free when moves that have begun are over. */
    const __u64 leaving;
    /* Bytes of its allocations that are in host memory. */
    const __u64 spilled;
    /* Bytes that its requests that wait ask for. */
    const __u64 waiting;
    /* How many allocations take device memory. */
    const __u32 allocations;
    /* How many of its requests wait. */
    const __u32 waits;
};
_Static_assert(__builtin_offsetof(struct gbpf_mempool, soft) == 0, "soft");
_Static_assert(__builtin_offsetof(struct gbpf_mempool, hard) == 8, "hard");
_Static_assert(__builtin_offsetof(struct gbpf_mempool, used) == 16, "used");
_Static_assert(__builtin_offsetof(struct gbpf_mempool, leaving) == 24, "leaving");
_Static_assert(__builtin_offsetof(struct gbpf_mempool, spilled) == 32, "spilled");
_Static_assert(__builtin_offsetof(struct gbpf_mempool, waiting) == 40, "waiting");
_Static_assert(__builtin_offsetof(struct gbpf_mempool, allocations) == 48, "allocations");
_Static_assert(__builtin_offsetof(struct gbpf_mempool, waits) == 52, "waits");
_Static_assert(sizeof(struct gbpf_mempool) == 56, "gbpf_mempool");

/*
 * IO_BUDGETS, of type BPF_MAP_TYPE_ARRAY with 64 entries: What each tenant may copy, by its number. The plane
 * writes what is configured when both are 0. They may be changed at any time; it is the policy that keeps
 * them.
 */
struct gbpf_io_budget {
    /* Bytes a second of both directions together; 0 for no limit. */
    __u64 bytes_per_second;
    /* Bytes that may go at once after a pause; 0 for as few as the policy can do with. */
    __u64 burst_bytes;
};
_Static_assert(__builtin_offsetof(struct gbpf_io_budget, bytes_per_second) == 0, "bytes_per_second");
_Static_assert(__builtin_offsetof(struct gbpf_io_budget, burst_bytes) == 8, "burst_bytes");
_Static_assert(sizeof(struct gbpf_io_budget) == 16, "gbpf_io_budget");

/*
 * OBS_CTRL, of type BPF_MAP_TYPE_ARRAY with 1 entries: What the plane takes down of the decisions of the
 * policy that has it; element 0 is all there is. The plane looks when the policy begins and at each tick.
 * Without the map nothing is traced.
 */
struct gbpf_obs_ctrl {
    /* One decision of so many goes into the decision trace; 0 for none. */
    __u64 trace_one_of;
    /* Decisions that went into it since the plane began, as of the last tick. */
    const __u64 traced;
};
_Static_assert(__builtin_offsetof(struct gbpf_obs_ctrl, trace_one_of) == 0, "trace_one_of");
_Static_assert(__builtin_offsetof(struct gbpf_obs_ctrl, traced) == 8, "traced");
_Static_assert(sizeof(struct gbpf_obs_ctrl) == 16, "gbpf_obs_ctrl");


/* ---- Helpers ---- */

/* Address of the value of a key, or null when the map has no such key. All hooks. */
__attribute__((unused)) static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;

/*
 * Sets the value of a key. flags: 0 any, 1 only a new key (else -EEXIST), 2 only a present key (else
 * -ENOENT). -E2BIG when a hash is full or an array index is out of range, -EINVAL for other flags. On a
 * device -EAGAIN when others change the same bucket of a hash all the time. All hooks.
 */
__attribute__((unused)) static __s64 (*const bpf_map_update_elem)(void *map, const void *key, const void *value, __u64 flags) = (void *)2;

/*
 * Removes a key. -ENOENT when absent, -EINVAL on an array. On a device -EAGAIN when others change the same
 * bucket all the time. All hooks.
 */
__attribute__((unused)) static __s64 (*const bpf_map_delete_elem)(void *map, const void *key) = (void *)3;

/*
 * The plane's monotonic clock in ns; virtual time on the simulated device, the device's own clock in device
 * hooks. All hooks.
 */
__attribute__((unused)) static __u64 (*const bpf_ktime_get_ns)(void) = (void *)5;

/*
 * Writes a line to the policy's trace, for debugging. The format is ASCII text that ends with a zero byte,
 * the last of fmt_size; at most three conversions take a, b and c in turn: %d %i %u %x %c of 32 bits, with l
 * or ll of 64, %p as %#llx, and %%. Arguments that no conversion takes may be 0. Lines are cut to 256 bytes,
 * and the newest 256 lines are kept. Gives the length of the line, or -EINVAL for another format. Hooks:
 * init, exit, on_submit, on_admit, on_dispatch, on_retire, on_tick, migrate, on_preempt, on_thermal,
 * on_mem_alloc, on_mem_fault, on_reclaim, on_copy_enqueue, on_collective_phase.
 */
__attribute__((unused)) static __s64 (*const bpf_trace_printk)(const void *fmt, __u64 fmt_size, __u64 a, __u64 b, __u64 c) = (void *)6;

/* A pseudo-random number, 32 bits; a seeded sequence on the simulated device. All hooks. */
__attribute__((unused)) static __u64 (*const bpf_get_prandom_u32)(void) = (void *)7;

/* The number of the decision thread that asks, from 0; in device hooks, of the SM. All hooks. */
__attribute__((unused)) static __u64 (*const bpf_get_smp_processor_id)(void) = (void *)8;

/*
 * Adds a value to a queue or stack. flags: 0, or 2 to drop the oldest value when it is full (else -E2BIG);
 * -EINVAL for other flags. Hooks: init, exit, on_submit, on_admit, on_dispatch, on_retire, on_tick, migrate,
 * on_preempt, on_thermal, on_mem_alloc, on_mem_fault, on_reclaim, on_copy_enqueue, on_collective_phase.
 */
__attribute__((unused)) static __s64 (*const bpf_map_push_elem)(void *map, const void *value, __u64 flags) = (void *)87;

/*
 * Takes a value from a queue (the oldest) or stack (the newest). -ENOENT when there is none; then value is
 * all zeros. Hooks: init, exit, on_submit, on_admit, on_dispatch, on_retire, on_tick, migrate, on_preempt,
 * on_thermal, on_mem_alloc, on_mem_fault, on_reclaim, on_copy_enqueue, on_collective_phase.
 */
__attribute__((unused)) static __s64 (*const bpf_map_pop_elem)(void *map, void *value) = (void *)88;

/*
 * Copies the value that map_pop_elem would take, and leaves it. -ENOENT when there is none; then value is all
 * zeros. Hooks: init, exit, on_submit, on_admit, on_dispatch, on_retire, on_tick, migrate, on_preempt,
 * on_thermal, on_mem_alloc, on_mem_fault, on_reclaim, on_copy_enqueue, on_collective_phase.
 */
__attribute__((unused)) static __s64 (*const bpf_map_peek_elem)(void *map, void *value) = (void *)89;

/*
 * Copies a record into a ring buffer. -EAGAIN when there is no room, which the ring counts, -E2BIG when the
 * record is larger than the ring, -EINVAL for flags above 3; Linux's flags 1 and 2 are about waking the
 * reader, and change nothing here. Hooks: init, exit, on_submit, on_admit, on_dispatch, on_retire, on_tick,
 * migrate, on_preempt, on_thermal, on_mem_alloc, on_mem_fault, on_reclaim, on_copy_enqueue,
 * on_collective_phase.
 */
__attribute__((unused)) static __s64 (*const bpf_ringbuf_output)(void *ringbuf, const void *data, __u64 size, __u64 flags) = (void *)130;

/*
 * Reserves a record of a ring buffer, all zeros, for the program to fill. Null when there is no room, which
 * the ring counts, when the record is larger than the ring, and for flags other than 0. The reader waits at
 * the record until ringbuf_submit or ringbuf_discard. Hooks: init, exit, on_submit, on_admit, on_dispatch,
 * on_retire, on_tick, migrate, on_preempt, on_thermal, on_mem_alloc, on_mem_fault, on_reclaim,
 * on_copy_enqueue, on_collective_phase.
 */
__attribute__((unused)) static void *(*const bpf_ringbuf_reserve)(void *ringbuf, __u64 size, __u64 flags) = (void *)131;

/*
 * Hands a reserved record to the reader. The pointer and its copies are gone afterwards. The flags change
 * nothing. Hooks: init, exit, on_submit, on_admit, on_dispatch, on_retire, on_tick, migrate, on_preempt,
 * on_thermal, on_mem_alloc, on_mem_fault, on_reclaim, on_copy_enqueue, on_collective_phase.
 */
__attribute__((unused)) static __u64 (*const bpf_ringbuf_submit)(void *record, __u64 flags) = (void *)132;

/*
 * Gives a reserved record up: the reader passes over it. The pointer and its copies are gone afterwards. The
 * flags change nothing. Hooks: init, exit, on_submit, on_admit, on_dispatch, on_retire, on_tick, migrate,
 * on_preempt, on_thermal, on_mem_alloc, on_mem_fault, on_reclaim, on_copy_enqueue, on_collective_phase.
 */
__attribute__((unused)) static __u64 (*const bpf_ringbuf_discard)(void *record, __u64 flags) = (void *)133;

/*
 * A number about a ring buffer: bytes that are not read yet (flags 0), its size in bytes (1), how many bytes
 * were read (2) and reserved (3) since it was made, and how many records were lost for lack of room
 * (0x10000); 0 for other flags. Hooks: init, exit, on_submit, on_admit, on_dispatch, on_retire, on_tick,
 * migrate, on_preempt, on_thermal, on_mem_alloc, on_mem_fault, on_reclaim, on_copy_enqueue,
 * on_collective_phase.
 */
__attribute__((unused)) static __u64 (*const bpf_ringbuf_query)(void *ringbuf, __u64 flags) = (void *)134;

/*
 * Creates a dispatch queue with an id of 1 to 2^31-1; order is DSQ_FIFO or DSQ_VTIME. Creating one again with
 * the same order is fine and keeps its jobs; -EEXIST with another order, -EINVAL for a bad id or order,
 * -ENOSPC when there are 4,096. Hooks: init, on_tick.
 */
__attribute__((unused)) static __s64 (*const gbpf_dsq_create)(__u64 dsq, __u64 order) = (void *)0x10000;

/*
 * Chooses the FIFO dispatch queue that the job joins, at the tail. The last choice of a run counts. -ENOENT
 * when there is no such queue, -EINVAL when it is ordered by vtime. Hooks: on_submit.
 */
__attribute__((unused)) static __s64 (*const gbpf_dsq_insert)(__u64 dsq) = (void *)0x10001;

/*
 * Chooses the vtime-ordered dispatch queue that the job joins; least vtime (unsigned) first, equal ones in
 * order of insertion. -ENOENT when there is no such queue, -EINVAL when it is FIFO. Hooks: on_submit.
 */
__attribute__((unused)) static __s64 (*const gbpf_dsq_insert_vtime)(__u64 dsq, __u64 vtime) = (void *)0x10002;

/*
 * How many jobs wait in a dispatch queue; -ENOENT when there is none of this id. Hooks: init, on_submit,
 * on_admit, on_dispatch, on_retire, on_tick, on_preempt, on_thermal, on_mem_alloc, on_mem_fault, on_reclaim,
 * on_copy_enqueue, on_collective_phase.
 */
__attribute__((unused)) static __s64 (*const gbpf_dsq_len)(__u64 dsq) = (void *)0x10003;

/*
 * A field (JOB_...) of the job at the head of a dispatch queue; NONE (all ones) when the queue is empty,
 * missing or held by a deferral, or there is no such field. Hooks: init, on_submit, on_admit, on_dispatch,
 * on_retire, on_tick, on_preempt, on_thermal, on_mem_alloc, on_mem_fault, on_reclaim, on_copy_enqueue,
 * on_collective_phase.
 */
__attribute__((unused)) static __u64 (*const gbpf_dsq_peek)(__u64 dsq, __u64 field) = (void *)0x10004;

/*
 * Moves the head job of one dispatch queue to another (vtime is ignored by a FIFO queue). 1 when a job moved,
 * 0 when there was none, -ENOENT when a queue is missing, -EINVAL when both are the same. Hooks: on_dispatch,
 * on_tick.
 */
__attribute__((unused)) static __s64 (*const gbpf_dsq_move)(__u64 from, __u64 to, __u64 vtime) = (void *)0x10005;

/*
 * Asks on_dispatch again for a vSlice that has room, once this run is over; -EINVAL when there is no such
 * vSlice. Hooks: on_submit, on_retire, on_tick, on_preempt, on_thermal, on_collective_phase.
 */
__attribute__((unused)) static __s64 (*const gbpf_kick)(__u64 vslice) = (void *)0x10006;

/*
 * How many jobs of a tenant the device holds; -EINVAL when there is no such tenant. Hooks: on_submit,
 * on_admit, on_dispatch, on_retire, on_tick, on_preempt, on_thermal, on_mem_alloc, on_mem_fault, on_reclaim,
 * on_copy_enqueue, on_collective_phase.
 */
__attribute__((unused)) static __s64 (*const gbpf_tenant_inflight)(__u64 tenant) = (void *)0x10007;

/* Writes a tagged number to the policy's log; the newest 1,024 are kept, and all are counted. All hooks. */
__attribute__((unused)) static __u64 (*const gbpf_log)(__u64 tag, __u64 value) = (void *)0x10008;

/*
 * The first slot, from the given one on, that holds an entry; -ENOENT when there is none. Slots are numbered
 * from 0 to the map's capacity - 1, and in an array they are the indexes. An entry keeps its slot until it is
 * removed; a new one takes any free slot. All hooks.
 */
__attribute__((unused)) static __s64 (*const gbpf_map_next_slot)(void *map, __u64 slot) = (void *)0x10020;

/*
 * The key of the entry in a slot, as a little-endian number; 0 when the slot holds none or keys have more
 * than 8 bytes. All hooks.
 */
__attribute__((unused)) static __u64 (*const gbpf_map_slot_key)(void *map, __u64 slot) = (void *)0x10021;

/* Address of the value of the entry in a slot, or null when the slot holds none. All hooks. */
__attribute__((unused)) static void *(*const gbpf_map_slot_value)(void *map, __u64 slot) = (void *)0x10022;

/*
 * Sets how long the GPU runs a tenant's processes before it turns to another process, 1 to 100,000,000 us; 0
 * leaves it to the driver. It holds for those that run and those to come, until it is set again or the policy
 * leaves. -EINVAL for other numbers and when there can be no such tenant, -EOPNOTSUPP on a device that does
 * not run unmodified applications. Hooks: init, on_submit, on_admit, on_dispatch, on_retire, on_tick,
 * on_preempt, on_thermal, on_mem_alloc, on_mem_fault, on_reclaim, on_copy_enqueue, on_collective_phase.
 */
__attribute__((unused)) static __s64 (*const gbpf_timeslice_set)(__u64 tenant, __u64 us) = (void *)0x10030;

/*
 * Sets how much estimated device time each stream of a tenant may have in flight when it launches more, ns; 0
 * lets nothing more pass, OPEN everything. It holds for those that run and those to come, until it is set
 * again or the policy leaves. -EINVAL for other numbers and when there can be no such tenant, -EOPNOTSUPP on
 * a device that does not run unmodified applications. Hooks: init, on_submit, on_admit, on_dispatch,
 * on_retire, on_tick, on_preempt, on_thermal, on_mem_alloc, on_mem_fault, on_reclaim, on_copy_enqueue,
 * on_collective_phase.
 */
__attribute__((unused)) static __s64 (*const gbpf_gate_set)(__u64 tenant, __u64 credit_ns) = (void *)0x10031;

/*
 * Sets how much memory of a device each process of a tenant may have, bytes; 0 for no limit. What it has
 * already, it keeps. It holds for those that run and those to come, until it is set again or the policy
 * leaves. -EINVAL for other numbers and when there can be no such tenant, -EOPNOTSUPP on a device that does
 * not run unmodified applications. Hooks: init, on_submit, on_admit, on_dispatch, on_retire, on_tick,
 * on_preempt, on_thermal, on_mem_alloc, on_mem_fault, on_reclaim, on_copy_enqueue, on_collective_phase.
 */
__attribute__((unused)) static __s64 (*const gbpf_quota_set)(__u64 tenant, __u64 bytes) = (void *)0x10032;

/*
 * Sets how much each process of a tenant may copy between host and device, bytes a second; 0 for no limit. It
 * holds for those that run and those to come, until it is set again or the policy leaves. -EINVAL for other
 * numbers and when there can be no such tenant, -EOPNOTSUPP on a device that does not run unmodified
 * applications. Hooks: init, on_submit, on_admit, on_dispatch, on_retire, on_tick, on_preempt, on_thermal,
 * on_mem_alloc, on_mem_fault, on_reclaim, on_copy_enqueue, on_collective_phase.
 */
__attribute__((unused)) static __s64 (*const gbpf_copy_rate_set)(__u64 tenant, __u64 bytes_per_s) = (void *)0x10033;

/*
 * Sets what is added to the priority that a tenant's processes ask for when they make a stream, -100 to 100;
 * less is more urgent, as in CUDA, and 0 adds nothing. It holds for those that run and those to come, until
 * it is set again or the policy leaves. -EINVAL for other numbers and when there can be no such tenant,
 * -EOPNOTSUPP on a device that does not run unmodified applications. Hooks: init, on_submit, on_admit,
 * on_dispatch, on_retire, on_tick, on_preempt, on_thermal, on_mem_alloc, on_mem_fault, on_reclaim,
 * on_copy_enqueue, on_collective_phase.
 */
__attribute__((unused)) static __s64 (*const gbpf_stream_priority_set)(__u64 tenant, __u64 delta) = (void *)0x10034;

/*
 * Estimated device time of all launches of a tenant's processes that are over, ns. -EINVAL when there can be
 * no such tenant, -EOPNOTSUPP on a device that does not run unmodified applications. Hooks: init, on_submit,
 * on_admit, on_dispatch, on_retire, on_tick, on_preempt, on_thermal, on_mem_alloc, on_mem_fault, on_reclaim,
 * on_copy_enqueue, on_collective_phase.
 */
__attribute__((unused)) static __s64 (*const gbpf_tenant_used_ns)(__u64 tenant) = (void *)0x10035;

/*
 * 1 when launches of a tenant's processes are under way or held, else 0. -EINVAL when there can be no such
 * tenant, -EOPNOTSUPP on a device that does not run unmodified applications. Hooks: init, on_submit,
 * on_admit, on_dispatch, on_retire, on_tick, on_preempt, on_thermal, on_mem_alloc, on_mem_fault, on_reclaim,
 * on_copy_enqueue, on_collective_phase.
 */
__attribute__((unused)) static __s64 (*const gbpf_tenant_busy)(__u64 tenant) = (void *)0x10036;

/*
 * A tenant's configured weight, at least 1; -ENOENT when there is no such tenant. Hooks: init, on_submit,
 * on_admit, on_dispatch, on_retire, on_tick, on_preempt, on_thermal, on_mem_alloc, on_mem_fault, on_reclaim,
 * on_copy_enqueue, on_collective_phase.
 */
__attribute__((unused)) static __s64 (*const gbpf_tenant_weight)(__u64 tenant) = (void *)0x10037;

/*
 * A tenant's configured priority, greater is more urgent; -ENOENT when there is no such tenant. Hooks: init,
 * on_submit, on_admit, on_dispatch, on_retire, on_tick, on_preempt, on_thermal, on_mem_alloc, on_mem_fault,
 * on_reclaim, on_copy_enqueue, on_collective_phase.
 */
__attribute__((unused)) static __s64 (*const gbpf_tenant_priority)(__u64 tenant) = (void *)0x10038;

/*
 * Sets after how much estimated device time a stream of a tenant has a stop point, ns; 0 for none. While the
 * tenant's gate is 0, what its streams have launched already waits at the next one, off the device. It holds
 * for those that run and those to come, until it is set again or the policy leaves. -EINVAL for other numbers
 * and when there can be no such tenant, -EOPNOTSUPP on a device that does not run unmodified applications.
 * Hooks: init, on_submit, on_admit, on_dispatch, on_retire, on_tick, on_preempt, on_thermal, on_mem_alloc,
 * on_mem_fault, on_reclaim, on_copy_enqueue, on_collective_phase.
 */
__attribute__((unused)) static __s64 (*const gbpf_stop_points_set)(__u64 tenant, __u64 every_ns) = (void *)0x10039;

/*
 * Sets on which SMs of a GPU the non-blocking streams run that a tenant's processes make from then on:
 * `count` of them from `first` on, in the driver's order, 65,534 in all at most; 0 of them leaves it to what
 * the process was started with. SMs come in groups, of 8 on Hopper: a group belongs to where its first SM
 * does. It holds for those that run and those to come, until it is set again or the policy leaves. -EINVAL
 * for other numbers and when there can be no such tenant, -EOPNOTSUPP on a device that does not run
 * unmodified applications. Hooks: init, on_submit, on_admit, on_dispatch, on_retire, on_tick, on_preempt,
 * on_thermal, on_mem_alloc, on_mem_fault, on_reclaim, on_copy_enqueue, on_collective_phase.
 */
__attribute__((unused)) static __s64 (*const gbpf_sm_partition_set)(__u64 tenant, __u64 first, __u64 count) = (void *)0x1003a;

/* bpf_printk("tenant %u has %llu ns", tenant, ns); up to three values. See bpf_trace_printk. */
#ifndef bpf_printk
#define bpf_printk(fmt, ...) \
    ({ \
        static const char gbpf_format[] = fmt; \
        gbpf_printk_padded(gbpf_format, sizeof(gbpf_format), ##__VA_ARGS__, 0, 0, 0); \
    })
#define gbpf_printk_padded(fmt, size, a, b, c, ...) \
    bpf_trace_printk(fmt, size, (__u64)(a), (__u64)(b), (__u64)(c))
#endif

#endif

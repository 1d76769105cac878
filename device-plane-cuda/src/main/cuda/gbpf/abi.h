/*
 * abi.h: what device programs are asked and answer, interface version 1.10.
 *
 * Generated from the schema of the interface; do not edit. Plain C11 and C++.
 */
#ifndef GBPF_ABI_H
#define GBPF_ABI_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#define GBPF_ABI_MAJOR 1
#define GBPF_ABI_MINOR 10

/* ---- Hooks: number, budget of instructions, and the verdict when there is no program ---- */

/*
 * sm_tick: Each tick of the control kernel, for each tenant of each vSlice: how much worker time is it given?
 * Left out, the tenant is given its quota, at its configured weight.
 */
#define GBPF_HOOK_SM_TICK 64
#define GBPF_BUDGET_SM_TICK 4096
#define GBPF_DEFAULT_SM_TICK 0
#define GBPF_LEAST_SM_TICK 0
#define GBPF_GREATEST_SM_TICK 1

/*
 * cta_admit: A worker block is free, and a task heads the ring of the tenant that the plane would serve: may
 * it start? Left out, the task starts.
 */
#define GBPF_HOOK_CTA_ADMIT 65
#define GBPF_BUDGET_CTA_ADMIT 512
#define GBPF_DEFAULT_CTA_ADMIT 0
#define GBPF_LEAST_CTA_ADMIT 0
#define GBPF_GREATEST_CTA_ADMIT 2

/*
 * warp_throttle_tick: Each tick of the control kernel, for each tenant with running warps: how long do they
 * pause? Left out, no warp pauses.
 */
#define GBPF_HOOK_WARP_THROTTLE_TICK 66
#define GBPF_BUDGET_WARP_THROTTLE_TICK 512
#define GBPF_DEFAULT_WARP_THROTTLE_TICK 0
#define GBPF_LEAST_WARP_THROTTLE_TICK 0
#define GBPF_GREATEST_WARP_THROTTLE_TICK 1000000

/*
 * dma_tick: Each tick of the control kernel, for each tenant and direction with copies that the device
 * started: how much may start before the next? Left out, copies start while the quota lasts.
 */
#define GBPF_HOOK_DMA_TICK 67
#define GBPF_BUDGET_DMA_TICK 512
#define GBPF_DEFAULT_DMA_TICK 0
#define GBPF_LEAST_DMA_TICK 0
#define GBPF_GREATEST_DMA_TICK 1

/*
 * mem_event: The device's allocator needs memory: a size class is empty, a request is too large for the
 * classes, or an arena runs low. Left out, the memory is taken from the arena, within the quota.
 */
#define GBPF_HOOK_MEM_EVENT 68
#define GBPF_BUDGET_MEM_EVENT 512
#define GBPF_DEFAULT_MEM_EVENT 0
#define GBPF_LEAST_MEM_EVENT 0
#define GBPF_GREATEST_MEM_EVENT 1

/*
 * therm_tick: Each tick of the control kernel, for each vSlice: how many of its workers may run? Left out,
 * all workers run.
 */
#define GBPF_HOOK_THERM_TICK 69
#define GBPF_BUDGET_THERM_TICK 512
#define GBPF_DEFAULT_THERM_TICK 0
#define GBPF_LEAST_THERM_TICK 0
#define GBPF_GREATEST_THERM_TICK 65535

/* Device hooks are numbered from the first; there are this many. */
#define GBPF_FIRST_DEVICE_HOOK 64
#define GBPF_DEVICE_HOOKS 6

/* ---- Verdicts ---- */

/* sm_tick: Give it the refill. */
#define GBPF_REFILL 0
/* sm_tick: Give it nothing this time. */
#define GBPF_WITHHOLD 1
/* cta_admit: The task starts. */
#define GBPF_START 0
/* cta_admit: Another tenant's task is asked about; see next. */
#define GBPF_SKIP 1
/* cta_admit: The worker stays free until the next tick. */
#define GBPF_PARK 2
/*
 * warp_throttle_tick: They do not; any other value is how long each of them pauses at each of its yield
 * points, ns.
 */
#define GBPF_NO_PAUSE 0
/* dma_tick has names of a hook above. */
/* mem_event: Take the memory from the arena. */
#define GBPF_GRANT 0
/* mem_event: The request fails; with MEM_LOW nothing happens. */
#define GBPF_REFUSE 1
/* therm_tick: All; any other value is how many at most, until the next tick. */
#define GBPF_UNLIMITED 0

/* ---- Constants ---- */

/* Order of a dispatch queue: first in, first out. */
#define GBPF_DSQ_FIFO 0
/* Order of a dispatch queue: least vtime first. */
#define GBPF_DSQ_VTIME 1
/* All ones: dsq_peek found nothing. */
#define GBPF_NONE UINT64_MAX
/* All ones: gate_set lets everything pass. */
#define GBPF_OPEN UINT64_MAX
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

/* ---- Errors, as helpers return them ---- */

/* Not permitted: the map is read-only. */
#define GBPF_EPERM (-1)
/* No such key, queue or job. */
#define GBPF_ENOENT (-2)
/* Too big: the map is full, or the index is out of range. */
#define GBPF_E2BIG (-7)
/* Try again: a ring buffer has no room. */
#define GBPF_EAGAIN (-11)
/* It is there already. */
#define GBPF_EEXIST (-17)
/* An argument is out of its range. */
#define GBPF_EINVAL (-22)
/* No room for another. */
#define GBPF_ENOSPC (-28)

/* ---- Kinds of maps ---- */

#define GBPF_MAP_HASH 1
#define GBPF_MAP_ARRAY 2
#define GBPF_MAP_PERCPU_ARRAY 6
#define GBPF_MAP_LRU_HASH 9
#define GBPF_MAP_QUEUE 22
#define GBPF_MAP_STACK 23
#define GBPF_MAP_RINGBUF 27
#define GBPF_MAP_SNAPSHOT 65536
#define GBPF_MAP_COUNTERS 65537

/* ---- Helpers that device programs may call, by number ---- */

#define GBPF_HELPER_MAP_LOOKUP_ELEM 0x1
#define GBPF_HELPER_MAP_UPDATE_ELEM 0x2
#define GBPF_HELPER_MAP_DELETE_ELEM 0x3
#define GBPF_HELPER_KTIME_GET_NS 0x5
#define GBPF_HELPER_GET_PRANDOM_U32 0x7
#define GBPF_HELPER_GET_SMP_PROCESSOR_ID 0x8
#define GBPF_HELPER_LOG 0x10008
#define GBPF_HELPER_MAP_NEXT_SLOT 0x10020
#define GBPF_HELPER_MAP_SLOT_KEY 0x10021
#define GBPF_HELPER_MAP_SLOT_VALUE 0x10022

/* ---- Contexts: a program loads whole fields, and stores to those marked as outputs ---- */

struct gbpf_sm_tick_ctx {
    /* The device's clock, ns. */
    uint64_t now_ns;
    /* Number of the tick, from 0. */
    uint64_t tick;
    /* Time since the tick before, ns. */
    uint64_t period_ns;
    /* Of each lane. The tenant, from 0. */
    uint32_t tenant;
    /* The vSlice. */
    uint32_t vslice;
    /* Of each lane. The tenant's configured weight, at least 1. */
    uint32_t weight;
    /* Of each lane. The tenant's configured priority; greater is more urgent. */
    uint32_t priority;
    /* Of each lane. Worker time that the tenant may still use, ns. */
    uint64_t tokens_ns;
    /* Of each lane. Worker time that it used since the tick before, ns. */
    uint64_t used_ns;
    /* Of each lane. Worker time that the host allows it for this tick, ns. */
    uint64_t quota_ns;
    /* Of each lane. Its tasks that wait in rings. */
    uint64_t queued_tasks;
    /* Of each lane. Its tasks that workers run. */
    uint32_t running_tasks;
    /* Worker blocks of the vSlice. */
    uint32_t workers;
    /* Of each lane. Out: worker time added to its tokens, ns; 0 means quota_ns, and more counts as that. */
    uint64_t refill_ns;
    /* Of each lane. Out: its weight until the next tick, at most 1,000,000; 0 means the configured weight. */
    uint64_t share;
};
static_assert(offsetof(struct gbpf_sm_tick_ctx, now_ns) == 0, "now_ns");
static_assert(offsetof(struct gbpf_sm_tick_ctx, tick) == 8, "tick");
static_assert(offsetof(struct gbpf_sm_tick_ctx, period_ns) == 16, "period_ns");
static_assert(offsetof(struct gbpf_sm_tick_ctx, tenant) == 24, "tenant");
static_assert(offsetof(struct gbpf_sm_tick_ctx, vslice) == 28, "vslice");
static_assert(offsetof(struct gbpf_sm_tick_ctx, weight) == 32, "weight");
static_assert(offsetof(struct gbpf_sm_tick_ctx, priority) == 36, "priority");
static_assert(offsetof(struct gbpf_sm_tick_ctx, tokens_ns) == 40, "tokens_ns");
static_assert(offsetof(struct gbpf_sm_tick_ctx, used_ns) == 48, "used_ns");
static_assert(offsetof(struct gbpf_sm_tick_ctx, quota_ns) == 56, "quota_ns");
static_assert(offsetof(struct gbpf_sm_tick_ctx, queued_tasks) == 64, "queued_tasks");
static_assert(offsetof(struct gbpf_sm_tick_ctx, running_tasks) == 72, "running_tasks");
static_assert(offsetof(struct gbpf_sm_tick_ctx, workers) == 76, "workers");
static_assert(offsetof(struct gbpf_sm_tick_ctx, refill_ns) == 80, "refill_ns");
static_assert(offsetof(struct gbpf_sm_tick_ctx, share) == 88, "share");
static_assert(sizeof(struct gbpf_sm_tick_ctx) == 96, "gbpf_sm_tick_ctx");

struct gbpf_cta_admit_ctx {
    /* The device's clock, ns. */
    uint64_t now_ns;
    /* The tenant, from 0. */
    uint32_t tenant;
    /* The vSlice. */
    uint32_t vslice;
    /* The tenant's configured weight, at least 1. */
    uint32_t weight;
    /* The tenant's configured priority; greater is more urgent. */
    uint32_t priority;
    /* Identity of the task, unique over the control kernel's life. */
    uint64_t task_id;
    /* When it entered its ring, ns. */
    uint64_t submitted_ns;
    /* Estimated worker time, ns; 0 when unknown. */
    uint64_t cost_ns;
    /* Worker time that the tenant may still use, ns. */
    uint64_t tokens_ns;
    /* Tasks of the tenant that wait in rings, this one counted. */
    uint64_t queued_tasks;
    /* A number of the application's own, not read by the plane. */
    uint64_t tag;
    /* Number of the task's function in the function table. */
    uint32_t function;
    /* Tasks of the tenant that workers run. */
    uint32_t running_tasks;
    /* Worker blocks of the vSlice that are free, this one counted. */
    uint32_t free_workers;
    /* How many tenants were passed over for this worker already. */
    uint32_t skipped;
    /*
     * Out: with SKIP, 1 + the tenant to ask about next; 0, and a tenant that waits for nothing, mean the
     * plane's own order.
     */
    uint64_t next;
};
static_assert(offsetof(struct gbpf_cta_admit_ctx, now_ns) == 0, "now_ns");
static_assert(offsetof(struct gbpf_cta_admit_ctx, tenant) == 8, "tenant");
static_assert(offsetof(struct gbpf_cta_admit_ctx, vslice) == 12, "vslice");
static_assert(offsetof(struct gbpf_cta_admit_ctx, weight) == 16, "weight");
static_assert(offsetof(struct gbpf_cta_admit_ctx, priority) == 20, "priority");
static_assert(offsetof(struct gbpf_cta_admit_ctx, task_id) == 24, "task_id");
static_assert(offsetof(struct gbpf_cta_admit_ctx, submitted_ns) == 32, "submitted_ns");
static_assert(offsetof(struct gbpf_cta_admit_ctx, cost_ns) == 40, "cost_ns");
static_assert(offsetof(struct gbpf_cta_admit_ctx, tokens_ns) == 48, "tokens_ns");
static_assert(offsetof(struct gbpf_cta_admit_ctx, queued_tasks) == 56, "queued_tasks");
static_assert(offsetof(struct gbpf_cta_admit_ctx, tag) == 64, "tag");
static_assert(offsetof(struct gbpf_cta_admit_ctx, function) == 72, "function");
static_assert(offsetof(struct gbpf_cta_admit_ctx, running_tasks) == 76, "running_tasks");
static_assert(offsetof(struct gbpf_cta_admit_ctx, free_workers) == 80, "free_workers");
static_assert(offsetof(struct gbpf_cta_admit_ctx, skipped) == 84, "skipped");
static_assert(offsetof(struct gbpf_cta_admit_ctx, next) == 88, "next");
static_assert(sizeof(struct gbpf_cta_admit_ctx) == 96, "gbpf_cta_admit_ctx");

struct gbpf_warp_throttle_ctx {
    /* The device's clock, ns. */
    uint64_t now_ns;
    /* Number of the tick, from 0. */
    uint64_t tick;
    /* Time since the tick before, ns. */
    uint64_t period_ns;
    /* Of each lane. The tenant, from 0. */
    uint32_t tenant;
    /* The vSlice. */
    uint32_t vslice;
    /* Of each lane. The tenant's configured weight, at least 1. */
    uint32_t weight;
    /* Of each lane. The tenant's configured priority; greater is more urgent. */
    uint32_t priority;
    /* Of each lane. Worker time that the tenant used since the tick before, ns. */
    uint64_t used_ns;
    /* Of each lane. How long its warps paused since the tick before, ns, all together. */
    uint64_t paused_ns;
    /* Of each lane. Its warps that workers run. */
    uint32_t running_warps;
    /* Of each lane. Tasks of tenants with a greater priority that wait for a worker. */
    uint32_t urgent_tasks;
};
static_assert(offsetof(struct gbpf_warp_throttle_ctx, now_ns) == 0, "now_ns");
static_assert(offsetof(struct gbpf_warp_throttle_ctx, tick) == 8, "tick");
static_assert(offsetof(struct gbpf_warp_throttle_ctx, period_ns) == 16, "period_ns");
static_assert(offsetof(struct gbpf_warp_throttle_ctx, tenant) == 24, "tenant");
static_assert(offsetof(struct gbpf_warp_throttle_ctx, vslice) == 28, "vslice");
static_assert(offsetof(struct gbpf_warp_throttle_ctx, weight) == 32, "weight");
static_assert(offsetof(struct gbpf_warp_throttle_ctx, priority) == 36, "priority");
static_assert(offsetof(struct gbpf_warp_throttle_ctx, used_ns) == 40, "used_ns");
static_assert(offsetof(struct gbpf_warp_throttle_ctx, paused_ns) == 48, "paused_ns");
static_assert(offsetof(struct gbpf_warp_throttle_ctx, running_warps) == 56, "running_warps");
static_assert(offsetof(struct gbpf_warp_throttle_ctx, urgent_tasks) == 60, "urgent_tasks");
static_assert(sizeof(struct gbpf_warp_throttle_ctx) == 64, "gbpf_warp_throttle_ctx");

struct gbpf_dma_tick_ctx {
    /* The device's clock, ns. */
    uint64_t now_ns;
    /* Number of the tick, from 0. */
    uint64_t tick;
    /* Time since the tick before, ns. */
    uint64_t period_ns;
    /* Of each lane. The tenant, from 0. */
    uint32_t tenant;
    /* The vSlice. */
    uint32_t vslice;
    /* Of each lane. The tenant's configured weight, at least 1. */
    uint32_t weight;
    /* Of each lane. The tenant's configured priority; greater is more urgent. */
    uint32_t priority;
    /* Of each lane. What the tenant's copies moved since the tick before, bytes. */
    uint64_t moved_bytes;
    /* Of each lane. What its copies that may not begin or go on yet would move, bytes. */
    uint64_t waiting_bytes;
    /* Of each lane. What the host allows it to start before the next tick, bytes. */
    uint64_t quota_bytes;
    /*
     * KIND_COPY_D2H for copies to host memory, KIND_COPY_H2D for all others: each is asked about by itself.
     */
    uint32_t kind;
    /* Of each lane. Its copies in this direction that are under way. */
    uint32_t active_copies;
    /*
     * Of each lane. Out: what may start before the next tick, bytes; 0 means quota_bytes, and more counts as
     * that.
     */
    uint64_t budget_bytes;
};
static_assert(offsetof(struct gbpf_dma_tick_ctx, now_ns) == 0, "now_ns");
static_assert(offsetof(struct gbpf_dma_tick_ctx, tick) == 8, "tick");
static_assert(offsetof(struct gbpf_dma_tick_ctx, period_ns) == 16, "period_ns");
static_assert(offsetof(struct gbpf_dma_tick_ctx, tenant) == 24, "tenant");
static_assert(offsetof(struct gbpf_dma_tick_ctx, vslice) == 28, "vslice");
static_assert(offsetof(struct gbpf_dma_tick_ctx, weight) == 32, "weight");
static_assert(offsetof(struct gbpf_dma_tick_ctx, priority) == 36, "priority");
static_assert(offsetof(struct gbpf_dma_tick_ctx, moved_bytes) == 40, "moved_bytes");
static_assert(offsetof(struct gbpf_dma_tick_ctx, waiting_bytes) == 48, "waiting_bytes");
static_assert(offsetof(struct gbpf_dma_tick_ctx, quota_bytes) == 56, "quota_bytes");
static_assert(offsetof(struct gbpf_dma_tick_ctx, kind) == 64, "kind");
static_assert(offsetof(struct gbpf_dma_tick_ctx, active_copies) == 68, "active_copies");
static_assert(offsetof(struct gbpf_dma_tick_ctx, budget_bytes) == 72, "budget_bytes");
static_assert(sizeof(struct gbpf_dma_tick_ctx) == 80, "gbpf_dma_tick_ctx");

struct gbpf_mem_event_ctx {
    /* The device's clock, ns. */
    uint64_t now_ns;
    /* The tenant, from 0. */
    uint32_t tenant;
    /* The vSlice. */
    uint32_t vslice;
    /* The tenant's configured weight, at least 1. */
    uint32_t weight;
    /* The tenant's configured priority; greater is more urgent. */
    uint32_t priority;
    /* Size of the request that led here, bytes; 0 with MEM_LOW. */
    uint64_t bytes;
    /* What the tenant holds, bytes. */
    uint64_t used_bytes;
    /* What the host allows it to hold, bytes. */
    uint64_t quota_bytes;
    /* What is free in the arena, bytes. */
    uint64_t free_bytes;
    /* MEM_EMPTY, MEM_LARGE or MEM_LOW. */
    uint32_t event;
    /* With MEM_EMPTY, the class: blocks of 16 << size_class bytes. Otherwise 0. */
    uint32_t size_class;
    /* The arena that the request would be served from. */
    uint32_t arena;
    /* How many arenas there are; they are numbered from 0. */
    uint32_t arenas;
    /*
     * Out: with MEM_EMPTY, how many blocks the class gets; 0 means the allocator's own number, and more than
     * quota and arena allow counts as what they do.
     */
    uint64_t blocks;
    /* Out: 1 + the arena to take from; 0, and an arena that is not there, mean arena. */
    uint64_t from;
};
static_assert(offsetof(struct gbpf_mem_event_ctx, now_ns) == 0, "now_ns");
static_assert(offsetof(struct gbpf_mem_event_ctx, tenant) == 8, "tenant");
static_assert(offsetof(struct gbpf_mem_event_ctx, vslice) == 12, "vslice");
static_assert(offsetof(struct gbpf_mem_event_ctx, weight) == 16, "weight");
static_assert(offsetof(struct gbpf_mem_event_ctx, priority) == 20, "priority");
static_assert(offsetof(struct gbpf_mem_event_ctx, bytes) == 24, "bytes");
static_assert(offsetof(struct gbpf_mem_event_ctx, used_bytes) == 32, "used_bytes");
static_assert(offsetof(struct gbpf_mem_event_ctx, quota_bytes) == 40, "quota_bytes");
static_assert(offsetof(struct gbpf_mem_event_ctx, free_bytes) == 48, "free_bytes");
static_assert(offsetof(struct gbpf_mem_event_ctx, event) == 56, "event");
static_assert(offsetof(struct gbpf_mem_event_ctx, size_class) == 60, "size_class");
static_assert(offsetof(struct gbpf_mem_event_ctx, arena) == 64, "arena");
static_assert(offsetof(struct gbpf_mem_event_ctx, arenas) == 68, "arenas");
static_assert(offsetof(struct gbpf_mem_event_ctx, blocks) == 72, "blocks");
static_assert(offsetof(struct gbpf_mem_event_ctx, from) == 80, "from");
static_assert(sizeof(struct gbpf_mem_event_ctx) == 88, "gbpf_mem_event_ctx");

struct gbpf_therm_tick_ctx {
    /* The device's clock, ns. */
    uint64_t now_ns;
    /* Number of the tick, from 0. */
    uint64_t tick;
    /* Time since the tick before, ns. */
    uint64_t period_ns;
    /* Power that the device draws, mW; 0 when unknown. */
    uint64_t power_mw;
    /* Power limit of the device, mW; 0 when unknown. */
    uint64_t power_limit_mw;
    /* Temperature of the device, degrees Celsius; 0 when unknown. */
    uint32_t temperature_c;
    /* Clock of the SMs, MHz; 0 when unknown. */
    uint32_t clock_mhz;
    /* Greatest clock of the SMs, MHz; 0 when unknown. */
    uint32_t max_clock_mhz;
    /* Of each lane. Worker blocks of the vSlice. */
    uint32_t workers;
    /* Of each lane. Worker blocks of the vSlice that run a task. */
    uint32_t busy_workers;
    /* Of each lane. The vSlice. */
    uint32_t vslice;
};
static_assert(offsetof(struct gbpf_therm_tick_ctx, now_ns) == 0, "now_ns");
static_assert(offsetof(struct gbpf_therm_tick_ctx, tick) == 8, "tick");
static_assert(offsetof(struct gbpf_therm_tick_ctx, period_ns) == 16, "period_ns");
static_assert(offsetof(struct gbpf_therm_tick_ctx, power_mw) == 24, "power_mw");
static_assert(offsetof(struct gbpf_therm_tick_ctx, power_limit_mw) == 32, "power_limit_mw");
static_assert(offsetof(struct gbpf_therm_tick_ctx, temperature_c) == 40, "temperature_c");
static_assert(offsetof(struct gbpf_therm_tick_ctx, clock_mhz) == 44, "clock_mhz");
static_assert(offsetof(struct gbpf_therm_tick_ctx, max_clock_mhz) == 48, "max_clock_mhz");
static_assert(offsetof(struct gbpf_therm_tick_ctx, workers) == 52, "workers");
static_assert(offsetof(struct gbpf_therm_tick_ctx, busy_workers) == 56, "busy_workers");
static_assert(offsetof(struct gbpf_therm_tick_ctx, vslice) == 60, "vslice");
static_assert(sizeof(struct gbpf_therm_tick_ctx) == 64, "gbpf_therm_tick_ctx");


#endif

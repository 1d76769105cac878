/*
 * layout.h: what host and device share in memory. Plain C11 and C++; dev.gbpf.cuda.layout is Java's view of it.
 *
 * All numbers are little-endian, at natural alignment. A field named `..._address` is an address that the device can use; for
 * pinned host memory that is the host's address too.
 */
#ifndef GBPF_LAYOUT_H
#define GBPF_LAYOUT_H

#include <assert.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>

#include "abi.h"

#define GBPF_LAYOUT_VERSION 2
#define GBPF_LINE 128 /* bytes that two writers should not share */

/* ---- Tasks -------------------------------------------------------------------------------------------------------- */

/* Who runs a function: bits 0 and 1 of a task's flags. */
#define GBPF_TASK_LANE 0  /* one thread; up to 32 tasks of one function run side by side */
#define GBPF_TASK_WARP 1  /* 32 threads */
#define GBPF_TASK_BLOCK 2 /* all warps of a worker block */
#define GBPF_TASK_KIND 3  /* mask */
/* Other flags. */
#define GBPF_TASK_URGENT 4      /* before what is normal; warp and block tasks only */
#define GBPF_TASK_BACKGROUND 8  /* after what is normal; warp and block tasks only */
#define GBPF_TASK_NOTIFY 16     /* write a completion record */
#define GBPF_TASK_PURE 32       /* its arguments and its result say all: nobody waits until it sees what was written before it, or the host what it wrote */
#define GBPF_TASK_DESCRIBED 64  /* the runtime's own: `a` is the index of a struct gbpf_task */
#define GBPF_TASK_VALID 128     /* the runtime's own: set in every task under way */

/* A task as it travels: through rings, mailboxes and the queues of SMs. */
struct gbpf_compact_task {
    alignas(16) uint16_t function; /* its number in the function table */
    uint8_t tenant;
    uint8_t flags;
    uint32_t a; /* arguments of the function */
    uint64_t b; /* with GBPF_TASK_NOTIFY also the tag of the completion record */
};
static_assert(sizeof(struct gbpf_compact_task) == 16, "gbpf_compact_task");

/* A task with everything. It rests in the pool of descriptors; a compact task that names it travels. */
struct gbpf_task {
    alignas(16) uint32_t function;
    uint16_t tenant;
    uint8_t kind;
    uint8_t flags;
    uint32_t counter; /* the dependency counter that it counts down when it is done; 0: none */
    uint32_t cost_ns; /* estimated worker time; 0: unknown */
    uint64_t submitted_ns;
    uint64_t tag;
    uint64_t args[4];
};
static_assert(sizeof(struct gbpf_task) == 64, "gbpf_task");
static_assert(offsetof(struct gbpf_task, counter) == 8 && offsetof(struct gbpf_task, tag) == 24, "gbpf_task");

/* A task that waits until `remaining` others are done. */
struct gbpf_dependency {
    uint32_t remaining;
    uint32_t flags;
    uint64_t unused;
    struct gbpf_compact_task task;
};
#define GBPF_DEPENDENCY_RECYCLE 1 /* goes back to the free ones when it is released */
static_assert(sizeof(struct gbpf_dependency) == 32, "gbpf_dependency");
static_assert(offsetof(struct gbpf_dependency, task) == 16, "gbpf_dependency");

/*
 * The function of copies, which the runtime has itself (copy.cuh), of tasks with a descriptor: args[0] is where to, args[1] where from,
 * args[2] how many bytes, args[3] GBPF_COPY_TO_HOST or 0. Its result is how many bytes it copied.
 */
#define GBPF_FUNCTION_COPY 65535
#define GBPF_COPY_TO_HOST 0x8000000000000000u /* it counts as KIND_COPY_D2H; all others count as KIND_COPY_H2D */
#define GBPF_COPY_PIECE 32768 /* bytes that a copy moves between two looks at what it may */

/* How a task ended: the status of a completion record. */
#define GBPF_DONE 0
#define GBPF_FAILED 1           /* the function said so */
#define GBPF_NO_FUNCTION 2      /* there is no function of that number */
#define GBPF_NO_DESCRIPTOR 3    /* the pool of descriptors was empty */

/* ---- Rings in device memory --------------------------------------------------------------------------------------- */

/* Counts of a ring (ring.cuh), each on a line of its own. */
struct gbpf_ring {
    int32_t space;
    uint32_t unused0[31];
    uint32_t tail;
    uint32_t unused1[31];
    int32_t items;
    uint32_t unused2[31];
    uint32_t head;
    uint32_t unused3[31];
};
static_assert(sizeof(struct gbpf_ring) == 4 * GBPF_LINE, "gbpf_ring");

/* A tenant's rings. */
#define GBPF_RING_URGENT 0
#define GBPF_RING_RELEASED 1 /* tasks that waited for others and found no room in the ring of their own level */
#define GBPF_RING_NORMAL 2
#define GBPF_RING_BACKGROUND 3
#define GBPF_RING_LANES 4
#define GBPF_RINGS 5

/* ---- Pinned host memory ------------------------------------------------------------------------------------------- */

#define GBPF_RUN 0   /* go on */
#define GBPF_LEAVE 1 /* leave after the tasks that run; what waits stays for the next launch */
#define GBPF_DRAIN 2 /* leave when nothing runs and nothing waits */

/* What the host says about a tenant. */
struct gbpf_tenant_config {
    uint32_t weight;   /* 1 to 1,000,000 */
    uint32_t priority; /* 0 to 1,000 */
    uint64_t quota_ns; /* worker time per second and vSlice, ns; UINT64_MAX: no limit */
    uint32_t vslices;  /* bit i: vSlice i serves it */
    uint32_t unused[3];
};
static_assert(sizeof(struct gbpf_tenant_config) == 32, "gbpf_tenant_config");

/* Written by the host, read by the control block at each tick. */
struct gbpf_host_control {
    uint32_t stop; /* GBPF_RUN, GBPF_LEAVE, GBPF_DRAIN */
    uint32_t temperature_c;
    uint32_t clock_mhz;
    uint32_t max_clock_mhz;
    uint64_t power_mw;
    uint64_t power_limit_mw;
    uint64_t policy_address; /* the newest policy table; written before its epoch */
    uint64_t policy_epoch;
    uint64_t config_version; /* counts changes of `tenants`; written after them */
    uint64_t map_change_address; /* of a struct gbpf_map_change (table.h), in device memory */
    uint64_t map_change; /* counts the changes that are asked for; written after all else */
    uint64_t unused[7];
    struct gbpf_tenant_config tenants[GBPF_MAX_TENANTS];
};
static_assert(offsetof(struct gbpf_host_control, policy_address) == 32, "gbpf_host_control");
static_assert(offsetof(struct gbpf_host_control, tenants) == 128, "gbpf_host_control");

/* What a tenant had, all vSlices together, since the plane was formatted. */
struct gbpf_tenant_status {
    uint64_t finished;
    uint64_t failed;
    uint64_t used_ns; /* of warps, not of blocks */
    uint64_t queued;  /* at the moment, without copies that are parked */
    uint64_t copied_bytes;
};
static_assert(sizeof(struct gbpf_tenant_status) == 40, "gbpf_tenant_status");

#define GBPF_STATE_FORMATTED 0
#define GBPF_STATE_RUNNING 1
#define GBPF_STATE_LEFT 2     /* as the host asked */
#define GBPF_STATE_DRAINED 3  /* as the host asked; nothing waits */
#define GBPF_STATE_DEADLINE 4 /* the launch's deadline came */

/* Written by the control block, read by the host. */
struct gbpf_host_status {
    uint64_t tick;   /* the heartbeat */
    uint64_t now_ns; /* the device's clock at that tick */
    uint32_t state;
    uint32_t launches;
    uint64_t policy_epoch; /* the newest policy table that the kernel knows: no tick begins with an older one, blocks turn to it */
    uint64_t handed_over;  /* tasks delivered straight to an idle worker */
    uint64_t refused;      /* spawns that found no room */
    uint64_t misused;      /* dependency counters counted below 0, functions that are not there */
    uint64_t records_lost; /* completion records for which the host had made no room */
    /* The task that runs the longest, when that is longer than GBPF_SLOW_TASK_NS. */
    uint64_t slow_ns;
    uint32_t slow_worker; /* block * warps + warp */
    uint32_t slow_what;   /* function << 16 | tenant */
    uint64_t policy_settled; /* every block follows the table of this epoch or a later one: those before it may be written */
    uint64_t policy_ejected; /* the last epoch whose policy was ejected; 0: none was */
    uint64_t policy_faults;  /* runs of programs that faulted */
    uint64_t map_answer; /* r0 of the last change of a map that the host asked for; written before its number */
    uint64_t map_change; /* its number */
    uint64_t policy_ticking; /* the table that ticks decide by */
    struct gbpf_tenant_status tenants[GBPF_MAX_TENANTS];
};
#define GBPF_SLOW_TASK_NS 1000000
static_assert(offsetof(struct gbpf_host_status, tenants) == 128, "gbpf_host_status");

/*
 * One task at a time, for latency. Words carry 32 bits and a sequence number, so that each is complete or not there:
 * word = sequence << 32 | bits. Requests count up by one, from 1. A request is a compact task in four words; its answer is four
 * words: the result's low and high half, the status, and the worker that ran it.
 *
 * The host writes a request once for each warp that may poll: two reads of one line of host memory that are under way at the same time keep
 * a slice of the GPU's L2 from answering anybody (docs/bench/device-runtime.md).
 */
#define GBPF_MAILBOX_COPIES 3
struct gbpf_host_mailbox {
    uint64_t request[GBPF_MAILBOX_COPIES][16]; /* words 0 to 3 of each; written by the host */
    uint64_t answer[16];                       /* words 0 to 3; written by the device */
};
static_assert(sizeof(struct gbpf_host_mailbox) == (GBPF_MAILBOX_COPIES + 1) * GBPF_LINE, "gbpf_host_mailbox");

/* Tasks from one producer of the host, for one tenant. Positions count up for ever; slot = position mod capacity. */
struct gbpf_host_ring {
    uint64_t tail; /* written by the host after the slots before it */
    uint64_t unused0[15];
    uint64_t taken; /* written by the device: slots before it may be written again */
    uint64_t unused1[15];
    uint64_t slots_address; /* capacity entries of task_bytes */
    uint32_t capacity;      /* a power of two, at least 512 */
    uint32_t task_bytes;    /* 16: struct gbpf_compact_task; 64: struct gbpf_task */
    uint32_t tenant;
    uint32_t unused2[27];
};
static_assert(sizeof(struct gbpf_host_ring) == 3 * GBPF_LINE, "gbpf_host_ring");

/* How one task ended. */
struct gbpf_completion {
    uint64_t tag;
    uint64_t result;
    uint32_t status;
    uint32_t function;
    uint64_t sequence; /* position + 1; written last */
};
static_assert(sizeof(struct gbpf_completion) == 32, "gbpf_completion");

/* A tenant's completion records. The host asks for no more than there is room for. */
struct gbpf_completion_ring {
    uint64_t consumed; /* written by the host: positions before it are free */
    uint64_t unused0[15];
    uint64_t records_address;
    uint32_t capacity; /* a power of two; 0: the tenant gets no records */
    uint32_t unused1[29];
};
static_assert(sizeof(struct gbpf_completion_ring) == 2 * GBPF_LINE, "gbpf_completion_ring");

/* ---- The plane in device memory ----------------------------------------------------------------------------------- */

/* How a plane is laid out and run; given once, when it is formatted. */
struct gbpf_params {
    uint32_t version;         /* GBPF_LAYOUT_VERSION */
    uint32_t workers;         /* worker blocks; the grid has one more */
    uint32_t warps;           /* of each block, the control block too: 4 to 32 */
    uint32_t tenants;         /* 1 to 64 */
    uint32_t vslices;         /* 1 to 16 */
    uint32_t ring_capacity;   /* tasks of each ring of each tenant; a power of two, at least 64 */
    uint32_t local_capacity;  /* tasks of each SM's own queue; a power of two, 64 to GBPF_LOCAL_CAPACITY */
    uint32_t dependencies;    /* a power of two, at least 64; number 0 is none */
    uint32_t own_dependencies;/* the first so many are the application's own numbers, the others are taken and recycled */
    uint32_t descriptors;     /* a power of two, at least 64 */
    uint32_t functions;       /* size of the function table, 1 to GBPF_FUNCTION_COPY */
    uint32_t host_rings;      /* 0 to 16 */
    uint32_t host_mailboxes;  /* 0 to 4 */
    uint32_t tick_ns;         /* period of ticks */
    uint32_t refresh_ns;      /* how old a worker block's knowledge of the plane may be */
    uint32_t idle_nap_ns;     /* the longest nap of an idle worker; 0: it never naps */
    uint32_t vslice_end[GBPF_MAX_VSLICES]; /* vSlice i has worker blocks from the end of the one before to this */
    uint64_t control_address;     /* struct gbpf_host_control */
    uint64_t status_address;      /* struct gbpf_host_status */
    uint64_t mailbox_address;     /* host_mailboxes of struct gbpf_host_mailbox */
    uint64_t host_ring_address;   /* host_rings of struct gbpf_host_ring */
    uint64_t completion_address;  /* `tenants` of struct gbpf_completion_ring; 0: nobody gets records */
    uint64_t functions_address;   /* `functions` addresses of device functions; 0 where there is none */
};
#define GBPF_LOCAL_CAPACITY 1024
#define GBPF_MAX_HOST_RINGS 16
#define GBPF_MAX_HOST_MAILBOXES 4
#define GBPF_MAX_WARPS 32
#define GBPF_RESERVE_EVERY 16 /* of so many blocks of a vSlice the last keeps a warp for urgent tasks and requests of mailboxes */
static_assert(offsetof(struct gbpf_params, vslice_end) == 64, "gbpf_params");
static_assert(sizeof(struct gbpf_params) == 176, "gbpf_params");

/* 16 bytes for a task that is handed over, of a worker block or a warp: closed, open (a warp looks at it), being filled, or the task. */
struct gbpf_mail {
    alignas(16) uint64_t word0; /* GBPF_MAIL_..., or the first half of a compact task (which has GBPF_TASK_VALID) */
    uint64_t word1;
};
#define GBPF_MAIL_CLOSED 0
#define GBPF_MAIL_OPEN 1
#define GBPF_MAIL_FILLING 2
static_assert(sizeof(struct gbpf_mail) == 16, "gbpf_mail");

/* What was taken from a host mailbox last. */
struct gbpf_request {
    uint64_t sequence_and_a; /* its number, and its task's first argument << 32 */
    uint64_t attended;       /* the number of the last one that the mailbox's attendant has ended (attendant.cuh) */
    uint64_t unused0[14];
    alignas(16) uint64_t task[4]; /* for the attendant: number << 32 | flags, tenant and function; b; number << 32 | a; nothing */
    uint64_t unused1[12];
};
static_assert(sizeof(struct gbpf_request) == 2 * GBPF_LINE, "gbpf_request");

/* What a worker runs, for the watch of slow tasks. */
struct gbpf_heartbeat {
    uint32_t serial; /* counts begins and ends of tasks; odd while one runs */
    uint32_t what;   /* function << 16 | tenant */
};
static_assert(sizeof(struct gbpf_heartbeat) == 8, "gbpf_heartbeat");

/* What a tenant had in one vSlice: sums that worker blocks add to. */
struct gbpf_account {
    uint64_t used_cycles; /* of warps */
    uint64_t paused_cycles;
    uint64_t started;
    uint64_t finished;
    uint64_t failed;
    uint64_t unused[3];
};
static_assert(sizeof(struct gbpf_account) == 64, "gbpf_account");

/* What a tenant may hold of the pool of descriptors (pool.cuh). */
struct gbpf_pool {
    int32_t allowance; /* descriptors that it may still take */
    uint32_t granted;  /* descriptors that it may hold at once */
    uint32_t wanted;   /* 1: its allowance was not enough since the last tick */
    uint32_t unused;
};
static_assert(sizeof(struct gbpf_pool) == 16, "gbpf_pool");

/* What a tick grants a tenant in one vSlice. */
struct gbpf_grant {
    int64_t tokens_ns; /* worker (block) time that it may still use */
    uint32_t share;    /* its weight until the next tick */
    uint32_t pause_ns; /* how long its warps pause at a yield point */
    uint32_t priority;
    uint32_t weight;
    uint32_t running; /* its tasks that workers run */
    uint32_t unused;
    uint64_t used_before;   /* cycles at the tick before */
    uint64_t paused_before;
    uint64_t unused1[2];
};
static_assert(sizeof(struct gbpf_grant) == 64, "gbpf_grant");

/* What a tenant copies in one direction. */
struct gbpf_copies {
    int64_t tokens;        /* bytes that may still be moved, where dma_tick limits them; below 0 when the last piece was more */
    uint64_t moved;        /* bytes */
    uint64_t waiting;      /* bytes of copies that are held */
    uint32_t held;         /* copies that are parked, or on their way back to a worker */
    uint32_t active;       /* copies that warps are at */
    uint32_t parked;       /* descriptor + 1 of the one that was parked last, since the tick before */
    uint32_t first;        /* the ticking warp's: the queue of those that were parked before */
    uint32_t last;
    uint32_t unused;
    uint64_t moved_before; /* at the tick before */
    uint64_t unused1[9];
};
static_assert(sizeof(struct gbpf_copies) == GBPF_LINE, "gbpf_copies");

/* What a tick decides for a vSlice. */
struct gbpf_vslice_state {
    uint64_t tick;     /* written last */
    uint64_t eligible; /* bit t: tenant t may start tasks */
    uint32_t worker_limit; /* how many of its blocks may run */
    uint32_t first_block;
    uint32_t end_block;
    uint32_t unused[25];
};
static_assert(sizeof(struct gbpf_vslice_state) == GBPF_LINE, "gbpf_vslice_state");

/* The words that all of the plane looks at. */
struct gbpf_board {
    uint32_t stop; /* the control block's copy of the host's word */
    uint32_t leave; /* the number of the last launch that shall leave; launches count from 1 */
    uint64_t policy_address; /* of the table that decides; written before its epoch */
    uint64_t policy_epoch;
    uint64_t policy_ejected; /* the last epoch whose policy was ejected */
    uint64_t policy_faults;
    uint64_t copying;        /* bit t: tenant t has copies that run or are parked, or had some at the last tick */
    uint32_t copies_limited; /* 1: dma_tick says how many bytes may be copied */
    uint32_t unused0[19];
    uint64_t activity; /* wakes << 32 | busy blocks; 0 in the low half: nothing runs, but for what lies in mail */
    uint64_t unused1[15];
    uint64_t backlog; /* bit t: tenant t has tasks in rings */
    uint64_t unused2[15];
    uint64_t urgent; /* bit t: tenant t has urgent tasks */
    uint64_t released; /* bit t: tenant t has tasks in its ring of released ones */
    uint64_t unused3[14];
    uint64_t handed_over;
    uint64_t refused;
    uint64_t misused;
    uint64_t records_lost;
    uint64_t fatal; /* waits that the deadline ended half way */
    uint64_t unused4[11];
};
#define GBPF_MAX_WORKERS 256
static_assert(sizeof(struct gbpf_board) == 5 * GBPF_LINE, "gbpf_board");

/* The root: at the start of the plane's memory. Addresses are of its own parts. */
struct gbpf_plane {
    struct gbpf_params params;
    uint64_t board_address;        /* struct gbpf_board */
    uint64_t rings_address;        /* [tenants][GBPF_RINGS] of struct gbpf_ring */
    uint64_t ring_sequences_address; /* [tenants] of uint32_t for each slot of each ring */
    uint64_t ring_slots_address;   /* the same of struct gbpf_compact_task */
    uint64_t dependencies_address; /* [dependencies] of struct gbpf_dependency */
    uint64_t descriptors_address;  /* [descriptors] of struct gbpf_task */
    uint64_t free_rings_address;   /* [2] of struct gbpf_ring: free descriptors, free dependencies */
    uint64_t free_descriptors_address; /* [descriptors] of sequences, then of numbers */
    uint64_t free_dependencies_address; /* [dependencies] of sequences, then of numbers */
    uint64_t mail_address;         /* [workers] of GBPF_LINE bytes: a struct gbpf_mail for each block */
    uint64_t idle_address;         /* [workers] of uint32_t: bit w: warp w is idle; as old as the block's last refresh */
    uint64_t heartbeats_address;   /* [workers][warps] of struct gbpf_heartbeat */
    uint64_t accounts_address;     /* [vslices][tenants] of struct gbpf_account */
    uint64_t grants_address;       /* [vslices][tenants] of struct gbpf_grant */
    uint64_t vslices_address;      /* [vslices] of struct gbpf_vslice_state */
    uint64_t pools_address;        /* [tenants] of struct gbpf_pool */
    uint64_t completions_address;  /* [tenants] of uint64_t: positions given out */
    uint64_t taken_address;        /* [host_rings] of uint64_t: positions taken */
    uint64_t requests_address;     /* [host_mailboxes] of struct gbpf_request */
    uint64_t saved_address;        /* [workers] of saved_bytes: what worker blocks keep while no kernel runs */
    uint64_t saved_bytes;
    uint64_t bytes;                /* of all */
    uint64_t tick;
    uint64_t launches;
    uint64_t policy_epochs_address; /* [workers] of uint64_t: the epoch from which on the block uses tables */
    uint64_t copies_address;       /* [tenants][2] of struct gbpf_copies: to the device, to the host */
    uint64_t copy_links_address;   /* [descriptors] of uint32_t: descriptor + 1 of the next copy that is parked */
};

#endif

/*
 * table.h: the policy table, by which verified programs decide inside the control kernel. Plain C11 and C++;
 * dev.gbpf.cuda.table.TableLayout is Java's view of it.
 *
 * The host has room for two tables. It writes the one that no block uses, then the table's address and its epoch into
 * gbpf_host_control. When gbpf_host_status.policy_settled has come to that epoch, nobody uses the other one any more.
 */
#ifndef GBPF_TABLE_H
#define GBPF_TABLE_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "abi.h"
#include "micro_op.h"

#define GBPF_TABLE_VERSION 4

/* Device hooks: the program of hook h is at h - GBPF_TABLE_FIRST_HOOK. */
#define GBPF_TABLE_FIRST_HOOK GBPF_HOOK_SM_TICK
#define GBPF_TABLE_HOOKS 6

/* Operations for which blocks have room: of the program for cta_admit, and of all others together. */
#define GBPF_TABLE_ADMIT_ROOM 1024
#define GBPF_TABLE_TICK_ROOM 2048
/* Maps, at most. */
#define GBPF_TABLE_MAPS 64

/* Bytes of a thread's stack that a compiled program may take: what an interpreted one takes for its frames. */
#define GBPF_CODE_STACK_BYTES 4096

/* Kinds of maps, by the numbers of dev.gbpf.abi.MapKind. */
#define GBPF_MAP_HASH 1
#define GBPF_MAP_ARRAY 2
#define GBPF_MAP_PERCPU_ARRAY 6
#define GBPF_MAP_LRU_HASH 9
#define GBPF_MAP_SNAPSHOT 65536
#define GBPF_MAP_COUNTERS 65537

/* Where a map is and what it has. Its memory outlives tables: successive ones may name the same. */
struct gbpf_map {
    uint32_t kind;
    uint32_t key_size;
    uint32_t value_size;
    uint32_t max_entries;
    uint64_t address;   /* of a snapshot, that of the copy that is good while the table is; of a hash, of struct gbpf_hash */
    uint32_t read_only; /* 1: helpers may not change it */
    /* Rows of a percpu_array or of counters: row b is worker block b's, the last one the control block's. Of a hash the binary logarithm
     * of the number of its buckets, 1 to 31. Else 1. */
    uint32_t cpus;
};
static_assert(sizeof(struct gbpf_map) == 32, "gbpf_map");

/*
 * A hash or an lru_hash (hash.cuh). After this head, without gaps: a word for each 64 slots, bit s of all: slot s holds an entry;
 * buckets of 8 bytes, (version << 1 | lock) << 32 | first slot + 1; slots. It is empty when all but `map` is zero.
 */
struct gbpf_hash {
    struct gbpf_map map; /* for compiled programs, which see no table */
    uint64_t call;       /* address of the function that does helpers; written by the device before a program runs */
    uint64_t unused0[11];
    uint64_t free; /* count << 32 | slot + 1: the slot that became free last */
    uint64_t unused1[15];
    uint64_t fresh; /* slots from here on were never in use; may be more than there are */
    uint64_t unused2[15];
    uint64_t hand; /* of an lru_hash: slots that its hand came to */
    uint64_t unused3[15];
    uint64_t refused; /* updates that found no room */
    uint64_t busy;    /* changes that gave up, since others changed the bucket all the time */
    uint64_t unused4[14];
};
static_assert(offsetof(struct gbpf_hash, free) == 128 && offsetof(struct gbpf_hash, refused) == 512, "gbpf_hash");
static_assert(sizeof(struct gbpf_hash) == 640, "gbpf_hash");

/* The head of a slot. The key follows, then the value, each padded with zeros to a multiple of 8 bytes. */
struct gbpf_hash_slot {
    uint32_t next;       /* slot + 1 of the next one of its bucket, or of the next free one; 0: none */
    uint32_t tag;        /* high half of the hash of its key */
    uint32_t generation; /* counts entries that come and go: odd while there is one */
    uint32_t mark;       /* of an lru_hash: 1 when it was looked up since the hand came by */
};
static_assert(sizeof(struct gbpf_hash_slot) == 16, "gbpf_hash_slot");

/* A change of a hash that the host wishes; the control block does it at its next tick. */
struct gbpf_map_change {
    uint64_t hash;   /* address of the struct gbpf_hash */
    uint64_t helper; /* GBPF_HELPER_MAP_UPDATE_ELEM or GBPF_HELPER_MAP_DELETE_ELEM */
    uint64_t key_address;
    uint64_t value_address;
    uint64_t flags;
};
static_assert(sizeof(struct gbpf_map_change) == 40, "gbpf_map_change");

/* A program; of a hook that is left out all is 0. */
struct gbpf_table_program {
    uint32_t first; /* its first operation, counted from the table's first */
    uint32_t count; /* operations, with the one at the end that never runs */
    uint32_t jumps; /* how many jumps a run may take: its certificate */
    uint32_t unused;
};
static_assert(sizeof(struct gbpf_table_program) == 16, "gbpf_table_program");

/* The table. Maps and operations are where the addresses say. */
struct gbpf_policy_table {
    uint64_t epoch; /* counts up from 1; 0: no table */
    uint32_t version;
    uint32_t maps;
    uint32_t operations;
    uint32_t unused0;
    uint64_t maps_address;       /* of struct gbpf_map */
    uint64_t operations_address; /* of gbpf_micro_op */
    uint64_t fault_address;      /* of one struct gbpf_policy_fault; 0: nobody wants to know */
    uint64_t log_address;        /* of one struct gbpf_policy_log; 0: nobody wants to know */
    uint64_t code_address;       /* of the addresses of GBPF_TABLE_HOOKS compiled programs, 0 for one that is interpreted; 0: all are */
    struct gbpf_table_program programs[GBPF_TABLE_HOOKS];
};
static_assert(offsetof(struct gbpf_policy_table, programs) == 64, "gbpf_policy_table");
static_assert(sizeof(struct gbpf_policy_table) == 160, "gbpf_policy_table");

/* Why a policy was ejected. Kinds of faults; 0: none. */
#define GBPF_FAULT_OVERRUN 1   /* it took more jumps than its certificate allows */
#define GBPF_FAULT_OPERATION 2 /* an operation that there is none of: the table is damaged */
#define GBPF_FAULT_DEPTH 3     /* local calls deeper than 8 frames */
#define GBPF_FAULT_HELPER 4    /* a helper or a map that device programs do not have */
#define GBPF_FAULT_TABLE 5     /* the table has more than blocks have room for, or is of another version */
#define GBPF_FAULT_STALL 6     /* tasks waited for half a second, and none ran or started */

/* The fault that ejected the policy of a table: the first one. */
struct gbpf_policy_fault {
    uint64_t epoch; /* of the table; written last, 0 before */
    uint32_t kind;
    uint32_t hook;
    uint32_t at;     /* the operation, counted from the program's first */
    uint32_t tenant; /* whom it was asked about; with therm_tick 0 */
    uint32_t vslice;
    uint32_t block; /* where it ran: a worker block, or after the last one the control block */
    uint64_t now_ns; /* the device's clock */
    uint64_t registers[11]; /* r0 to r10 */
};
static_assert(sizeof(struct gbpf_policy_fault) == 128, "gbpf_policy_fault");

/* What programs logged: the newest entries, and how many there were. */
struct gbpf_log_entry {
    uint64_t position; /* from 1 on; written last */
    uint64_t now_ns;
    uint64_t tag;
    uint64_t value;
};
#define GBPF_LOG_ENTRIES 1024
struct gbpf_policy_log {
    uint64_t count;
    uint64_t unused[15];
    struct gbpf_log_entry entries[GBPF_LOG_ENTRIES]; /* entry p is at (p - 1) mod GBPF_LOG_ENTRIES */
};
static_assert(sizeof(struct gbpf_policy_log) == 128 + 32 * GBPF_LOG_ENTRIES, "gbpf_policy_log");

#endif

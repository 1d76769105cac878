/*
 * What an application under policy and the daemon share: one segment of memory for each process, made by the client library inside the
 * application and handed to the daemon over a socket. Java's view is dev.gbpf.host.interpose.SegmentLayout; a test compares the two field by
 * field.
 *
 * Each line of 64 bytes has one writer, who is named; all words are aligned and are read and written as a whole. The daemon takes nothing in
 * here on trust: a client may write anything anywhere at any time, and only itself is the worse for it. Times are CLOCK_MONOTONIC, ns.
 */
#ifndef GBPF_CUDA_SEGMENT_H
#define GBPF_CUDA_SEGMENT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GBPF_SEGMENT_MAGIC 0x3147455346504247ull /* "GBPFSEG1", little-endian */
#define GBPF_SEGMENT_VERSION 3u

enum {
    GBPF_SEGMENT_STREAMS = 64,    /* the last one stands for all streams that found no place of their own */
    GBPF_SEGMENT_LANES = 2,       /* threads that count by themselves on a stream */
    GBPF_SEGMENT_DEVICES = 16,    /* devices that a process can see, by the driver's ordinal */
    GBPF_SEGMENT_FUNCTIONS = 512, /* kinds of kernels and graphs whose time is known; a power of two */
    GBPF_SEGMENT_EVENTS = 4096,   /* the ring of events; a power of two */
    GBPF_TENANT_NAME = 64,        /* bytes, with the zero at the end */
};

/* What kind of application it is: gbpf exec --class. */
enum gbpf_class { GBPF_CLASS_BEST_EFFORT = 0, GBPF_CLASS_LATENCY = 1 };

/* A grant without end. */
#define GBPF_UNLIMITED UINT64_MAX

/* ---- the socket: SOCK_SEQPACKET, one message each way, and then silence: whoever hangs up is gone ---- */

/* From the client, with the segment's descriptor (SCM_RIGHTS): a memfd sealed with F_SEAL_SHRINK and F_SEAL_GROW. */
struct gbpf_hello {
    uint64_t magic;
    uint32_t version;
    uint32_t bytes;      /* of the segment */
    uint32_t class_;     /* enum gbpf_class */
    uint32_t attachment; /* how often this process attached before */
    char tenant[GBPF_TENANT_NAME];
    char command[GBPF_TENANT_NAME]; /* for people: the program's name */
};

enum gbpf_welcome_status {
    GBPF_WELCOME_OK = 0,
    GBPF_WELCOME_VERSION = 1, /* another version of this file; the message says which */
    GBPF_WELCOME_TENANT = 2,  /* no such tenant, and none is made for it */
    GBPF_WELCOME_FULL = 3,    /* too many processes */
    GBPF_WELCOME_SEGMENT = 4, /* the segment is not what it must be */
    GBPF_WELCOME_DENIED = 5   /* this user may not */
};

/* From the daemon. */
struct gbpf_welcome {
    uint64_t magic;
    uint32_t version;
    uint32_t status; /* enum gbpf_welcome_status */
    uint64_t client; /* the daemon's number for this attachment, from 1 */
    uint32_t tenant; /* index, from 0 */
    uint32_t reserved;
    char message[96]; /* for people, ends with a zero */
};

/* ---- the segment ---- */

/* Written by the client before it says hello, and not after. */
struct gbpf_segment_head {
    uint64_t magic;
    uint32_t version;
    uint32_t bytes; /* of the whole segment */
    uint32_t pid;   /* as the client sees itself */
    uint32_t class_;
    uint64_t started_ns;
    char tenant[GBPF_TENANT_NAME];
    char command[GBPF_TENANT_NAME];
    uint8_t reserved[32];
};

enum gbpf_mode {
    GBPF_MODE_BYPASS = 0, /* every gate is open whatever the grants say, and what was changed in the process is changed back */
    GBPF_MODE_POLICY = 1
};

/* Written by the daemon: what it wants of the process as a whole. */
struct gbpf_segment_orders {
    /* line 0: what launches look at */
    uint32_t sequence; /* a futex: it grows with each change of anything below that the client's steward must see to */
    uint32_t mode;     /* enum gbpf_mode */
    uint64_t heartbeat_ns;  /* when the daemon's plane last went round */
    uint64_t lease_ns;      /* how long what is here holds after the heartbeat */
    uint64_t hold_limit_ns; /* no call is held longer than this; then it passes, and is counted */
    uint64_t hold_epoch;    /* a new one lets go of every call that is held */
    uint32_t track_every;   /* have the device report each so many launches of a stream; 0: do not */
    uint32_t track_ns;      /* and when this much estimated work has been launched since the last report, ns; 0: do not */
    uint32_t sample_every;  /* measure each so many launches of a function; 0: measure none */
    uint32_t record;        /* 1: write events */
    uint64_t stop_every_ns; /* a stop point after so much estimated work of a stream; 0: none */
    /* line 1: levers */
    uint32_t timeslice_us;    /* of the process's channel groups; 0: as the driver made it */
    int32_t stream_priority;  /* added to what the application asks for new streams, and cut to what the driver allows; 0: nothing */
    uint64_t copy_bytes_per_second; /* 0: no limit */
    uint64_t copy_burst_bytes;      /* what may be copied at once after a pause */
    uint64_t copy_piece_bytes;      /* larger copies go in pieces of this size; 0: whole */
    uint32_t partition;             /* SMs of streams that the process makes from now on: first << 16 | count; 0: nothing is said */
    uint32_t stopped;               /* 1: streams wait at their next stop point */
    uint32_t reserved0[6];
    /* lines 2 and 3: device memory that the process may have, bytes, by device; 0: no limit */
    uint64_t quota_bytes[GBPF_SEGMENT_DEVICES];
};

/* A lever's self-test. */
enum gbpf_lever_state { GBPF_LEVER_UNKNOWN = 0, GBPF_LEVER_WORKS = 1, GBPF_LEVER_REFUSED = 2, GBPF_LEVER_ABSENT = 3, GBPF_LEVER_NO_EFFECT = 4,
    GBPF_LEVER_READY = 5 }; /* what it needs is there; nothing has used it */

enum gbpf_lever {
    GBPF_LEVER_GATE = 0,
    GBPF_LEVER_TIMESLICE = 1,
    GBPF_LEVER_PRIORITY = 2,
    GBPF_LEVER_QUOTA = 3,
    GBPF_LEVER_COPY = 4,
    GBPF_LEVER_PARTITION = 5,
    GBPF_LEVER_COMPLETION = 6, /* reports of the device itself (cuStreamWriteValue32) */
    GBPF_LEVER_STOP = 7,       /* stop points (cuStreamWaitValue32) */
    GBPF_LEVERS = 8
};

/* Written by the client: how the process stands. */
struct gbpf_segment_report {
    /* line 0 */
    uint32_t bell;     /* a futex: grows when a call is held, so that the daemon need not look all the time */
    uint32_t steward;  /* 1 while the client's own thread runs */
    uint64_t seen_ns;  /* when the steward last looked */
    uint32_t sequence; /* orders it has carried out, the last one */
    uint32_t channel_groups;
    uint32_t timeslice_us;     /* what the groups have now; 0: what the driver gave them */
    uint32_t timeslice_errors; /* control calls that the driver refused */
    uint8_t levers[GBPF_LEVERS]; /* enum gbpf_lever_state */
    uint32_t captures;           /* streams in capture now */
    uint32_t entry_points;       /* driver functions that are wrapped */
    uint32_t unwrapped;          /* functions asked for that matter by their name and are not wrapped */
    uint32_t partition;          /* as in the orders: what the process was started with, where nothing is ordered */
    uint32_t partition_errors;   /* streams that the driver could not make in a partition, and that have all SMs */
    uint32_t detours;            /* launches that were too large for their stream's partition, and that had all SMs */
    /* line 1: counters */
    uint64_t reserved4;
    uint64_t graph_launches;
    uint64_t copies;
    uint64_t copied_bytes;
    uint64_t held;         /* calls that had to wait */
    uint64_t held_ns;      /* all waits together */
    uint64_t fail_open;    /* calls that passed because there was no daemon, no lease, or a hold had lasted too long */
    uint64_t held_too_long; /* of these, those whose hold had lasted too long */
    /* line 2: counters */
    uint64_t collectives;  /* launches that were taken for a part of a collective operation, and not held */
    uint64_t refused_allocations;
    uint64_t captured;     /* launches into a capture */
    uint64_t reserved3;
    uint64_t attachments;
    uint64_t reserved2[3];
    /* lines 3 and 4: device memory that the process has, as counted by what it allocated, bytes */
    uint64_t memory_bytes[GBPF_SEGMENT_DEVICES];
};

/* A stream. Cumulative counts begin at 0 when the place is taken. */
struct gbpf_segment_stream {
    /* line 0: written by the daemon */
    uint64_t granted_ns; /* a launch passes while less estimated device time than this was launched since the place was taken, or GBPF_UNLIMITED */
    uint32_t grant;      /* a futex: grows with granted_ns */
    uint32_t taken;      /* the number of the place's owner for which the grant is; a grant for an earlier owner counts for nothing */
    uint64_t reserved0[6];
    /* line 1: written by the client; a count is the sum of what the lanes have, a thread each, and the word for all other threads in line 3 */
    uint32_t owner; /* 0: free; else grows each time the place is taken */
    uint32_t flags; /* GBPF_STREAM_... */
    uint64_t launched[GBPF_SEGMENT_LANES];    /* launches so far, graphs and copies too */
    uint64_t launched_ns[GBPF_SEGMENT_LANES]; /* estimated device time launched so far */
    uint64_t kernels[GBPF_SEGMENT_LANES];     /* launches of kernels, for the process's account: also those of earlier owners of the place */
    uint32_t device;
    uint32_t reserved2;
    /* line 2: written by the device, from the streams' own queue */
    uint32_t completed; /* the low 32 bits of `launched` of the last launch that the device reported as over */
    uint32_t asked;     /* of the last launch of which it was asked to report; written by the client */
    uint32_t gpu;       /* 1 + domain << 16 | bus << 8 | device of its GPU on the PCI bus, the same in all processes; 0: not known */
    uint32_t partition; /* as in the orders: of the SMs that it runs on; 0: all; written by the client */
    uint32_t reserved1[12];
    /* line 3: written by the client, any of its threads */
    uint64_t shared_launched;
    uint64_t shared_launched_ns;
    uint64_t shared_kernels;
    uint64_t synchronized;  /* launches known to be over because the application waited for them */
    uint64_t wanted_ns;     /* estimated device time that held calls ask for; 0: none is held */
    uint64_t held_since_ns; /* of the call that is held longest */
    uint32_t waiters;       /* calls that are held */
    uint32_t passing;       /* calls that were held and are not among the launched ones yet: one of the three says that there is work */
    uint64_t reserved3;
};

enum {
    GBPF_STREAM_DEFAULT = 1,    /* the legacy default stream */
    GBPF_STREAM_CAPTURE = 2,    /* in capture */
    GBPF_STREAM_TRACKED = 4,    /* the device reports; else only the application's own waiting tells */
    GBPF_STREAM_COLLECTIVE = 8, /* has launched collective operations: never held */
    GBPF_STREAM_OTHERS = 16     /* stands for several streams */
};

/* Device time of a function with a shape, or of a graph. Written by the client, one thread at a time. */
struct gbpf_segment_function {
    uint64_t key;         /* hash of function and shape; 0: free */
    uint64_t estimate_ns; /* what a launch of it takes alone; 0: not yet measured */
    uint64_t launches;
    uint32_t samples;
    uint32_t plain; /* the low half of key, which is not 0, once it is known that the function takes no part in collective operations */
};

enum gbpf_event_kind {
    GBPF_EVENT_KERNEL = 1,
    GBPF_EVENT_GRAPH = 2,
    GBPF_EVENT_COPY_H2D = 3,
    GBPF_EVENT_COPY_D2H = 4,
    GBPF_EVENT_COPY_D2D = 5,
    GBPF_EVENT_SET = 6,
    GBPF_EVENT_ALLOC = 7,
    GBPF_EVENT_FREE = 8,
    GBPF_EVENT_SYNC = 9,       /* the application waited for a stream, or for all of a context (stream = 0xffff) */
    GBPF_EVENT_COLLECTIVE = 10
};

/* What the application did; a ring with many writers, in which a slot is valid for the ticket in it. */
struct gbpf_segment_event {
    uint64_t ticket; /* from 1, written last */
    uint64_t time_ns; /* when the driver had returned */
    uint64_t duration_ns; /* of work: its estimate then; of a wait: how long it took */
    uint64_t bytes;
    uint64_t key; /* of the function or graph */
    uint32_t width; /* blocks of a kernel, cut to 32 bits */
    uint32_t threads; /* of a block */
    uint16_t stream;
    uint16_t kind; /* enum gbpf_event_kind */
    uint32_t number; /* the low 32 bits of `launched`: of work its own, of a wait those that it waited for */
    uint32_t held_ns; /* how long the gate or the pace held the call, cut to 32 bits */
    uint32_t call_ns; /* how long the driver took, cut to 32 bits */
};

struct gbpf_segment {
    struct gbpf_segment_head head;
    struct gbpf_segment_orders orders;
    struct gbpf_segment_report report;
    struct gbpf_segment_stream streams[GBPF_SEGMENT_STREAMS];
    struct gbpf_segment_function functions[GBPF_SEGMENT_FUNCTIONS];
    uint64_t next_event; /* tickets given so far; by the client */
    uint64_t reserved[7];
    struct gbpf_segment_event events[GBPF_SEGMENT_EVENTS];
};

#ifdef __cplusplus
}
#endif
#endif

package dev.gbpf.abi;

import java.util.List;

/** The contexts of the host hooks. */
final class HostContexts {
    static final ContextLayout INIT = ContextLayout.builder("gbpf_init_ctx")
            .amount("now_ns", "The plane's clock, ns.")
            .u32("reason", 0, 2, "Why: START_FIRST, START_SWAP or START_ROLLBACK.")
            .u32("kept_maps", 0, 64, "How many of the policy's maps kept their contents from an earlier activation.")
            .u32("tenants", 1, Constants.MAX_TENANTS, "How many tenants there are; they are numbered from 0.")
            .u32("vslices", 1, Constants.MAX_VSLICES, "How many vSlices there are; they are numbered from 0.")
            .amount("queued", "Jobs that wait in queues.")
            .build();

    static final ContextLayout EXIT = ContextLayout.builder("gbpf_exit_ctx")
            .amount("now_ns", "The plane's clock, ns.")
            .u32("kind", 0, 2, "Why: EXIT_DONE, EXIT_SWAPPED or EXIT_EJECTED.")
            .u32("code", 0, 0xFFFF_FFFFL, "The reason code of an ejection, else 0.")
            .amount("decisions", "How many decisions the image made.")
            .build();

    static final ContextLayout ON_SUBMIT = ContextLayout.builder("gbpf_submit_ctx")
            .all(jobFields())
            .amount("queued", "Jobs that wait in queues, this one not counted.")
            .amount("running", "Jobs that the device holds.")
            .out64("reason", "Out: reason code of a REJECT for the tenant; the plane keeps the low 63 bits.")
            .build();

    static final ContextLayout ON_ADMIT = ContextLayout.builder("gbpf_admit_ctx")
            .all(jobFields())
            .amount("dsq", "The dispatch queue that it heads.")
            .amount("running", "Jobs that the device holds.")
            .u32("tenant_running", 0, Integer.MAX_VALUE, "Jobs of the same tenant that the device holds.")
            .u32("vslice", 0, Constants.MAX_VSLICES - 1, "The vSlice that it would go to.")
            .out64(
                    "defer_until_ns",
                    "Out: with DEFER, when to ask again, ns; not later than now means at the next event.")
            .out64("reason", "Out: reason code of a REJECT for the tenant; the plane keeps the low 63 bits.")
            .build();

    static final ContextLayout ON_DISPATCH = ContextLayout.builder("gbpf_dispatch_ctx")
            .amount("now_ns", "The plane's clock, ns.")
            .u32("vslice", 0, Constants.MAX_VSLICES - 1, "The vSlice that has room.")
            .u32("room", 1, Integer.MAX_VALUE, "How many more jobs the vSlice takes now.")
            .amount("queued", "Jobs that wait in queues.")
            .amount("running", "Jobs that the device holds.")
            .u32("tenants", 1, Constants.MAX_TENANTS, "How many tenants there are; they are numbered from 0.")
            .u32("sms", 1, 65_535, "SMs of the vSlice.")
            .out64(
                    "budget_ns",
                    "Out: how long a kernel from the chosen queue may run before on_preempt is asked, ns from its start; 0 for"
                            + " as long as it likes.")
            .build();

    static final ContextLayout ON_RETIRE = ContextLayout.builder("gbpf_retire_ctx")
            .all(jobFields())
            .amount("dispatched_ns", "When it went to the device, ns.")
            .amount("run_ns", "Device time it used, ns: its own share of a batch or of contended SMs.")
            .u32("status", 0, 1, "STATUS_OK or STATUS_FAILED.")
            .u32("vslice", 0, Constants.MAX_VSLICES - 1, "Where it ran.")
            .build();

    static final ContextLayout ON_TICK = ContextLayout.builder("gbpf_tick_ctx")
            .amount("now_ns", "The plane's clock, ns.")
            .amount("tick", "Number of the tick, from 0.")
            .amount("queued", "Jobs that wait in queues.")
            .amount("running", "Jobs that the device holds.")
            .u32("tenants", 1, Constants.MAX_TENANTS, "How many tenants there are; they are numbered from 0.")
            .u32("vslices", 1, Constants.MAX_VSLICES, "How many vSlices there are; they are numbered from 0.")
            .build();

    static final ContextLayout MIGRATE = ContextLayout.builder("gbpf_migrate_ctx")
            .amount("now_ns", "The plane's clock, ns.")
            .u32(
                    "old_maps",
                    1,
                    64,
                    "How many of the policy's maps named old_... hold the contents of the earlier version's; the others are"
                            + " empty.")
            .u32("tenants", 1, Constants.MAX_TENANTS, "How many tenants there are; they are numbered from 0.")
            .build();

    static final ContextLayout ON_PREEMPT = ContextLayout.builder("gbpf_preempt_ctx")
            .all(jobFields())
            .amount(
                    "used_ns",
                    "Device time that it used before it came to its place, ns; 0 unless it had to yield earlier.")
            .amount("running_ns", "How long ago it went to the device, the last time, ns.")
            .amount("queued", "Jobs that wait in queues.")
            .amount("running", "Jobs that the device holds.")
            .u64("waiting_job", "With PREEMPT_URGENT, the id of the job that waits; else 0.")
            .amount("waiting_cost_ns", "Its estimated device time, ns; 0 when unknown.")
            .amount("waiting_deadline_ns", "When it should be finished, ns; 0 when it has no deadline.")
            .u32("waiting_tenant", 0, Constants.MAX_TENANTS - 1, "Its tenant.")
            .u32("waiting_priority", 0, 1_000, "Its tenant's priority.")
            .u32("reason", 0, 1, "Why: PREEMPT_BUDGET or PREEMPT_URGENT.")
            .u32("vslice", 0, Constants.MAX_VSLICES - 1, "Where it runs.")
            .out64(
                    "budget_ns",
                    "Out: with CONTINUE, how much longer it may run before it is asked about again, ns; 0 for as long as it"
                            + " likes.")
            .out64("piece_ns", "Out: with ATOMIZE, how long each piece runs alone, ns; 0 means 1 ms.")
            .build();

    static final ContextLayout ON_THERMAL = ContextLayout.builder("gbpf_thermal_ctx")
            .amount("now_ns", "The plane's clock, ns.")
            .amount("power_mw", "Power of the device, mean since the last reading, mW.")
            .u32("temperature_mc", 0, 1_000_000, "Temperature of the device, thousandths of a degree Celsius.")
            .u32(
                    "limit_mc",
                    0,
                    1_000_000,
                    "Where the device begins to lower its clock, thousandths of a degree Celsius.")
            .u32("clock", 1, 1_000, "The device's clock, thousandths of its full clock.")
            .u32("changed", 1, 7, "What moved: THERMAL_POWER, THERMAL_CLOCK and THERMAL_TEMPERATURE, or several.")
            .u32("vslice", 0, Constants.MAX_VSLICES - 1, "The vSlice.")
            .u32("sms", 1, 65_535, "SMs of the vSlice.")
            .u32("cap", 0, 1_000, "The verdict that holds until now.")
            .u32("vslices", 1, Constants.MAX_VSLICES, "How many vSlices there are; they are numbered from 0.")
            .build();

    static final ContextLayout ON_MEM_ALLOC = ContextLayout.builder("gbpf_mem_alloc_ctx")
            .amount("now_ns", "The plane's clock, ns.")
            .u64("alloc_id", "Identity of the allocation, unique over the plane's life.")
            .amount("bytes", "What it is to hold, bytes; pages round it up.")
            .u64("tag", "A number of the application's own, not read by the plane.")
            .amount("tenant_used", "Device memory that the tenant's other allocations take, bytes.")
            .amount("tenant_spilled", "Bytes of the tenant's other allocations that are in host memory.")
            .amount("free", "Device memory that is free, of all pools, bytes.")
            .amount("capacity", "Device memory in all, bytes.")
            .u32("tenant", 0, Constants.MAX_TENANTS - 1, "The tenant, from 0.")
            .u32("weight", 1, 1_000_000, "The tenant's configured weight, at least 1.")
            .u32("priority", 0, 1_000, "The tenant's configured priority; greater is more urgent.")
            .u32(
                    "access",
                    0,
                    2,
                    "How often it will be used, as far as its tenant knows: MEM_HOT, MEM_WARM or MEM_COLD.")
            .u32("flags", 0, 15, "Any of MEM_PINNED, MEM_RANDOM, MEM_RETURNS and MEM_AGAIN.")
            .u32("compressed_to", 1, 1_000, "What is left of it when it is compressed, in thousandths; 1000 for all.")
            .u32("pools", 1, Constants.MAX_POOLS, "How many pools there are; they are numbered from 0.")
            .u32("waiting", 0, Integer.MAX_VALUE, "How many other requests wait for device memory.")
            .out64("pool", "Out: the pool to take it from; a number that no pool has means 0.")
            .out64("page_size", "Out: PAGE_4K, PAGE_64K or PAGE_2M; anything else means PAGE_64K.")
            .out64("compress", "Out: 0 to store it as it is; anything else to compress it.")
            .out64("reason", "Out: reason code of a DENY for the tenant; the plane keeps the low 63 bits.")
            .build();

    static final ContextLayout ON_MEM_FAULT = ContextLayout.builder("gbpf_mem_fault_ctx")
            .amount("now_ns", "The plane's clock, ns.")
            .u64("alloc_id", "With MEM_FULL, the allocation that finds no room; else 0.")
            .amount("bytes", "With MEM_FULL, what it takes in the pool, bytes; else 0.")
            .amount(
                    "missing",
                    "How many bytes more must become free in the pool, those that leave it already counted as free.")
            .amount("free", "Bytes of the pool that are free.")
            .amount("capacity", "Bytes of the pool.")
            .amount("leaving", "Bytes of the pool that are on their way out.")
            .amount("others_free", "Bytes that are free in other pools.")
            .u32("tenant", 0, Constants.MAX_TENANTS - 1, "With MEM_FULL, the tenant; else 0.")
            .u32("weight", 1, 1_000_000, "The tenant's configured weight, at least 1.")
            .u32("priority", 0, 1_000, "The tenant's configured priority; greater is more urgent.")
            .u32("reason", 0, 1, "Why: MEM_FULL or MEM_PRESSURE.")
            .u32("pool", 0, Constants.MAX_POOLS - 1, "The pool.")
            .u32("pools", 1, Constants.MAX_POOLS, "How many pools there are; they are numbered from 0.")
            .u32("waiting", 0, Integer.MAX_VALUE, "How many other requests wait for device memory.")
            .build();

    static final ContextLayout ON_RECLAIM = ContextLayout.builder("gbpf_reclaim_ctx")
            .amount("now_ns", "The plane's clock, ns.")
            .u64("alloc_id", "Identity of the allocation that may give way.")
            .amount("bytes", "Device memory that it takes, bytes.")
            .amount("saves", "What COMPRESS would free of it, bytes; 0 when it cannot be compressed or is already.")
            .amount("missing", "How many bytes more must become free in the pool.")
            .amount("created_ns", "When it was asked for, ns.")
            .amount("last_use_ns", "When it was used last, or granted, ns.")
            .amount("uses", "How often it was used.")
            .u64("tag", "A number of the application's own, not read by the plane.")
            .u32("tenant", 0, Constants.MAX_TENANTS - 1, "Whose it is.")
            .u32("weight", 1, 1_000_000, "Its tenant's configured weight, at least 1.")
            .u32("priority", 0, 1_000, "Its tenant's configured priority; greater is more urgent.")
            .u32("for_tenant", 0, Constants.MAX_TENANTS - 1, "Who needs the memory; with MEM_PRESSURE its own tenant.")
            .u32("reason", 0, 1, "Why: MEM_FULL or MEM_PRESSURE.")
            .u32("pool", 0, Constants.MAX_POOLS - 1, "The pool.")
            .u32("access", 0, 2, "How often it was to be used: MEM_HOT, MEM_WARM or MEM_COLD.")
            .u32("flags", 0, 15, "MEM_RANDOM or 0.")
            .out64(
                    "rank",
                    "Out: of all that may give way the greatest rank does; of equals the one that was not used for longest.")
            .build();

    static final ContextLayout ON_COPY_ENQUEUE = ContextLayout.builder("gbpf_copy_ctx")
            .all(jobFields())
            .amount("engine_bytes", "Bytes that the copies of this direction that the device holds have still to move.")
            .amount("bandwidth", "What the engine moves, bytes a second; 0 when unknown.")
            .amount("running", "Jobs that the device holds.")
            .u32("depth", 0, Integer.MAX_VALUE, "Copies of this direction that the device holds, paced ones included.")
            .u32("tenant_depth", 0, Integer.MAX_VALUE, "Those of them that are of the same tenant.")
            .u32("vslice", 0, Constants.MAX_VSLICES - 1, "The vSlice that it goes to.")
            .u32("tenants", 1, Constants.MAX_TENANTS, "How many tenants there are; they are numbered from 0.")
            .out64("not_before_ns", "Out: with PACE, when it may begin to move, ns; not later than now means at once.")
            .out64("rate_mbps", "Out: with PACE, millions of bytes a second at most; 0 for as fast as it can.")
            .out64(
                    "chunk_bytes",
                    "Out: with PACE and SPLIT, bytes of a piece; 0 means 1 MiB. A piece has at least 4 KiB and 1/65536 of the"
                            + " copy.")
            .build();

    static final ContextLayout ON_COLLECTIVE_PHASE = ContextLayout.builder("gbpf_collective_ctx")
            .all(jobFields())
            .u64("communicator", "Identity of the communicator.")
            .amount("operation", "Number of the operation within its communicator, from 0.")
            .amount("message_bytes", "Bytes that each rank has to send.")
            .amount("waited_ns", "How long ago the first of its ranks entered, ns.")
            .amount("queued", "Jobs that wait in queues.")
            .amount("running", "Jobs that the device holds.")
            .u32("phase", 0, 1, "COLLECTIVE_BEGIN or COLLECTIVE_END.")
            .u32("rank", 0, Constants.MAX_RANKS - 1, "Whose part it is.")
            .u32("nranks", 1, Constants.MAX_RANKS, "How many ranks the communicator has.")
            .u32("entered", 1, Constants.MAX_RANKS, "Ranks whose part has entered, this one counted.")
            .u32("over", 0, Constants.MAX_RANKS, "Ranks whose part is over; at the end this one is counted.")
            .u32("status", 0, 1, "At the end STATUS_OK or STATUS_FAILED.")
            .u32("slots", 0, Integer.MAX_VALUE, "Jobs that all vSlices together have room for now.")
            .u32("vslices", 1, Constants.MAX_VSLICES, "How many vSlices there are; they are numbered from 0.")
            .out64(
                    "gang_wait_ns",
                    "Out: with GANG and GANG_BOOST, how long the ranks wait for each other; then those that are there go to"
                            + " on_submit. 0 means 100 ms, and it is 1 s at most.")
            .build();

    private HostContexts() {}

    /** The fields that every hook about a job begins with. */
    private static List<ContextField> jobFields() {
        return ContextLayout.builder("job")
                .amount("now_ns", "The plane's clock, ns.")
                .u64("job_id", "Identity of the job, unique over the plane's life.")
                .u64("stream", "The stream that it belongs to; jobs of a stream go to the device in order.")
                .amount("submitted_ns", "When it was submitted, ns.")
                .amount("deadline_ns", "When it should be finished, ns; 0 when it has no deadline.")
                .amount("cost_ns", "Estimated device time when run alone, ns; 0 when unknown.")
                .amount("bytes", "Copy: bytes to move. Kernel: device memory that it takes, bytes.")
                .u64("tag", "A number of the application's own, not read by the plane.")
                .u32("tenant", 0, Constants.MAX_TENANTS - 1, "The tenant, from 0.")
                .u32("kind", 0, 2, "KIND_KERNEL, KIND_COPY_H2D or KIND_COPY_D2H.")
                .u32("weight", 1, 1_000_000, "The tenant's configured weight, at least 1.")
                .u32("priority", 0, 1_000, "The tenant's configured priority; greater is more urgent.")
                .u32("width", 0, 65_535, "SMs that it can use; 0 for a copy.")
                .u32("flags", 0, 3, "JOB_REOFFERED, JOB_BATCHABLE, or both.")
                .build()
                .fields();
    }
}

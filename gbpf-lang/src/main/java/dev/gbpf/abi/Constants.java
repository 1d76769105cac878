package dev.gbpf.abi;

import dev.gbpf.abi.VerdictSpec.NamedValue;
import java.util.List;
import java.util.Optional;

/** The constants that policies may name in every hook, besides the verdicts of their own hook. */
public final class Constants {
    /** Order of a dispatch queue: first in, first out. */
    public static final long DSQ_FIFO = 0;
    /** Order of a dispatch queue: least vtime first. */
    public static final long DSQ_VTIME = 1;
    /** The dispatch queue that always exists and that the plane serves by itself, before it asks the policy. */
    public static final long DSQ_GLOBAL = 0;
    /** All ones: what {@code dsq_peek} answers when there is nothing to see. */
    public static final long NONE = -1;

    public static final long OPEN = -1;

    /** Tenants are numbered from 0; there are at most this many. */
    public static final int MAX_TENANTS = 64;
    /** vSlices are numbered from 0; there are at most this many. */
    public static final int MAX_VSLICES = 16;
    /** Dispatch queues of one policy, at most. */
    public static final int MAX_DSQS = 4096;

    public static final long JOB_ID = 0;
    public static final long JOB_TENANT = 1;
    public static final long JOB_SUBMITTED_NS = 2;
    public static final long JOB_DEADLINE_NS = 3;
    public static final long JOB_COST_NS = 4;
    public static final long JOB_PRIORITY = 5;
    public static final long JOB_WEIGHT = 6;
    public static final long JOB_VTIME = 7;

    public static final long KIND_KERNEL = 0;
    public static final long KIND_COPY_H2D = 1;
    public static final long KIND_COPY_D2H = 2;

    /** Bit of {@code ctx.flags}: the job had been queued by another policy and is offered again after a swap. */
    public static final long JOB_REOFFERED = 1;
    /** Bit of {@code ctx.flags}: the device may run the job in one batch with others of its kind. */
    public static final long JOB_BATCHABLE = 2;

    public static final long STATUS_OK = 0;
    public static final long STATUS_FAILED = 1;

    public static final long START_FIRST = 0;
    public static final long START_SWAP = 1;
    public static final long START_ROLLBACK = 2;

    public static final long EXIT_DONE = 0;
    public static final long EXIT_SWAPPED = 1;
    public static final long EXIT_EJECTED = 2;

    public static final long PREEMPT_BUDGET = 0;
    public static final long PREEMPT_URGENT = 1;

    public static final long THERMAL_POWER = 1;
    public static final long THERMAL_CLOCK = 2;
    public static final long THERMAL_TEMPERATURE = 4;

    /** Pools of device memory are numbered from 0; there are at most this many. */
    public static final int MAX_POOLS = 16;

    public static final long MEM_HOT = 0;
    public static final long MEM_WARM = 1;
    public static final long MEM_COLD = 2;

    public static final long MEM_PINNED = 1;
    public static final long MEM_RANDOM = 2;
    public static final long MEM_RETURNS = 4;
    public static final long MEM_AGAIN = 8;

    public static final long MEM_FULL = 0;
    public static final long MEM_PRESSURE = 1;

    public static final long PAGE_4K = 4 << 10;
    public static final long PAGE_64K = 64 << 10;
    public static final long PAGE_2M = 2 << 20;

    public static final long COLLECTIVE_BEGIN = 0;
    public static final long COLLECTIVE_END = 1;

    /** Ranks of a communicator, at most. */
    public static final int MAX_RANKS = 65_535;

    /** Arenas of the device's allocator are numbered from 0; there are at most this many. */
    public static final int MAX_ARENAS = 16;

    public static final long MEM_EMPTY = 0;
    public static final long MEM_LARGE = 1;
    public static final long MEM_LOW = 2;

    private static final List<NamedValue> ALL = List.of(
            new NamedValue("DSQ_FIFO", DSQ_FIFO, "Order of a dispatch queue: first in, first out."),
            new NamedValue("DSQ_VTIME", DSQ_VTIME, "Order of a dispatch queue: least vtime first."),
            new NamedValue("NONE", NONE, "All ones: dsq_peek found nothing."),
            new NamedValue("OPEN", OPEN, "All ones: gate_set lets everything pass."),
            new NamedValue("MAX_TENANTS", MAX_TENANTS, "Tenants are numbered from 0 and are fewer than this."),
            new NamedValue("MAX_VSLICES", MAX_VSLICES, "vSlices are numbered from 0 and are fewer than this."),
            new NamedValue("JOB_ID", JOB_ID, "dsq_peek: the job's id."),
            new NamedValue("JOB_TENANT", JOB_TENANT, "dsq_peek: the job's tenant."),
            new NamedValue("JOB_SUBMITTED_NS", JOB_SUBMITTED_NS, "dsq_peek: when it was submitted."),
            new NamedValue("JOB_DEADLINE_NS", JOB_DEADLINE_NS, "dsq_peek: its deadline, 0 when it has none."),
            new NamedValue("JOB_COST_NS", JOB_COST_NS, "dsq_peek: its estimated device time."),
            new NamedValue("JOB_PRIORITY", JOB_PRIORITY, "dsq_peek: its tenant's priority."),
            new NamedValue("JOB_WEIGHT", JOB_WEIGHT, "dsq_peek: its tenant's weight."),
            new NamedValue("JOB_VTIME", JOB_VTIME, "dsq_peek: the vtime it was inserted with, 0 in a FIFO queue."),
            new NamedValue("KIND_KERNEL", KIND_KERNEL, "ctx.kind: a kernel or a graph."),
            new NamedValue("KIND_COPY_H2D", KIND_COPY_H2D, "ctx.kind: a copy from host to device."),
            new NamedValue("KIND_COPY_D2H", KIND_COPY_D2H, "ctx.kind: a copy from device to host."),
            new NamedValue("JOB_REOFFERED", JOB_REOFFERED, "ctx.flags: offered again after a swap."),
            new NamedValue("JOB_BATCHABLE", JOB_BATCHABLE, "ctx.flags: the device may batch it with others."),
            new NamedValue("STATUS_OK", STATUS_OK, "ctx.status: the job ran to its end."),
            new NamedValue("STATUS_FAILED", STATUS_FAILED, "ctx.status: the device reported an error."),
            new NamedValue("START_FIRST", START_FIRST, "ctx.reason of init: no policy was active."),
            new NamedValue("START_SWAP", START_SWAP, "ctx.reason of init: the policy replaces another."),
            new NamedValue("START_ROLLBACK", START_ROLLBACK, "ctx.reason of init: the policy comes back."),
            new NamedValue("EXIT_DONE", EXIT_DONE, "ctx.kind of exit: the plane stops."),
            new NamedValue("EXIT_SWAPPED", EXIT_SWAPPED, "ctx.kind of exit: another policy took over."),
            new NamedValue("EXIT_EJECTED", EXIT_EJECTED, "ctx.kind of exit: the plane took the policy out."),
            new NamedValue("PREEMPT_BUDGET", PREEMPT_BUDGET, "ctx.reason of on_preempt: the budget is used up."),
            new NamedValue("PREEMPT_URGENT", PREEMPT_URGENT, "ctx.reason of on_preempt: more urgent work waits."),
            new NamedValue("THERMAL_POWER", THERMAL_POWER, "Bit of ctx.changed of on_thermal: power, by 5 W or more."),
            new NamedValue("THERMAL_CLOCK", THERMAL_CLOCK, "Bit of ctx.changed of on_thermal: the clock."),
            new NamedValue(
                    "THERMAL_TEMPERATURE",
                    THERMAL_TEMPERATURE,
                    "Bit of ctx.changed of on_thermal: by 1 degree or more."),
            new NamedValue(
                    "MAX_POOLS", MAX_POOLS, "Pools of device memory are numbered from 0 and are at most this many."),
            new NamedValue("MEM_HOT", MEM_HOT, "ctx.access: used again and again."),
            new NamedValue("MEM_WARM", MEM_WARM, "ctx.access: used now and then, or nobody knows."),
            new NamedValue("MEM_COLD", MEM_COLD, "ctx.access: used rarely."),
            new NamedValue("MEM_PINNED", MEM_PINNED, "Bit of ctx.flags: it never leaves the device."),
            new NamedValue(
                    "MEM_RANDOM", MEM_RANDOM, "Bit of ctx.flags: it is read here and there, not from end to end."),
            new NamedValue("MEM_RETURNS", MEM_RETURNS, "Bit of ctx.flags: it is in host memory, and is used."),
            new NamedValue("MEM_AGAIN", MEM_AGAIN, "Bit of ctx.flags: the request waited, and memory came back."),
            new NamedValue(
                    "MEM_FULL", MEM_FULL, "ctx.reason of on_mem_fault and on_reclaim: an allocation finds no room."),
            new NamedValue(
                    "MEM_PRESSURE",
                    MEM_PRESSURE,
                    "ctx.reason of on_mem_fault and on_reclaim: less than a sixteenth of the pool is free."),
            new NamedValue("PAGE_4K", PAGE_4K, "ctx.page_size of on_mem_alloc: 4 KiB."),
            new NamedValue("PAGE_64K", PAGE_64K, "ctx.page_size of on_mem_alloc: 64 KiB."),
            new NamedValue("PAGE_2M", PAGE_2M, "ctx.page_size of on_mem_alloc: 2 MiB."),
            new NamedValue(
                    "COLLECTIVE_BEGIN", COLLECTIVE_BEGIN, "ctx.phase of on_collective_phase: a rank's part enters."),
            new NamedValue(
                    "COLLECTIVE_END", COLLECTIVE_END, "ctx.phase of on_collective_phase: a rank's part is over."),
            new NamedValue("MAX_ARENAS", MAX_ARENAS, "Arenas are numbered from 0; there are at most this many."),
            new NamedValue("MEM_EMPTY", MEM_EMPTY, "ctx.event of mem_event: a size class has no free block."),
            new NamedValue("MEM_LARGE", MEM_LARGE, "ctx.event of mem_event: a request for more than 8,192 bytes."),
            new NamedValue("MEM_LOW", MEM_LOW, "ctx.event of mem_event: little is free in an arena."));

    private Constants() {}

    /** All of them, in the order of the reference page. */
    public static List<NamedValue> all() {
        return ALL;
    }

    /** The constant of a name. */
    public static Optional<NamedValue> byName(String name) {
        return ALL.stream().filter(c -> c.name().equals(name)).findFirst();
    }
}

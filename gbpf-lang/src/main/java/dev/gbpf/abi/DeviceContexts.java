package dev.gbpf.abi;

import java.util.List;

/**
 * The contexts of the device hooks. The quotas in them are the host's; an output that exceeds its quota counts as the quota, so
 * that a device program can give away less than the host allowed, and never more. An output left at 0 is the quota.
 */
final class DeviceContexts {
    /** Worker blocks, arenas and functions of a control kernel are fewer than this. */
    private static final long MANY = 65_535;

    static final ContextLayout SM_TICK = ContextLayout.builder("gbpf_sm_tick_ctx")
            .all(tickFields())
            .all(tenantFields(true))
            .ofEachLane()
            .amount("tokens_ns", "Worker time that the tenant may still use, ns.")
            .amount("used_ns", "Worker time that it used since the tick before, ns.")
            .amount("quota_ns", "Worker time that the host allows it for this tick, ns.")
            .amount("queued_tasks", "Its tasks that wait in rings.")
            .u32("running_tasks", 0, MANY, "Its tasks that workers run.")
            .ofTheWarp()
            .u32("workers", 1, MANY, "Worker blocks of the vSlice.")
            .ofEachLane()
            .out64("refill_ns", "Out: worker time added to its tokens, ns; 0 means quota_ns, and more counts as that.")
            .out64("share", "Out: its weight until the next tick, at most 1,000,000; 0 means the configured weight.")
            .build();

    static final ContextLayout CTA_ADMIT = ContextLayout.builder("gbpf_cta_admit_ctx")
            .amount("now_ns", "The device's clock, ns.")
            .all(tenantFields(false))
            .u64("task_id", "Identity of the task, unique over the control kernel's life.")
            .amount("submitted_ns", "When it entered its ring, ns.")
            .amount("cost_ns", "Estimated worker time, ns; 0 when unknown.")
            .amount("tokens_ns", "Worker time that the tenant may still use, ns.")
            .amount("queued_tasks", "Tasks of the tenant that wait in rings, this one counted.")
            .u64("tag", "A number of the application's own, not read by the plane.")
            .u32("function", 0, MANY, "Number of the task's function in the function table.")
            .u32("running_tasks", 0, MANY, "Tasks of the tenant that workers run.")
            .u32("free_workers", 1, MANY, "Worker blocks of the vSlice that are free, this one counted.")
            .u32("skipped", 0, Constants.MAX_TENANTS - 1, "How many tenants were passed over for this worker already.")
            .out64(
                    "next",
                    "Out: with SKIP, 1 + the tenant to ask about next; 0, and a tenant that waits for nothing, mean the plane's"
                            + " own order.")
            .build();

    static final ContextLayout WARP_THROTTLE_TICK = ContextLayout.builder("gbpf_warp_throttle_ctx")
            .all(tickFields())
            .all(tenantFields(true))
            .ofEachLane()
            .amount("used_ns", "Worker time that the tenant used since the tick before, ns.")
            .amount("paused_ns", "How long its warps paused since the tick before, ns, all together.")
            .u32("running_warps", 0, MANY, "Its warps that workers run.")
            .u32("urgent_tasks", 0, MANY, "Tasks of tenants with a greater priority that wait for a worker.")
            .build();

    static final ContextLayout DMA_TICK = ContextLayout.builder("gbpf_dma_tick_ctx")
            .all(tickFields())
            .all(tenantFields(true))
            .ofEachLane()
            .amount("moved_bytes", "What the tenant's copies moved since the tick before, bytes.")
            .amount("waiting_bytes", "What its copies that may not begin or go on yet would move, bytes.")
            .amount("quota_bytes", "What the host allows it to start before the next tick, bytes.")
            .ofTheWarp()
            .u32(
                    "kind",
                    1,
                    2,
                    "KIND_COPY_D2H for copies to host memory, KIND_COPY_H2D for all others: each is asked about by itself.")
            .ofEachLane()
            .u32("active_copies", 0, MANY, "Its copies in this direction that are under way.")
            .out64(
                    "budget_bytes",
                    "Out: what may start before the next tick, bytes; 0 means quota_bytes, and more counts as that.")
            .build();

    static final ContextLayout MEM_EVENT = ContextLayout.builder("gbpf_mem_event_ctx")
            .amount("now_ns", "The device's clock, ns.")
            .all(tenantFields(false))
            .amount("bytes", "Size of the request that led here, bytes; 0 with MEM_LOW.")
            .amount("used_bytes", "What the tenant holds, bytes.")
            .amount("quota_bytes", "What the host allows it to hold, bytes.")
            .amount("free_bytes", "What is free in the arena, bytes.")
            .u32("event", 0, 2, "MEM_EMPTY, MEM_LARGE or MEM_LOW.")
            .u32("size_class", 0, 9, "With MEM_EMPTY, the class: blocks of 16 << size_class bytes. Otherwise 0.")
            .u32("arena", 0, Constants.MAX_ARENAS - 1, "The arena that the request would be served from.")
            .u32("arenas", 1, Constants.MAX_ARENAS, "How many arenas there are; they are numbered from 0.")
            .out64(
                    "blocks",
                    "Out: with MEM_EMPTY, how many blocks the class gets; 0 means the allocator's own number, and more than"
                            + " quota and arena allow counts as what they do.")
            .out64("from", "Out: 1 + the arena to take from; 0, and an arena that is not there, mean arena.")
            .build();

    static final ContextLayout THERM_TICK = ContextLayout.builder("gbpf_therm_tick_ctx")
            .all(tickFields())
            .amount("power_mw", "Power that the device draws, mW; 0 when unknown.")
            .amount("power_limit_mw", "Power limit of the device, mW; 0 when unknown.")
            .u32("temperature_c", 0, 255, "Temperature of the device, degrees Celsius; 0 when unknown.")
            .u32("clock_mhz", 0, MANY, "Clock of the SMs, MHz; 0 when unknown.")
            .u32("max_clock_mhz", 0, MANY, "Greatest clock of the SMs, MHz; 0 when unknown.")
            .ofEachLane()
            .u32("workers", 1, MANY, "Worker blocks of the vSlice.")
            .u32("busy_workers", 0, MANY, "Worker blocks of the vSlice that run a task.")
            .u32("vslice", 0, Constants.MAX_VSLICES - 1, "The vSlice.")
            .build();

    private DeviceContexts() {}

    /** What every hook that is asked at a tick begins with. */
    private static List<ContextField> tickFields() {
        return ContextLayout.builder("tick")
                .amount("now_ns", "The device's clock, ns.")
                .amount("tick", "Number of the tick, from 0.")
                .amount("period_ns", "Time since the tick before, ns.")
                .build()
                .fields();
    }

    /**
     * Whom it is about.
     *
     * @param perLane whether the lanes of a warp ask about one tenant each, all of one vSlice
     */
    private static List<ContextField> tenantFields(boolean perLane) {
        ContextLayout.Builder tenant = ContextLayout.builder("tenant");
        return (perLane ? tenant.ofEachLane() : tenant)
                .u32("tenant", 0, Constants.MAX_TENANTS - 1, "The tenant, from 0.")
                .all(vslice())
                .u32("weight", 1, 1_000_000, "The tenant's configured weight, at least 1.")
                .u32("priority", 0, 1_000, "The tenant's configured priority; greater is more urgent.")
                .build()
                .fields();
    }

    private static List<ContextField> vslice() {
        return ContextLayout.builder("vslice")
                .u32("vslice", 0, Constants.MAX_VSLICES - 1, "The vSlice.")
                .build()
                .fields();
    }
}

package dev.gbpf.abi;

import static dev.gbpf.abi.Helper.COPY_RATE_SET;
import static dev.gbpf.abi.Helper.DSQ_CREATE;
import static dev.gbpf.abi.Helper.DSQ_INSERT;
import static dev.gbpf.abi.Helper.DSQ_INSERT_VTIME;
import static dev.gbpf.abi.Helper.DSQ_LEN;
import static dev.gbpf.abi.Helper.DSQ_MOVE;
import static dev.gbpf.abi.Helper.DSQ_PEEK;
import static dev.gbpf.abi.Helper.GATE_SET;
import static dev.gbpf.abi.Helper.GET_PRANDOM_U32;
import static dev.gbpf.abi.Helper.GET_SMP_PROCESSOR_ID;
import static dev.gbpf.abi.Helper.KICK;
import static dev.gbpf.abi.Helper.KTIME_GET_NS;
import static dev.gbpf.abi.Helper.LOG;
import static dev.gbpf.abi.Helper.MAP_DELETE_ELEM;
import static dev.gbpf.abi.Helper.MAP_LOOKUP_ELEM;
import static dev.gbpf.abi.Helper.MAP_NEXT_SLOT;
import static dev.gbpf.abi.Helper.MAP_PEEK_ELEM;
import static dev.gbpf.abi.Helper.MAP_POP_ELEM;
import static dev.gbpf.abi.Helper.MAP_PUSH_ELEM;
import static dev.gbpf.abi.Helper.MAP_SLOT_KEY;
import static dev.gbpf.abi.Helper.MAP_SLOT_VALUE;
import static dev.gbpf.abi.Helper.MAP_UPDATE_ELEM;
import static dev.gbpf.abi.Helper.QUOTA_SET;
import static dev.gbpf.abi.Helper.RINGBUF_DISCARD;
import static dev.gbpf.abi.Helper.RINGBUF_OUTPUT;
import static dev.gbpf.abi.Helper.RINGBUF_QUERY;
import static dev.gbpf.abi.Helper.RINGBUF_RESERVE;
import static dev.gbpf.abi.Helper.RINGBUF_SUBMIT;
import static dev.gbpf.abi.Helper.SM_PARTITION_SET;
import static dev.gbpf.abi.Helper.STOP_POINTS_SET;
import static dev.gbpf.abi.Helper.STREAM_PRIORITY_SET;
import static dev.gbpf.abi.Helper.TENANT_BUSY;
import static dev.gbpf.abi.Helper.TENANT_INFLIGHT;
import static dev.gbpf.abi.Helper.TENANT_PRIORITY;
import static dev.gbpf.abi.Helper.TENANT_USED_NS;
import static dev.gbpf.abi.Helper.TENANT_WEIGHT;
import static dev.gbpf.abi.Helper.TIMESLICE_SET;
import static dev.gbpf.abi.Helper.TRACE_PRINTK;

import dev.gbpf.abi.VerdictSpec.NamedValue;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The points where the plane asks a policy, each with its context, verdicts, default, budget and helpers. */
public enum Hook {
    INIT(
            1,
            "init",
            "The image is about to become active; jobs that another policy had queued are offered to on_submit right after.",
            HostContexts.INIT,
            new VerdictSpec(
                    0,
                    4095,
                    List.of(new NamedValue(
                            "OK", 0, "Go on; any other value refuses the activation, as its reason code.")),
                    0,
                    "the activation goes on"),
            1_000_000,
            steer(DSQ_CREATE, DSQ_LEN, DSQ_PEEK)),
    EXIT(
            2,
            "exit",
            "The image has left: no decision of its is under way any more.",
            HostContexts.EXIT,
            onlyZero("nothing happens"),
            1_000_000,
            allow()),
    ON_SUBMIT(
            3,
            "on_submit",
            "A job enters. The program chooses a dispatch queue by dsq_insert or dsq_insert_vtime and returns ENQUEUE; without a"
                    + " choice the job joins the global queue.",
            HostContexts.ON_SUBMIT,
            new VerdictSpec(
                    0,
                    2,
                    List.of(
                            new NamedValue("ENQUEUE", 0, "Wait in the chosen dispatch queue."),
                            new NamedValue(
                                    "DIRECT",
                                    1,
                                    "Go to the device at once, past queues, on_admit and the in-flight limit; jobs of its"
                                            + " stream that wait go first."),
                            new NamedValue("REJECT", 2, "Refuse the job; its tenant sees the reason.")),
                    0,
                    "the job joins the global queue"),
            16_384,
            steer(DSQ_INSERT, DSQ_INSERT_VTIME, DSQ_LEN, DSQ_PEEK, TENANT_INFLIGHT, KICK)),
    ON_ADMIT(
            4,
            "on_admit",
            "The head job of the dispatch queue that on_dispatch named wants to go to the device.",
            HostContexts.ON_ADMIT,
            new VerdictSpec(
                    0,
                    2,
                    List.of(
                            new NamedValue("ADMIT", 0, "Go."),
                            new NamedValue("DEFER", 1, "Stay at the head; the queue is held until defer_until_ns."),
                            new NamedValue("REJECT", 2, "Refuse the job; its tenant sees the reason.")),
                    0,
                    "the job goes"),
            16_384,
            steer(DSQ_LEN, DSQ_PEEK, TENANT_INFLIGHT)),
    ON_DISPATCH(
            5,
            "on_dispatch",
            "A vSlice has room and the global queue is empty: which dispatch queue is served next?",
            HostContexts.ON_DISPATCH,
            new VerdictSpec(
                    0,
                    Integer.MAX_VALUE,
                    List.of(new NamedValue(
                            "IDLE", 0, "Nothing now; any other value is the id of the dispatch queue to serve.")),
                    0,
                    "the dispatch queue whose head was queued first"),
            16_384,
            steer(DSQ_LEN, DSQ_PEEK, DSQ_MOVE, TENANT_INFLIGHT)),
    ON_RETIRE(
            6,
            "on_retire",
            "A job that the device held is finished: for accounting.",
            HostContexts.ON_RETIRE,
            onlyZero("nothing happens"),
            16_384,
            steer(DSQ_LEN, DSQ_PEEK, TENANT_INFLIGHT, KICK)),
    ON_TICK(
            7,
            "on_tick",
            "Every period of the plane.",
            HostContexts.ON_TICK,
            onlyZero("nothing happens"),
            1_000_000,
            steer(DSQ_CREATE, DSQ_LEN, DSQ_PEEK, DSQ_MOVE, TENANT_INFLIGHT, KICK)),
    MIGRATE(
            8,
            "migrate",
            "The image is about to become active, before init, and an earlier version of the policy has a map m that this one"
                    + " declares as old_m: old_m is then a copy of it. Fill the new maps from it.",
            HostContexts.MIGRATE,
            new VerdictSpec(
                    0,
                    4095,
                    List.of(new NamedValue(
                            "OK", 0, "Go on; any other value refuses the activation, as its reason code.")),
                    0,
                    "maps whose definition changed start empty"),
            1_000_000,
            allow()),
    ON_PREEMPT(
            9,
            "on_preempt",
            "A kernel that runs has used up the budget that on_dispatch gave it, or no vSlice has room and a job of a greater"
                    + " priority waits.",
            HostContexts.ON_PREEMPT,
            new VerdictSpec(
                    0,
                    2,
                    List.of(
                            new NamedValue("CONTINUE", 0, "Run on; see budget_ns."),
                            new NamedValue(
                                    "YIELD",
                                    1,
                                    "Give up the place at the kernel's next boundary. The job keeps what is done and its memory,"
                                            + " is offered to on_submit again, and goes on later."),
                            new NamedValue(
                                    "ATOMIZE",
                                    2,
                                    "As YIELD, and from then on give up the place after every piece of piece_ns.")),
                    0,
                    "the kernel runs on"),
            16_384,
            steer(DSQ_LEN, DSQ_PEEK, TENANT_INFLIGHT, KICK)),
    ON_THERMAL(
            10,
            "on_thermal",
            "Power, clocks or temperature of the device moved, for each vSlice: which part of its SMs may its kernels use?",
            HostContexts.ON_THERMAL,
            new VerdictSpec(
                    0,
                    1_000,
                    List.of(
                            new NamedValue(
                                    "UNCAPPED",
                                    0,
                                    "All; any other value is the part in thousandths, one SM at least, until it is asked again.")),
                    0,
                    "kernels may use all SMs"),
            16_384,
            steer(DSQ_LEN, DSQ_PEEK, TENANT_INFLIGHT, KICK)),
    ON_MEM_ALLOC(
            11,
            "on_mem_alloc",
            "A tenant asks for device memory, or an allocation is used that is in host memory: where does it go? It is asked again"
                    + " when memory comes back for which the request waits.",
            HostContexts.ON_MEM_ALLOC,
            new VerdictSpec(
                    0,
                    3,
                    List.of(
                            new NamedValue(
                                    "ALLOW", 0, "Device memory; on_mem_fault is asked when the pool has no room."),
                            new NamedValue(
                                    "DENY",
                                    1,
                                    "Refuse it; its tenant sees the reason. With MEM_RETURNS it is POSTPONE."),
                            new NamedValue(
                                    "SPILL", 2, "Host memory until it is used. With MEM_RETURNS it is POSTPONE."),
                            new NamedValue(
                                    "POSTPONE",
                                    3,
                                    "Wait; others may pass. It is asked about again when memory came back.")),
                    0,
                    "the first pool, pages of 64 KiB, not compressed"),
            16_384,
            steer(DSQ_LEN, DSQ_PEEK, TENANT_INFLIGHT)),
    ON_MEM_FAULT(
            12,
            "on_mem_fault",
            "A pool has no room for an allocation that was allowed, or little of it is free: what is to be done?",
            HostContexts.ON_MEM_FAULT,
            new VerdictSpec(
                    0,
                    2,
                    List.of(
                            new NamedValue(
                                    "WAIT",
                                    0,
                                    "Nothing: the request waits until memory comes back, and nobody passes it."),
                            new NamedValue("SHRINK", 1, "Make room in the pool: on_reclaim is asked who gives way."),
                            new NamedValue(
                                    "GROW",
                                    2,
                                    "The pool takes what is missing from the free parts of other pools, if they have it.")),
                    0,
                    "the request waits until memory comes back"),
            16_384,
            steer(DSQ_LEN, DSQ_PEEK, TENANT_INFLIGHT)),
    ON_RECLAIM(
            13,
            "on_reclaim",
            "Room is needed in a pool: may this allocation give way? Each that may is asked about, for each one that must: of each tenant"
                    + " the four that were not used for longest, of those that are neither pinned nor in use.",
            HostContexts.ON_RECLAIM,
            new VerdictSpec(
                    0,
                    2,
                    List.of(
                            new NamedValue("EVICT", 0, "It may go to host memory."),
                            new NamedValue("KEEP", 1, "It stays."),
                            new NamedValue(
                                    "COMPRESS",
                                    2,
                                    "It may be compressed where it is; as KEEP when that would free nothing.")),
                    0,
                    "what was not used for longest goes to host memory"),
            16_384,
            steer(DSQ_LEN, DSQ_PEEK, TENANT_INFLIGHT)),
    ON_COPY_ENQUEUE(
            14,
            "on_copy_enqueue",
            "A copy goes to the device, to the copy engine of its direction: does it move at once and in one piece?",
            HostContexts.ON_COPY_ENQUEUE,
            new VerdictSpec(
                    0,
                    2,
                    List.of(
                            new NamedValue("ALLOW", 0, "Wait for the engine, and then move in one piece."),
                            new NamedValue(
                                    "PACE",
                                    1,
                                    "As SPLIT, and not before not_before_ns, and no faster than rate_mbps: the next piece"
                                            + " waits for the engine only when its time has come."),
                            new NamedValue(
                                    "SPLIT",
                                    2,
                                    "Move in pieces of chunk_bytes. Between two pieces it lets copies go first that are in"
                                            + " one piece, and takes turns with others that are split.")),
                    0,
                    "the copy moves in one piece, first come first served"),
            16_384,
            steer(DSQ_LEN, DSQ_PEEK, TENANT_INFLIGHT)),
    ON_COLLECTIVE_PHASE(
            15,
            "on_collective_phase",
            "A rank's part of a collective operation enters, before on_submit, or is over, after on_retire. What the first rank of"
                    + " an operation is told when it enters holds for all its ranks; at the end the verdict means nothing.",
            HostContexts.ON_COLLECTIVE_PHASE,
            new VerdictSpec(
                    0,
                    3,
                    List.of(
                            new NamedValue("ALONE", 0, "Each rank goes its own way, like any job."),
                            new NamedValue(
                                    "BOOST",
                                    1,
                                    "As ALONE, but past on_submit, to the global queue, ahead of all others that wait."),
                            new NamedValue(
                                    "GANG",
                                    2,
                                    "Past on_submit, the ranks wait for each other, and then start in one instant. Their turn"
                                            + " comes in order of arrival: then room is kept free until there is enough for all"
                                            + " of them."),
                            new NamedValue(
                                    "GANG_BOOST",
                                    3,
                                    "As GANG, and room is kept free for them from when they all are there.")),
                    0,
                    "each rank goes its own way, and may wait on the device for others that find no room there"),
            16_384,
            steer(DSQ_LEN, DSQ_PEEK, TENANT_INFLIGHT, KICK)),
    SM_TICK(
            64,
            "sm_tick",
            "Each tick of the control kernel, for each tenant of each vSlice: how much worker time is it given?",
            DeviceContexts.SM_TICK,
            new VerdictSpec(
                    0,
                    1,
                    List.of(
                            new NamedValue("REFILL", 0, "Give it the refill."),
                            new NamedValue("WITHHOLD", 1, "Give it nothing this time.")),
                    0,
                    "the tenant is given its quota, at its configured weight"),
            4_096,
            DeviceProfile.UNIFORM_TICK),
    CTA_ADMIT(
            65,
            "cta_admit",
            "A worker block is free, and a task heads the ring of the tenant that the plane would serve: may it start?",
            DeviceContexts.CTA_ADMIT,
            new VerdictSpec(
                    0,
                    2,
                    List.of(
                            new NamedValue("START", 0, "The task starts."),
                            new NamedValue("SKIP", 1, "Another tenant's task is asked about; see next."),
                            new NamedValue("PARK", 2, "The worker stays free until the next tick.")),
                    0,
                    "the task starts"),
            512,
            DeviceProfile.ONCE),
    WARP_THROTTLE_TICK(
            66,
            "warp_throttle_tick",
            "Each tick of the control kernel, for each tenant with running warps: how long do they pause?",
            DeviceContexts.WARP_THROTTLE_TICK,
            new VerdictSpec(
                    0,
                    1_000_000,
                    List.of(
                            new NamedValue(
                                    "NO_PAUSE",
                                    0,
                                    "They do not; any other value is how long each of them pauses at each of its yield points, ns.")),
                    0,
                    "no warp pauses"),
            512,
            DeviceProfile.TICK),
    DMA_TICK(
            67,
            "dma_tick",
            "Each tick of the control kernel, for each tenant and direction with copies that the device started: how much may"
                    + " start before the next?",
            DeviceContexts.DMA_TICK,
            new VerdictSpec(
                    0,
                    1,
                    List.of(
                            new NamedValue("REFILL", 0, "Copies start while the budget lasts."),
                            new NamedValue("WITHHOLD", 1, "No copy starts until the next tick.")),
                    0,
                    "copies start while the quota lasts"),
            512,
            DeviceProfile.TICK),
    MEM_EVENT(
            68,
            "mem_event",
            "The device's allocator needs memory: a size class is empty, a request is too large for the classes, or an arena runs"
                    + " low.",
            DeviceContexts.MEM_EVENT,
            new VerdictSpec(
                    0,
                    1,
                    List.of(
                            new NamedValue("GRANT", 0, "Take the memory from the arena."),
                            new NamedValue("REFUSE", 1, "The request fails; with MEM_LOW nothing happens.")),
                    0,
                    "the memory is taken from the arena, within the quota"),
            512,
            DeviceProfile.ONCE),
    THERM_TICK(
            69,
            "therm_tick",
            "Each tick of the control kernel, for each vSlice: how many of its workers may run?",
            DeviceContexts.THERM_TICK,
            new VerdictSpec(
                    0,
                    65_535,
                    List.of(new NamedValue(
                            "UNLIMITED", 0, "All; any other value is how many at most, until the next tick.")),
                    0,
                    "all workers run"),
            512,
            DeviceProfile.TICK);

    private final int id;
    private final String symbol;
    private final String doc;
    private final ContextLayout context;
    private final VerdictSpec verdict;
    private final int budget;
    private final Set<Helper> helpers;
    private final @Nullable DeviceProfile device;

    Hook(
            int id,
            String symbol,
            String doc,
            ContextLayout context,
            VerdictSpec verdict,
            int budget,
            Set<Helper> helpers,
            @Nullable DeviceProfile device) {
        this.id = id;
        this.symbol = symbol;
        this.doc = doc;
        this.context = context;
        this.verdict = verdict;
        this.budget = budget;
        this.helpers = helpers;
        this.device = device;
    }

    /** A host hook. */
    Hook(
            int id,
            String symbol,
            String doc,
            ContextLayout context,
            VerdictSpec verdict,
            int budget,
            Set<Helper> helpers) {
        this(id, symbol, doc, context, verdict, budget, helpers, null);
    }

    /** A device hook: all of them have the same helpers. */
    Hook(
            int id,
            String symbol,
            String doc,
            ContextLayout context,
            VerdictSpec verdict,
            int budget,
            DeviceProfile device) {
        this(id, symbol, doc, context, verdict, budget, Helper.onDevice(), device);
    }

    /** The number in objects: from 64 for device hooks. */
    public int id() {
        return id;
    }

    /** The name in the policy language. */
    public String symbol() {
        return symbol;
    }

    /** Which side runs its program. */
    public Plane plane() {
        return device == null ? Plane.HOST : Plane.DEVICE;
    }

    /** When it is asked, in one or two sentences. */
    public String doc() {
        return doc;
    }

    public ContextLayout context() {
        return context;
    }

    public VerdictSpec verdict() {
        return verdict;
    }

    /** Worst-case number of instructions that a program may execute. */
    public int budget() {
        return budget;
    }

    /** How the device runs its programs; null for a host hook. */
    public @Nullable DeviceProfile device() {
        return device;
    }

    /** The helpers that its programs may call. */
    public Set<Helper> helpers() {
        return helpers;
    }

    /** The hook of a number. */
    public static Optional<Hook> byId(int id) {
        return Arrays.stream(values()).filter(h -> h.id == id).findFirst();
    }

    /** The hook of a name. */
    public static Optional<Hook> byName(String symbol) {
        return Arrays.stream(values()).filter(h -> h.symbol.equals(symbol)).findFirst();
    }

    private static Set<Helper> allow(Helper... own) {
        EnumSet<Helper> set = EnumSet.of(
                MAP_LOOKUP_ELEM,
                MAP_UPDATE_ELEM,
                MAP_DELETE_ELEM,
                MAP_NEXT_SLOT,
                MAP_SLOT_KEY,
                MAP_SLOT_VALUE,
                MAP_PUSH_ELEM,
                MAP_POP_ELEM,
                MAP_PEEK_ELEM,
                RINGBUF_OUTPUT,
                RINGBUF_RESERVE,
                RINGBUF_SUBMIT,
                RINGBUF_DISCARD,
                RINGBUF_QUERY,
                KTIME_GET_NS,
                GET_PRANDOM_U32,
                GET_SMP_PROCESSOR_ID,
                TRACE_PRINTK,
                LOG);
        set.addAll(Arrays.asList(own));
        return Collections.unmodifiableSet(set);
    }

    /** Likewise, with what is about tenants. */
    private static Set<Helper> steer(Helper... own) {
        EnumSet<Helper> set = EnumSet.of(
                TIMESLICE_SET,
                GATE_SET,
                STOP_POINTS_SET,
                SM_PARTITION_SET,
                QUOTA_SET,
                COPY_RATE_SET,
                STREAM_PRIORITY_SET,
                TENANT_USED_NS,
                TENANT_BUSY,
                TENANT_WEIGHT,
                TENANT_PRIORITY);
        set.addAll(Arrays.asList(own));
        return allow(set.toArray(Helper[]::new));
    }

    private static VerdictSpec onlyZero(String defaultDoc) {
        return new VerdictSpec(0, 0, List.of(new NamedValue("OK", 0, "Done.")), 0, defaultDoc);
    }
}

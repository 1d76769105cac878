package dev.gbpf.abi;

import static dev.gbpf.abi.Helper.DSQ_CREATE;
import static dev.gbpf.abi.Helper.DSQ_INSERT;
import static dev.gbpf.abi.Helper.DSQ_INSERT_VTIME;
import static dev.gbpf.abi.Helper.DSQ_LEN;
import static dev.gbpf.abi.Helper.DSQ_MOVE;
import static dev.gbpf.abi.Helper.DSQ_PEEK;
import static dev.gbpf.abi.Helper.GET_PRANDOM_U32;
import static dev.gbpf.abi.Helper.GET_SMP_PROCESSOR_ID;
import static dev.gbpf.abi.Helper.KICK;
import static dev.gbpf.abi.Helper.KTIME_GET_NS;
import static dev.gbpf.abi.Helper.LOG;
import static dev.gbpf.abi.Helper.MAP_DELETE_ELEM;
import static dev.gbpf.abi.Helper.MAP_LOOKUP_ELEM;
import static dev.gbpf.abi.Helper.MAP_NEXT_SLOT;
import static dev.gbpf.abi.Helper.MAP_SLOT_KEY;
import static dev.gbpf.abi.Helper.MAP_SLOT_VALUE;
import static dev.gbpf.abi.Helper.MAP_UPDATE_ELEM;
import static dev.gbpf.abi.Helper.TENANT_INFLIGHT;

import dev.gbpf.abi.VerdictSpec.NamedValue;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The points where the plane asks a policy, each with its context, verdicts, default, budget and helpers. */
public enum Hook {
    INIT(
            1,
            "init",
            "The image is about to become active; jobs that another policy had queued are offered to on_submit right after.",
            ContextLayout.builder("gbpf_init_ctx")
                    .amount("now_ns", "The plane's clock, ns.")
                    .u32("reason", 0, 2, "Why: START_FIRST, START_SWAP or START_ROLLBACK.")
                    .u32(
                            "kept_maps",
                            0,
                            64,
                            "How many of the policy's maps kept their contents from an earlier activation.")
                    .u32("tenants", 1, Constants.MAX_TENANTS, "How many tenants there are; they are numbered from 0.")
                    .u32("vslices", 1, Constants.MAX_VSLICES, "How many vSlices there are; they are numbered from 0.")
                    .amount("queued", "Jobs that wait in queues.")
                    .build(),
            new VerdictSpec(
                    0,
                    4095,
                    List.of(new NamedValue(
                            "OK", 0, "Go on; any other value refuses the activation, as its reason code.")),
                    0,
                    "the activation goes on"),
            1_000_000,
            allow(DSQ_CREATE, DSQ_LEN, DSQ_PEEK)),
    EXIT(
            2,
            "exit",
            "The image has left: no decision of its is under way any more.",
            ContextLayout.builder("gbpf_exit_ctx")
                    .amount("now_ns", "The plane's clock, ns.")
                    .u32("kind", 0, 2, "Why: EXIT_DONE, EXIT_SWAPPED or EXIT_EJECTED.")
                    .u32("code", 0, 0xFFFF_FFFFL, "The reason code of an ejection, else 0.")
                    .amount("decisions", "How many decisions the image made.")
                    .build(),
            onlyZero("nothing happens"),
            1_000_000,
            allow()),
    ON_SUBMIT(
            3,
            "on_submit",
            "A job enters. The program chooses a dispatch queue by dsq_insert or dsq_insert_vtime and returns ENQUEUE; without a"
                    + " choice the job joins the global queue.",
            ContextLayout.builder("gbpf_submit_ctx")
                    .all(jobFields())
                    .amount("queued", "Jobs that wait in queues, this one not counted.")
                    .amount("running", "Jobs that the device holds.")
                    .out64("reason", "Out: reason code of a REJECT for the tenant; the plane keeps the low 63 bits.")
                    .build(),
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
            allow(DSQ_INSERT, DSQ_INSERT_VTIME, DSQ_LEN, DSQ_PEEK, TENANT_INFLIGHT, KICK)),
    ON_ADMIT(
            4,
            "on_admit",
            "The head job of the dispatch queue that on_dispatch named wants to go to the device.",
            ContextLayout.builder("gbpf_admit_ctx")
                    .all(jobFields())
                    .amount("dsq", "The dispatch queue that it heads.")
                    .amount("running", "Jobs that the device holds.")
                    .u32("tenant_running", 0, Integer.MAX_VALUE, "Jobs of the same tenant that the device holds.")
                    .u32("vslice", 0, Constants.MAX_VSLICES - 1, "The vSlice that it would go to.")
                    .out64(
                            "defer_until_ns",
                            "Out: with DEFER, when to ask again, ns; not later than now means at the next event.")
                    .out64("reason", "Out: reason code of a REJECT for the tenant; the plane keeps the low 63 bits.")
                    .build(),
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
            allow(DSQ_LEN, DSQ_PEEK, TENANT_INFLIGHT)),
    ON_DISPATCH(
            5,
            "on_dispatch",
            "A vSlice has room and the global queue is empty: which dispatch queue is served next?",
            ContextLayout.builder("gbpf_dispatch_ctx")
                    .amount("now_ns", "The plane's clock, ns.")
                    .u32("vslice", 0, Constants.MAX_VSLICES - 1, "The vSlice that has room.")
                    .u32("room", 1, Integer.MAX_VALUE, "How many more jobs the vSlice takes now.")
                    .amount("queued", "Jobs that wait in queues.")
                    .amount("running", "Jobs that the device holds.")
                    .u32("tenants", 1, Constants.MAX_TENANTS, "How many tenants there are; they are numbered from 0.")
                    .u32("sms", 1, 65_535, "SMs of the vSlice.")
                    .build(),
            new VerdictSpec(
                    0,
                    Integer.MAX_VALUE,
                    List.of(new NamedValue(
                            "IDLE", 0, "Nothing now; any other value is the id of the dispatch queue to serve.")),
                    0,
                    "the dispatch queue whose head was queued first"),
            16_384,
            allow(DSQ_LEN, DSQ_PEEK, DSQ_MOVE, TENANT_INFLIGHT)),
    ON_RETIRE(
            6,
            "on_retire",
            "A job that the device held is finished: for accounting.",
            ContextLayout.builder("gbpf_retire_ctx")
                    .all(jobFields())
                    .amount("dispatched_ns", "When it went to the device, ns.")
                    .amount("run_ns", "Device time it used, ns: its own share of a batch or of contended SMs.")
                    .u32("status", 0, 1, "STATUS_OK or STATUS_FAILED.")
                    .u32("vslice", 0, Constants.MAX_VSLICES - 1, "Where it ran.")
                    .build(),
            onlyZero("nothing happens"),
            16_384,
            allow(DSQ_LEN, DSQ_PEEK, TENANT_INFLIGHT, KICK)),
    ON_TICK(
            7,
            "on_tick",
            "Every period of the plane.",
            ContextLayout.builder("gbpf_tick_ctx")
                    .amount("now_ns", "The plane's clock, ns.")
                    .amount("tick", "Number of the tick, from 0.")
                    .amount("queued", "Jobs that wait in queues.")
                    .amount("running", "Jobs that the device holds.")
                    .u32("tenants", 1, Constants.MAX_TENANTS, "How many tenants there are; they are numbered from 0.")
                    .u32("vslices", 1, Constants.MAX_VSLICES, "How many vSlices there are; they are numbered from 0.")
                    .build(),
            onlyZero("nothing happens"),
            1_000_000,
            allow(DSQ_CREATE, DSQ_LEN, DSQ_PEEK, DSQ_MOVE, TENANT_INFLIGHT, KICK));

    private final int id;
    private final String symbol;
    private final String doc;
    private final ContextLayout context;
    private final VerdictSpec verdict;
    private final int budget;
    private final Set<Helper> helpers;

    Hook(
            int id,
            String symbol,
            String doc,
            ContextLayout context,
            VerdictSpec verdict,
            int budget,
            Set<Helper> helpers) {
        this.id = id;
        this.symbol = symbol;
        this.doc = doc;
        this.context = context;
        this.verdict = verdict;
        this.budget = budget;
        this.helpers = helpers;
    }

    /** The number in objects. */
    public int id() {
        return id;
    }

    /** The name in the policy language. */
    public String symbol() {
        return symbol;
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
                KTIME_GET_NS,
                GET_PRANDOM_U32,
                GET_SMP_PROCESSOR_ID,
                LOG);
        set.addAll(Arrays.asList(own));
        return Collections.unmodifiableSet(set);
    }

    private static VerdictSpec onlyZero(String defaultDoc) {
        return new VerdictSpec(0, 0, List.of(new NamedValue("OK", 0, "Done.")), 0, defaultDoc);
    }

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

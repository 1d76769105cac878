package dev.gbpf.abi;

import static dev.gbpf.abi.ArgumentKind.MAP;
import static dev.gbpf.abi.ArgumentKind.MAP_KEY;
import static dev.gbpf.abi.ArgumentKind.MAP_VALUE;
import static dev.gbpf.abi.ArgumentKind.MAP_VALUE_OUT;
import static dev.gbpf.abi.ArgumentKind.MEMORY;
import static dev.gbpf.abi.ArgumentKind.MEMORY_SIZE;
import static dev.gbpf.abi.ArgumentKind.RECORD;
import static dev.gbpf.abi.ArgumentKind.RECORD_SIZE;
import static dev.gbpf.abi.ArgumentKind.SCALAR;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The helpers that programs call by number. Numbers below 0x10000 are Linux's; gBPF's own start there. Every helper is total:
 * errors come back as negative {@link Errno} values, never as exceptions.
 */
public enum Helper {
    MAP_LOOKUP_ELEM(
            1,
            "map_lookup_elem",
            List.of(new Argument("map", MAP), new Argument("key", MAP_KEY)),
            ReturnKind.MAP_VALUE_OR_NULL,
            0,
            0,
            "Address of the value of a key, or null when the map has no such key."),
    MAP_UPDATE_ELEM(
            2,
            "map_update_elem",
            List.of(
                    new Argument("map", MAP),
                    new Argument("key", MAP_KEY),
                    new Argument("value", MAP_VALUE),
                    new Argument("flags", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            0,
            "Sets the value of a key. flags: 0 any, 1 only a new key (else -EEXIST), 2 only a present key (else -ENOENT)."
                    + " -E2BIG when a hash is full or an array index is out of range, -EINVAL for other flags. On a device -EAGAIN"
                    + " when others change the same bucket of a hash all the time."),
    MAP_DELETE_ELEM(
            3,
            "map_delete_elem",
            List.of(new Argument("map", MAP), new Argument("key", MAP_KEY)),
            ReturnKind.SCALAR,
            Errno.MIN,
            0,
            "Removes a key. -ENOENT when absent, -EINVAL on an array. On a device -EAGAIN when others change the same bucket all the"
                    + " time."),
    KTIME_GET_NS(
            5,
            "ktime_get_ns",
            List.of(),
            ReturnKind.SCALAR,
            0,
            Long.MAX_VALUE,
            "The plane's monotonic clock in ns; virtual time on the simulated device, the device's own clock in device hooks."),
    TRACE_PRINTK(
            6,
            "trace_printk",
            List.of(
                    new Argument("fmt", MEMORY),
                    new Argument("fmt_size", MEMORY_SIZE),
                    new Argument("a", SCALAR),
                    new Argument("b", SCALAR),
                    new Argument("c", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            Helper.MAX_TRACE_LINE,
            "Writes a line to the policy's trace, for debugging. The format is ASCII text that ends with a zero byte, the last of"
                    + " fmt_size; at most three conversions take a, b and c in turn: %d %i %u %x %c of 32 bits, with l or ll of"
                    + " 64, %p as %#llx, and %%. Arguments that no conversion takes may be 0. Lines are cut to 256 bytes, and the"
                    + " newest 256 lines are kept. Gives the length of the line, or -EINVAL for another format."),
    GET_PRANDOM_U32(
            7,
            "get_prandom_u32",
            List.of(),
            ReturnKind.SCALAR,
            0,
            0xFFFF_FFFFL,
            "A pseudo-random number, 32 bits; a seeded sequence on the simulated device."),
    GET_SMP_PROCESSOR_ID(
            8,
            "get_smp_processor_id",
            List.of(),
            ReturnKind.SCALAR,
            0,
            4095,
            "The number of the decision thread that asks, from 0; in device hooks, of the SM."),
    MAP_PUSH_ELEM(
            87,
            "map_push_elem",
            List.of(new Argument("map", MAP), new Argument("value", MAP_VALUE), new Argument("flags", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            0,
            "Adds a value to a queue or stack. flags: 0, or 2 to drop the oldest value when it is full (else -E2BIG); -EINVAL for"
                    + " other flags."),
    MAP_POP_ELEM(
            88,
            "map_pop_elem",
            List.of(new Argument("map", MAP), new Argument("value", MAP_VALUE_OUT)),
            ReturnKind.SCALAR,
            Errno.MIN,
            0,
            "Takes a value from a queue (the oldest) or stack (the newest). -ENOENT when there is none; then value is all zeros."),
    MAP_PEEK_ELEM(
            89,
            "map_peek_elem",
            List.of(new Argument("map", MAP), new Argument("value", MAP_VALUE_OUT)),
            ReturnKind.SCALAR,
            Errno.MIN,
            0,
            "Copies the value that map_pop_elem would take, and leaves it. -ENOENT when there is none; then value is all zeros."),
    RINGBUF_OUTPUT(
            130,
            "ringbuf_output",
            List.of(
                    new Argument("ringbuf", MAP),
                    new Argument("data", MEMORY),
                    new Argument("size", MEMORY_SIZE),
                    new Argument("flags", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            0,
            "Copies a record into a ring buffer. -EAGAIN when there is no room, which the ring counts, -E2BIG when the record is"
                    + " larger than the ring, -EINVAL for flags above 3; Linux's flags 1 and 2 are about waking the reader, and"
                    + " change nothing here."),
    RINGBUF_RESERVE(
            131,
            "ringbuf_reserve",
            List.of(new Argument("ringbuf", MAP), new Argument("size", RECORD_SIZE), new Argument("flags", SCALAR)),
            ReturnKind.RECORD_OR_NULL,
            0,
            0,
            "Reserves a record of a ring buffer, all zeros, for the program to fill. Null when there is no room, which the ring"
                    + " counts, when the record is larger than the ring, and for flags other than 0. The reader waits at the"
                    + " record until ringbuf_submit or ringbuf_discard."),
    RINGBUF_SUBMIT(
            132,
            "ringbuf_submit",
            List.of(new Argument("record", RECORD), new Argument("flags", SCALAR)),
            ReturnKind.SCALAR,
            0,
            0,
            "Hands a reserved record to the reader. The pointer and its copies are gone afterwards. The flags change nothing."),
    RINGBUF_DISCARD(
            133,
            "ringbuf_discard",
            List.of(new Argument("record", RECORD), new Argument("flags", SCALAR)),
            ReturnKind.SCALAR,
            0,
            0,
            "Gives a reserved record up: the reader passes over it. The pointer and its copies are gone afterwards. The flags"
                    + " change nothing."),
    RINGBUF_QUERY(
            134,
            "ringbuf_query",
            List.of(new Argument("ringbuf", MAP), new Argument("flags", SCALAR)),
            ReturnKind.SCALAR,
            0,
            Long.MAX_VALUE,
            "A number about a ring buffer: bytes that are not read yet (flags 0), its size in bytes (1), how many bytes were read"
                    + " (2) and reserved (3) since it was made, and how many records were lost for lack of room (0x10000); 0"
                    + " for other flags."),
    DSQ_CREATE(
            0x10000,
            "dsq_create",
            List.of(new Argument("dsq", SCALAR), new Argument("order", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            0,
            "Creates a dispatch queue with an id of 1 to 2^31-1; order is DSQ_FIFO or DSQ_VTIME. Creating one again with the"
                    + " same order is fine and keeps its jobs; -EEXIST with another order, -EINVAL for a bad id or order,"
                    + " -ENOSPC when there are 4,096."),
    DSQ_INSERT(
            0x10001,
            "dsq_insert",
            List.of(new Argument("dsq", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            0,
            "Chooses the FIFO dispatch queue that the job joins, at the tail. The last choice of a run counts. -ENOENT when"
                    + " there is no such queue, -EINVAL when it is ordered by vtime."),
    DSQ_INSERT_VTIME(
            0x10002,
            "dsq_insert_vtime",
            List.of(new Argument("dsq", SCALAR), new Argument("vtime", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            0,
            "Chooses the vtime-ordered dispatch queue that the job joins; least vtime (unsigned) first, equal ones in order of"
                    + " insertion. -ENOENT when there is no such queue, -EINVAL when it is FIFO."),
    DSQ_LEN(
            0x10003,
            "dsq_len",
            List.of(new Argument("dsq", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            Integer.MAX_VALUE,
            "How many jobs wait in a dispatch queue; -ENOENT when there is none of this id."),
    DSQ_PEEK(
            0x10004,
            "dsq_peek",
            List.of(new Argument("dsq", SCALAR), new Argument("field", SCALAR)),
            ReturnKind.SCALAR,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            "A field (JOB_...) of the job at the head of a dispatch queue; NONE (all ones) when the queue is empty, missing"
                    + " or held by a deferral, or there is no such field."),
    DSQ_MOVE(
            0x10005,
            "dsq_move",
            List.of(new Argument("from", SCALAR), new Argument("to", SCALAR), new Argument("vtime", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            1,
            "Moves the head job of one dispatch queue to another (vtime is ignored by a FIFO queue). 1 when a job moved, 0"
                    + " when there was none, -ENOENT when a queue is missing, -EINVAL when both are the same."),
    KICK(
            0x10006,
            "kick",
            List.of(new Argument("vslice", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            0,
            "Asks on_dispatch again for a vSlice that has room, once this run is over; -EINVAL when there is no such vSlice."),
    TENANT_INFLIGHT(
            0x10007,
            "tenant_inflight",
            List.of(new Argument("tenant", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            Integer.MAX_VALUE,
            "How many jobs of a tenant the device holds; -EINVAL when there is no such tenant."),
    LOG(
            0x10008,
            "log",
            List.of(new Argument("tag", SCALAR), new Argument("value", SCALAR)),
            ReturnKind.SCALAR,
            0,
            0,
            "Writes a tagged number to the policy's log; the newest 1,024 are kept, and all are counted."),
    MAP_NEXT_SLOT(
            0x10020,
            "map_next_slot",
            List.of(new Argument("map", MAP), new Argument("slot", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            Integer.MAX_VALUE,
            "The first slot, from the given one on, that holds an entry; -ENOENT when there is none. Slots are numbered from 0"
                    + " to the map's capacity - 1, and in an array they are the indexes. An entry keeps its slot until it is"
                    + " removed; a new one takes any free slot."),
    MAP_SLOT_KEY(
            0x10021,
            "map_slot_key",
            List.of(new Argument("map", MAP), new Argument("slot", SCALAR)),
            ReturnKind.SCALAR,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            "The key of the entry in a slot, as a little-endian number; 0 when the slot holds none or keys have more than 8"
                    + " bytes."),
    MAP_SLOT_VALUE(
            0x10022,
            "map_slot_value",
            List.of(new Argument("map", MAP), new Argument("slot", SCALAR)),
            ReturnKind.MAP_VALUE_OR_NULL,
            0,
            0,
            "Address of the value of the entry in a slot, or null when the slot holds none."),
    TIMESLICE_SET(
            0x10030,
            "timeslice_set",
            List.of(new Argument("tenant", SCALAR), new Argument("us", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            0,
            "Sets how long the GPU runs a tenant's processes before it turns to another process, 1 to 100,000,000 us; 0 leaves it to"
                    + " the driver."
                    + Helper.LEVER),
    GATE_SET(
            0x10031,
            "gate_set",
            List.of(new Argument("tenant", SCALAR), new Argument("credit_ns", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            0,
            "Sets how much estimated device time each stream of a tenant may have in flight when it launches more, ns; 0 lets"
                    + " nothing more pass, OPEN everything."
                    + Helper.LEVER),
    QUOTA_SET(
            0x10032,
            "quota_set",
            List.of(new Argument("tenant", SCALAR), new Argument("bytes", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            0,
            "Sets how much memory of a device each process of a tenant may have, bytes; 0 for no limit. What it has already, it"
                    + " keeps."
                    + Helper.LEVER),
    COPY_RATE_SET(
            0x10033,
            "copy_rate_set",
            List.of(new Argument("tenant", SCALAR), new Argument("bytes_per_s", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            0,
            "Sets how much each process of a tenant may copy between host and device, bytes a second; 0 for no limit."
                    + Helper.LEVER),
    STREAM_PRIORITY_SET(
            0x10034,
            "stream_priority_set",
            List.of(new Argument("tenant", SCALAR), new Argument("delta", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            0,
            "Sets what is added to the priority that a tenant's processes ask for when they make a stream, -100 to 100; less is more"
                    + " urgent, as in CUDA, and 0 adds nothing."
                    + Helper.LEVER),
    TENANT_USED_NS(
            0x10035,
            "tenant_used_ns",
            List.of(new Argument("tenant", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            Long.MAX_VALUE,
            "Estimated device time of all launches of a tenant's processes that are over, ns. -EINVAL when there can be no such"
                    + " tenant, -EOPNOTSUPP on a device that does not run unmodified applications."),
    TENANT_BUSY(
            0x10036,
            "tenant_busy",
            List.of(new Argument("tenant", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            1,
            "1 when launches of a tenant's processes are under way or held, else 0. -EINVAL when there can be no such tenant,"
                    + " -EOPNOTSUPP on a device that does not run unmodified applications."),
    TENANT_WEIGHT(
            0x10037,
            "tenant_weight",
            List.of(new Argument("tenant", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            1_000_000,
            "A tenant's configured weight, at least 1; -ENOENT when there is no such tenant."),
    TENANT_PRIORITY(
            0x10038,
            "tenant_priority",
            List.of(new Argument("tenant", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            1_000,
            "A tenant's configured priority, greater is more urgent; -ENOENT when there is no such tenant."),
    STOP_POINTS_SET(
            0x10039,
            "stop_points_set",
            List.of(new Argument("tenant", SCALAR), new Argument("every_ns", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            0,
            "Sets after how much estimated device time a stream of a tenant has a stop point, ns; 0 for none. While the tenant's gate"
                    + " is 0, what its streams have launched already waits at the next one, off the device."
                    + Helper.LEVER),
    SM_PARTITION_SET(
            0x1003A,
            "sm_partition_set",
            List.of(new Argument("tenant", SCALAR), new Argument("first", SCALAR), new Argument("count", SCALAR)),
            ReturnKind.SCALAR,
            Errno.MIN,
            0,
            "Sets on which SMs of a GPU the non-blocking streams run that a tenant's processes make from then on: `count` of them from"
                    + " `first` on, in the driver's order, 65,534 in all at most; 0 of them leaves it to what the process was started"
                    + " with. SMs come in groups, of 8 on Hopper: a group belongs to where its first SM does."
                    + Helper.LEVER);

    /** What the reference says about each lever. */
    private static final String LEVER =
            " It holds for those that run and those to come, until it is set again or the policy leaves. -EINVAL for other numbers and"
                    + " when there can be no such tenant, -EOPNOTSUPP on a device that does not run unmodified applications.";

    /** Bytes of a line of the trace, at most. */
    public static final int MAX_TRACE_LINE = 256;

    private static final Map<Integer, Helper> BY_ID =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Helper::id, Function.identity()));
    private static final Map<String, Helper> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Helper::symbol, Function.identity()));
    /** What needs neither queues nor jobs of the host. */
    private static final Set<Helper> ON_DEVICE = Collections.unmodifiableSet(EnumSet.of(
            MAP_LOOKUP_ELEM,
            MAP_UPDATE_ELEM,
            MAP_DELETE_ELEM,
            MAP_NEXT_SLOT,
            MAP_SLOT_KEY,
            MAP_SLOT_VALUE,
            KTIME_GET_NS,
            GET_PRANDOM_U32,
            GET_SMP_PROCESSOR_ID,
            LOG));

    private final int id;
    private final String symbol;
    private final List<Argument> arguments;
    private final ReturnKind returnKind;
    private final long returnMin;
    private final long returnMax;
    private final String doc;

    Helper(
            int id,
            String symbol,
            List<Argument> arguments,
            ReturnKind returnKind,
            long returnMin,
            long returnMax,
            String doc) {
        this.id = id;
        this.symbol = symbol;
        this.arguments = arguments;
        this.returnKind = returnKind;
        this.returnMin = returnMin;
        this.returnMax = returnMax;
        this.doc = doc;
    }

    /**
     * One argument, in {@code r1} onwards.
     *
     * @param name as documentation writes it
     * @param kind what it must be
     */
    public record Argument(String name, ArgumentKind kind) {}

    /** The number that {@code call} carries. */
    public int id() {
        return id;
    }

    /** The name in the policy language and in C. */
    public String symbol() {
        return symbol;
    }

    /** Zero to five arguments, in the order of {@code r1} to {@code r5}. */
    public List<Argument> arguments() {
        return arguments;
    }

    /** Whether it changes the entries of its map argument. */
    public boolean writesMap() {
        return this == MAP_UPDATE_ELEM || this == MAP_DELETE_ELEM;
    }

    /** Whether it writes to memory that an argument points to. */
    public boolean writesMemory() {
        return arguments.stream().anyMatch(a -> a.kind() == MAP_VALUE_OUT);
    }

    /** Whether its map argument may be of a kind; false when it has none. */
    public boolean takes(MapKind kind) {
        return switch (this) {
            case MAP_LOOKUP_ELEM, MAP_UPDATE_ELEM, MAP_DELETE_ELEM, MAP_NEXT_SLOT, MAP_SLOT_KEY, MAP_SLOT_VALUE ->
                kind.isKeyed();
            case MAP_PUSH_ELEM, MAP_POP_ELEM, MAP_PEEK_ELEM -> kind == MapKind.QUEUE || kind == MapKind.STACK;
            case RINGBUF_OUTPUT, RINGBUF_RESERVE, RINGBUF_QUERY -> kind == MapKind.RINGBUF;
            default -> false;
        };
    }

    /** Whether it gives a reference that the program must release on every path. */
    public boolean acquires() {
        return returnKind == ReturnKind.RECORD_OR_NULL;
    }

    /** Whether it releases the reference that it gets. */
    public boolean releases() {
        return arguments.stream().anyMatch(a -> a.kind() == RECORD);
    }

    public ReturnKind returnKind() {
        return returnKind;
    }

    /** Least result of a {@link ReturnKind#SCALAR} helper, signed. */
    public long returnMin() {
        return returnMin;
    }

    /** Greatest result of a {@link ReturnKind#SCALAR} helper, signed. */
    public long returnMax() {
        return returnMax;
    }

    /** Whether lanes of a device's warp get the same result; a helper that changes something answers each. */
    public ResultSpread spread() {
        return switch (this) {
            case KTIME_GET_NS, GET_SMP_PROCESSOR_ID, LOG -> ResultSpread.SAME;
            case MAP_LOOKUP_ELEM, MAP_NEXT_SLOT, MAP_SLOT_KEY, MAP_SLOT_VALUE -> ResultSpread.BY_ARGUMENTS;
            default -> ResultSpread.PER_LANE;
        };
    }

    /** One or more sentences for the reference page. */
    public String doc() {
        return doc;
    }

    /** The helpers that programs of device hooks may call. */
    public static Set<Helper> onDevice() {
        return ON_DEVICE;
    }

    /** The helper of a number. */
    public static Optional<Helper> byId(int id) {
        return Optional.ofNullable(BY_ID.get(id));
    }

    /** The helper of a name. */
    public static Optional<Helper> byName(String symbol) {
        return Optional.ofNullable(BY_NAME.get(symbol));
    }
}

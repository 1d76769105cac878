package dev.gbpf.host.helper;

import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.QueueMap;
import dev.gbpf.host.map.RingBufferMap;
import java.util.List;

/** Takes the calls of one program to its maps and to the plane. */
public final class HelperDispatcher implements HelperCalls {
    // The numbers of dev.gbpf.abi.Helper, as constants for the switch.
    static final int MAP_LOOKUP_ELEM = 1;
    static final int MAP_UPDATE_ELEM = 2;
    static final int MAP_DELETE_ELEM = 3;
    static final int KTIME_GET_NS = 5;
    static final int TRACE_PRINTK = 6;
    static final int GET_PRANDOM_U32 = 7;
    static final int GET_SMP_PROCESSOR_ID = 8;
    static final int MAP_PUSH_ELEM = 87;
    static final int MAP_POP_ELEM = 88;
    static final int MAP_PEEK_ELEM = 89;
    static final int RINGBUF_OUTPUT = 130;
    static final int RINGBUF_RESERVE = 131;
    static final int RINGBUF_SUBMIT = 132;
    static final int RINGBUF_DISCARD = 133;
    static final int RINGBUF_QUERY = 134;
    static final int DSQ_CREATE = 0x10000;
    static final int DSQ_INSERT = 0x10001;
    static final int DSQ_INSERT_VTIME = 0x10002;
    static final int DSQ_LEN = 0x10003;
    static final int DSQ_PEEK = 0x10004;
    static final int DSQ_MOVE = 0x10005;
    static final int KICK = 0x10006;
    static final int TENANT_INFLIGHT = 0x10007;
    static final int LOG = 0x10008;
    static final int MAP_NEXT_SLOT = 0x10020;
    static final int MAP_SLOT_KEY = 0x10021;
    static final int MAP_SLOT_VALUE = 0x10022;
    static final int TIMESLICE_SET = 0x10030;
    static final int GATE_SET = 0x10031;
    static final int QUOTA_SET = 0x10032;
    static final int COPY_RATE_SET = 0x10033;
    static final int STREAM_PRIORITY_SET = 0x10034;
    static final int TENANT_USED_NS = 0x10035;
    static final int TENANT_BUSY = 0x10036;
    static final int TENANT_WEIGHT = 0x10037;
    static final int TENANT_PRIORITY = 0x10038;
    static final int STOP_POINTS_SET = 0x10039;
    static final int SM_PARTITION_SET = 0x1003A;

    /** Map handles: above every address that memory can have, and never 0. */
    private static final long HANDLE = 0x4D41_5000_0000_0000L;

    private final BpfMap[] maps;
    private final int cpu;

    /**
     * A dispatcher for decision thread 0.
     *
     * @param maps the maps that the program refers to by index
     */
    public HelperDispatcher(List<? extends BpfMap> maps) {
        this(maps, 0);
    }

    /**
     * A dispatcher for the programs of one decision thread. What the thread is called and which values of per-CPU maps it has
     * is so the same for all of a run.
     *
     * @param cpu the number of the thread, from 0
     */
    public HelperDispatcher(List<? extends BpfMap> maps, int cpu) {
        this.maps = maps.stream().map(map -> map.onCpu(cpu)).toArray(BpfMap[]::new);
        this.cpu = cpu;
    }

    /** What a register holds after a map was loaded into it by its index. */
    public static long mapHandle(int index) {
        return HANDLE | index;
    }

    /** Whether a value is the handle of one of {@code count} maps. */
    public static boolean isMapHandle(long value, int count) {
        return value >= HANDLE && value < HANDLE + count;
    }

    /** The index that a handle was made from. */
    public static int mapIndex(long handle) {
        return (int) handle;
    }

    private QueueMap queue(long handle) {
        return (QueueMap) maps[mapIndex(handle)];
    }

    private RingBufferMap ring(long handle) {
        return (RingBufferMap) maps[mapIndex(handle)];
    }

    @Override
    public long call(int helper, long r1, long r2, long r3, long r4, long r5, PlaneServices services) {
        return switch (helper) {
            case MAP_LOOKUP_ELEM -> maps[mapIndex(r1)].lookupElem(r2);
            case MAP_UPDATE_ELEM -> maps[mapIndex(r1)].updateElem(r2, r3, r4);
            case MAP_DELETE_ELEM -> maps[mapIndex(r1)].deleteElem(r2);
            case KTIME_GET_NS -> services.ktimeGetNs();
            case TRACE_PRINTK -> services.tracePrintk(r1, r2, r3, r4, r5);
            case GET_PRANDOM_U32 -> services.getPrandomU32();
            case GET_SMP_PROCESSOR_ID -> cpu;
            case MAP_PUSH_ELEM -> queue(r1).pushElem(r2, r3);
            case MAP_POP_ELEM -> queue(r1).popElem(r2);
            case MAP_PEEK_ELEM -> queue(r1).peekElem(r2);
            case RINGBUF_OUTPUT -> ring(r1).output(r2, r3, r4);
            case RINGBUF_RESERVE -> ring(r1).reserve(r2, r3);
            case RINGBUF_SUBMIT -> {
                RingBufferMap.submit(r1);
                yield 0;
            }
            case RINGBUF_DISCARD -> {
                RingBufferMap.discard(r1);
                yield 0;
            }
            case RINGBUF_QUERY -> ring(r1).query(r2);
            case DSQ_CREATE -> services.dsqCreate(r1, r2);
            case DSQ_INSERT -> services.dsqInsert(r1);
            case DSQ_INSERT_VTIME -> services.dsqInsertVtime(r1, r2);
            case DSQ_LEN -> services.dsqLen(r1);
            case DSQ_PEEK -> services.dsqPeek(r1, r2);
            case DSQ_MOVE -> services.dsqMove(r1, r2, r3);
            case KICK -> services.kick(r1);
            case TENANT_INFLIGHT -> services.tenantInflight(r1);
            case LOG -> services.log(r1, r2);
            case MAP_NEXT_SLOT -> maps[mapIndex(r1)].nextSlot(r2);
            case MAP_SLOT_KEY -> maps[mapIndex(r1)].slotKey(r2);
            case MAP_SLOT_VALUE -> maps[mapIndex(r1)].slotValue(r2);
            case TIMESLICE_SET -> services.timesliceSet(r1, r2);
            case GATE_SET -> services.gateSet(r1, r2);
            case STOP_POINTS_SET -> services.stopPointsSet(r1, r2);
            case SM_PARTITION_SET -> services.smPartitionSet(r1, r2, r3);
            case QUOTA_SET -> services.quotaSet(r1, r2);
            case COPY_RATE_SET -> services.copyRateSet(r1, r2);
            case STREAM_PRIORITY_SET -> services.streamPrioritySet(r1, r2);
            case TENANT_USED_NS -> services.tenantUsedNs(r1);
            case TENANT_BUSY -> services.tenantBusy(r1);
            case TENANT_WEIGHT -> services.tenantWeight(r1);
            case TENANT_PRIORITY -> services.tenantPriority(r1);
            default -> throw new IllegalArgumentException("there is no helper of number=" + helper);
        };
    }
}

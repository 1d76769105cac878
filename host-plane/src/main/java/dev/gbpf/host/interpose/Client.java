package dev.gbpf.host.interpose;

import dev.gbpf.host.device.LeverSettings;
import dev.gbpf.host.device.LeverSettings.Lever;
import dev.gbpf.host.device.SmPartition;
import dev.gbpf.host.interpose.SystemCalls.Credentials;
import dev.gbpf.host.queue.Tenant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A process that is attached, and what it was told. Of the plane's thread, but for what is final. */
final class Client {
    private static final long SEQUENCE = orders("sequence");
    private static final long MODE = orders("mode");
    private static final long HEARTBEAT_NS = orders("heartbeat_ns");
    private static final long LEASE_NS = orders("lease_ns");
    private static final long HOLD_LIMIT_NS = orders("hold_limit_ns");
    private static final long HOLD_EPOCH = orders("hold_epoch");
    private static final long TRACK_EVERY = orders("track_every");
    private static final long TRACK_NS = orders("track_ns");
    private static final long SAMPLE_EVERY = orders("sample_every");
    private static final long RECORD = orders("record");
    private static final long TIMESLICE_US = orders("timeslice_us");
    private static final long STREAM_PRIORITY = orders("stream_priority");
    private static final long COPY_BYTES_PER_SECOND = orders("copy_bytes_per_second");
    private static final long COPY_BURST_BYTES = orders("copy_burst_bytes");
    private static final long COPY_PIECE_BYTES = orders("copy_piece_bytes");
    private static final long QUOTA_BYTES = orders("quota_bytes");
    private static final long PARTITION = orders("partition");
    private static final long STOPPED = orders("stopped");
    private static final long STOP_EVERY_NS = orders("stop_every_ns");

    /** As many as a process may use at once without being taken for another one's neighbour by mistake. */
    private static final int GPUS = 16;

    private static final long NEVER = Long.MIN_VALUE / 2;

    final long number;
    final Credentials peer;
    final ApplicationClass kind;
    final String command;
    final Segment segment;
    final Report report;
    final @Nullable ClientStream[] streams = new ClientStream[SegmentLayout.STREAMS];

    private int tenant;
    private int sequence;
    private long epoch;
    private long beatNs = Long.MIN_VALUE;
    private long gateNs = LeverSettings.OPEN;
    private long askedTimesliceUs;
    private int partition;
    /** The GPUs on which it had work last, and when: of more, what was longest ago is forgotten. */
    private final int[] gpus = new int[GPUS];

    private final long[] busyNs = new long[GPUS];
    private boolean crowded;
    private boolean collectives;
    private boolean limited;
    private boolean recorded;

    Client(long number, Attachment attachment, int tenant) {
        this.number = number;
        this.peer = attachment.peer();
        this.kind = attachment.kind();
        this.command = attachment.command();
        this.segment = attachment.segment();
        this.report = new Report(segment);
        this.tenant = tenant;
        Arrays.fill(busyNs, NEVER);
        segment.putLong(LEASE_NS, Terms.LEASE);
        segment.putLong(HOLD_LIMIT_NS, Terms.HOLD_LIMIT);
    }

    private static long orders(String field) {
        return SegmentLayout.at("orders", field);
    }

    /** Index of its tenant. */
    int tenant() {
        return tenant;
    }

    /** What a new stream of it may launch before the plane has seen it, ns. */
    long standingNs() {
        return kind == ApplicationClass.LATENCY ? Long.MAX_VALUE : Terms.STANDING_CREDIT;
    }

    /** What each of its streams may have in flight, ns. */
    long gateNs() {
        return gateNs;
    }

    /** Whether its launches may have to wait, for credit or at stop points. */
    boolean isLimited() {
        return limited;
    }

    /** Which SMs its new streams are to have, an {@link SmPartition}'s word; what it was started with is its own affair. */
    int partition() {
        return partition;
    }

    /** Whether what it does is recorded; it hears of it with the next {@link #order}. */
    void record(boolean on) {
        recorded = on;
    }

    /** One of its streams has work now, on this GPU. */
    void busy(int gpu, long nowNs) {
        int oldest = 0;
        for (int i = 0; i < GPUS; i++) {
            if (gpus[i] == gpu && busyNs[i] != NEVER) {
                busyNs[i] = nowNs;
                return;
            }
            oldest = busyNs[i] < busyNs[oldest] ? i : oldest;
        }
        gpus[oldest] = gpu;
        busyNs[oldest] = nowNs;
    }

    /**
     * Whether both had work lately on a GPU and are to have timeslices there that are too short to take turns with each other. A GPU that is not known may be
     * any.
     */
    boolean takesShortTurnsWith(Client other, long nowNs) {
        if (!hasShortTurns() || !other.hasShortTurns()) {
            return false;
        }
        for (int i = 0; i < GPUS; i++) {
            for (int j = 0; j < GPUS && nowNs - busyNs[i] <= Terms.TURNS_MEMORY; j++) {
                boolean same = gpus[i] == other.gpus[j] || gpus[i] == 0 || other.gpus[j] == 0;
                if (same && nowNs - other.busyNs[j] <= Terms.TURNS_MEMORY) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean hasShortTurns() {
        return askedTimesliceUs > 0 && askedTimesliceUs < Terms.LEAST_SHARED_SLICE_US;
    }

    /**
     * Whether it takes turns with another process that is to have as short a timeslice; it hears of it with the next {@link #order}.
     *
     * @return whether that is news
     */
    boolean crowd(boolean now) {
        boolean news = crowded != now;
        crowded = now;
        return news;
    }

    /**
     * It runs collective operations, now and then; it hears of it with the next {@link #order}.
     *
     * @return whether that is news
     */
    boolean runsCollectives() {
        boolean news = !collectives;
        collectives = true;
        return news;
    }

    /**
     * A slice that is long because work stops by itself is wrong for a process whose streams of collective operations do not: it would have the device for
     * so long while it waits for another rank.
     */
    private long timesliceUs(long asked, boolean stops) {
        return collectives && stops ? Math.min(asked, Terms.YIELDING_SLICE_US) : asked;
    }

    /** Says that the plane lives, when it is time to. */
    void beat(long monotonicNs) {
        if (monotonicNs - beatNs >= Terms.HEARTBEAT || beatNs == Long.MIN_VALUE) {
            segment.putLongRelease(HEARTBEAT_NS, monotonicNs);
            beatNs = monotonicNs;
        }
    }

    /**
     * Tells it what holds from here on.
     *
     * @param settings of the policy that decides
     * @param operators what operators have set, which holds where the policy says nothing
     * @param budgets whether the policy gives bursts budgets
     */
    void order(LeverSettings settings, LeverSettings operators, boolean bypass, boolean budgets, Tenant terms) {
        long priority = settings.get(Lever.STREAM_PRIORITY, tenant, 0);
        long quota = settings.get(
                Lever.QUOTA_BYTES,
                tenant,
                operators.get(Lever.QUOTA_BYTES, tenant, terms.memory().hardBytes()));
        long rate = settings.get(
                Lever.COPY_BYTES_PER_SECOND,
                tenant,
                operators.get(Lever.COPY_BYTES_PER_SECOND, tenant, terms.copyBytesPerSecond()));
        long stopEveryNs = bypass ? 0 : settings.get(Lever.STOP_EVERY_NS, tenant, 0);
        long timeslice = timesliceUs(
                settings.get(Lever.TIMESLICE_US, tenant, operators.get(Lever.TIMESLICE_US, tenant, 0)),
                stopEveryNs != 0);
        gateNs = bypass ? LeverSettings.OPEN : settings.get(Lever.GATE_NS, tenant, LeverSettings.OPEN);
        askedTimesliceUs = timeslice;
        boolean few = crowded && timeslice != 0 && timeslice < Terms.LEAST_SHARED_SLICE_US;
        segment.putInt(TIMESLICE_US, (int) (few ? Terms.LEAST_SHARED_SLICE_US : timeslice));
        segment.putInt(STREAM_PRIORITY, (int) priority);
        segment.putLong(COPY_BYTES_PER_SECOND, rate);
        segment.putLong(COPY_BURST_BYTES, rate == 0 ? 0 : Math.max(terms.copyBurstBytes(), Terms.COPY_PIECE_BYTES));
        segment.putLong(COPY_PIECE_BYTES, rate == 0 ? 0 : Terms.COPY_PIECE_BYTES);
        for (int device = 0; device < SegmentLayout.DEVICES; device++) {
            segment.putLong(QUOTA_BYTES + (long) device * Long.BYTES, quota);
        }
        segment.putLong(STOP_EVERY_NS, stopEveryNs);
        partition = (int) (bypass ? SmPartition.NONE : settings.get(Lever.SM_PARTITION, tenant, SmPartition.NONE));
        segment.putInt(PARTITION, partition);
        segment.putInt(STOPPED, gateNs == 0 ? 1 : 0);
        boolean credits = gateNs != LeverSettings.OPEN || budgets;
        limited = credits || stopEveryNs != 0;
        boolean quiet = bypass && !recorded;
        int often = recorded ? Terms.TRACK_EVERY_RECORDED : Terms.TRACK_EVERY;
        segment.putInt(TRACK_EVERY, quiet ? 0 : credits ? Terms.TRACK_EVERY_LIMITED : often);
        segment.putInt(TRACK_NS, quiet ? 0 : credits ? Terms.TRACK_NS_LIMITED : Terms.TRACK_NS);
        segment.putInt(SAMPLE_EVERY, quiet ? 0 : recorded ? Terms.SAMPLE_EVERY_RECORDED : Terms.SAMPLE_EVERY);
        segment.putInt(RECORD, recorded ? 1 : 0);
        if (bypass) {
            segment.putLong(HOLD_EPOCH, ++epoch);
        }
        segment.putIntRelease(MODE, bypass ? SegmentLayout.MODE_BYPASS : SegmentLayout.MODE_POLICY);
        segment.putIntRelease(SEQUENCE, ++sequence);
        segment.wake(SEQUENCE);
    }

    @Override
    public String toString() {
        return "process " + peer.pid() + " (" + command + ")";
    }
}

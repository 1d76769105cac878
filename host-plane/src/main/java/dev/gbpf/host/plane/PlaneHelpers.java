package dev.gbpf.host.plane;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Errno;
import dev.gbpf.host.device.DevicePlane;
import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.queue.DispatchQueue;
import dev.gbpf.host.queue.Job;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The helpers that need the plane. A run of {@code on_submit} only notes its choice of queue here; the plane carries it out
 * when the run is over, so that a run that fails half-way leaves nothing behind.
 */
final class PlaneHelpers implements PlaneServices {
    private final DevicePlane device;
    private final LongSupplier clock;
    private final PlaneStatistics statistics;
    private final PlaneListener listener;
    private final PolicyLog log = new PolicyLog();
    private final PolicyTrace trace = new PolicyTrace();
    private final SplittableRandom random;
    private final int[] inflight;

    private DispatchQueues queues;
    private @Nullable DispatchQueues earlier;
    private @Nullable DispatchQueue chosen;
    private long chosenVtime;
    private long insertions;
    private boolean kicked;

    PlaneHelpers(
            PlaneConfig config,
            DevicePlane device,
            LongSupplier clock,
            PlaneStatistics statistics,
            PlaneListener listener,
            DispatchQueues queues) {
        this.device = device;
        this.clock = clock;
        this.statistics = statistics;
        this.listener = listener;
        this.random = new SplittableRandom(config.seed());
        this.inflight = new int[config.tenants().size()];
        this.queues = queues;
    }

    /** Works on these queues from here on; {@code earlier} may be taken over by {@code dsq_create}. */
    void use(DispatchQueues own, @Nullable DispatchQueues takeOver) {
        this.queues = own;
        this.earlier = takeOver;
    }

    /** Forgets the choice of the last run. */
    void beginPlacement() {
        chosen = null;
        chosenVtime = 0;
    }

    /** The queue that the run chose, or null. */
    @Nullable
    DispatchQueue chosen() {
        return chosen;
    }

    long chosenVtime() {
        return chosenVtime;
    }

    /** The next number in the order of insertions into queues. */
    long nextInsertion() {
        return insertions++;
    }

    void countStarted(Job job) {
        inflight[job.tenant().index()]++;
    }

    void countEnded(Job job) {
        inflight[job.tenant().index()]--;
    }

    int inflight(Job job) {
        return inflight[job.tenant().index()];
    }

    PolicyLog policyLog() {
        return log;
    }

    PolicyTrace policyTrace() {
        return trace;
    }

    /** Whether a run asked for another round of dispatching. */
    boolean kicked() {
        return kicked;
    }

    void clearKick() {
        kicked = false;
    }

    @Override
    public long ktimeGetNs() {
        return clock.getAsLong();
    }

    @Override
    public long getPrandomU32() {
        return random.nextInt() & 0xFFFF_FFFFL;
    }

    @Override
    public long dsqCreate(long dsq, long order) {
        return queues.create(dsq, order, earlier);
    }

    @Override
    public long dsqInsert(long dsq) {
        return choose(dsq, DispatchQueue.Order.FIFO, 0);
    }

    @Override
    public long dsqInsertVtime(long dsq, long vtime) {
        return choose(dsq, DispatchQueue.Order.VTIME, vtime);
    }

    private long choose(long dsq, DispatchQueue.Order order, long vtime) {
        DispatchQueue queue = queues.find(dsq);
        if (queue == null || queue.order() != order) {
            statistics.countInsertError();
            return queue == null ? Errno.ENOENT : Errno.EINVAL;
        }
        chosen = queue;
        chosenVtime = vtime;
        return 0;
    }

    @Override
    public long dsqLen(long dsq) {
        DispatchQueue queue = queues.find(dsq);
        return queue == null ? Errno.ENOENT : queue.length();
    }

    @Override
    public long dsqPeek(long dsq, long field) {
        DispatchQueue queue = queues.find(dsq);
        Job head = queue == null ? null : queue.head();
        if (queue == null || head == null || queue.heldUntilNs() > clock.getAsLong()) {
            return Constants.NONE;
        }
        if (field == Constants.JOB_SUBMITTED_NS) {
            return head.submittedNs();
        } else if (field == Constants.JOB_DEADLINE_NS) {
            return head.deadlineNs();
        } else if (field == Constants.JOB_PRIORITY) {
            return head.tenant().priority();
        } else if (field == Constants.JOB_TENANT) {
            return head.tenant().index();
        } else if (field == Constants.JOB_COST_NS) {
            return head.spec().costNs();
        } else if (field == Constants.JOB_WEIGHT) {
            return head.tenant().weight();
        } else if (field == Constants.JOB_VTIME) {
            return head.vtime();
        } else if (field == Constants.JOB_ID) {
            return head.id();
        }
        return Constants.NONE;
    }

    @Override
    public long dsqMove(long from, long to, long vtime) {
        DispatchQueue source = queues.find(from);
        DispatchQueue target = queues.find(to);
        if (source == null || target == null) {
            return Errno.ENOENT;
        }
        if (source == target) {
            return Errno.EINVAL;
        }
        Job head = source.head();
        if (head == null) {
            return 0;
        }
        source.remove(head);
        target.insert(head, vtime, nextInsertion());
        listener.queued(head, target.id(), clock.getAsLong());
        return 1;
    }

    @Override
    public long kick(long vslice) {
        if (vslice < 0 || vslice >= device.vslices()) {
            return Errno.EINVAL;
        }
        kicked = true;
        return 0;
    }

    @Override
    public long tenantInflight(long tenant) {
        return tenant < 0 || tenant >= inflight.length ? Errno.EINVAL : inflight[(int) tenant];
    }

    @Override
    public long tracePrintk(long format, long size, long a, long b, long c) {
        return trace.print(clock.getAsLong(), format, size, a, b, c);
    }

    @Override
    public long log(long tag, long value) {
        log.add(clock.getAsLong(), tag, value);
        return 0;
    }
}

package dev.gbpf.host.plane;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Errno;
import dev.gbpf.host.device.LeverSettings.Lever;
import dev.gbpf.host.device.SmPartition;
import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.queue.DispatchQueue;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.Roster;
import org.jspecify.annotations.Nullable;

/**
 * The helpers that need the plane. A run of {@code on_submit} only notes its choice of queue here; the plane carries it out
 * when the run is over, so that a run that fails half-way leaves nothing behind.
 */
final class PlaneHelpers implements PlaneServices {
    private final HelperScope scope;
    private final DispatchQueues queues;
    private final PlaneLevers levers;

    private @Nullable DispatchQueues earlier;
    private @Nullable DispatchQueue chosen;
    private long chosenVtime;
    private long insertErrors;
    private long calls;
    private long errors;
    private boolean kicked;

    PlaneHelpers(HelperScope scope, DispatchQueues queues) {
        this.scope = scope;
        this.queues = queues;
        this.levers = new PlaneLevers(scope.device().levers());
    }

    /** What its policy sets about tenants. */
    PlaneLevers levers() {
        return levers;
    }

    /** From here on {@code dsq_create} takes over queues from these; none when it is null. */
    void takeOverFrom(@Nullable DispatchQueues queuesOfEarlierVersion) {
        this.earlier = queuesOfEarlierVersion;
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

    /** How often an insertion was refused. */
    long insertErrors() {
        return insertErrors;
    }

    /** Calls of helpers that can fail. */
    long calls() {
        return calls;
    }

    /** Those that returned an error. */
    long errors() {
        return errors;
    }

    private long counted(long result) {
        calls++;
        errors += result < 0 ? 1 : 0;
        return result;
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
        return scope.clock().getAsLong();
    }

    @Override
    public long getPrandomU32() {
        return scope.random().nextInt() & 0xFFFF_FFFFL;
    }

    @Override
    public long dsqCreate(long dsq, long order) {
        return counted(queues.create(dsq, order, earlier));
    }

    @Override
    public long dsqInsert(long dsq) {
        return counted(choose(dsq, DispatchQueue.Order.FIFO, 0));
    }

    @Override
    public long dsqInsertVtime(long dsq, long vtime) {
        return counted(choose(dsq, DispatchQueue.Order.VTIME, vtime));
    }

    private long choose(long dsq, DispatchQueue.Order order, long vtime) {
        DispatchQueue queue = queues.find(dsq);
        if (queue == null || queue.order() != order) {
            insertErrors++;
            scope.statistics().countInsertError();
            return queue == null ? Errno.ENOENT : Errno.EINVAL;
        }
        chosen = queue;
        chosenVtime = vtime;
        return 0;
    }

    @Override
    public long dsqLen(long dsq) {
        DispatchQueue queue = queues.find(dsq);
        return counted(queue == null ? Errno.ENOENT : queue.length());
    }

    @Override
    public long dsqPeek(long dsq, long field) {
        DispatchQueue queue = queues.find(dsq);
        Job head = queue == null ? null : queue.head();
        if (queue == null || head == null || queue.heldUntilNs() > scope.clock().getAsLong()) {
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
            return head.costNs();
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
        return counted(move(from, to, vtime));
    }

    private long move(long from, long to, long vtime) {
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
        target.insert(head, vtime, scope.counts().nextInsertion());
        scope.moves().moved(head, target.id(), scope.clock().getAsLong());
        return 1;
    }

    @Override
    public long kick(long vslice) {
        if (vslice < 0 || vslice >= scope.device().vslices()) {
            return counted(Errno.EINVAL);
        }
        kicked = true;
        return counted(0);
    }

    @Override
    public long tenantInflight(long tenant) {
        int held = scope.counts().inflight(tenant);
        return counted(held < 0 ? Errno.EINVAL : held);
    }

    @Override
    public long timesliceSet(long tenant, long us) {
        return counted(levers.set(Lever.TIMESLICE_US, tenant, us));
    }

    @Override
    public long gateSet(long tenant, long creditNs) {
        return counted(levers.set(Lever.GATE_NS, tenant, creditNs));
    }

    @Override
    public long stopPointsSet(long tenant, long everyNs) {
        return counted(levers.set(Lever.STOP_EVERY_NS, tenant, everyNs));
    }

    @Override
    public long smPartitionSet(long tenant, long first, long count) {
        return counted(levers.set(Lever.SM_PARTITION, tenant, SmPartition.word(first, count)));
    }

    @Override
    public long quotaSet(long tenant, long bytes) {
        return counted(levers.set(Lever.QUOTA_BYTES, tenant, bytes));
    }

    @Override
    public long copyRateSet(long tenant, long bytesPerSecond) {
        return counted(levers.set(Lever.COPY_BYTES_PER_SECOND, tenant, bytesPerSecond));
    }

    @Override
    public long streamPrioritySet(long tenant, long delta) {
        return counted(levers.set(Lever.STREAM_PRIORITY, tenant, delta));
    }

    @Override
    public long tenantUsedNs(long tenant) {
        return counted(levers.usedNs(tenant));
    }

    @Override
    public long tenantBusy(long tenant) {
        return counted(levers.isBusy(tenant));
    }

    // That there is no such tenant is an answer: policies look through all numbers.

    @Override
    public long tenantWeight(long tenant) {
        Roster roster = scope.roster();
        return tenant < 0 || tenant >= roster.size()
                ? Errno.ENOENT
                : roster.tenants().get((int) tenant).weight();
    }

    @Override
    public long tenantPriority(long tenant) {
        Roster roster = scope.roster();
        return tenant < 0 || tenant >= roster.size()
                ? Errno.ENOENT
                : roster.tenants().get((int) tenant).priority();
    }

    @Override
    public long tracePrintk(long format, long size, long a, long b, long c) {
        return counted(scope.trace().print(scope.clock().getAsLong(), format, size, a, b, c));
    }

    @Override
    public long log(long tag, long value) {
        scope.log().add(scope.clock().getAsLong(), tag, value);
        return 0;
    }
}

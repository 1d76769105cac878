package dev.gbpf.host.failsafe;

import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.Roster;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Watches over the policy that decides, by the plane's clock. The plane tells it of jobs and asks at each tick; ticks come from
 * whoever drives the plane and not from the policy. A thread that does not come back from a hook is {@link Watchdog}'s.
 *
 * <p>Confined to the plane's thread, but for {@link #quarantine}, {@link #exits} and the setters.
 */
public final class Failsafe {
    /** How many exits are remembered. */
    public static final int EXITS = 16;

    private final FailsafeConfig config;
    private final Quarantine quarantine;
    private final TenantWatch tenants;
    private final ShareWindow helperErrors;
    private final ShareWindow mapFailures;
    private final ShareWindow rejections;
    private final ShareWindow denials;
    private final ShareWindow slow;
    private final ShareWindow deviceErrors;
    private final Deque<ExitInfo> exits = new ArrayDeque<>();

    private final AtomicReference<@Nullable Trip> accusation = new AtomicReference<>();
    private volatile Lease lease = Lease.FOR_EVER;
    private volatile Baseline baseline = Baseline.BYPASS;

    private boolean baselineDue;
    private @Nullable String baselineTag;
    private final long[] ejections = new long[Trip.Kind.values().length];
    private long submitted;
    private long lastTickNs;
    private long watchNs;
    private long idleNs;
    private @Nullable TickSight last;
    private long rejected;
    private long dispatched;
    private long rejectedAtTick;
    private long dispatchedAtTick;
    private long memoryDenied;
    private long memoryGranted;
    private long memoryDeniedAtTick;
    private long memoryGrantedAtTick;
    private long ended;
    private long failed;
    private long endedAtTick;
    private long failedAtTick;

    /**
     * Watches from now on.
     *
     * @param roster the tenants
     * @param nowNs by the plane's clock
     */
    public Failsafe(FailsafeConfig config, Roster roster, long nowNs) {
        this.config = config;
        this.lastTickNs = nowNs;
        this.quarantine = new Quarantine(config.quarantineTrips(), config.quarantineNs());
        this.tenants = new TenantWatch(config, roster);
        this.helperErrors = new ShareWindow(config.windowNs());
        this.mapFailures = new ShareWindow(config.windowNs());
        this.rejections = new ShareWindow(config.windowNs());
        this.denials = new ShareWindow(config.windowNs());
        this.slow = new ShareWindow(config.windowNs());
        this.deviceErrors = new ShareWindow(config.windowNs());
    }

    public FailsafeConfig config() {
        return config;
    }

    public Quarantine quarantine() {
        return quarantine;
    }

    /** Who must vouch for the plane, from the next tick on. */
    public void lease(Lease newLease) {
        lease = newLease;
    }

    /** What follows an ejected policy, from the next ejection on. */
    public void baseline(Baseline newBaseline) {
        baseline = newBaseline;
    }

    public Baseline baseline() {
        return baseline;
    }

    /** Somebody outside the plane's thread saw something: the policy that decides at the next tick is taken out for it. Any thread. */
    public void accuse(Trip trip) {
        accusation.compareAndSet(null, trip);
    }

    // ---- what the plane tells

    public void submitted(Job job) {
        submitted++;
        tenants.submitted(job);
    }

    public void dispatched(Job job) {
        dispatched++;
        tenants.dispatched(job);
    }

    /**
     * A waiting job was refused.
     *
     * @param byPolicy whether a policy said so
     */
    public void rejected(Job job, boolean byPolicy) {
        rejected += byPolicy ? 1 : 0;
        tenants.left(job);
    }

    /** A policy refused a request for device memory for which there was room. */
    public void memoryDenied() {
        memoryDenied++;
    }

    /** A request for device memory was granted. */
    public void memoryGranted() {
        memoryGranted++;
    }

    /**
     * What trips when a policy postpones a request for device memory although there is room.
     *
     * @param ns for how long it has done so
     */
    public @Nullable Trip memoryHeldBack(long ns) {
        return ns <= config.holdNs()
                ? null
                : new Trip(
                        Trip.Kind.MEMORY_HOLD,
                        "a request for device memory was postponed for " + Durations.text(ns)
                                + " although there was room for it");
    }

    public void retired(boolean withError) {
        ended++;
        failed += withError ? 1 : 0;
    }

    /** Jobs that came in. */
    public long jobsSubmitted() {
        return submitted;
    }

    /** Jobs that went to the device. */
    public long jobsDispatched() {
        return dispatched;
    }

    /** Jobs that a policy refused. */
    public long jobsRejected() {
        return rejected;
    }

    /** Jobs that the device has ended. */
    public long jobsEnded() {
        return ended;
    }

    /** Those of them that failed. */
    public long jobsFailed() {
        return failed;
    }

    /** How often policies were taken out for a reason. */
    public long ejections(Trip.Kind kind) {
        return ejections[kind.ordinal()];
    }

    /** Jobs of a tenant that wait. */
    public int waiting(int tenant) {
        return tenants.waiting(tenant);
    }

    /**
     * A tick begins.
     *
     * @return time since the last one that counts for nothing, ns: a pause of the plane, or a step of its clock; negative when that
     *     went back
     */
    public long lostNs(long nowNs) {
        long gap = nowNs - lastTickNs;
        return gap >= 0 && gap <= config.pauseNs() ? 0 : gap;
    }

    /**
     * What trips at a tick, if anything does.
     *
     * @param judged whether a policy decides that may be taken out
     */
    public @Nullable Trip judge(TickSight sight, boolean judged) {
        TickSight before = last;
        boolean lost = lostNs(sight.nowNs()) != 0;
        last = sight;
        lastTickNs = sight.nowNs();
        Trip accused = accusation.getAndSet(null);
        if (before == null || before.side() != sight.side() || !judged) {
            restart();
            return judged ? accused : null;
        }
        long gap = lost ? 0 : sight.nowNs() - before.nowNs();
        watchNs += gap;
        boolean idle = before.hasRoom() && sight.hasRoom() && !sight.memoryShort();
        if (idle && sight.queued() > 0) {
            idleNs += gap;
        }
        if (sight.memoryShort()) {
            tenants.leaveOut(gap);
        }
        count(before, sight, idle);
        if (accused != null) {
            return accused;
        }
        Trip trip = notByPolicy(sight);
        return trip == null ? byPolicy() : trip;
    }

    /** What was seen so far is held against nobody: the policy has changed. */
    public void restart() {
        tenants.restart(watchNs, idleNs);
        for (ShareWindow window : List.of(helperErrors, mapFailures, rejections, denials, slow, deviceErrors)) {
            window.clear(watchNs);
        }
        remember();
    }

    private void remember() {
        rejectedAtTick = rejected;
        dispatchedAtTick = dispatched;
        memoryDeniedAtTick = memoryDenied;
        memoryGrantedAtTick = memoryGranted;
        endedAtTick = ended;
        failedAtTick = failed;
    }

    private void count(TickSight before, TickSight now, boolean idle) {
        helperErrors.add(watchNs, now.helperErrors() - before.helperErrors(), now.helperCalls() - before.helperCalls());
        long failures = now.mapFailures() - before.mapFailures();
        mapFailures.add(watchNs, failures, failures);
        slow.add(watchNs, now.slowDecisions() - before.slowDecisions(), now.timedDecisions() - before.timedDecisions());
        deviceErrors.add(watchNs, failed - failedAtTick, ended - endedAtTick);
        long refused = idle ? rejected - rejectedAtTick : 0;
        rejections.add(watchNs, refused, refused + dispatched - dispatchedAtTick);
        long denied = memoryDenied - memoryDeniedAtTick;
        denials.add(watchNs, denied, denied + memoryGranted - memoryGrantedAtTick);
        remember();
    }

    private @Nullable Trip notByPolicy(TickSight sight) {
        if (!lease.holds(sight.nowNs())) {
            return new Trip(Trip.Kind.LEASE_LOST, "nobody renewed the plane's lease");
        }
        if (deviceErrors.exceeds(config.deviceErrors(), config.deviceErrorShare())) {
            return new Trip(
                    Trip.Kind.DEVICE_ERROR,
                    deviceErrors.bad() + " of " + deviceErrors.all() + " jobs failed on the device" + within());
        }
        return null;
    }

    private @Nullable Trip byPolicy() {
        if (helperErrors.exceeds(config.helperErrors(), config.helperErrorShare())) {
            return new Trip(
                    Trip.Kind.HELPER_ERRORS,
                    helperErrors.bad() + " of " + helperErrors.all() + " calls of helpers returned errors" + within());
        }
        if (mapFailures.exceeds(config.mapFailures(), 0)) {
            return new Trip(Trip.Kind.MAP_EXHAUSTION, mapFailures.bad() + " updates of maps found no room" + within());
        }
        if (rejections.exceeds(config.rejections(), config.rejectionShare())) {
            return new Trip(
                    Trip.Kind.REJECT_STORM,
                    rejections.bad() + " of " + rejections.all() + " jobs were rejected although the device had room"
                            + within());
        }
        if (denials.exceeds(config.rejections(), config.rejectionShare())) {
            return new Trip(
                    Trip.Kind.REJECT_STORM,
                    denials.bad() + " of " + denials.all()
                            + " requests for device memory were denied although there was room" + within());
        }
        if (slow.exceeds(config.slowDecisions(), 100)) {
            return new Trip(
                    Trip.Kind.SLOW,
                    slow.bad() + " of " + slow.all() + " timed decisions took longer than "
                            + Durations.text(config.slowNs()) + within());
        }
        return tenants.judge(watchNs, idleNs);
    }

    private String within() {
        return " within " + Durations.text(config.windowNs());
    }

    // ---- exits

    /** A trip blames a policy; it counts towards its quarantine, whose entry this gives when it begins. */
    public Optional<Quarantine.Entry> blame(Trip trip, String tag, String policy, long nowNs) {
        return trip.kind().blamesPolicy() && !tag.isEmpty()
                ? quarantine.tripped(tag, policy, trip.text(), nowNs)
                : Optional.empty();
    }

    /** A policy has been taken out. */
    public void ejected(ExitInfo exit) {
        ejections[exit.trip().kind().ordinal()]++;
        if (exit.trip().kind() != Trip.Kind.OPERATOR && !exit.tag().equals(baselineTag)) {
            baselineDue = true;
        }
        synchronized (exits) {
            if (exits.size() == EXITS) {
                exits.removeFirst();
            }
            exits.addLast(exit);
        }
    }

    /** Whether the baseline should follow now; asked once after each ejection. After an operator's word, or a baseline's own trip, it does not. */
    public boolean takeBaselineDue() {
        boolean due = baselineDue;
        baselineDue = false;
        return due;
    }

    /** The baseline decides from here on. */
    public void baselineBegan(String tag) {
        baselineTag = tag;
    }

    /** How policies were taken out, the last {@value #EXITS}, oldest first; may be read from any thread. */
    public List<ExitInfo> exits() {
        synchronized (exits) {
            return List.copyOf(exits);
        }
    }
}

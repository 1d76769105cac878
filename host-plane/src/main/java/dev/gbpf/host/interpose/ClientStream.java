package dev.gbpf.host.interpose;

import dev.gbpf.host.device.LeverSettings;
import dev.gbpf.host.queue.DispatchQueue;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobStream;
import org.jspecify.annotations.Nullable;

/**
 * A place for streams of a process: what they have launched, what of it is over, the job that stands for the present burst, and what
 * may be launched. Of the plane's thread.
 */
final class ClientStream {
    /*
     * One axis, estimated device time since the place was first taken: `over` <= `launched`, and launches pass while `launched` is
     * below the grant, so that none is too long ever to pass. A job is the work between two points of that axis, so that the times with which jobs retire add up to
     * what was done, bursts too that came and went between two looks. The next owner of the place goes on where the one before has
     * stopped, at `origin`, and with its job: a process has as many jobs as it has places, whatever it does.
     *
     *   IDLE      nothing is under way; the next burst may begin within the standing credit
     *   QUEUED    a job waits in the plane; what passes until it is started is the standing credit's rest
     *   RUNNING   it was started: everything passes, or up to its budget
     *   YIELDING  it is to give up its place: nothing more passes, and what was launched runs to its end
     *   PASSING   the policy rejected it: everything passes until the burst is over, for no error is ever invented
     *
     * The client's words are read once each, and may be anything: counts never go back here, and sums cannot overflow.
     */
    /** Two years. */
    private static final long MOST = 1L << 56;

    private static final long EVERYTHING = Long.MAX_VALUE;

    private static final long GRANTED_NS = in("granted_ns");
    private static final long GRANT = in("grant");
    private static final long TAKEN = in("taken");
    private static final long OWNER = in("owner");
    private static final long FLAGS = in("flags");
    private static final StreamCount LAUNCHED_NS = new StreamCount("launched_ns");
    private static final StreamCount LAUNCHED = new StreamCount("launched");
    private static final long SYNCHRONIZED = in("synchronized");
    private static final long WANTED_NS = in("wanted_ns");
    private static final long WAITERS = in("waiters");
    private static final long PASSING = in("passing");
    private static final long COMPLETED = in("completed");
    private static final long ASKED = in("asked");
    private static final long GPU = in("gpu");

    enum State {
        IDLE,
        QUEUED,
        RUNNING,
        YIELDING,
        PASSING
    }

    private final Segment segment;
    private final int place;
    private final long at;
    private int owner;
    private long originNs;
    private final long standingNs;
    final JobStream stream;

    private long launched;
    private long over;
    private long launchedNs;
    private long overNs;
    private long wantedNs;
    private boolean passing;
    private long movedAtNs;

    private State state = State.IDLE;
    private @Nullable Job job;
    /** Up to where the axis has been accounted for: where the job's present stay on the device began. */
    private long sinceNs;
    /** While it does not run: how far launches pass. */
    private long floorNs;
    /** While it runs: how far. */
    private long limitNs;

    private boolean collective;
    private boolean gone;
    private long grantedNs = -2;
    private boolean greeted;

    /**
     * A place that a stream has taken.
     *
     * @param index the place
     * @param owner its number there
     * @param standingNs what may be launched before the plane has seen it, ns
     */
    ClientStream(Segment segment, int index, int owner, JobStream stream, long standingNs) {
        this.segment = segment;
        this.place = index;
        this.at = SegmentLayout.stream(index);
        this.owner = owner;
        this.stream = stream;
        this.standingNs = standingNs;
        this.floorNs = standingNs;
        stream.deviceState(this);
    }

    private static long in(String field) {
        return SegmentLayout.in(SegmentLayout.STREAM, field);
    }

    /** The number of the owner of a place; 0 when it is free. */
    static int owner(Segment segment, int index) {
        return segment.getIntAcquire(SegmentLayout.stream(index) + OWNER);
    }

    int owner() {
        return owner;
    }

    /** Its index in its process. */
    int place() {
        return place;
    }

    State state() {
        return state;
    }

    @Nullable
    Job job() {
        return job;
    }

    /** Whether launches are under way, or held, or were held and are not counted yet. */
    boolean isBusy() {
        return launched > over || wantedNs > 0 || passing;
    }

    boolean isHeld() {
        return wantedNs > 0;
    }

    /** Which GPU it is of, the same number in all processes; 0 when that is not known. */
    int gpu() {
        return segment.getInt(at + GPU);
    }

    /** Whether it has launched collective operations: it is never held, nor stopped. */
    boolean isCollective() {
        return collective;
    }

    /** Launches that are over, since the place has its present owner. */
    long over() {
        return over;
    }

    /** Estimated time of the launches that are over, ns. */
    long overNs() {
        return overNs;
    }

    /** Estimated time of the launches of the present burst, those that are held too, at least 1 ns. */
    long burstNs() {
        return Math.max(1, Math.min(MOST, launchedNs - sinceNs + wantedNs));
    }

    /** Whether its process is gone. */
    boolean isGone() {
        return gone;
    }

    /** Another owner has the place, or none when it is 0; a burst that is under way is over. */
    void passTo(int next) {
        owner = next;
        stop();
        launched = 0;
        over = 0;
        originNs = overNs;
        launchedNs = overNs;
        movedAtNs = Long.MIN_VALUE / 2;
        greeted = false;
        if (state == State.IDLE) {
            rests();
        }
    }

    /** What it has launched is over, as far as anybody will hear of it. */
    private void stop() {
        launched = over;
        launchedNs = overNs;
        wantedNs = 0;
        passing = false;
    }

    /** Takes the client's words in; false when the place is not its any more. */
    boolean read(long nowNs) {
        // In the order in which a call that was held goes from one to the next: it is seen in one of them at least.
        long nextWantedNs = segment.getLongAcquire(at + WANTED_NS);
        boolean nextPassing = segment.getIntAcquire(at + PASSING) != 0;
        long nextLaunched = LAUNCHED.read(segment, at);
        long nextLaunchedNs = LAUNCHED_NS.read(segment, at);
        long waitedFor = segment.getLong(at + SYNCHRONIZED);
        int flags = segment.getInt(at + FLAGS);
        int reported = segment.getInt(at + COMPLETED);
        int asked = segment.getInt(at + ASKED);
        if (segment.getIntAcquire(at + OWNER) != owner) {
            return false;
        }
        collective = (flags & SegmentLayout.STREAM_COLLECTIVE) != 0;
        if (nextLaunched > launched) {
            launched = Math.min(nextLaunched, MOST);
            movedAtNs = nowNs;
        }
        launchedNs = Math.clamp(Math.clamp(nextLaunchedNs, 0, MOST - originNs) + originNs, launchedNs, MOST);
        wantedNs = Math.clamp(nextWantedNs, 0, MOST);
        passing = nextPassing;
        long nextOver = Math.clamp(waitedFor, over, launched);
        boolean outstanding = false;
        if ((flags & SegmentLayout.STREAM_TRACKED) != 0) {
            long behind = Integer.toUnsignedLong((int) launched - reported);
            if (behind <= launched - nextOver) {
                nextOver = launched - behind;
            }
            outstanding = Integer.toUnsignedLong((int) launched - asked) < launched - nextOver;
        }
        moveOver(nextOver, outstanding ? Terms.PATIENCE_REPORTED : Terms.PATIENCE, nowNs);
        return true;
    }

    /** So many launches are over: of the time of those under way a like part is. */
    private void moveOver(long nextOver, long patienceNs, long nowNs) {
        if (nextOver == launched) {
            overNs = launchedNs;
            if (over != nextOver) {
                movedAtNs = nowNs;
            }
            over = nextOver;
            return;
        }
        if (nextOver > over) {
            double part = (double) (nextOver - over) / (launched - over);
            overNs = Math.min(launchedNs, overNs + (long) (part * (launchedNs - overNs)));
            over = nextOver;
            movedAtNs = nowNs;
        } else if (wantedNs == 0 && nowNs - movedAtNs > patienceNs + Terms.PATIENCE_FACTOR * (launchedNs - overNs)) {
            over = launched; // nobody reports, and it should be over long since
            overNs = launchedNs;
        }
    }

    /** A new burst's job is about to be submitted. */
    void submitted(Job next) {
        job = next;
        state = State.QUEUED;
    }

    /** Whether it has work that no job stands for. */
    boolean hasWork() {
        return isBusy() || overNs > sinceNs;
    }

    /** Nothing is under way: the next burst begins with a new credit. */
    private void rests() {
        floorNs = plus(launchedNs, standingNs);
    }

    /** The plane hands its job over. */
    void started(long budgetNs) {
        state = State.RUNNING;
        limitNs = budgetNs == 0 ? EVERYTHING : plus(overNs, budgetNs);
    }

    /** It may run on for this much longer; 0 for as long as it likes. */
    void continues(long moreNs) {
        limitNs = moreNs == 0 ? EVERYTHING : plus(Math.max(limitNs == EVERYTHING ? 0 : limitNs, overNs), moreNs);
    }

    /** Whether the job has launched, or done, all that its budget allows. */
    boolean hasUsedBudget() {
        return limitNs != EVERYTHING && (overNs >= limitNs || (wantedNs > 0 && launchedNs >= limitNs));
    }

    /** Whether a job without a budget has done so much that the next one begins. */
    boolean isLong() {
        return limitNs == EVERYTHING && overNs - sinceNs >= Terms.BURST;
    }

    /** Nothing more passes. */
    void yields() {
        state = State.YIELDING;
        limitNs = launchedNs;
        floorNs = launchedNs;
    }

    /** Whether what it launched before it was to yield is over. */
    boolean hasDrained() {
        return overNs >= limitNs;
    }

    /** The plane has its job back; the device time of this stay, ns. */
    long givenBack() {
        state = State.QUEUED;
        return stay();
    }

    /** Its job is over; the device time of this stay, ns. */
    long ended() {
        state = State.IDLE;
        job = null;
        rests();
        return stay();
    }

    private long stay() {
        long ns = overNs - sinceNs;
        sinceNs = overNs;
        return ns;
    }

    /** The policy rejected its job. */
    void rejected() {
        state = State.PASSING;
        job = null;
    }

    /** A burst that was rejected is over. */
    void passed() {
        state = State.IDLE;
        sinceNs = overNs;
        rests();
    }

    /** Its process is gone. */
    void leave() {
        gone = true;
        stop();
    }

    /** While its job waits in a queue that is held, nothing more passes. */
    void followDeferral(long nowNs) {
        DispatchQueue queue = job == null ? null : job.queue();
        if (queue != null && queue.heldUntilNs() > nowNs && floorNs > launchedNs) {
            floorNs = launchedNs;
        }
    }

    /**
     * Tells the client how far launches pass, when that has changed.
     *
     * @param gateNs what may be in flight, or {@link LeverSettings#OPEN}
     */
    void grant(long gateNs) {
        long far = switch (state) {
            case IDLE, QUEUED -> floorNs;
            case RUNNING, YIELDING -> limitNs;
            case PASSING -> EVERYTHING;
        };
        if (gateNs != LeverSettings.OPEN) {
            far = Math.min(far, plus(overNs, gateNs));
        }
        long next = far == EVERYTHING ? SegmentLayout.UNLIMITED : Math.max(0, far - originNs);
        if (owner == 0 || (next == grantedNs && greeted)) {
            return;
        }
        boolean more = !greeted || Long.compareUnsigned(next, grantedNs) > 0;
        segment.putLongRelease(at + GRANTED_NS, next);
        grantedNs = next;
        if (!greeted) {
            segment.putIntRelease(at + TAKEN, owner);
            greeted = true;
        }
        if (more) {
            segment.increment(at + GRANT);
            if (wantedNs > 0 || segment.getIntAcquire(at + WAITERS) != 0) {
                segment.wake(at + GRANT);
            }
        }
    }

    private static long plus(long a, long b) {
        long sum = a + b;
        return sum < 0 ? EVERYTHING : sum;
    }
}

package dev.gbpf.host.interpose;

/**
 * A process in virtual time: what the library in an application does with its segment, for a process whose launches somebody simulates. It reads and
 * writes the same words as {@code calls.c}, {@code gate.c}, {@code stops.c} and {@code completion.c}.
 */
public final class VirtualProcess {
    private static final long MODE = SegmentLayout.at("orders", "mode");
    private static final long HOLD_LIMIT_NS = SegmentLayout.at("orders", "hold_limit_ns");
    private static final long HOLD_EPOCH = SegmentLayout.at("orders", "hold_epoch");
    private static final long TRACK_EVERY = SegmentLayout.at("orders", "track_every");
    private static final long TRACK_NS = SegmentLayout.at("orders", "track_ns");
    private static final long TIMESLICE_US = SegmentLayout.at("orders", "timeslice_us");
    private static final long STOPPED = SegmentLayout.at("orders", "stopped");
    private static final long STOP_EVERY_NS = SegmentLayout.at("orders", "stop_every_ns");

    private static final long ASKED = in("asked");
    private static final long COMPLETED = in("completed");
    private static final long FLAGS = in("flags");
    private static final long GRANTED_NS = in("granted_ns");
    private static final long LAUNCHED = in("launched");
    private static final long LAUNCHED_NS = in("launched_ns");
    private static final long OWNER = in("owner");
    private static final long PASSING = in("passing");
    private static final long SYNCHRONIZED = in("synchronized");
    private static final long TAKEN = in("taken");
    private static final long WAITERS = in("waiters");
    private static final long WANTED_NS = in("wanted_ns");

    /** The number of the present owner of a place: nobody else ever has it. */
    private static final int FIRST = 1;

    private static final long NS_PER_US = 1_000;

    private final Segment segment;
    private final Place[] places = new Place[SegmentLayout.STREAMS];

    /** What it knows of a stream. */
    private static final class Place {
        private long launchedNs;
        private long launched;
        private long tracked;
        private long trackedNs;
        private long stoppedNs;
        private long synchronizedTo;
        private long completed;
        private long wantedNs;
    }

    VirtualProcess(Segment segment) {
        this.segment = segment;
    }

    private static long in(String field) {
        return SegmentLayout.in(SegmentLayout.STREAM, field);
    }

    /** Takes a stream's place. */
    public void open(int stream) {
        if (places[stream] == null) {
            places[stream] = new Place();
            segment.putIntRelease(SegmentLayout.stream(stream) + OWNER, FIRST);
        }
    }

    private boolean isBypassed() {
        return segment.getIntAcquire(MODE) == SegmentLayout.MODE_BYPASS;
    }

    /** Whether the gate lets a launch pass now. */
    public boolean passes(int stream) {
        if (isBypassed()) {
            return true;
        }
        if (segment.getIntAcquire(SegmentLayout.stream(stream) + TAKEN) != FIRST) {
            return false;
        }
        long granted = segment.getLongAcquire(SegmentLayout.stream(stream) + GRANTED_NS);
        return granted == SegmentLayout.UNLIMITED || places[stream].launchedNs < granted;
    }

    /** A launch is held from here on. */
    public void hold(int stream, long costNs) {
        places[stream].wantedNs += costNs;
        segment.putInt(SegmentLayout.stream(stream) + WAITERS, 1);
        segment.putLongRelease(SegmentLayout.stream(stream) + WANTED_NS, places[stream].wantedNs);
    }

    /** It is held no more, and passes until it is {@link #launched}. */
    public void release(int stream, long costNs) {
        places[stream].wantedNs -= costNs;
        segment.putIntRelease(SegmentLayout.stream(stream) + PASSING, 1);
        segment.putInt(SegmentLayout.stream(stream) + WAITERS, 0);
        segment.putLongRelease(SegmentLayout.stream(stream) + WANTED_NS, places[stream].wantedNs);
    }

    /** How long a call is held at most, ns. */
    public long holdLimitNs() {
        return segment.getLong(HOLD_LIMIT_NS);
    }

    /** Another one lets go of every call that is held. */
    public long holdEpoch() {
        return segment.getLong(HOLD_EPOCH);
    }

    /** Whether a stop point comes before the launch that has passed the gate now. */
    public boolean needsStopPoint(int stream) {
        long every = isBypassed() ? 0 : segment.getLong(STOP_EVERY_NS);
        Place place = places[stream];
        if (every == 0 || place.launchedNs - place.stoppedNs < every) {
            return false;
        }
        place.stoppedNs = place.launchedNs;
        return true;
    }

    /** Whether its streams are to wait at their stop points. */
    public boolean isStopped() {
        return !isBypassed() && segment.getInt(STOPPED) != 0;
    }

    /** A launch has passed the gate: its estimate is charged. */
    public void charge(int stream, long costNs) {
        Place place = places[stream];
        place.launchedNs += costNs;
        segment.putLongRelease(SegmentLayout.stream(stream) + LAUNCHED_NS, place.launchedNs);
    }

    /**
     * The driver has taken it.
     *
     * @return whether the device is to report when the stream gets here
     */
    public boolean launched(int stream) {
        Place place = places[stream];
        place.launched++;
        segment.putLongRelease(SegmentLayout.stream(stream) + LAUNCHED, place.launched);
        segment.putIntRelease(SegmentLayout.stream(stream) + PASSING, 0);
        int every = segment.getInt(TRACK_EVERY);
        int ns = segment.getInt(TRACK_NS);
        boolean due = (every != 0 && place.launched >= place.tracked + every)
                || (ns != 0 && place.launchedNs >= place.trackedNs + ns);
        if (due) {
            place.tracked = place.launched;
            place.trackedNs = place.launchedNs;
            segment.putInt(SegmentLayout.stream(stream) + ASKED, (int) place.launched);
            segment.putInt(SegmentLayout.stream(stream) + FLAGS, SegmentLayout.STREAM_TRACKED);
        }
        return due;
    }

    /** Launches of a stream so far. */
    public long launches(int stream) {
        return places[stream].launched;
    }

    /** The daemon can read that so many launches are over, as the device reported. */
    public void reported(int stream, long launches) {
        if (launches > places[stream].completed) {
            places[stream].completed = launches;
            segment.putIntRelease(SegmentLayout.stream(stream) + COMPLETED, (int) launches);
        }
    }

    /** The application has waited for so many launches. */
    public void waited(int stream, long launches) {
        if (launches > places[stream].synchronizedTo) {
            places[stream].synchronizedTo = launches;
            segment.putLongRelease(SegmentLayout.stream(stream) + SYNCHRONIZED, launches);
        }
    }

    /** The timeslice that its channel groups are to have, ns; 0 for the driver's own. */
    public long timesliceNs() {
        return isBypassed() ? 0 : Integer.toUnsignedLong(segment.getInt(TIMESLICE_US)) * NS_PER_US;
    }
}

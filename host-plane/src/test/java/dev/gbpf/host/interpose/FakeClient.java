package dev.gbpf.host.interpose;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What the library in an application does with the segment that it shares with the daemon. */
class FakeClient {
    private static final long PATIENCE_NS = 20_000_000_000L;

    private final Segment segment;

    FakeClient(Segment segment) {
        this.segment = segment;
    }

    private static long at(int stream, String field) {
        return SegmentLayout.stream(stream) + SegmentLayout.in(SegmentLayout.STREAM, field);
    }

    Segment segment() {
        return segment;
    }

    /** Says something about itself. */
    void report(String field, long value) {
        segment.putLongRelease(SegmentLayout.at("report", field), value);
    }

    /** What it was started with, an SM partition's word. */
    void startedWith(int partition) {
        segment.putInt(SegmentLayout.at("report", "partition"), partition);
    }

    /** Has launched so many kernels on a place. */
    void kernels(int stream, long launches) {
        segment.putLongRelease(at(stream, "kernels"), launches);
    }

    /** Says how a lever fares, a {@code gbpf_lever_state}, and nothing of the others. */
    void lever(int lever, int state) {
        segment.putLong(SegmentLayout.REPORT_LEVERS, (long) state << (lever * Byte.SIZE));
    }

    int order(String field) {
        return segment.getIntAcquire(SegmentLayout.at("orders", field));
    }

    long orderLong(String field) {
        return segment.getLongAcquire(SegmentLayout.at("orders", field));
    }

    int streamInt(int stream, String field) {
        return segment.getIntAcquire(at(stream, field));
    }

    long streamLong(int stream, String field) {
        return segment.getLongAcquire(at(stream, field));
    }

    /** A stream is of this GPU. */
    void isOn(int stream, int gpu) {
        segment.putInt(at(stream, "gpu"), gpu);
    }

    /** A stream was made in this partition. */
    void isPartOf(int stream, int partition) {
        segment.putInt(at(stream, "partition"), partition);
    }

    /** Takes a place for a stream. */
    void open(int stream, int owner) {
        for (String field : new String[] {
            "launched_ns", "launched", "shared_launched", "shared_launched_ns", "synchronized", "wanted_ns"
        }) {
            segment.putLong(at(stream, field), 0);
        }
        segment.putIntRelease(at(stream, "owner"), owner);
    }

    void free(int stream) {
        segment.putIntRelease(at(stream, "owner"), 0);
    }

    /** Whether the gate lets a launch pass now. */
    boolean passes(int stream) {
        if (order("mode") == SegmentLayout.MODE_BYPASS) {
            return true;
        }
        if (streamInt(stream, "taken") != streamInt(stream, "owner")) {
            return false;
        }
        long granted = streamLong(stream, "granted_ns");
        return granted == SegmentLayout.UNLIMITED
                || Long.compareUnsigned(streamLong(stream, "launched_ns"), granted) < 0;
    }

    /** Launches when the gate lets it; else asks for it, and says so. */
    boolean launch(int stream, long ns) {
        if (!passes(stream)) {
            segment.putLongRelease(at(stream, "wanted_ns"), ns);
            segment.increment(SegmentLayout.at("report", "bell"));
            return false;
        }
        // Never idle in between: a plane that looks just then would take the burst for over.
        segment.putLongRelease(at(stream, "launched_ns"), streamLong(stream, "launched_ns") + ns);
        segment.putLongRelease(at(stream, "launched"), streamLong(stream, "launched") + 1);
        segment.putLongRelease(at(stream, "wanted_ns"), 0);
        return true;
    }

    /** Launches, and waits for the gate if need be. */
    void launchSoon(int stream, long ns) {
        await("the gate to let " + ns + " ns pass", () -> launch(stream, ns));
    }

    /** Asks the device to report when so many launches are over. */
    void askForReport(int stream, int launches) {
        segment.putInt(at(stream, "asked"), launches);
        segment.putIntRelease(at(stream, "flags"), SegmentLayout.STREAM_TRACKED);
    }

    /** One of the stream's launches was a collective operation. */
    void runsCollectives(int stream) {
        segment.putIntRelease(at(stream, "flags"), SegmentLayout.STREAM_COLLECTIVE);
    }

    /** The device reports. */
    void complete(int stream, int launches) {
        segment.putIntRelease(at(stream, "completed"), launches);
    }

    /** A call that was held is not made. */
    void giveUp(int stream) {
        segment.putLongRelease(at(stream, "wanted_ns"), 0);
    }

    /** The application has waited for all that it launched. */
    void synchronize(int stream) {
        segment.putLongRelease(at(stream, "synchronized"), streamLong(stream, "launched"));
    }

    static void await(String what, BooleanSupplier condition) {
        long began = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - began > PATIENCE_NS) {
                throw new AssertionError("waited in vain for " + what);
            }
            LockSupport.parkNanos(50_000);
        }
    }
}

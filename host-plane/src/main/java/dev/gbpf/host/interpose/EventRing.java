package dev.gbpf.host.interpose;

import dev.gbpf.host.recording.ApplicationRecorder;
import dev.gbpf.host.recording.EventKind;
import dev.gbpf.host.recording.RecordedEvent;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What a process writes into its ring of events, read while it writes. Of the plane's thread.
 *
 * <p>A slot is valid while its ticket is the one looked for; a writer takes the ticket away first and puts it there last. A reader that is
 * behind by more than the ring finds later tickets, and counts what it has missed. The words are the client's and may be anything: a round
 * looks at each slot once at most, and what makes no sense is counted as lost.
 */
final class EventRing {
    private static final long NEXT_EVENT = SegmentLayout.field("next_event");
    private static final long EVENTS = SegmentLayout.field("events");
    private static final long EVENT_BYTES = SegmentLayout.EVENT.byteSize();

    private static final long TICKET = in("ticket");
    private static final long TIME_NS = in("time_ns");
    private static final long DURATION_NS = in("duration_ns");
    private static final long BYTES = in("bytes");
    private static final long KEY = in("key");
    private static final long WIDTH = in("width");
    private static final long THREADS = in("threads");
    private static final long STREAM_AND_KIND = in("stream");
    private static final long NUMBER = in("number");
    private static final long HELD_NS = in("held_ns");
    private static final long CALL_NS = in("call_ns");

    private static final int ALL_STREAMS = 0xffff;
    private static final long MOST_NS = 1L << 50;
    private static final long MOST_BYTES = 1L << 50;

    private final Segment segment;
    private final long originNs;
    private final ApplicationRecorder to;
    /** The ticket of the last event that was read or given up. */
    private long read;

    /**
     * What is written from here on.
     *
     * @param originNs when the recording began, {@code CLOCK_MONOTONIC}
     */
    EventRing(Segment segment, long originNs, ApplicationRecorder to) {
        this.segment = segment;
        this.originNs = originNs;
        this.to = to;
        this.read = segment.getLongAcquire(NEXT_EVENT);
    }

    private static long in(String field) {
        return SegmentLayout.in(SegmentLayout.EVENT, field);
    }

    /** Takes down what is there, so much at most; how much it was. */
    int drain(int most) {
        long next = segment.getLongAcquire(NEXT_EVENT);
        long behind = next - read;
        if (behind < 0) {
            read = next;
            return 0;
        }
        if (behind > SegmentLayout.EVENTS) {
            to.lose(behind - SegmentLayout.EVENTS);
            read = next - SegmentLayout.EVENTS;
        }
        int taken = 0;
        while (read != next && taken < most) {
            long at = EVENTS + (read & (SegmentLayout.EVENTS - 1)) * EVENT_BYTES;
            long ticket = segment.getLongAcquire(at + TICKET);
            if (ticket - (read + 1) < 0 && next - read <= SegmentLayout.EVENTS / 2) {
                break; // its writer is not done; one that never will be is passed by once the ring has gone on
            }
            taken += take(at, ticket) ? 1 : 0;
            read++;
        }
        return taken;
    }

    private boolean take(long at, long ticket) {
        long expected = read + 1;
        RecordedEvent event = ticket == expected ? event(at) : null;
        VarHandle.acquireFence();
        if (event == null || segment.getLong(at + TICKET) != expected) {
            to.lose(1);
            return false;
        }
        to.add(event);
        return true;
    }

    private @Nullable RecordedEvent event(long at) {
        int streamAndKind = segment.getInt(at + STREAM_AND_KIND);
        int stream = streamAndKind & ALL_STREAMS;
        EventKind kind = EventKind.of(streamAndKind >>> Short.SIZE).orElse(null);
        boolean all = stream == ALL_STREAMS;
        if (kind == null || kind == EventKind.OVER || (stream >= SegmentLayout.STREAMS && !all)) {
            return null;
        }
        boolean ofStream = kind.isWork() || kind == EventKind.WAIT;
        if (all && kind.isWork()) {
            return null;
        }
        int function = kind.isLaunch()
                ? to.launched(
                        kind,
                        segment.getLong(at + KEY),
                        Math.clamp(segment.getLong(at + DURATION_NS), 0, MOST_NS),
                        Integer.toUnsignedLong(segment.getInt(at + WIDTH)),
                        Integer.toUnsignedLong(segment.getInt(at + THREADS)))
                : 0;
        return new RecordedEvent(
                kind,
                Math.clamp(segment.getLong(at + TIME_NS) - originNs, 0, MOST_NS),
                Integer.toUnsignedLong(segment.getInt(at + CALL_NS)),
                Integer.toUnsignedLong(segment.getInt(at + HELD_NS)),
                ofStream ? (all ? RecordedEvent.ALL_STREAMS : stream) : 0,
                ofStream ? Integer.toUnsignedLong(segment.getInt(at + NUMBER)) : 0,
                function,
                Math.clamp(segment.getLong(at + BYTES), 0, MOST_BYTES));
    }
}

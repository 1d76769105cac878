package dev.gbpf.host.interpose;

import dev.gbpf.host.recording.EventKind;
import java.util.Random;

/** What the library in an application writes into its ring of events. */
final class FakeRing {
    private static final long NEXT = SegmentLayout.field("next_event");
    private static final long CALL_NS = 2_000;

    private final Segment segment;

    FakeRing(Segment segment) {
        this.segment = segment;
    }

    private static long at(long ticket, String field) {
        return SegmentLayout.field("events")
                + ((ticket - 1) & (SegmentLayout.EVENTS - 1)) * SegmentLayout.EVENT.byteSize()
                + SegmentLayout.in(SegmentLayout.EVENT, field);
    }

    /** A writer takes a ticket, and is not done. */
    long reserve() {
        long ticket = segment.getLong(NEXT) + 1;
        segment.putLong(at(ticket, "ticket"), 0);
        segment.putLongRelease(NEXT, ticket);
        return ticket;
    }

    void kernel(int stream, long number, long endNs) {
        write(EventKind.KERNEL, stream, number, endNs, 0);
    }

    void wait(int stream, long number, long endNs, long ns) {
        write(EventKind.WAIT.number(), stream, number, endNs, 0, ns);
    }

    void write(EventKind kind, int stream, long number, long endNs, long bytes) {
        write(kind.number(), stream, number, endNs, bytes);
    }

    void write(int kind, int stream, long number, long endNs, long bytes) {
        write(kind, stream, number, endNs, bytes, CALL_NS);
    }

    private void write(int kind, int stream, long number, long endNs, long bytes, long callNs) {
        long ticket = reserve();
        segment.putLong(at(ticket, "time_ns"), endNs);
        segment.putLong(at(ticket, "duration_ns"), 5_000);
        segment.putLong(at(ticket, "bytes"), bytes);
        segment.putLong(at(ticket, "key"), 99);
        segment.putInt(at(ticket, "width"), 132);
        segment.putInt(at(ticket, "threads"), 256);
        segment.putInt(at(ticket, "stream"), (kind << 16) | stream);
        segment.putInt(at(ticket, "number"), (int) number);
        segment.putInt(at(ticket, "held_ns"), 0);
        segment.putInt(at(ticket, "call_ns"), (int) callNs);
        segment.putLongRelease(at(ticket, "ticket"), ticket);
    }

    /** So many words of the ring are anything, most tickets plausible ones. */
    void scribble(Random random, int events) {
        for (int i = 0; i < events; i++) {
            long ticket = reserve();
            for (String field : new String[] {"time_ns", "duration_ns", "bytes", "key"}) {
                segment.putLong(at(ticket, field), random.nextLong() >> random.nextInt(64));
            }
            for (String field : new String[] {"width", "threads", "number", "held_ns", "call_ns"}) {
                segment.putInt(at(ticket, field), random.nextInt());
            }
            segment.putInt(at(ticket, "stream"), (random.nextInt(14) << 16) | random.nextInt(70));
            segment.putLongRelease(at(ticket, "ticket"), random.nextInt(10) == 0 ? random.nextLong() : ticket);
        }
    }
}

package dev.gbpf.host.recording;

import java.util.ArrayList;
import java.util.List;

/**
 * Events of one application as a line of bytes, each relative to the one before: a byte that says the kind and what follows, then
 * what differs from what was to be expected. A kernel of a steady stream takes four to six bytes.
 */
final class EventLine {
    private static final int KIND = 0x0f;
    private static final int STREAM = 0x10;
    private static final int NUMBER = 0x20;
    private static final int HELD = 0x40;
    private static final int CALL = 0x80;

    /** A month. */
    private static final long MOST_TICKS = 1L << 45;

    private static final long MOST_BYTES = 1L << 56;

    private final long[] numbers = new long[RecordedEvent.ALL_STREAMS + 1];
    private long tick;
    private int stream;

    private EventLine() {}

    /** Writes them. */
    static final class Writer {
        private final EventLine line = new EventLine();
        final Bytes bytes = new Bytes();
        private int count;

        int count() {
            return count;
        }

        void add(RecordedEvent event) {
            EventKind kind = event.kind();
            long tick = event.endNs() / RecordedEvent.TICK_NS;
            long call = event.callNs() / RecordedEvent.TICK_NS;
            long held = event.heldNs() / RecordedEvent.TICK_NS;
            long expected = line.expected(kind, event.stream());
            boolean jumps = kind.hasStream() && event.number() != expected;
            boolean turns = kind.hasStream() && event.stream() != line.stream;
            bytes.put(kind.number()
                    | (turns ? STREAM : 0)
                    | (jumps ? NUMBER : 0)
                    | (held != 0 ? HELD : 0)
                    | (call != 0 ? CALL : 0));
            bytes.signed(tick - line.tick);
            if (turns) {
                bytes.number(event.stream());
            }
            if (jumps) {
                bytes.signed(event.number() - expected);
            }
            if (held != 0) {
                bytes.number(held);
            }
            if (call != 0) {
                bytes.number(call);
            }
            if (kind.isLaunch()) {
                bytes.number(event.function());
            } else if (kind.hasBytes()) {
                bytes.number(event.bytes());
            }
            line.passed(kind, tick, event.stream(), event.number());
            count++;
        }
    }

    /** Reads so many; nothing may be left. */
    static List<RecordedEvent> read(Cursor from, int count, int functions) throws RecordingException {
        EventLine line = new EventLine();
        List<RecordedEvent> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            events.add(line.next(from, functions));
        }
        if (from.left() != 0) {
            throw from.broken(from.left() + " bytes follow the last event");
        }
        return events;
    }

    private RecordedEvent next(Cursor from, int functions) throws RecordingException {
        int head = from.take();
        EventKind kind = EventKind.of(head & KIND).orElse(null);
        if (kind == null) {
            throw from.broken("there is no event of kind " + (head & KIND));
        }
        if (!kind.hasStream() && (head & (STREAM | NUMBER)) != 0) {
            throw from.broken(kind + " has no stream");
        }
        long nextTick = tick + from.signed();
        if (nextTick < 0 || nextTick > MOST_TICKS) {
            throw from.broken("a time is outside of the recording");
        }
        int of = (head & STREAM) != 0
                ? (int) from.number("a stream", RecordedEvent.ALL_STREAMS)
                : kind.hasStream() ? stream : 0;
        long number = kind.hasStream() ? expected(kind, of) + ((head & NUMBER) != 0 ? from.signed() : 0) : 0;
        if (number < 0 || number > RecordedEvent.MOST_NUMBER) {
            throw from.broken("number=" + number + " of a launch has more than 32 bits");
        }
        long held = (head & HELD) != 0 ? from.number("a hold", MOST_TICKS) : 0;
        long call = (head & CALL) != 0 ? from.number("a call", MOST_TICKS) : 0;
        int function = kind.isLaunch() ? (int) from.number("a function", functions - 1L) : 0;
        long bytes = kind.hasBytes() ? from.number("bytes", MOST_BYTES) : 0;
        passed(kind, nextTick, of, number);
        long ns = RecordedEvent.TICK_NS;
        return new RecordedEvent(kind, nextTick * ns, call * ns, held * ns, of, number, function, bytes);
    }

    /** The number that an event of a stream has when nothing is unusual. */
    private long expected(EventKind kind, int of) {
        return kind.isWork() ? (numbers[of] + 1) & RecordedEvent.MOST_NUMBER : numbers[of];
    }

    private void passed(EventKind kind, long nextTick, int of, long number) {
        tick = nextTick;
        if (kind.hasStream()) {
            stream = of;
        }
        if (kind.isWork()) {
            numbers[of] = number;
        }
    }
}

package dev.gbpf.host.replay;

import dev.gbpf.host.recording.EventKind;
import dev.gbpf.host.recording.RecordedApplication;
import dev.gbpf.host.recording.RecordedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * How long an application's work took when it was recorded, as a multiple of what its estimates say. Estimates are low quartiles, of functions and
 * shapes among whose launches are longer ones, and leave out what is between two launches; the device's progress has all of it.
 *
 * <p>It can be told where the application had the device alone and was ahead of it: from one sign of progress to the next the device was busy with nothing but the works
 * between the two, when the last of these had been launched before the first sign. Works of several streams may run at once, so it is told of one stream only.
 */
final class Pace {
    /** Less work than this says little: when progress is seen is not when it was made. */
    private static final long LEAST_NS = 100_000_000;

    /** One work of the stream. */
    private record Work(long number, long launchedNs, long untilNs) {}

    /** So many works are over. */
    private record Sign(long number, long seenNs) {}

    private final ToLongFunction<RecordedEvent> workNs;
    private final long seenLateNs;
    private final List<Work> works = new ArrayList<>();
    private final List<Sign> signs = new ArrayList<>();

    private Pace(ToLongFunction<RecordedEvent> workNs, long seenLateNs) {
        this.workNs = workNs;
        this.seenLateNs = seenLateNs;
    }

    /**
     * The pace of an application that was recorded alone.
     *
     * @param workNs what a work of it takes on the SMs by its estimate, ns; 0 for what runs elsewhere
     * @param seenLateNs how late progress is seen at most
     * @return 1 where it cannot be told
     */
    static double of(RecordedApplication application, ToLongFunction<RecordedEvent> workNs, long seenLateNs) {
        List<RecordedEvent> events = application.events();
        long[] streams = events.stream()
                .filter(e -> e.kind().isWork())
                .mapToLong(RecordedEvent::stream)
                .distinct()
                .toArray();
        if (streams.length != 1) {
            return 1;
        }
        Pace pace = new Pace(workNs, seenLateNs);
        for (RecordedEvent event : events) {
            if (!pace.takes(event)) {
                return 1;
            }
        }
        return pace.pace();
    }

    /** False when numbers begin anew, so that it is not known which work is meant. */
    private boolean takes(RecordedEvent event) {
        if (event.kind().isWork()) {
            Work last = works.isEmpty() ? new Work(0, 0, 0) : works.getLast();
            works.add(new Work(event.number(), event.endNs(), last.untilNs + workNs.applyAsLong(event)));
            return event.number() > last.number;
        }
        if (event.kind() == EventKind.OVER || event.kind() == EventKind.WAIT) {
            signs.add(new Sign(event.number(), event.endNs()));
        }
        return true;
    }

    private double pace() {
        long tookNs = 0;
        long estimatedNs = 0;
        Sign from = null;
        int done = 0;
        for (Sign sign : signs) {
            int over = done;
            while (over < works.size() && works.get(over).number <= sign.number) {
                over++;
            }
            if (over == done) {
                continue; // Seen already.
            }
            if (from != null && done > 0 && works.get(over - 1).launchedNs <= from.seenNs - seenLateNs) {
                tookNs += sign.seenNs - from.seenNs;
                estimatedNs += works.get(over - 1).untilNs - works.get(done - 1).untilNs;
            }
            from = sign;
            done = over;
        }
        return estimatedNs < LEAST_NS ? 1 : (double) tookNs / estimatedNs;
    }
}

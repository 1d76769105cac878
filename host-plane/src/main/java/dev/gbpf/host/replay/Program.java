package dev.gbpf.host.replay;

import dev.gbpf.host.recording.EventKind;
import dev.gbpf.host.recording.RecordedApplication;
import dev.gbpf.host.recording.RecordedEvent;
import dev.gbpf.host.recording.RecordedFunction;
import dev.gbpf.host.sim.ContextSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What an application does, taken from its recording: its own times between calls stay, waits take as long as they take, and what a latency-critical
 * one begins after a pause comes when it came.
 */
final class Program {
    /** A pause of a latency-critical application from which on it has waited for something from outside. */
    private static final long ARRIVAL_NS = 1_000_000;

    /** A call that takes so much longer than most has waited for the device, or for code to be loaded. */
    private static final int UNUSUAL = 10;

    private static final long UNUSUAL_NS = 100_000;
    private static final int BYTES_PER_NS = 1_024;

    /** Numbers of launches may come out of order by so many threads' calls; one that is lower begins anew. */
    private static final long OUT_OF_ORDER = 1_000;

    private final int sms;
    private final ContextSpec spec;
    private final RecordedApplication application;
    private final long usualCallNs;
    private final double pace;
    private final List<Action> actions = new ArrayList<>();
    private final Numbers[] numbers = new Numbers[RecordedEvent.ALL_STREAMS];
    private final Requests recorded = new Requests(RecordedEvent.ALL_STREAMS);
    private int waited;
    private long arrivedNs;

    /** The works of a stream by their recorded numbers, which never fall here. */
    private static final class Numbers {
        private long[] of = new long[16];
        private int count;
        private long base;
        private long last;

        void add(long number) {
            if (base + number + OUT_OF_ORDER < last) {
                base = last;
            }
            last = Math.max(last, base + number);
            if (count == of.length) {
                of = Arrays.copyOf(of, 2 * count);
            }
            of[count++] = last;
        }

        /** How many have no greater number. */
        int upTo(long number) {
            int low = 0;
            int high = count;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (of[middle] <= base + number) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }

    private Program(RecordedApplication application, int sms, ContextSpec spec, boolean alone) {
        this.application = application;
        this.sms = sms;
        this.spec = spec;
        long[] calls = application.events().stream()
                .filter(e -> e.kind().isWork())
                .mapToLong(RecordedEvent::callNs)
                .sorted()
                .toArray();
        this.usualCallNs = calls.length == 0 ? 0 : calls[calls.length / 2];
        this.pace = alone ? Pace.of(application, this::onSmsNs, spec.relayNs()) : 1;
    }

    /**
     * The program of an application.
     *
     * @param sms of the device
     * @param alone whether no other application worked when it was recorded
     */
    static Program of(RecordedApplication application, int sms, ContextSpec spec, boolean alone) {
        Program program = new Program(application, sms, spec, alone);
        long endNs = 0;
        for (RecordedEvent event : application.events()) {
            if (event.kind() == EventKind.OVER) {
                continue;
            }
            program.add(event, endNs);
            endNs = Math.max(endNs, event.endNs());
        }
        return program;
    }

    /** Whether an application did anything on the device. */
    static boolean works(RecordedApplication application) {
        return application.events().stream().anyMatch(e -> e.kind().isWork());
    }

    private void add(RecordedEvent event, long previousEndNs) {
        if (event.kind().isWork() && event.stream() < RecordedEvent.ALL_STREAMS) {
            work(event, previousEndNs);
        } else if (event.kind() == EventKind.WAIT) {
            long gapNs = Math.max(0, event.beginNs() - previousEndNs);
            int upTo = event.stream() == RecordedEvent.ALL_STREAMS
                    ? 0
                    : numbers(event.stream()).upTo(event.number());
            actions.add(new Action(EventKind.WAIT, gapNs, -1, 0, event.stream(), upTo, 0, 0, 0));
            waited(event, upTo);
        }
    }

    private void work(RecordedEvent event, long previousEndNs) {
        long gapNs = Math.max(0, event.beginNs() - previousEndNs);
        // What is under way when a recording begins is not in it, so before the first event there may have been no
        // pause.
        boolean arrives = application.latency() && !actions.isEmpty() && gapNs >= ARRIVAL_NS && recorded.isIdle();
        RecordedFunction function =
                event.kind().isLaunch() ? application.functions().get(event.function()) : null;
        long callNs = event.callNs() > Math.max(UNUSUAL_NS, UNUSUAL * usualCallNs) ? usualCallNs : event.callNs();
        if (arrives) {
            gapNs = event.beginNs() - arrivedNs;
            arrivedNs = event.beginNs();
        }
        actions.add(new Action(
                event.kind(),
                gapNs,
                arrives ? event.beginNs() : -1,
                callNs,
                event.stream(),
                0,
                function == null ? chargedNs(event) : function.estimateNs(),
                isOnSms(event.kind()) ? Math.max(1, Math.round(onSmsNs(event) * pace)) : copyNs(event),
                function == null || function.blocks() == 0 ? sms : (int) Math.min(sms, function.blocks())));
        numbers(event.stream()).add(event.number());
        recorded.began(event.stream(), event.beginNs(), arrives);
    }

    /** As the library charges it: copies to and from the host cost no credit. */
    private static long chargedNs(RecordedEvent event) {
        return event.kind() == EventKind.COPY_ON_DEVICE || event.kind() == EventKind.SET
                ? event.bytes() / BYTES_PER_NS
                : 0;
    }

    private static boolean isOnSms(EventKind kind) {
        return kind != EventKind.COPY_TO_DEVICE && kind != EventKind.COPY_FROM_DEVICE;
    }

    /** What a work takes on the SMs, as far as it is estimated; 0 for what runs elsewhere. */
    private long onSmsNs(RecordedEvent event) {
        if (!isOnSms(event.kind())) {
            return 0;
        }
        return event.kind().isLaunch()
                ? Math.max(1, application.functions().get(event.function()).estimateNs() - spec.measuringNs())
                : Math.max(1, chargedNs(event));
    }

    private long copyNs(RecordedEvent event) {
        return event.kind() == EventKind.COPY_TO_DEVICE
                ? spec.copyToDevice().durationNs(event.bytes())
                : spec.copyFromDevice().durationNs(event.bytes());
    }

    private void waited(RecordedEvent event, int upTo) {
        waited++;
        if (event.stream() < RecordedEvent.ALL_STREAMS) {
            recorded.waited(event.stream(), upTo, event.endNs());
            return;
        }
        for (int stream = 0; stream < numbers.length; stream++) {
            recorded.waited(stream, recorded.launched(stream), event.endNs());
        }
    }

    private Numbers numbers(int stream) {
        Numbers of = numbers[stream];
        if (of == null) {
            of = new Numbers();
            numbers[stream] = of;
        }
        return of;
    }

    List<Action> actions() {
        return actions;
    }

    /** Works of a stream in all. */
    int works(int stream) {
        Numbers of = numbers[stream];
        return of == null ? 0 : of.count;
    }

    /** Requests as they were recorded. */
    Requests recorded() {
        return recorded;
    }

    /** Waits in the recording. */
    int recordedWaits() {
        return waited;
    }
}

package dev.gbpf.host.recording;

import dev.gbpf.host.recording.RecordingFile.Recorded;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Recordings to write and read. */
final class Recordings {
    static final List<RecordedTenant> TENANTS =
            List.of(new RecordedTenant("chat", 3, 10), new RecordedTenant("training", 1, 0));

    private Recordings() {}

    /** Takes events down, and says what should be read back. */
    static RecordedApplication record(ApplicationRecorder to, long seed, int count) {
        Random random = new Random(seed);
        List<RecordedEvent> events = new ArrayList<>();
        long ns = 0;
        for (int i = 0; i < count; i++) {
            ns = Math.max(0, ns + random.nextLong(-2_000, 50_000) / 100 * 100);
            RecordedEvent event = event(random, to, ns);
            to.add(event);
            events.add(event);
        }
        to.lose(seed & 7);
        return new RecordedApplication(1, false, "python", seed & 7, to.functions(), events);
    }

    private static RecordedEvent event(Random random, ApplicationRecorder to, long ns) {
        EventKind kind = EventKind.values()[random.nextInt(EventKind.values().length)];
        int stream = kind.hasStream() ? random.nextInt(3) : 0;
        long number = !kind.hasStream() ? 0 : random.nextInt(4) == 0 ? random.nextLong(1L << 32) : random.nextInt(5);
        int function = kind.isLaunch()
                ? to.launched(kind, random.nextLong(6), random.nextLong(1 << 20), random.nextInt(1_000), 128)
                : 0;
        return new RecordedEvent(
                kind,
                ns,
                random.nextInt(3) * 1_000L,
                random.nextInt(10) == 0 ? random.nextLong(1L << 31) / 100 * 100 : 0,
                stream,
                number,
                function,
                kind.hasBytes() ? random.nextLong(1L << 40) : 0);
    }

    static byte[] file(long durationNs, ApplicationRecorder... applications) {
        List<Recorded> recorded = new ArrayList<>();
        for (ApplicationRecorder application : applications) {
            recorded.add(new Recorded(1, false, "python", application));
        }
        return RecordingFile.write("H200", 132, "fifo", durationNs, true, TENANTS, recorded);
    }
}

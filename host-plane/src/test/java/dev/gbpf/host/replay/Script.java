package dev.gbpf.host.replay;

import dev.gbpf.host.recording.ApplicationRecorder;
import dev.gbpf.host.recording.EventKind;
import dev.gbpf.host.recording.RecordedEvent;
import dev.gbpf.host.recording.RecordedTenant;
import dev.gbpf.host.recording.Recording;
import dev.gbpf.host.recording.RecordingException;
import dev.gbpf.host.recording.RecordingFile;
import dev.gbpf.host.recording.RecordingFile.Recorded;
import java.util.List;

/** An application that launches and waits, as it would be recorded alone on a device. */
final class Script {
    private static final long CALL_NS = 4_000;

    private final ApplicationRecorder recorder = new ApplicationRecorder();
    private final int tenant;
    private final boolean latency;
    private long nowNs;
    private long busyUntilNs;
    private long number;

    private Script(int tenant, boolean latency) {
        this.tenant = tenant;
        this.latency = latency;
    }

    /** One of the latency-critical tenant. */
    static Script service() {
        return new Script(0, true);
    }

    /** One of the tenant without a priority. */
    static Script training() {
        return new Script(1, false);
    }

    long nowNs() {
        return nowNs;
    }

    /** Its own time passes. */
    Script pause(long ns) {
        nowNs += ns;
        return this;
    }

    Script launch(EventKind kind, long key, long ns, long blocks) {
        nowNs += CALL_NS;
        int function = recorder.launched(kind, key, ns, blocks, 128);
        recorder.add(new RecordedEvent(kind, nowNs, CALL_NS, 0, 0, ++number, function, 0));
        busyUntilNs = Math.max(busyUntilNs, nowNs) + ns;
        return this;
    }

    Script kernel(long ns) {
        return launch(EventKind.KERNEL, ns, ns, 1_000);
    }

    Script graph(long ns) {
        return launch(EventKind.GRAPH, ns, ns, 0);
    }

    Script copy(EventKind kind, long bytes) {
        nowNs += CALL_NS;
        recorder.add(new RecordedEvent(kind, nowNs, CALL_NS, 0, 0, ++number, 0, bytes));
        return this;
    }

    /** It waits for all that it launched, but so many. */
    Script await(int but) {
        long began = nowNs;
        nowNs = but == 0 ? Math.max(nowNs, busyUntilNs) : nowNs;
        recorder.add(new RecordedEvent(EventKind.WAIT, nowNs, nowNs - began, 0, 0, Math.max(0, number - but), 0, 0));
        return this;
    }

    Script await() {
        return await(0);
    }

    /** The recording of some, each alone. */
    static Recording recording(long durationNs, Script... scripts) {
        byte[] file = RecordingFile.write(
                "H200",
                132,
                "bypass",
                durationNs,
                true,
                List.of(new RecordedTenant("service", 1, 10), new RecordedTenant("training", 1, 0)),
                List.of(scripts).stream()
                        .map(s -> new Recorded(s.tenant, s.latency, "python", s.recorder))
                        .toList());
        try {
            return RecordingFile.read(file);
        } catch (RecordingException e) {
            throw new AssertionError(e);
        }
    }
}

package dev.gbpf.host.replay;

import dev.gbpf.host.recording.ApplicationRecorder;
import dev.gbpf.host.recording.EventKind;
import dev.gbpf.host.recording.RecordedEvent;
import dev.gbpf.host.recording.RecordedTenant;
import dev.gbpf.host.recording.Recording;
import dev.gbpf.host.recording.RecordingException;
import dev.gbpf.host.recording.RecordingFile;
import dev.gbpf.host.recording.RecordingFile.Recorded;
import java.util.ArrayList;
import java.util.List;

/** An application that launches and waits, as it would be recorded alone on a device. */
final class Script {
    private static final long CALL_NS = 4_000;

    private final ApplicationRecorder recorder = new ApplicationRecorder();
    private final int tenant;
    private final boolean latency;
    private long nowNs;
    private final List<Long> endsNs = new ArrayList<>();
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

    /** A launch that takes so long, and what was estimated. */
    private Script launch(EventKind kind, long estimateNs, long ns, long blocks) {
        nowNs += CALL_NS;
        int function = recorder.launched(kind, estimateNs, estimateNs, blocks, 128);
        recorder.add(new RecordedEvent(kind, nowNs, CALL_NS, 0, 0, ++number, function, 0));
        endsNs.add(Math.max(endNs(number - 1), nowNs) + ns);
        return this;
    }

    Script kernel(long ns) {
        return kernel(ns, ns);
    }

    Script kernel(long estimateNs, long ns) {
        return launch(EventKind.KERNEL, estimateNs, ns, 1_000);
    }

    Script graph(long ns) {
        return launch(EventKind.GRAPH, ns, ns, 0);
    }

    /** When the device is through with so many. */
    private long endNs(long upTo) {
        return upTo <= 0 ? 0 : endsNs.get((int) upTo - 1);
    }

    Script copy(EventKind kind, long bytes) {
        nowNs += CALL_NS;
        recorder.add(new RecordedEvent(kind, nowNs, CALL_NS, 0, 0, ++number, 0, bytes));
        endsNs.add(endNs(number - 1));
        return this;
    }

    /** It waits for all that it launched, but so many. */
    Script await(int but) {
        long began = nowNs;
        nowNs = Math.max(nowNs, endNs(number - but));
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

package dev.gbpf.host.interpose;

import dev.gbpf.host.live.RecordingProgress;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.recording.ApplicationRecorder;
import dev.gbpf.host.recording.EventKind;
import dev.gbpf.host.recording.RecordedEvent;
import dev.gbpf.host.recording.RecordedTenant;
import dev.gbpf.host.recording.RecordingFile;
import dev.gbpf.host.recording.RecordingFile.Recorded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Takes down what the processes that are attached do, those that come meanwhile too: what they write into their rings, and when launches are
 * seen to be over. Of the plane's thread. What it keeps is bounded; from the bound on everything is lost, and the recording says so.
 */
final class StreamRecorder {
    private static final int MOST_PROCESSES = 1_024;

    private final String policy;
    private final long originNs;
    private final Map<Long, Followed> present = new HashMap<>();
    private final List<Recorded> all = new ArrayList<>();
    private int events;
    private long bytes;
    private boolean complete = true;

    /** A process that is attached. */
    private record Followed(EventRing ring, ApplicationRecorder recorder) {}

    /**
     * Begins.
     *
     * @param policy that decides
     * @param originNs now, {@code CLOCK_MONOTONIC}
     */
    StreamRecorder(String policy, long originNs) {
        this.policy = policy;
        this.originNs = originNs;
    }

    /** A process is there. */
    void add(Client client) {
        if (all.size() == MOST_PROCESSES) {
            complete = false;
            return;
        }
        ApplicationRecorder recorder = new ApplicationRecorder();
        present.put(client.number, new Followed(new EventRing(client.segment, originNs, recorder), recorder));
        all.add(new Recorded(client.tenant(), client.kind == ApplicationClass.LATENCY, client.command, recorder));
        client.record(true);
    }

    /** Takes in what a process has written. */
    void read(Client client) {
        Followed process = present.get(client.number);
        if (process != null) {
            long before = process.recorder.bytes();
            events += process.ring.drain(isFull() ? 0 : RecordingFile.MOST_EVENTS - events);
            bytes += process.recorder.bytes() - before;
            complete &= !isFull();
        }
    }

    private boolean isFull() {
        return events >= RecordingFile.MOST_EVENTS || bytes >= RecordingFile.MOST_EVENT_BYTES;
    }

    /** Launches of a stream up to a number are seen to be over, just after {@link #read}. */
    void over(Client client, int stream, long number, long monotonicNs) {
        Followed process = present.get(client.number);
        if (process != null && !isFull()) {
            events++;
            long atNs = Math.max(0, monotonicNs - originNs);
            process.recorder.add(new RecordedEvent(EventKind.OVER, atNs, 0, 0, stream, number & 0xffff_ffffL, 0, 0));
        }
    }

    /** A process goes; its segment is read for the last time. */
    void remove(Client client) {
        read(client);
        present.remove(client.number);
    }

    RecordingProgress progress() {
        long lost = 0;
        for (Recorded application : all) {
            lost += application.recorder().lost();
        }
        return new RecordingProgress(originNs, all.size(), events, lost, complete);
    }

    /** What was taken down until now, which nobody adds to any more; makes the file's bytes on any thread. */
    Supplier<byte[]> end(Gpu gpu, List<Tenant> tenants, long monotonicNs) {
        List<RecordedTenant> roster = tenants.stream()
                .map(t -> new RecordedTenant(t.name(), t.weight(), t.priority()))
                .toList();
        RecordingProgress progress = progress();
        List<Recorded> applications = List.copyOf(all);
        long durationNs = Math.max(0, monotonicNs - originNs);
        return () -> RecordingFile.write(
                gpu.name(), gpu.sms(), policy, durationNs, progress.complete(), roster, applications);
    }
}

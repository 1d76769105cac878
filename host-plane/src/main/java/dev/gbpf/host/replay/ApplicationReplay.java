package dev.gbpf.host.replay;

import dev.gbpf.host.recording.EventKind;
import dev.gbpf.host.recording.RecordedApplication;
import dev.gbpf.host.recording.Recording;
import java.util.List;

/**
 * What became of one application.
 *
 * @param tenant its tenant's name
 * @param command its name
 * @param requests how long they took
 * @param arrivals how long those took that came from outside, after a pause: of a conversation the first token
 * @param recorded how long requests took when they were recorded
 * @param recordedArrivals how long arrivals took when they were recorded
 * @param launchesPerSecond kernels, graphs and copies
 * @param recordedLaunchesPerSecond the same, when they were recorded
 * @param waitsPerSecond how often it waited for the device, which for many is a step or a request
 * @param recordedWaitsPerSecond the same, when it was recorded
 * @param share part of the time for which its work ran on the SMs
 * @param held calls that had to wait in the gate
 * @param heldNs all these waits together
 */
public record ApplicationReplay(
        String tenant,
        String command,
        Latencies requests,
        Latencies arrivals,
        Latencies recorded,
        Latencies recordedArrivals,
        double launchesPerSecond,
        double recordedLaunchesPerSecond,
        double waitsPerSecond,
        double recordedWaitsPerSecond,
        double share,
        long held,
        long heldNs) {
    private static final double NS_PER_SECOND = 1e9;

    /** Where it comes from. */
    record Source(Recording recording, RecordedApplication application, Program program) {}

    static ApplicationReplay of(Source source, Lane lane, long durationNs) {
        double seconds = Math.max(1, durationNs) / NS_PER_SECOND;
        double recordedSeconds = Math.max(1, source.recording.durationNs()) / NS_PER_SECOND;
        List<EventKind> kinds =
                source.program.actions().stream().map(Action::kind).toList();
        long works = kinds.stream().filter(EventKind::isWork).count();
        return new ApplicationReplay(
                source.recording.tenants().get(source.application.tenant()).name(),
                source.application.command(),
                lane.requests().all(),
                lane.requests().arrivals(),
                source.program.recorded().all(),
                source.program.recorded().arrivals(),
                lane.launches() / seconds,
                works / recordedSeconds,
                lane.waits() / seconds,
                source.program.recordedWaits() / recordedSeconds,
                lane.workNs() / NS_PER_SECOND / seconds,
                lane.held(),
                lane.heldNs());
    }
}

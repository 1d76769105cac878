package dev.gbpf.host.result;

import java.util.List;

/**
 * Who ran where, around each change of the policy.
 *
 * @param lanes names of the places where something ran; spans refer to them by index
 * @param windows in order of time
 */
public record Timeline(List<String> lanes, List<SpanWindow> windows) {
    public Timeline {
        lanes = List.copyOf(lanes);
        windows = List.copyOf(windows);
    }
}

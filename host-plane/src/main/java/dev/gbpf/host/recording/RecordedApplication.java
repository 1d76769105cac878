package dev.gbpf.host.recording;

import java.util.List;

/**
 * A process and what it did.
 *
 * @param tenant index of its tenant
 * @param latency whether it is of class {@code latency}
 * @param command its name
 * @param lost events that it wrote faster than they were read, or that made no sense
 * @param events in the order in which they were written
 */
public record RecordedApplication(
        int tenant,
        boolean latency,
        String command,
        long lost,
        List<RecordedFunction> functions,
        List<RecordedEvent> events) {
    public RecordedApplication {
        functions = List.copyOf(functions);
        events = List.copyOf(events);
    }
}

package dev.gbpf.host.recording;

import java.util.List;

/**
 * What the applications of a daemon did for a while.
 *
 * @param device its name
 * @param sms of the device
 * @param policy that decided when it began
 * @param durationNs how long it took
 * @param complete whether everything is there until its end: no limit was reached
 */
public record Recording(
        String device,
        int sms,
        String policy,
        long durationNs,
        boolean complete,
        List<RecordedTenant> tenants,
        List<RecordedApplication> applications) {
    public Recording {
        tenants = List.copyOf(tenants);
        applications = List.copyOf(applications);
    }

    /** Events of all applications. */
    public long events() {
        return applications.stream().mapToLong(a -> a.events().size()).sum();
    }

    /** Events that are not there. */
    public long lost() {
        return applications.stream().mapToLong(RecordedApplication::lost).sum();
    }
}

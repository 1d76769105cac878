package dev.gbpf.host.scenario;

import dev.gbpf.host.check.Checks;
import dev.gbpf.host.failsafe.FailsafeConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code failsafe}. */
final class FailsafeSection {
    private static final List<String> FIELDS = List.of(
            "stall",
            "hold",
            "starvation",
            "overtakes",
            "window",
            "slow",
            "slow_decisions",
            "helper_errors",
            "helper_error_share",
            "map_failures",
            "rejections",
            "rejection_share",
            "device_errors",
            "device_error_share",
            "pause",
            "quarantine_trips",
            "quarantine");

    private final Problems problems;

    FailsafeSection(Problems problems) {
        this.problems = problems;
    }

    /** The limits of a group, or the default ones without it; pauses fit the ticks of the plane. */
    FailsafeConfig read(@Nullable YamlNode group, long tickNs) {
        FailsafeConfig usual = FailsafeConfig.DEFAULTS;
        if (group == null) {
            return usual.forTick(tickNs);
        }
        Fields fields = new Fields("the failsafe", group, problems, FIELDS);
        int before = problems.count();
        long stallNs = time(fields, "stall", 1, usual.stallNs());
        long holdNs = time(fields, "hold", 1, usual.holdNs());
        long starvationNs = time(fields, "starvation", 1, usual.starvationNs());
        long overtakes = count(fields, "overtakes", usual.overtakes());
        long windowNs = time(fields, "window", 1_000, usual.windowNs());
        long slowNs = time(fields, "slow", 1, usual.slowNs());
        long slowDecisions = count(fields, "slow_decisions", usual.slowDecisions());
        long helperErrors = count(fields, "helper_errors", usual.helperErrors());
        int helperErrorShare = fields.thousandths("helper_error_share", 1_000, usual.helperErrorShare());
        long mapFailures = count(fields, "map_failures", usual.mapFailures());
        long rejections = count(fields, "rejections", usual.rejections());
        int rejectionShare = fields.thousandths("rejection_share", 1_000, usual.rejectionShare());
        long deviceErrors = count(fields, "device_errors", usual.deviceErrors());
        int deviceErrorShare = fields.thousandths("device_error_share", 1_000, usual.deviceErrorShare());
        long pauseNs = time(fields, "pause", 1, usual.pauseNs());
        int quarantineTrips = fields.integer("quarantine_trips", 1, 1_000, usual.quarantineTrips());
        long quarantineNs = time(fields, "quarantine", 1, usual.quarantineNs());
        return fields.build(
                        before,
                        () -> new FailsafeConfig(
                                stallNs,
                                holdNs,
                                starvationNs,
                                overtakes,
                                windowNs,
                                slowNs,
                                slowDecisions,
                                helperErrors,
                                helperErrorShare,
                                mapFailures,
                                rejections,
                                rejectionShare,
                                deviceErrors,
                                deviceErrorShare,
                                pauseNs,
                                quarantineTrips,
                                quarantineNs),
                        usual)
                .forTick(tickNs);
    }

    private static long time(Fields fields, String field, long leastNs, long otherwise) {
        return fields.duration(field, leastNs, Checks.MAX_TIME_NS, otherwise);
    }

    private static long count(Fields fields, String field, long otherwise) {
        return fields.integer(field, 1L, Long.MAX_VALUE, otherwise);
    }
}

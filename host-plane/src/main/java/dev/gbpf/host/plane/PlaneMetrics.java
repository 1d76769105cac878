package dev.gbpf.host.plane;

import dev.gbpf.abi.Hook;
import dev.gbpf.abi.Plane;
import dev.gbpf.abi.VerdictSpec.NamedValue;
import dev.gbpf.host.failsafe.Failsafe;
import dev.gbpf.host.failsafe.Trip;
import dev.gbpf.host.observe.Metric;
import dev.gbpf.host.observe.MetricsSnapshot;
import dev.gbpf.host.observe.MetricsSnapshot.Sample;
import dev.gbpf.host.observe.Observation;
import dev.gbpf.host.queue.MemoryLimits;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.vm.ProgramTier;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Reads a plane's counters for those who show them. */
final class PlaneMetrics {
    private final Map<Metric, List<Sample>> samples = new EnumMap<>(Metric.class);

    private PlaneMetrics() {}

    static MetricsSnapshot of(PlaneState state, MemoryAccounts memory, Copies copies) {
        PlaneMetrics metrics = new PlaneMetrics();
        metrics.add(Metric.POLICY, 1, state.control.policy(), state.control.tag());
        metrics.tiers(state.control);
        metrics.memory(state, memory, copies);
        metrics.decisions(state.observation);
        metrics.jobs(state);
        metrics.failsafe(state.failsafe);
        PlaneStatistics statistics = state.statistics;
        metrics.add(Metric.POLICY_ERRORS, statistics.insertErrors(), "insert");
        metrics.add(Metric.POLICY_ERRORS, statistics.emptyChoices(), "empty-choice");
        metrics.add(Metric.DEFERRALS, statistics.deferrals());
        metrics.add(Metric.MEMORY_WAITS, statistics.memoryWaits());
        return new MetricsSnapshot(
                metrics.samples, state.observation.histograms().totals());
    }

    private void add(Metric metric, long value, String... labels) {
        samples.computeIfAbsent(metric, _ -> new ArrayList<>()).add(new Sample(List.of(labels), (double) value));
    }

    private void tiers(Side side) {
        Map<ProgramTier, Long> counts = new EnumMap<>(ProgramTier.class);
        for (ProgramTier tier : ProgramTier.values()) {
            counts.put(tier, 0L);
        }
        if (side.image != null) {
            side.image.tiers().values().forEach(tier -> counts.merge(tier, 1L, Long::sum));
        }
        counts.forEach((tier, count) -> add(Metric.POLICY_PROGRAMS, count, side.policy(), tier.word()));
    }

    private void memory(PlaneState state, MemoryAccounts memory, Copies copies) {
        for (Tenant tenant : state.config.tenants()) {
            int index = tenant.index();
            MemoryLimits limits = memory.limits(index);
            add(Metric.MEMORY_USED, memory.usedBytes(index), tenant.name());
            add(Metric.MEMORY_SPILLED, memory.spilledBytes(index), tenant.name());
            add(Metric.MEMORY_WAITING, memory.waitingBytes(index), tenant.name());
            add(Metric.MEMORY_LIMIT, limits.softBytes(), tenant.name(), "soft");
            add(Metric.MEMORY_LIMIT, limits.hardBytes(), tenant.name(), "hard");
            add(Metric.COPIES_INFLIGHT, copies.toDevice(index), tenant.name(), "to-device");
            add(Metric.COPIES_INFLIGHT, copies.fromDevice(index), tenant.name(), "from-device");
        }
    }

    private void decisions(Observation observation) {
        for (Hook hook : Hook.values()) {
            if (hook.plane() == Plane.HOST) {
                Map<String, Long> counts = new TreeMap<>();
                for (int verdict = 0; verdict <= Observation.OTHER_VERDICT; verdict++) {
                    counts.merge(word(hook, verdict), observation.verdicts(hook, verdict), Long::sum);
                }
                counts.forEach((word, count) -> add(Metric.HOOK_DECISIONS, count, hook.symbol(), word));
            }
        }
        add(Metric.HOOK_TIMED_ONE_OF, observation.timedOneOf());
        add(Metric.SLOW_DECISIONS, observation.slow());
    }

    /** Names of queues are no verdicts to tell apart. */
    private static String word(Hook hook, int verdict) {
        for (NamedValue named : hook.verdict().names()) {
            if (named.value() == verdict) {
                return named.name().toLowerCase(Locale.ROOT);
            }
        }
        return verdict == 0 ? "ok" : "other";
    }

    private void jobs(PlaneState state) {
        Failsafe failsafe = state.failsafe;
        add(Metric.JOBS_SUBMITTED, failsafe.jobsSubmitted());
        add(Metric.JOBS_DISPATCHED, failsafe.jobsDispatched());
        add(Metric.JOBS_REJECTED, failsafe.jobsRejected());
        add(Metric.JOBS_ENDED, failsafe.jobsEnded() - failsafe.jobsFailed(), "ok");
        add(Metric.JOBS_ENDED, failsafe.jobsFailed(), "failed");
        for (Tenant tenant : state.config.tenants()) {
            add(Metric.JOBS_WAITING, failsafe.waiting(tenant.index()), tenant.name());
            add(Metric.JOBS_INFLIGHT, state.counts.inflight((long) tenant.index()), tenant.name());
        }
        for (int vslice = 0; vslice < state.device.vslices(); vslice++) {
            add(Metric.VSLICE_ROOM, state.device.room(vslice), Integer.toString(vslice));
        }
    }

    private void failsafe(Failsafe failsafe) {
        for (Trip.Kind kind : Trip.Kind.values()) {
            add(Metric.BYPASS, failsafe.ejections(kind), kind.word());
        }
        add(Metric.QUARANTINED, failsafe.quarantine().entries().size());
    }
}

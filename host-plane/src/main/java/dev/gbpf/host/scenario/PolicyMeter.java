package dev.gbpf.host.scenario;

import dev.gbpf.abi.Hook;
import dev.gbpf.abi.Plane;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.plane.MemoryEvent;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.plane.PlaneStatistics;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.result.PolicyCounters;
import dev.gbpf.host.result.PolicyCounters.Count;
import dev.gbpf.host.swap.ActivationRecord;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Divides what the plane counts among the activations: the differences between one and the next. */
final class PolicyMeter implements PlaneListener {
    /** Hooks that run between two activations, and count for neither. */
    private static final Set<Hook> AT_CHANGES = EnumSet.of(Hook.MIGRATE, Hook.INIT, Hook.EXIT);

    private final MapRegistry maps;
    private final List<PolicyCounters> counters = new ArrayList<>();
    private @Nullable PolicyPlane plane;
    private @Nullable String policy;
    private Map<String, Long> atStart = Map.of();
    private long faults;

    PolicyMeter(MapRegistry maps) {
        this.maps = maps;
    }

    /** The plane that is measured; before its first activation. */
    void measure(PolicyPlane measured) {
        this.plane = measured;
    }

    @Override
    public void faulted(String name, Hook hook, String what, long nowNs) {
        faults++;
    }

    @Override
    public void activated(ActivationRecord activation) {
        close();
        policy = activation.to();
        atStart = read(activation.to());
    }

    /** The counters of all activations, in their order. */
    List<PolicyCounters> finish() {
        close();
        policy = null;
        return List.copyOf(counters);
    }

    private void close() {
        String decided = policy;
        if (decided == null) {
            return;
        }
        Map<String, Long> now = read(decided);
        List<Count> decisions = new ArrayList<>();
        List<Count> events = new ArrayList<>();
        now.forEach((name, count) -> {
            long difference = Math.max(0, count - atStart.getOrDefault(name, 0L));
            boolean isHook = Hook.byName(name).isPresent();
            if (!isHook || difference > 0) {
                (isHook ? decisions : events).add(new Count(name, difference));
            }
        });
        counters.add(new PolicyCounters(decided, decisions, events));
    }

    /** All counters as they stand, by name. */
    private Map<String, Long> read(String decided) {
        Map<String, Long> counts = new LinkedHashMap<>();
        PolicyPlane measured = plane;
        if (measured == null) {
            throw new IllegalStateException("an activation came before the plane was known");
        }
        PlaneStatistics statistics = measured.statistics();
        for (Hook hook : Hook.values()) {
            if (hook.plane() == Plane.HOST && !AT_CHANGES.contains(hook)) {
                counts.put(hook.symbol(), statistics.decisions(hook));
            }
        }
        long failedUpdates = 0;
        for (BpfMap map : maps.maps(decided)) {
            failedUpdates += map.failedUpdates();
        }
        counts.put("failed map updates", failedUpdates);
        if (statistics.yields() > 0) {
            counts.put("kernels that gave up their place", statistics.yields());
        }
        if (statistics.pacedCopies() > 0) {
            counts.put("paced copies", statistics.pacedCopies());
        }
        if (statistics.splitCopies() > 0) {
            counts.put("copies in pieces", statistics.splitCopies());
        }
        if (statistics.gangs() > 0) {
            counts.put("collective operations started as gangs", statistics.gangs());
        }
        if (statistics.dissolvedGangs() > 0) {
            counts.put("gangs whose ranks did not all come", statistics.dissolvedGangs());
        }
        if (statistics.deadlocks() > 0) {
            counts.put("deadlocks of collective operations", statistics.deadlocks());
        }
        if (statistics.memory(MemoryEvent.ASKED) > 0) {
            for (MemoryEvent event : MemoryEvent.values()) {
                counts.put(event.words(), statistics.memory(event));
            }
        }
        counts.put("failed queue insertions", statistics.insertErrors());
        counts.put("choices of an empty queue", statistics.emptyChoices());
        counts.put("deferrals", statistics.deferrals());
        counts.put("waits for memory", statistics.memoryWaits());
        counts.put("older jobs of a stream sent instead", statistics.inherited());
        counts.put("stale dispatches ignored", statistics.staleDispatches());
        counts.put("repeated submissions ignored", statistics.duplicateSubmissions());
        counts.put("repeated ends ignored", statistics.duplicateEnds());
        counts.put("log entries", measured.log().written());
        counts.put("trace lines", measured.trace().written());
        counts.put("run-time errors", faults);
        return counts;
    }
}

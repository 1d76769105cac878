package dev.gbpf.host.result;

import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.plane.MemoryEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Records what becomes of allocations, phase by phase. Nothing is recorded of a run in which nobody asks for memory. */
final class MemoryRecorder {
    private final List<DeviceSummary.Pool> pools;
    private final Level[] poolLevels;
    private final TenantPart[] tenants;
    private final List<MemoryPhase> phases = new ArrayList<>();
    private boolean used;

    MemoryRecorder(int tenants, List<DeviceSummary.Pool> pools) {
        this.pools = pools;
        this.poolLevels = new Level[pools.size()];
        for (int i = 0; i < poolLevels.length; i++) {
            poolLevels[i] = new Level();
        }
        this.tenants = new TenantPart[tenants];
        for (int i = 0; i < tenants; i++) {
            this.tenants[i] = new TenantPart();
        }
    }

    /** Bytes over time. */
    private static final class Level {
        private long bytes;
        private long sinceNs;
        private double area;
        private long peak;

        void set(long newBytes, long nowNs) {
            advance(nowNs);
            bytes = newBytes;
            peak = Math.max(peak, bytes);
        }

        private void advance(long nowNs) {
            area += (double) bytes * (nowNs - sinceNs);
            sinceNs = nowNs;
        }

        long mean(long durationNs, long nowNs) {
            advance(nowNs);
            return durationNs == 0 ? bytes : Math.round(area / durationNs);
        }

        void nextPhase() {
            area = 0;
            peak = bytes;
        }
    }

    private static final class TenantPart {
        private final Level level = new Level();
        private final long[] counts = new long[MemoryEvent.values().length];
        private DurationRecorder requestWait = new DurationRecorder();
        private DurationRecorder useWait = new DurationRecorder();

        long count(MemoryEvent event) {
            return counts[event.ordinal()];
        }

        TenantMemory summary(int tenant, long durationNs, long nowNs) {
            return new TenantMemory(
                    tenant,
                    count(MemoryEvent.ASKED),
                    count(MemoryEvent.GRANTED),
                    count(MemoryEvent.DENIED),
                    count(MemoryEvent.EVICTED),
                    count(MemoryEvent.COMPRESSED),
                    count(MemoryEvent.RETURNED),
                    level.mean(durationNs, nowNs),
                    level.peak,
                    requestWait.distribution(),
                    useWait.distribution());
        }

        void nextPhase() {
            level.nextPhase();
            Arrays.fill(counts, 0);
            requestWait = new DurationRecorder();
            useWait = new DurationRecorder();
        }
    }

    void happened(MemoryEvent event, Allocation allocation, long nowNs) {
        used = true;
        TenantPart of = tenants[allocation.tenant().index()];
        of.counts[event.ordinal()]++;
        if (event == MemoryEvent.GRANTED) {
            of.requestWait.record(nowNs - allocation.createdNs());
        } else if (event == MemoryEvent.READY) {
            of.useWait.record(nowNs - allocation.wantedSinceNs());
        }
    }

    /** A tenant has so much device memory from now on. */
    void tenant(int tenant, long bytes, long nowNs) {
        tenants[tenant].level.set(bytes, nowNs);
    }

    /** So much of a pool is taken from now on. */
    void pool(int pool, long bytes, long nowNs) {
        poolLevels[pool].set(bytes, nowNs);
    }

    void closePhase(long durationNs, long nowNs) {
        List<TenantMemory> each = new ArrayList<>();
        for (int i = 0; i < tenants.length; i++) {
            each.add(tenants[i].summary(i, durationNs, nowNs));
            tenants[i].nextPhase();
        }
        List<PoolMemory> levels = new ArrayList<>();
        for (int i = 0; i < poolLevels.length; i++) {
            Level level = poolLevels[i];
            levels.add(new PoolMemory(
                    pools.get(i).name(), pools.get(i).bytes(), level.mean(durationNs, nowNs), level.peak));
            level.nextPhase();
        }
        phases.add(new MemoryPhase(each, levels));
    }

    /** One entry per phase; empty when nobody asked for memory. */
    List<MemoryPhase> finish() {
        return used ? List.copyOf(phases) : List.of();
    }
}

package dev.gbpf.cuda.table;

import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.CountersMap;
import dev.gbpf.host.map.SnapshotMap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a map on the device has in common with one of the host: counters are its source, a snapshot has its copies. Confined to a lock. */
final class HostSide {
    /** The copy that the device has is none of the host's map. */
    private static final long NONE = -1;

    private final DeviceArray map;
    private final CountersMap.Source source = this::addTo;
    /** What a host's map has counted that has left, and what was read last; guarded by the lock of the map that is joined. */
    private long[] taken = {};

    private long[] last = {};
    private @Nullable CountersMap counters;
    private @Nullable SnapshotMap snapshot;
    private long version = NONE;

    HostSide(DeviceArray map) {
        this.map = map;
    }

    /** Adds what was counted since the last host's map left. */
    private boolean addTo(long[] sums) {
        long[] now = new long[sums.length];
        try {
            map.addTo(now);
        } catch (RuntimeException e) {
            // The device is lost, and its runtime says why.
            return false;
        }
        last = now;
        for (int i = 0; i < sums.length; i++) {
            sums[i] += now[i] - (taken.length == 0 ? 0 : taken[i]);
        }
        return true;
    }

    /**
     * From here on it goes with a map of the host, which was made for a definition that it shares.
     *
     * @param host null for none
     */
    void join(@Nullable BpfMap host) {
        CountersMap sums = host instanceof CountersMap c ? c : null;
        if (counters != null && !Objects.equals(counters, sums)) {
            counters.detach(source);
            taken = last;
        }
        counters = sums;
        if (sums != null) {
            sums.attach(source);
        }
        SnapshotMap original = host instanceof SnapshotMap s ? s : null;
        if (!Objects.equals(snapshot, original)) {
            version = NONE;
        }
        snapshot = original;
    }

    /** The device has no part in it any more. */
    void leave() {
        join(null);
    }

    /** Whether the host has a newer copy than tables name. */
    boolean isBehind() {
        return snapshot != null && snapshot.version() != version;
    }

    /** Fetches the host's newest copy; tables name it from now on. Nobody may use a table that was before the newest one. */
    void turn() {
        SnapshotMap original = Objects.requireNonNull(snapshot);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(original.bytes(), Long.BYTES);
            version = original.copyTo(copy);
            map.stage(copy);
        }
        map.turn();
    }

    /** No table came of it: they name the copy that they named before. */
    void turnBack() {
        map.turn();
        version = NONE;
    }
}

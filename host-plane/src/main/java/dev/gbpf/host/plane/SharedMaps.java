package dev.gbpf.host.plane;

import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.CountersMap;
import dev.gbpf.host.map.SnapshotMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The maps that an image shares with devices; used between two runs of its programs. */
final class SharedMaps {
    private final List<SnapshotMap> snapshots = new ArrayList<>();
    private final List<CountersMap> counters = new ArrayList<>();

    SharedMaps(@Nullable PolicyImage image) {
        for (BpfMap map : image == null ? List.<BpfMap>of() : image.maps()) {
            switch (map) {
                case SnapshotMap snapshot -> snapshots.add(snapshot);
                case CountersMap sums -> counters.add(sums);
                default -> {}
            }
        }
    }

    /** Devices may fetch what is there now. */
    void publish() {
        for (int i = 0; i < snapshots.size(); i++) {
            snapshots.get(i).publish();
        }
    }

    /** Programs see what devices have counted until now. */
    void rollUp() {
        for (int i = 0; i < counters.size(); i++) {
            counters.get(i).rollUp();
        }
    }
}

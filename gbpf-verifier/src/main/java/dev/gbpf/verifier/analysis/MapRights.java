package dev.gbpf.verifier.analysis;

import dev.gbpf.abi.MapAccess;
import dev.gbpf.abi.MapKind;
import dev.gbpf.abi.Plane;
import dev.gbpf.isa.Width;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.assertion.Assertion;
import dev.gbpf.verifier.assertion.Assertion.AccessKind;
import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.assertion.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides what programs of a plane may do with the maps that host and device share. */
final class MapRights {
    private final List<MapDefinition> maps;
    private final Plane plane;

    MapRights(List<MapDefinition> maps, Plane plane) {
        this.maps = maps;
        this.plane = plane;
    }

    /** An access to a value; null when it is allowed. */
    @Nullable
    Violation access(Assertion.ValidAccess a, int index, Region.MapValue value, String known) {
        boolean allowed = switch (access(value.map())) {
            case ALL -> true;
            case READ -> a.kind() == AccessKind.READ;
            case ADD -> a.kind() == AccessKind.ADD && a.width() == Width.DW;
        };
        return allowed ? null : refused(a, index, value.map(), known);
    }

    /** A helper that reads a value; null when it is allowed. */
    @Nullable
    Violation read(Assertion a, int index, Region.MapValue value, String known) {
        return access(value.map()) == MapAccess.ADD ? refused(a, index, value.map(), known) : null;
    }

    /** A helper that changes a map or a value of it; null when it is allowed. */
    @Nullable
    Violation update(Assertion a, int index, int map, String known) {
        return access(map) == MapAccess.ALL ? null : refused(a, index, map, known);
    }

    private MapAccess access(int map) {
        return maps.get(map).kind().access(plane);
    }

    private Violation refused(Assertion a, int index, int map, String known) {
        if (maps.get(map).kind() == MapKind.SNAPSHOT) {
            return EbpfChecker.violation(RejectionCode.SNAPSHOT_WRITE, index, a, known, "a load from it");
        }
        return plane == Plane.HOST
                ? EbpfChecker.violation(RejectionCode.COUNTERS_WRITE, index, a, known, "a load from it")
                : EbpfChecker.violation(
                        RejectionCode.COUNTERS_ADD, index, a, known, "an atomic addition of 8 bytes without fetch");
    }
}

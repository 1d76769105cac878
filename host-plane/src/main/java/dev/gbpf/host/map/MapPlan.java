package dev.gbpf.host.map;

import dev.gbpf.abi.MapKind;
import dev.gbpf.host.memory.MemoryPool;
import dev.gbpf.object.MapDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which maps a version of a policy would run on, beside those that the policy has. */
final class MapPlan {
    /** How the name of a map begins that stands for one of the earlier version. */
    static final String OLD = "old_";

    private final List<BpfMap> current;
    private final boolean copies;
    private final Epochs epochs;
    private final List<BpfMap> maps = new ArrayList<>();
    private final List<BpfMap> own = new ArrayList<>();
    private final List<String> kept = new ArrayList<>();
    private final List<String> fresh = new ArrayList<>();
    private final Map<BpfMap, BpfMap> oldMaps = new LinkedHashMap<>();

    /**
     * Nothing yet.
     *
     * @param current the maps that the policy has
     * @param copies whether those that it goes on with are copied
     */
    MapPlan(List<BpfMap> current, boolean copies, Epochs epochs) {
        this.current = current;
        this.copies = copies;
        this.epochs = epochs;
    }

    /**
     * A map of the version.
     *
     * @param migrates whether its name may say that it stands for an earlier one
     */
    BpfMap add(MapDefinition definition, boolean migrates) {
        BpfMap map = migrates && definition.name().startsWith(OLD) ? old(definition) : ownMap(definition);
        maps.add(map);
        return map;
    }

    private BpfMap ownMap(MapDefinition definition) {
        BpfMap existing = withDefinition(definition);
        (existing == null ? fresh : kept).add(definition.name());
        BpfMap map = existing == null ? create(definition) : shared(existing);
        own.add(map);
        return map;
    }

    private BpfMap shared(BpfMap existing) {
        // Programs change neither constants nor counters.
        if (!copies || existing.definition().readOnly() || existing.definition().kind() == MapKind.COUNTERS) {
            return existing;
        }
        BpfMap copy = create(existing.definition());
        MapCopy.copy(existing, copy);
        return copy;
    }

    private BpfMap old(MapDefinition definition) {
        BpfMap map = create(definition);
        BpfMap earlier = withDefinition(definition.withName(definition.name().substring(OLD.length())));
        if (earlier != null) {
            oldMaps.put(map, earlier);
        }
        return map;
    }

    private BpfMap create(MapDefinition definition) {
        return MapFactory.create(definition, MemoryPool.shared().arena(), epochs);
    }

    private @Nullable BpfMap withDefinition(MapDefinition definition) {
        for (BpfMap map : current) {
            if (map.definition().shares(definition)) {
                return map;
            }
        }
        return null;
    }

    /** All maps, in the order of their definitions. */
    List<BpfMap> maps() {
        return List.copyOf(maps);
    }

    /** Those that become the policy's. */
    List<BpfMap> own() {
        return List.copyOf(own);
    }

    List<String> kept() {
        return List.copyOf(kept);
    }

    List<String> fresh() {
        return List.copyOf(fresh);
    }

    /** Maps that stand for an earlier one which the version does not go on with, each with that one. */
    Map<BpfMap, BpfMap> oldMaps() {
        Map<BpfMap, BpfMap> gone = new LinkedHashMap<>();
        oldMaps.forEach((map, earlier) -> {
            if (!kept.contains(earlier.name())) {
                gone.put(map, earlier);
            }
        });
        return gone;
    }

    List<String> migrated() {
        return oldMaps().values().stream().map(BpfMap::name).toList();
    }

    /** Names of maps of the policy that it does not go on with, and does not migrate. */
    List<String> dropped() {
        return goneMaps().map(BpfMap::name).toList();
    }

    /** The contents of those, in words. */
    List<String> lost() {
        return goneMaps()
                .filter(map -> !map.definition().readOnly() && map.entries() > 0)
                .map(map -> map.name() + " (entries: " + map.entries()
                        + (fresh.contains(map.name()) ? ", its definition changed)" : ", it is gone)"))
                .toList();
    }

    private Stream<BpfMap> goneMaps() {
        List<String> migrated = migrated();
        return current.stream().filter(map -> !kept.contains(map.name()) && !migrated.contains(map.name()));
    }
}

package dev.gbpf.host.map;

import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which maps each policy has. Maps belong to the policy's name: an activation goes on with every map whose definition is the
 * same, types included, under the same name, as in the activation before. Safe for use by several threads.
 */
public final class MapRegistry implements AutoCloseable {
    /*
     * A map lives as long as it has a holder: the registry, as the owner of the policy's current maps, and every binding
     * that was planned and not yet released. Guarded by this.
     */
    private final Epochs epochs;
    private final Map<String, PolicyMaps> policies = new HashMap<>();
    private final IdentityHashMap<BpfMap, Integer> holders = new IdentityHashMap<>();

    /** For a plane with one decision thread. */
    public MapRegistry() {
        this(new Epochs(1));
    }

    /**
     * For a plane with several.
     *
     * @param epochs of its decision threads
     */
    public MapRegistry(Epochs epochs) {
        this.epochs = epochs;
    }

    /** The epochs of the plane's decision threads. */
    public Epochs epochs() {
        return epochs;
    }

    /** A policy's current maps, and a number that changes whenever they do. */
    private record PolicyMaps(long generation, List<BpfMap> maps) {
        static final PolicyMaps NONE = new PolicyMaps(0, List.of());
    }

    /**
     * Says which maps a policy would run on, and makes the fresh ones, without changing the policy's maps.
     *
     * @throws IllegalArgumentException when two definitions have the same name, or a map would be too large
     */
    public MapBinding plan(String policy, List<MapDefinition> definitions) {
        return plan(policy, definitions, false);
    }

    /**
     * The same with copies of the maps that it would go on with: what its programs do is seen by nobody else until the binding
     * is committed. Maps that nobody may change are not copied.
     *
     * @see #plan(String, List)
     */
    public MapBinding planCopies(String policy, List<MapDefinition> definitions) {
        return plan(policy, definitions, true);
    }

    private synchronized MapBinding plan(String policy, List<MapDefinition> definitions, boolean copies) {
        requireDistinctNames(policy, definitions);
        PolicyMaps current = policies.getOrDefault(policy, PolicyMaps.NONE);
        List<BpfMap> maps = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        List<String> fresh = new ArrayList<>();
        try {
            for (MapDefinition definition : definitions) {
                BpfMap existing = withDefinition(current.maps(), definition);
                (existing == null ? fresh : kept).add(definition.name());
                BpfMap map;
                if (existing != null && (!copies || definition.readOnly())) {
                    map = existing;
                } else {
                    map = MapFactory.create(definition, Arena.ofShared(), epochs);
                    if (existing != null) {
                        MapCopy.copy(existing, map);
                    }
                }
                maps.add(map);
                hold(map);
            }
        } catch (IllegalArgumentException | OutOfMemoryError e) {
            maps.forEach(this::letGo);
            throw e;
        }
        List<String> dropped = current.maps().stream()
                .map(BpfMap::name)
                .filter(name -> !kept.contains(name))
                .toList();
        return new MapBinding(
                this, policy, current.generation(), maps, kept, fresh, dropped, lost(current.maps(), kept, fresh));
    }

    /** The contents of maps that a policy would go on without, in words. */
    private static List<String> lost(List<BpfMap> current, List<String> kept, List<String> fresh) {
        return current.stream()
                .filter(map -> !kept.contains(map.name())
                        && !map.definition().readOnly()
                        && map.entries() > 0)
                .map(map -> map.name() + " (entries: " + map.entries()
                        + (fresh.contains(map.name()) ? ", its definition changed)" : ", it is gone)"))
                .toList();
    }

    /** Plans and commits at once. */
    public synchronized MapBinding bind(String policy, List<MapDefinition> definitions) {
        MapBinding binding = plan(policy, definitions);
        binding.commit();
        return binding;
    }

    private static void requireDistinctNames(String policy, List<MapDefinition> definitions) {
        Set<String> names = new HashSet<>();
        for (MapDefinition definition : definitions) {
            if (!names.add(definition.name())) {
                throw new IllegalArgumentException("policy " + policy + " has two maps of name=" + definition.name());
            }
        }
    }

    private static @Nullable BpfMap withDefinition(List<BpfMap> maps, MapDefinition definition) {
        for (BpfMap map : maps) {
            if (map.definition().shares(definition)) {
                return map;
            }
        }
        return null;
    }

    /** Makes maps that an earlier activation had the policy's again. */
    synchronized void restore(String policy, List<BpfMap> maps) {
        PolicyMaps current = policies.getOrDefault(policy, PolicyMaps.NONE);
        commit(policy, current.generation(), maps);
    }

    /** Makes planned maps the policy's. */
    synchronized void commit(String policy, long plannedGeneration, List<BpfMap> maps) {
        PolicyMaps current = policies.getOrDefault(policy, PolicyMaps.NONE);
        if (current.generation() != plannedGeneration) {
            throw new IllegalStateException("maps of policy " + policy + " have changed since the plan: generation="
                    + current.generation() + ", planned=" + plannedGeneration + "; plan again");
        }
        if (current.maps().equals(maps)) {
            return;
        }
        maps.forEach(this::hold);
        policies.put(policy, new PolicyMaps(plannedGeneration + 1, maps));
        current.maps().forEach(this::letGo);
    }

    private void hold(BpfMap map) {
        holders.merge(map, 1, Integer::sum);
    }

    synchronized void letGo(BpfMap map) {
        Integer left = holders.compute(map, (_, count) -> count == null || count == 1 ? null : count - 1);
        if (left == null) {
            map.close();
        }
    }

    /** The names of the policies that have maps, sorted. */
    public synchronized Set<String> policies() {
        Set<String> names = new TreeSet<>();
        policies.forEach((name, current) -> {
            if (!current.maps().isEmpty()) {
                names.add(name);
            }
        });
        return names;
    }

    /** The current maps of a policy, in the order of their definitions; empty when it has none. */
    public synchronized List<BpfMap> maps(String policy) {
        return policies.getOrDefault(policy, PolicyMaps.NONE).maps();
    }

    /** Forgets the maps of a policy. Those that an image still runs on live until its binding is released. */
    public synchronized void drop(String policy) {
        PolicyMaps current = policies.getOrDefault(policy, PolicyMaps.NONE);
        policies.put(policy, new PolicyMaps(current.generation() + 1, List.of()));
        current.maps().forEach(this::letGo);
    }

    /** Forgets the maps of all policies. */
    @Override
    public synchronized void close() {
        List.copyOf(policies.keySet()).forEach(this::drop);
    }
}

package dev.gbpf.host.map;

import dev.gbpf.object.MapDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Which maps each policy has. Maps belong to the policy's name: an activation goes on with every map whose definition is the
 * same, types included, under the same name, as in the activation before. Safe for use by several threads.
 */
public final class MapRegistry implements AutoCloseable {
    /*
     * A map lives as long as it has a holder: the registry, as the owner of the policy's current maps, and every binding
     * that was planned and not yet released. Whoever lets the last hold go closes it.
     *
     * There is no lock over it all: a plane's thread commits, and must not wait for a thread that loads or frees. What changes is
     * one policy's record at a time, by comparing and setting, and one map's count.
     */
    private final Epochs epochs;
    private final ConcurrentMap<String, PolicyMaps> policies = new ConcurrentHashMap<>();
    private final ConcurrentMap<BpfMap, Integer> holders = new ConcurrentHashMap<>();

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
        return plan(policy, definitions, false, false);
    }

    /**
     * The same with more to say.
     *
     * @param copies whether it runs on copies of the maps that it would go on with: what its programs do is seen by nobody else
     *     until the binding is committed. Maps that nobody may change are not copied
     * @param migrates whether maps whose names begin with {@value MapPlan#OLD} stand for those of the earlier version
     * @see #plan(String, List)
     */
    public MapBinding plan(String policy, List<MapDefinition> definitions, boolean copies, boolean migrates) {
        requireDistinctNames(policy, definitions);
        while (true) {
            PolicyMaps current = current(policy);
            if (!holdAll(current.maps())) {
                continue; // they gave way to others meanwhile
            }
            MapPlan plan = new MapPlan(current.maps(), copies, epochs);
            try {
                for (MapDefinition definition : definitions) {
                    hold(plan.add(definition, migrates));
                }
            } catch (IllegalArgumentException | OutOfMemoryError e) {
                letGo(plan.maps());
                throw e;
            } finally {
                letGo(current.maps());
            }
            return new MapBinding(this, policy, current.generation(), plan);
        }
    }

    private PolicyMaps current(String policy) {
        return policies.getOrDefault(policy, PolicyMaps.NONE);
    }

    /** Plans and commits at once. */
    public MapBinding bind(String policy, List<MapDefinition> definitions) {
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

    /** Makes maps that an earlier activation had the policy's again. */
    void restore(String policy, List<BpfMap> maps) {
        PolicyMaps current;
        do {
            current = current(policy);
        } while (!replace(policy, current, maps));
    }

    /** Makes planned maps the policy's. */
    void commit(String policy, long plannedGeneration, List<BpfMap> maps) {
        PolicyMaps current = current(policy);
        if (current.generation() != plannedGeneration || !replace(policy, current, maps)) {
            throw new IllegalStateException("maps of policy " + policy + " have changed since the plan: generation="
                    + current(policy).generation() + ", planned=" + plannedGeneration + "; plan again");
        }
    }

    /** Makes maps, which the caller holds, the policy's in place of others; false when it has those no more. */
    private boolean replace(String policy, PolicyMaps current, List<BpfMap> maps) {
        if (current.maps().equals(maps)) {
            return true;
        }
        maps.forEach(this::hold);
        PolicyMaps next = new PolicyMaps(current.generation() + 1, maps);
        boolean replaced = current.generation() == PolicyMaps.NONE.generation()
                ? policies.putIfAbsent(policy, next) == null
                : policies.replace(policy, current, next);
        letGo(replaced ? current.maps() : maps);
        return replaced;
    }

    private void hold(BpfMap map) {
        holders.merge(map, 1, Integer::sum);
    }

    /** Holds maps that may be closed at any time; false, and nothing is held, when one of them is. */
    private boolean holdAll(List<BpfMap> maps) {
        for (int i = 0; i < maps.size(); i++) {
            if (holders.computeIfPresent(maps.get(i), (_, count) -> count + 1) == null) {
                letGo(maps.subList(0, i));
                return false;
            }
        }
        return true;
    }

    /** One holder less; those that nobody holds any more are closed. */
    void letGo(List<BpfMap> maps) {
        for (BpfMap map : maps) {
            if (holders.computeIfPresent(map, (_, count) -> count == 1 ? null : count - 1) == null) {
                map.close();
            }
        }
    }

    /** The names of the policies that have maps, sorted. */
    public Set<String> policies() {
        Set<String> names = new TreeSet<>();
        policies.forEach((name, current) -> {
            if (!current.maps().isEmpty()) {
                names.add(name);
            }
        });
        return names;
    }

    /** The current maps of a policy, in the order of their definitions; empty when it has none. */
    public List<BpfMap> maps(String policy) {
        return current(policy).maps();
    }

    /** Forgets the maps of a policy. Those that an image still runs on live until its binding is released. */
    public void drop(String policy) {
        restore(policy, List.of());
    }

    /** Forgets the maps of all policies. */
    @Override
    public void close() {
        List.copyOf(policies.keySet()).forEach(this::drop);
    }
}

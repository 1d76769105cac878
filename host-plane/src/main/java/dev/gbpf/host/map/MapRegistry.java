package dev.gbpf.host.map;

import dev.gbpf.object.MapDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

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
    public synchronized MapBinding plan(
            String policy, List<MapDefinition> definitions, boolean copies, boolean migrates) {
        requireDistinctNames(policy, definitions);
        PolicyMaps current = policies.getOrDefault(policy, PolicyMaps.NONE);
        MapPlan plan = new MapPlan(current.maps(), copies, epochs);
        try {
            for (MapDefinition definition : definitions) {
                hold(plan.add(definition, migrates));
            }
        } catch (IllegalArgumentException | OutOfMemoryError e) {
            letGo(plan.maps()).forEach(BpfMap::close);
            throw e;
        }
        return new MapBinding(this, policy, current.generation(), plan);
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
        letGo(current.maps()).forEach(BpfMap::close);
    }

    private void hold(BpfMap map) {
        holders.merge(map, 1, Integer::sum);
    }

    /** One holder less; those that nobody holds any more, which the caller closes. */
    synchronized List<BpfMap> letGo(List<BpfMap> maps) {
        List<BpfMap> unused = new ArrayList<>();
        for (BpfMap map : maps) {
            Integer left = holders.compute(map, (_, count) -> count == null || count == 1 ? null : count - 1);
            if (left == null) {
                unused.add(map);
            }
        }
        return unused;
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
    public void drop(String policy) {
        List<BpfMap> unused;
        synchronized (this) {
            PolicyMaps current = policies.getOrDefault(policy, PolicyMaps.NONE);
            policies.put(policy, new PolicyMaps(current.generation() + 1, List.of()));
            unused = letGo(current.maps());
        }
        unused.forEach(BpfMap::close);
    }

    /** Forgets the maps of all policies. */
    @Override
    public synchronized void close() {
        List.copyOf(policies.keySet()).forEach(this::drop);
    }
}

package dev.gbpf.host.map;

import dev.gbpf.object.MapDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;

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
     *
     * All of a commit but that comparing and setting is done before or after: whoever plans finds the policy's record, makes the
     * next one, and holds its maps for the registry; those of the record that gave way are let go by whoever plans, releases or
     * forgets next.
     */
    private final Epochs epochs;
    private final ConcurrentMap<String, AtomicReference<PolicyMaps>> policies = new ConcurrentHashMap<>();
    private final ConcurrentMap<BpfMap, Integer> holders = new ConcurrentHashMap<>();
    /** Maps of records that gave way, which the registry still holds. */
    private final Queue<List<BpfMap>> replaced = new ConcurrentLinkedQueue<>();

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

    /** A policy's current maps, which the registry holds; a record is compared by its identity. */
    static final class PolicyMaps {
        final List<BpfMap> maps;

        PolicyMaps(List<BpfMap> maps) {
            this.maps = maps;
        }
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
        letGoReplaced();
        AtomicReference<PolicyMaps> policysMaps = record(policy);
        while (true) {
            PolicyMaps current = policysMaps.get();
            if (!holdAll(current.maps)) {
                continue; // they gave way to others meanwhile
            }
            MapPlan plan = new MapPlan(current.maps, copies, epochs);
            try {
                for (MapDefinition definition : definitions) {
                    hold(plan.add(definition, migrates));
                }
            } catch (IllegalArgumentException | OutOfMemoryError e) {
                letGo(plan.maps());
                throw e;
            } finally {
                letGo(current.maps);
            }
            plan.own().forEach(this::hold); // for the registry
            return new MapBinding(this, policy, policysMaps, current, plan);
        }
    }

    private AtomicReference<PolicyMaps> record(String policy) {
        return policies.computeIfAbsent(policy, _ -> new AtomicReference<>(new PolicyMaps(List.of())));
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

    /** Makes maps that an earlier activation had, and that the caller holds, the policy's again. */
    void restore(AtomicReference<PolicyMaps> policysMaps, List<BpfMap> maps) {
        if (policysMaps.get().maps.equals(maps)) {
            return;
        }
        maps.forEach(this::hold);
        gaveWay(policysMaps.getAndSet(new PolicyMaps(maps)));
    }

    /** A record is nobody's any more: its maps are let go by somebody who has time. */
    void gaveWay(PolicyMaps record) {
        replaced.add(record.maps);
    }

    /** Lets the maps of records go that gave way; not for a plane's thread. */
    void letGoReplaced() {
        for (List<BpfMap> maps = replaced.poll(); maps != null; maps = replaced.poll()) {
            letGo(maps);
        }
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
            if (!current.get().maps.isEmpty()) {
                names.add(name);
            }
        });
        return names;
    }

    /** The current maps of a policy, in the order of their definitions; empty when it has none. */
    public List<BpfMap> maps(String policy) {
        AtomicReference<PolicyMaps> current = policies.get(policy);
        return current == null ? List.of() : current.get().maps;
    }

    /** Forgets the maps of a policy. Those that an image still runs on live until its binding is released. */
    public void drop(String policy) {
        AtomicReference<PolicyMaps> current = policies.get(policy);
        if (current != null) {
            restore(current, List.of());
        }
        letGoReplaced();
    }

    /** Forgets the maps of all policies. */
    @Override
    public void close() {
        List.copyOf(policies.keySet()).forEach(this::drop);
    }
}

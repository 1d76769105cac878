package dev.gbpf.host.map;

import dev.gbpf.host.map.MapRegistry.PolicyMaps;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The maps that one image of a policy runs on. It begins as a plan, which changes nothing that others see; {@link #commit}
 * makes its maps the policy's, {@link #release} says that the image runs no more. A plan may be released without commit.
 */
public final class MapBinding {
    private enum State {
        PLANNED,
        COMMITTED,
        RELEASED
    }

    private final MapRegistry registry;
    private final String policy;
    private final AtomicReference<PolicyMaps> policysMaps;
    private final PolicyMaps planned;
    private final PolicyMaps next;
    private final MapPlan plan;
    private final List<BpfMap> maps;
    private State state = State.PLANNED;

    /**
     * A plan.
     *
     * @param policysMaps where the policy's maps are
     * @param planned those that it had when the plan was made
     * @param plan its own maps are held for the registry, too
     */
    MapBinding(
            MapRegistry registry,
            String policy,
            AtomicReference<PolicyMaps> policysMaps,
            PolicyMaps planned,
            MapPlan plan) {
        this.registry = registry;
        this.policy = policy;
        this.policysMaps = policysMaps;
        this.planned = planned;
        this.next = planned.maps.equals(plan.own()) ? planned : new PolicyMaps(plan.own());
        this.plan = plan;
        this.maps = plan.maps();
    }

    public String policy() {
        return policy;
    }

    /** The maps in the order of their definitions. */
    public List<BpfMap> maps() {
        return maps;
    }

    /** Names of maps that the policy had with the same definition, and that go on with their entries. */
    public List<String> kept() {
        return plan.kept();
    }

    /** Names of maps that start empty: new ones, and those whose definition changed. */
    public List<String> fresh() {
        return plan.fresh();
    }

    /** Names of maps of the policy whose contents a program of the version takes over. */
    public List<String> migrated() {
        return plan.migrated();
    }

    /** Copies the contents of the policy's maps to those that stand for them in {@code migrate}. */
    public void fillOldMaps() {
        plan.oldMaps().forEach((map, earlier) -> MapCopy.copy(earlier, map));
    }

    /** Names of maps of the policy that it neither goes on with nor migrates: gone, or with another definition. */
    public List<String> dropped() {
        return plan.dropped();
    }

    /** In words, the contents of maps that are dropped, as far as they have any. */
    public List<String> lost() {
        return plan.lost();
    }

    /**
     * Makes these maps the policy's; a second time, when an earlier image comes back, makes them so again. Dropped maps live on
     * for as long as another binding holds them.
     *
     * @throws IllegalStateException when it was released before, or when the policy's maps have changed since the plan was
     *     made: plan again
     */
    public synchronized void commit() {
        switch (state) {
            case PLANNED -> {
                if (!policysMaps.compareAndSet(planned, next)) {
                    throw new IllegalStateException(
                            "maps of policy " + policy + " have changed since the plan; plan again");
                }
                registry.gaveWay(planned); // or held twice
            }
            case COMMITTED -> registry.restore(policysMaps, plan.own());
            case RELEASED -> throw new IllegalStateException("binding of policy " + policy + " is released already");
        }
        state = State.COMMITTED;
    }

    /** Lets the maps go; those that nobody else holds are freed. Releasing twice does nothing. */
    public void release() {
        boolean wasPlanned;
        synchronized (this) {
            if (state == State.RELEASED) {
                return;
            }
            wasPlanned = state == State.PLANNED;
            state = State.RELEASED;
        }
        registry.letGoReplaced();
        registry.letGo(maps);
        if (wasPlanned) {
            registry.letGo(plan.own());
        }
    }
}

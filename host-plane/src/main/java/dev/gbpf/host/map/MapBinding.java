package dev.gbpf.host.map;

import java.util.List;

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
    private final long generation;
    private final List<BpfMap> maps;
    private final List<String> kept;
    private final List<String> fresh;
    private final List<String> dropped;
    private final List<String> lost;
    private State state = State.PLANNED;

    MapBinding(
            MapRegistry registry,
            String policy,
            long generation,
            List<BpfMap> maps,
            List<String> kept,
            List<String> fresh,
            List<String> dropped,
            List<String> lost) {
        this.registry = registry;
        this.policy = policy;
        this.generation = generation;
        this.maps = List.copyOf(maps);
        this.kept = List.copyOf(kept);
        this.fresh = List.copyOf(fresh);
        this.dropped = List.copyOf(dropped);
        this.lost = List.copyOf(lost);
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
        return kept;
    }

    /** Names of maps that start empty: new ones, and those whose definition changed. */
    public List<String> fresh() {
        return fresh;
    }

    /** Names of maps of the policy that it does not go on with: gone, or with another definition. */
    public List<String> dropped() {
        return dropped;
    }

    /** In words, the contents of maps that are dropped, as far as they have any. */
    public List<String> lost() {
        return lost;
    }

    /**
     * Makes these maps the policy's; a second time, when an earlier image comes back, makes them so again. Dropped maps live on
     * for as long as another binding holds them.
     *
     * @throws IllegalStateException when it was released before, or when the policy's maps have changed since the plan was
     *     made: plan again
     */
    public void commit() {
        synchronized (registry) {
            switch (state) {
                case PLANNED -> registry.commit(policy, generation, maps);
                case COMMITTED -> registry.restore(policy, maps);
                case RELEASED ->
                    throw new IllegalStateException("binding of policy " + policy + " is released already");
            }
            state = State.COMMITTED;
        }
    }

    /** Lets the maps go; those that nobody else holds are freed. Releasing twice does nothing. */
    public void release() {
        synchronized (registry) {
            if (state != State.RELEASED) {
                state = State.RELEASED;
                maps.forEach(registry::letGo);
            }
        }
    }
}

package dev.gbpf.host.scenario;

import dev.gbpf.host.map.MapRegistry;

/** Looks at the maps of a run when it is over. */
@FunctionalInterface
public interface MapObserver {
    /** Looks at nothing. */
    MapObserver NONE = (policy, maps) -> {};

    /**
     * A run is over, and its maps are as its policies left them. Runs of a comparison call from several threads.
     *
     * @param policy the policy that decided at first, as the scenario calls it
     * @param maps of all policies of the run; only for the time of the call
     */
    void ended(String policy, MapRegistry maps);
}

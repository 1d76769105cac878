package dev.gbpf.host.scenario;

import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.plane.PolicyPlane;

/** Looks at the runs of a scenario, from the threads that run them. It has no influence on results. */
public interface RunObserver {
    /** Looks at nothing. */
    RunObserver NONE = new RunObserver() {};

    /** A run goes on; called now and then. {@code plane} is for the time of the call. */
    default void running(PolicyPlane plane) {}

    /**
     * A run is over, and its maps are as its policies left them.
     *
     * @param policy the policy that decided at first, as the scenario calls it
     * @param maps of all policies of the run; only for the time of the call
     */
    default void ended(String policy, MapRegistry maps) {}
}

package dev.gbpf.host.swap;

/** What became of a command. */
public sealed interface SwapOutcome {
    /** Another policy, or none, decides from here on. */
    record Activated(ActivationRecord activation) implements SwapOutcome {}

    /** The image is on trial. */
    record TrialStarted(TrialReport trial) implements SwapOutcome {}

    /** The trial is over, and the policy that decided before it decides on. */
    record TrialEnded(TrialReport trial) implements SwapOutcome {}

    /**
     * Nothing changed.
     *
     * @param policy the policy that was to be activated
     * @param why a sentence: what its {@code init} returned, or how it failed
     */
    record Refused(String policy, String why) implements SwapOutcome {}
}

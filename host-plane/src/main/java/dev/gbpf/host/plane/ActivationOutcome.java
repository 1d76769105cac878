package dev.gbpf.host.plane;

/** What became of an attempt to activate a policy. */
public sealed interface ActivationOutcome {
    /** The policy decides from here on. */
    record Activated(ActivationRecord activation) implements ActivationOutcome {}

    /**
     * Nothing changed.
     *
     * @param policy the policy that was to be activated
     * @param why a sentence: what its {@code init} returned, or how it failed
     */
    record Refused(String policy, String why) implements ActivationOutcome {}
}

package dev.gbpf.host.swap;

import java.util.List;

/** Keeps what became of policies. The plane's thread writes; any thread may read. */
public interface ActivationLog {
    /** Another policy, or none, decides. Must not block. */
    void activated(ActivationRecord activation);

    /** A trial is over. Must not block. */
    void trialEnded(TrialReport trial);

    /** The newest activations, oldest first. */
    List<ActivationRecord> activations();

    /** The newest trials that ended, oldest first. */
    List<TrialReport> trials();
}

package dev.gbpf.host.swap;

import java.util.Locale;

/** How a trial stands. */
public enum TrialOutcome {
    RUNNING,
    /** Its image decides about all jobs. */
    PROMOTED,
    /** Its time was over, or a command or a further swap ended it. */
    DROPPED,
    /** A guard tripped, its image failed or stalled. */
    ROLLED_BACK;

    /** The word in records. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package dev.gbpf.lang.policytest;

import dev.gbpf.abi.Helper;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a hook can have done by calling a helper that succeeded. */
public enum HelperEvent {
    /** A dispatch queue was created. */
    CREATED("dsq, order", 2, Helper.DSQ_CREATE),
    /** The job joined a dispatch queue. */
    INSERTED("dsq, vtime", 2, Helper.DSQ_INSERT, Helper.DSQ_INSERT_VTIME),
    /** The head of a dispatch queue moved to another. */
    MOVED("from, to, vtime", 3, Helper.DSQ_MOVE),
    /** Another round of dispatching was asked for. */
    KICKED("vslice", 1, Helper.KICK),
    /** A number was logged. */
    LOGGED("tag, value", 2, Helper.LOG),
    /** A tenant's timeslice was set. */
    TIMESLICED("tenant, us", 2, Helper.TIMESLICE_SET),
    /** A tenant's gate was set. */
    GATED("tenant, credit_ns", 2, Helper.GATE_SET),
    /** How often a tenant's streams have stop points was set. */
    STOPPABLE("tenant, every_ns", 2, Helper.STOP_POINTS_SET),
    /** On which SMs a tenant's streams run was set. */
    PARTITIONED("tenant, first, count", 3, Helper.SM_PARTITION_SET),
    /** A tenant's quota of memory was set. */
    LIMITED("tenant, bytes", 2, Helper.QUOTA_SET),
    /** How fast a tenant may copy was set. */
    PACED("tenant, bytes_per_s", 2, Helper.COPY_RATE_SET),
    /** What is added to the priorities of a tenant's streams was set. */
    PRIORITIZED("tenant, delta", 2, Helper.STREAM_PRIORITY_SET);

    private final String parameters;
    private final int arguments;
    private final List<Helper> helpers;

    HelperEvent(String parameters, int arguments, Helper... helpers) {
        this.parameters = parameters;
        this.arguments = arguments;
        this.helpers = List.of(helpers);
    }

    /** The word in an expectation. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How it is written. */
    public String signature() {
        return word() + "(" + parameters + ")";
    }

    /** Arguments that it may have, at most. */
    public int arguments() {
        return arguments;
    }

    /** The helpers that count. */
    public List<Helper> helpers() {
        return helpers;
    }

    /** The event of a word. */
    public static Optional<HelperEvent> byWord(String word) {
        return Arrays.stream(values()).filter(e -> e.word().equals(word)).findFirst();
    }

    /** The event of a call of a helper. */
    public static Optional<HelperEvent> of(Helper helper) {
        return Arrays.stream(values()).filter(e -> e.helpers.contains(helper)).findFirst();
    }
}

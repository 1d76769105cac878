package dev.gbpf.host.device;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Errno;
import java.util.Arrays;

/**
 * What one policy wants of each tenant of a device that runs unmodified applications; what it does not say is left as the tenant's
 * configuration has it. They belong to the policy and go with it. Confined to the plane's thread.
 */
public final class LeverSettings {
    /** The policy does not say. */
    public static final long UNSET = Long.MIN_VALUE;

    /** Everything passes. */
    public static final long OPEN = -1;

    /** The longest timeslice, us. */
    public static final long MOST_TIMESLICE_US = 100_000_000;

    /** How far the priority of streams may be moved, either way. */
    public static final long MOST_PRIORITY_DELTA = 100;

    private final long[][] values;
    private long version;

    /** What can be set. */
    public enum Lever {
        TIMESLICE_US(0, MOST_TIMESLICE_US),
        GATE_NS(OPEN, Long.MAX_VALUE),
        STOP_EVERY_NS(0, Long.MAX_VALUE),
        /** An {@link SmPartition}'s word. */
        SM_PARTITION(SmPartition.NONE, SmPartition.MOST_WORD),
        QUOTA_BYTES(0, Long.MAX_VALUE),
        COPY_BYTES_PER_SECOND(0, Long.MAX_VALUE),
        STREAM_PRIORITY(-MOST_PRIORITY_DELTA, MOST_PRIORITY_DELTA);

        private final long least;
        private final long most;

        Lever(long least, long most) {
            this.least = least;
            this.most = most;
        }
    }

    /** Nothing is set. */
    public LeverSettings() {
        this.values = new long[Lever.values().length][Constants.MAX_TENANTS];
        for (long[] ofLever : values) {
            Arrays.fill(ofLever, UNSET);
        }
    }

    /**
     * Sets a lever for a tenant.
     *
     * @return 0, or {@link Errno#EINVAL} and nothing changes
     */
    public long set(Lever lever, long tenant, long value) {
        if (tenant < 0 || tenant >= Constants.MAX_TENANTS || value < lever.least || value > lever.most) {
            return Errno.EINVAL;
        }
        long[] ofLever = values[lever.ordinal()];
        if (ofLever[(int) tenant] != value) {
            ofLever[(int) tenant] = value;
            version++;
        }
        return 0;
    }

    /** What is set, or {@link #UNSET}. */
    public long get(Lever lever, int tenant) {
        return values[lever.ordinal()][tenant];
    }

    /** What is set, or what holds otherwise. */
    public long get(Lever lever, int tenant, long otherwise) {
        long value = values[lever.ordinal()][tenant];
        return value == UNSET ? otherwise : value;
    }

    /** Grows with each change. */
    public long version() {
        return version;
    }
}

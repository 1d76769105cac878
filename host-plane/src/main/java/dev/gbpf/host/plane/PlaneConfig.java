package dev.gbpf.host.plane;

import dev.gbpf.abi.Constants;
import dev.gbpf.host.failsafe.FailsafeConfig;
import dev.gbpf.host.queue.Tenant;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What a plane needs to know from the start.
 *
 * @param tenants in order of their index, 1 to {@link Constants#MAX_TENANTS}
 * @param seed of the policies' pseudo-random numbers
 * @param failsafe when the plane takes a policy out
 * @param reclaimer frees images that will not come back; closing their memory takes longer than a decision may
 */
public record PlaneConfig(List<Tenant> tenants, long seed, FailsafeConfig failsafe, Executor reclaimer) {
    /** Half a second. */
    public static final long DEFAULT_STALL_LIMIT_NS = FailsafeConfig.DEFAULTS.stallNs();

    /** A plane that frees images on its own thread. */
    public PlaneConfig(List<Tenant> tenants, long seed, FailsafeConfig failsafe) {
        this(tenants, seed, failsafe, Runnable::run);
    }

    public PlaneConfig {
        tenants = List.copyOf(tenants);
        if (tenants.isEmpty() || tenants.size() > Constants.MAX_TENANTS) {
            throw new IllegalArgumentException("tenants=" + tenants.size() + " is not in 1.." + Constants.MAX_TENANTS);
        }
        for (int i = 0; i < tenants.size(); i++) {
            if (tenants.get(i).index() != i) {
                throw new IllegalArgumentException("tenant " + tenants.get(i).name() + " has index="
                        + tenants.get(i).index() + ", expected " + i);
            }
        }
    }

    /**
     * With the default limits but one.
     *
     * @param stallLimitNs how long jobs may wait while the device has room and the policy hands out nothing, ns
     */
    public PlaneConfig(List<Tenant> tenants, long seed, long stallLimitNs) {
        this(tenants, seed, FailsafeConfig.DEFAULTS.withStallNs(stallLimitNs));
    }
}

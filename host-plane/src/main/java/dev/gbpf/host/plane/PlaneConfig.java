package dev.gbpf.host.plane;

import dev.gbpf.host.failsafe.FailsafeConfig;
import dev.gbpf.host.queue.Roster;
import dev.gbpf.host.queue.Tenant;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What a plane needs to know from the start.
 *
 * @param roster the tenants
 * @param seed of the policies' pseudo-random numbers
 * @param failsafe when the plane takes a policy out
 * @param reclaimer frees images that will not come back; closing their memory takes longer than a decision may
 */
public record PlaneConfig(Roster roster, long seed, FailsafeConfig failsafe, Executor reclaimer) {
    /** Half a second. */
    public static final long DEFAULT_STALL_LIMIT_NS = FailsafeConfig.DEFAULTS.stallNs();

    /** A plane that frees images on its own thread. */
    public PlaneConfig(List<Tenant> tenants, long seed, FailsafeConfig failsafe) {
        this(tenants, seed, failsafe, Runnable::run);
    }

    public PlaneConfig {
        if (roster.size() < 1) {
            throw new IllegalArgumentException("a plane needs a tenant, tenants=" + roster.size());
        }
    }

    /** Those tenants and no others, 1 to {@link dev.gbpf.abi.Constants#MAX_TENANTS}, in order of their index. */
    public PlaneConfig(List<Tenant> tenants, long seed, FailsafeConfig failsafe, Executor reclaimer) {
        this(Roster.of(tenants), seed, failsafe, reclaimer);
    }

    /** The tenants that there are now, by index. */
    public List<Tenant> tenants() {
        return roster.tenants();
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

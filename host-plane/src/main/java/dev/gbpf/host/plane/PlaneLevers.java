package dev.gbpf.host.plane;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Errno;
import dev.gbpf.host.device.LeverSettings;
import dev.gbpf.host.device.LeverSettings.Lever;
import dev.gbpf.host.device.TenantLevers;
import org.jspecify.annotations.Nullable;

/**
 * The levers of one side: what its policy sets is kept here, and has an effect only while the side decides. A shadow or a canary
 * sets what will hold when it is promoted.
 */
final class PlaneLevers {
    private final @Nullable TenantLevers device;
    private final LeverSettings settings = new LeverSettings();

    PlaneLevers(@Nullable TenantLevers device) {
        this.device = device;
    }

    /** From here on this side decides. */
    void hold(boolean bypass) {
        if (device != null) {
            device.hold(settings, bypass);
        }
    }

    long set(Lever lever, long tenant, long value) {
        return device == null ? Errno.EOPNOTSUPP : settings.set(lever, tenant, value);
    }

    long usedNs(long tenant) {
        return device == null ? Errno.EOPNOTSUPP : isTenant(tenant) ? device.usedNs((int) tenant) : Errno.EINVAL;
    }

    long isBusy(long tenant) {
        if (device == null) {
            return Errno.EOPNOTSUPP;
        }
        return !isTenant(tenant) ? Errno.EINVAL : device.isBusy((int) tenant) ? 1 : 0;
    }

    private static boolean isTenant(long tenant) {
        return tenant >= 0 && tenant < Constants.MAX_TENANTS;
    }
}

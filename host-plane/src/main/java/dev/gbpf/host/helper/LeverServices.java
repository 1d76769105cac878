package dev.gbpf.host.helper;

import dev.gbpf.abi.Errno;

/** The helpers about tenants. Levers work on a device that runs unmodified applications; any other has none. */
public interface LeverServices {
    default long tenantWeight(long tenant) {
        return Errno.ENOENT;
    }

    default long tenantPriority(long tenant) {
        return Errno.ENOENT;
    }

    default long timesliceSet(long tenant, long us) {
        return Errno.EOPNOTSUPP;
    }

    default long gateSet(long tenant, long creditNs) {
        return Errno.EOPNOTSUPP;
    }

    default long stopPointsSet(long tenant, long everyNs) {
        return Errno.EOPNOTSUPP;
    }

    default long smPartitionSet(long tenant, long first, long count) {
        return Errno.EOPNOTSUPP;
    }

    default long quotaSet(long tenant, long bytes) {
        return Errno.EOPNOTSUPP;
    }

    default long copyRateSet(long tenant, long bytesPerSecond) {
        return Errno.EOPNOTSUPP;
    }

    default long streamPrioritySet(long tenant, long delta) {
        return Errno.EOPNOTSUPP;
    }

    default long tenantUsedNs(long tenant) {
        return Errno.EOPNOTSUPP;
    }

    default long tenantBusy(long tenant) {
        return Errno.EOPNOTSUPP;
    }
}

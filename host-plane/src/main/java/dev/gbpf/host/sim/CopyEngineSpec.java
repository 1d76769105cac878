package dev.gbpf.host.sim;

import dev.gbpf.host.check.Checks;

/**
 * A copy engine of the device: one for each direction, one piece of a copy at a time.
 *
 * @param bytesPerSecond what it moves, at least 1
 * @param latencyNs what each piece costs besides, ns; the engine is held that long too
 */
public record CopyEngineSpec(long bytesPerSecond, long latencyNs) {
    public CopyEngineSpec {
        Checks.inRange("copy engine", "bytesPerSecond", bytesPerSecond, 1, 1L << 50);
        Checks.inRange("copy engine", "latencyNs", latencyNs, 0, DeviceModel.MAX_TIME_NS);
    }

    /** Time that a copy in one piece, or a piece of one, holds the engine, ns: latency + bytes / bandwidth, rounded up, at least 1. */
    public long durationNs(long bytes) {
        double transferNs = (double) bytes * 1e9 / (double) bytesPerSecond;
        return Math.max(1, latencyNs + (long) Math.ceil(transferNs));
    }
}

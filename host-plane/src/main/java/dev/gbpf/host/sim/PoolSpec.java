package dev.gbpf.host.sim;

import dev.gbpf.host.check.Checks;

/**
 * A part of the device's memory that allocations can be put into.
 *
 * @param name for people
 * @param bytes how much it has when it lends and borrows nothing
 */
public record PoolSpec(String name, long bytes) {
    public PoolSpec {
        Checks.named("pool", name);
        Checks.inRange("pool " + name, "bytes", bytes, 1, 1L << 50);
    }
}

package dev.gbpf.host.workload;

import dev.gbpf.host.allocation.Access;
import dev.gbpf.host.check.Checks;
import dev.gbpf.host.queue.Tenant;

/**
 * A tenant whose clients each hold an allocation for a while, and use it again and again with a kernel.
 *
 * @param tenant whose they are; its name is part of the seed of its random numbers
 * @param seed the scenario's
 * @param clients how many, 1 to 10,000; each has one allocation at a time
 * @param leastBytes least size of an allocation; each draws its own, uniformly
 * @param mostBytes greatest size, at least the least
 * @param access how often policies are told that it will be used
 * @param random whether kernels read it here and there
 * @param pinned whether it must not leave the device
 * @param compressedTo what is left of it when it is compressed, in thousandths
 * @param uses how often it is used before it is given back, 0 for until the end
 * @param meanThinkNs mean time between two uses, and before the first, ns; exponential
 * @param service how long a kernel takes that never waits for its data
 * @param width SMs that a kernel can use
 * @param startNs when the clients begin, ns
 * @param endNs from when on they use nothing more, ns, not before the start
 */
public record MemoryParameters(
        Tenant tenant,
        long seed,
        int clients,
        long leastBytes,
        long mostBytes,
        Access access,
        boolean random,
        boolean pinned,
        int compressedTo,
        long uses,
        long meanThinkNs,
        ServiceTime service,
        int width,
        long startNs,
        long endNs) {
    public static final int MAX_CLIENTS = 10_000;

    public MemoryParameters {
        String owner = "memory of tenant " + tenant.name();
        Checks.inRange(owner, "clients", clients, 1, MAX_CLIENTS);
        Checks.inRange(owner, "leastBytes", leastBytes, 1, 1L << 50);
        Checks.inRange(owner, "mostBytes", mostBytes, leastBytes, 1L << 50);
        Checks.inRange(owner, "compressedTo", compressedTo, 1, 1000);
        Checks.inRange(owner, "uses", uses, 0, Long.MAX_VALUE);
        Checks.timeNs(owner, "meanThinkNs", meanThinkNs, 0);
        Checks.inRange(owner, "width", width, 1, 65_535);
        Checks.timeNs(owner, "startNs", startNs, 0);
        Checks.timeNs(owner, "endNs", endNs, startNs);
    }

    /** The same with other random choices. */
    public MemoryParameters withSeed(long newSeed) {
        return new MemoryParameters(
                tenant,
                newSeed,
                clients,
                leastBytes,
                mostBytes,
                access,
                random,
                pinned,
                compressedTo,
                uses,
                meanThinkNs,
                service,
                width,
                startNs,
                endNs);
    }
}

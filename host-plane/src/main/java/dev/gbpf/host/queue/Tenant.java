package dev.gbpf.host.queue;

/**
 * Somebody who shares the device.
 *
 * @param index from 0, below {@link dev.gbpf.abi.Constants#MAX_TENANTS}
 * @param name unique, for people
 * @param weight share relative to the other tenants', 1 to 1,000,000
 * @param priority greater is more urgent, 0 to 1,000
 * @param copyBytesPerSecond what it may copy, bytes a second; 0 for no limit
 * @param copyBurstBytes bytes that it may copy at once after a pause
 * @param memory how much device memory it is to have
 */
public record Tenant(
        int index,
        String name,
        int weight,
        int priority,
        long copyBytesPerSecond,
        long copyBurstBytes,
        MemoryLimits memory) {
    /** A tenant that may copy as much as it likes. */
    public Tenant(int index, String name, int weight, int priority, MemoryLimits memory) {
        this(index, name, weight, priority, 0, 0, memory);
    }

    /** A tenant without limits of memory. */
    public Tenant(int index, String name, int weight, int priority, long copyBytesPerSecond, long copyBurstBytes) {
        this(index, name, weight, priority, copyBytesPerSecond, copyBurstBytes, MemoryLimits.NONE);
    }

    public Tenant {
        if (weight < 1 || weight > 1_000_000) {
            throw new IllegalArgumentException("tenant " + name + ": weight=" + weight + " is not in 1..1000000");
        }
        if (priority < 0 || priority > 1_000) {
            throw new IllegalArgumentException("tenant " + name + ": priority=" + priority + " is not in 0..1000");
        }
        if (copyBytesPerSecond < 0 || copyBurstBytes < 0) {
            throw new IllegalArgumentException("tenant " + name + ": copyBytesPerSecond=" + copyBytesPerSecond
                    + " copyBurstBytes=" + copyBurstBytes + ": none may be negative");
        }
    }

    /** A tenant that may copy as much as it likes. */
    public Tenant(int index, String name, int weight, int priority) {
        this(index, name, weight, priority, 0, 0);
    }
}

package dev.gbpf.host.queue;

/**
 * How much device memory a tenant is to have, as configured; policies see it in the map {@code MEMPOOL}.
 *
 * @param softBytes what it may count on, 0 for all that is free
 * @param hardBytes what it must not exceed, 0 for no limit
 */
public record MemoryLimits(long softBytes, long hardBytes) {
    public static final MemoryLimits NONE = new MemoryLimits(0, 0);

    public MemoryLimits {
        if (softBytes < 0 || hardBytes < 0 || (hardBytes != 0 && softBytes > hardBytes)) {
            throw new IllegalArgumentException("memory limits softBytes=" + softBytes + " hardBytes=" + hardBytes
                    + ": none may be negative, nor the" + " soft one above the hard one");
        }
    }
}

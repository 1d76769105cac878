package dev.gbpf.host.allocation;

/**
 * What a tenant asks for.
 *
 * @param bytes what it is to hold, 1 to 2^50
 * @param access how often it will be used
 * @param random whether it is read here and there, not from end to end
 * @param pinned whether it never leaves the device once it is there
 * @param compressedTo what is left of it when it is compressed, in thousandths, 1 to 1000
 * @param tag a number of the application's own
 */
public record AllocationSpec(long bytes, Access access, boolean random, boolean pinned, int compressedTo, long tag) {
    public static final long MAX_BYTES = 1L << 50;

    public AllocationSpec {
        if (bytes < 1 || bytes > MAX_BYTES) {
            throw new IllegalArgumentException("allocation bytes=" + bytes + " is not in 1.." + MAX_BYTES);
        }
        if (compressedTo < 1 || compressedTo > 1000) {
            throw new IllegalArgumentException("allocation compressedTo=" + compressedTo + " is not in 1..1000");
        }
    }

    /** So many bytes of which nothing else is known. */
    public static AllocationSpec of(long bytes) {
        return new AllocationSpec(bytes, Access.WARM, false, false, 1000, 0);
    }

    /** Bytes that its contents take, before pages round them up. */
    public long content(boolean compressed) {
        return compressed ? bytes / 1000 * compressedTo + (bytes % 1000 * compressedTo + 999) / 1000 : bytes;
    }

    /** Device memory that it takes, bytes: whole pages. */
    public long footprint(PageSize pages, boolean compressed) {
        return pages.pages(content(compressed)) * pages.bytes();
    }
}

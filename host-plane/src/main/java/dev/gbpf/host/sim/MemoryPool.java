package dev.gbpf.host.sim;

/** A pool of device memory as numbers: what is taken is counted, where it lies is not. */
final class MemoryPool {
    private final long homeBytes;
    private long capacityBytes;
    private long usedBytes;
    private long leavingBytes;

    MemoryPool(long homeBytes) {
        this.homeBytes = homeBytes;
        this.capacityBytes = homeBytes;
    }

    /** What it has now, bytes. */
    long capacityBytes() {
        return capacityBytes;
    }

    long usedBytes() {
        return usedBytes;
    }

    long freeBytes() {
        return capacityBytes - usedBytes;
    }

    /** Of what is used, bytes that moves on their way will free. */
    long leavingBytes() {
        return leavingBytes;
    }

    /** A move begins that frees so many bytes, or with a negative number is over. */
    void leaving(long bytes) {
        leavingBytes += bytes;
    }

    /** Takes memory, or takes nothing and says so. */
    boolean take(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("device memory: cannot take bytes=" + bytes);
        }
        if (bytes > capacityBytes - usedBytes) {
            return false;
        }
        usedBytes += bytes;
        return true;
    }

    /** Gives memory back. */
    void release(long bytes) {
        if (bytes < 0 || bytes > usedBytes) {
            throw new IllegalStateException("device memory: cannot give back bytes=" + bytes + ", used=" + usedBytes
                    + "; a job must release only " + "what an earlier job of the workload took");
        }
        usedBytes -= bytes;
    }

    /** It borrows memory, or with a negative number lends it. */
    void borrow(long bytes) {
        capacityBytes += bytes;
    }

    /** What it has borrowed and does not use, bytes. */
    long spareBytes() {
        return Math.clamp(capacityBytes - homeBytes, 0, Math.max(0, freeBytes()));
    }

    /** What it has lent, bytes. */
    long lentBytes() {
        return Math.max(0, homeBytes - capacityBytes);
    }
}

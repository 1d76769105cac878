package dev.gbpf.host.sim;

/** Device memory as one number: what is taken is counted, where it lies is not. */
final class MemoryPool {
    private final long totalBytes;
    private long usedBytes;

    MemoryPool(long totalBytes) {
        this.totalBytes = totalBytes;
    }

    long usedBytes() {
        return usedBytes;
    }

    /** Takes memory, or takes nothing and says so. */
    boolean take(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("device memory: cannot take bytes=" + bytes);
        }
        if (bytes > totalBytes - usedBytes) {
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
}

package dev.gbpf.host.queue;

/**
 * What a job is, apart from its identity; many jobs may share one.
 *
 * @param kind kernel or copy
 * @param width SMs that a kernel can use at once, at least 1; 0 for a copy
 * @param costNs estimate of its device time alone, ns, as policies see it; 0 when unknown
 * @param workNs its true device time alone, ns, as the simulated device takes it; for a batched job its own part of the
 *     batch's time
 * @param bytes copy: bytes to move; kernel: device memory that it takes when it starts
 * @param releaseBytes device memory given back when it ends
 * @param deadlineAfterNs when it should be finished, ns after its submission; 0 for no deadline
 * @param batchClass 0 when it runs alone, else the device's batch class (from 1) that may run it with others
 * @param memoryIntensity part of the device's memory bandwidth that it uses when alone, in thousandths
 * @param tag a number of the application's own
 */
public record JobSpec(
        JobKind kind,
        int width,
        long costNs,
        long workNs,
        long bytes,
        long releaseBytes,
        long deadlineAfterNs,
        int batchClass,
        int memoryIntensity,
        long tag) {
    private static final int MAX_WIDTH = 65_535;

    public JobSpec {
        if (width < 0 || width > MAX_WIDTH || (kind == JobKind.KERNEL && width == 0)) {
            throw new IllegalArgumentException("job width=" + width + " is not in 1.." + MAX_WIDTH + " (0 for a copy)");
        }
        if (costNs < 0 || workNs < 0 || bytes < 0 || releaseBytes < 0 || deadlineAfterNs < 0) {
            throw new IllegalArgumentException(
                    "job costNs=" + costNs + " workNs=" + workNs + " bytes=" + bytes + " releaseBytes=" + releaseBytes
                            + " deadlineAfterNs=" + deadlineAfterNs + ": none may be negative");
        }
    }
}

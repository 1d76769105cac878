package dev.gbpf.host.workload;

import dev.gbpf.host.check.Checks;

/**
 * What a request of a synthetic tenant consists of: a copy in, kernels, a copy out, submitted at once to one stream.
 *
 * @param kernels how many, 0 to 10,000; with no kernel there must be a copy
 * @param minWidth least SMs of a kernel
 * @param maxWidth most SMs of a kernel; each draws its own, uniformly
 * @param memoryIntensity part of the memory bandwidth that a kernel uses when alone, in thousandths
 * @param memoryBytes device memory that each kernel takes at its start and gives back at its end
 * @param copyInBytes bytes copied to the device first, 0 for no copy
 * @param copyOutBytes bytes copied from the device last, 0 for no copy
 * @param deadlineAfterNs when each job should be over, ns after the request came; 0 for no deadline
 * @param estimate what policies are told of the kernels' times
 */
public record RequestShape(
        int kernels,
        int minWidth,
        int maxWidth,
        int memoryIntensity,
        long memoryBytes,
        long copyInBytes,
        long copyOutBytes,
        long deadlineAfterNs,
        Estimate estimate) {
    /** What policies are told of a kernel's time. */
    public enum Estimate {
        /** The true time. */
        EXACT,
        /** The mean of the distribution that it is drawn from. */
        MEAN,
        /** Nothing: 0. */
        UNKNOWN
    }

    public RequestShape {
        String owner = "request shape";
        Checks.inRange(owner, "kernels", kernels, 0, 10_000);
        Checks.inRange(owner, "minWidth", minWidth, 1, 65_536);
        Checks.inRange(owner, "maxWidth", maxWidth, minWidth, 65_536);
        Checks.inRange(owner, "memoryIntensity", memoryIntensity, 0, 1000);
        Checks.inRange(owner, "memoryBytes", memoryBytes, 0, 1L << 50);
        Checks.inRange(owner, "copyInBytes", copyInBytes, 0, 1L << 50);
        Checks.inRange(owner, "copyOutBytes", copyOutBytes, 0, 1L << 50);
        Checks.timeNs(owner, "deadlineAfterNs", deadlineAfterNs, 0);
        if (kernels == 0 && copyInBytes == 0 && copyOutBytes == 0) {
            throw new IllegalArgumentException(owner + ": kernels=0 and no copies: a request must have a job");
        }
    }

    /** One kernel of a given width, its time known to policies, and nothing else. */
    public static RequestShape kernel(int width) {
        return new RequestShape(1, width, width, 0, 0, 0, 0, 0, Estimate.EXACT);
    }

    /** Jobs of one request. */
    public int jobs() {
        return kernels + (copyInBytes > 0 ? 1 : 0) + (copyOutBytes > 0 ? 1 : 0);
    }
}

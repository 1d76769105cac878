package dev.gbpf.host.sim;

import dev.gbpf.host.check.Checks;

/**
 * A vSlice of the simulated device: SMs of its own and room for jobs.
 *
 * @param name unique, for people
 * @param sms SMs that only its kernels use, at least 1
 * @param inflightLimit jobs that the plane may have on it at once, at least 1; a job waiting on the device for its stream or
 *     for a batch counts
 */
public record VsliceSpec(String name, int sms, int inflightLimit) {
    /** The greatest in-flight limit. */
    public static final int MAX_INFLIGHT = 1 << 20;

    public VsliceSpec {
        Checks.named("vslice", name);
        Checks.inRange("vslice " + name, "sms", sms, 1, DeviceModel.MAX_SMS);
        Checks.inRange("vslice " + name, "inflightLimit", inflightLimit, 1, MAX_INFLIGHT);
    }
}

package dev.gbpf.host.queue;

import dev.gbpf.abi.Constants;

/** What a job asks of the device. */
public enum JobKind {
    /** A kernel or a graph launch. */
    KERNEL(Constants.KIND_KERNEL),
    /** A copy from host to device memory. */
    COPY_H2D(Constants.KIND_COPY_H2D),
    /** A copy from device to host memory. */
    COPY_D2H(Constants.KIND_COPY_D2H);

    private final long number;

    JobKind(long number) {
        this.number = number;
    }

    /** The value of {@code ctx.kind}. */
    public long number() {
        return number;
    }
}

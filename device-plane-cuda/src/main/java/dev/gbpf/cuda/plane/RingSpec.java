package dev.gbpf.cuda.plane;

import dev.gbpf.cuda.layout.CompactTaskLayout;
import dev.gbpf.cuda.layout.TaskLayout;

/**
 * A ring of the host.
 *
 * @param tenant whose tasks it carries
 * @param capacity tasks, a power of two, 512 to 2^20
 * @param form what a task in it looks like
 */
public record RingSpec(int tenant, int capacity, Form form) {
    private static final int LEAST = 512;
    private static final int MOST = 1 << 20;

    public RingSpec {
        PlaneParams.powerOfTwo("capacity of a ring", capacity, LEAST, MOST);
    }

    /** Bytes of its slots. */
    long bytes() {
        return capacity * form.bytes();
    }

    /** What a task in a ring looks like. */
    public enum Form {
        /** 16 bytes: a function and two arguments. */
        COMPACT(CompactTaskLayout.BYTES),
        /** 64 bytes: with a tag, a cost, a dependency counter and four arguments. */
        FULL(TaskLayout.BYTES);

        private final long bytes;

        Form(long bytes) {
            this.bytes = bytes;
        }

        long bytes() {
            return bytes;
        }
    }
}

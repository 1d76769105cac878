package dev.gbpf.cuda.plane;

import java.lang.foreign.MemorySegment;

/**
 * Memory of the device that the application's tasks use, or a variable of its task functions. Copies are done when the call returns, and may be
 * made while the kernel runs.
 */
public interface DeviceBuffer {
    /** As task functions see it. */
    long address();

    long bytes();

    /**
     * Copies a part of it to the host.
     *
     * @throws IndexOutOfBoundsException when it is not in it
     */
    void read(long offset, MemorySegment to);

    /**
     * Copies from the host to a part of it.
     *
     * @throws IndexOutOfBoundsException when it is not in it
     */
    void write(long offset, MemorySegment from);
}

package dev.gbpf.cuda.table;

import java.lang.foreign.MemorySegment;

/**
 * A piece of device memory that the host can copy from and to while the control kernel runs. All of it is zero at first. It is as
 * large as it is from the start, since a driver may wait for the kernel before it gives more.
 */
public interface DeviceRegion {
    /** Its first byte, as the device sees it; a multiple of 256. */
    long address();

    /** Its bytes. */
    long bytes();

    /**
     * Copies to the device, and returns when the device has it.
     *
     * @param address where to, in the region
     */
    void write(long address, MemorySegment from);

    /**
     * Copies from the device.
     *
     * @param address where from, in the region
     */
    void read(long address, MemorySegment to);
}

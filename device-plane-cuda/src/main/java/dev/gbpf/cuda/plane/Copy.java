package dev.gbpf.cuda.plane;

import java.util.Objects;

/**
 * A copy that the device makes: bytes of its memory, or of host memory that it sees, of any alignment. The two parts must not overlap.
 *
 * @param to where to, as the device sees it
 * @param from where from
 * @param bytes how many, at least 0
 * @param toHost whether it counts as one to the host; all others count as copies to the device
 */
public record Copy(long to, long from, long bytes, boolean toHost) {
    public Copy {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes=" + bytes + ": must be at least 0");
        }
        long apart = Long.compareUnsigned(to, from) < 0 ? from - to : to - from;
        if (Long.compareUnsigned(apart, bytes) < 0) {
            throw new IllegalArgumentException("bytes=" + bytes + " from 0x" + Long.toHexString(from) + " to 0x"
                    + Long.toHexString(to) + ": the two parts overlap");
        }
    }

    /**
     * A copy of a part of a buffer.
     *
     * @throws IndexOutOfBoundsException when a part is not in its buffer
     */
    public static Copy of(DeviceBuffer from, long fromOffset, DeviceBuffer to, long toOffset, long bytes) {
        Objects.checkFromIndexSize(fromOffset, bytes, from.bytes());
        Objects.checkFromIndexSize(toOffset, bytes, to.bytes());
        return new Copy(to.address() + toOffset, from.address() + fromOffset, bytes, to instanceof HostBuffer);
    }
}

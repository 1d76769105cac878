package dev.gbpf.host.device;

import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.allocation.PageSize;

/**
 * The memory of a device as the plane sees it: pools, numbered from 0, in which allocations are. Jobs take theirs from pool 0.
 * What takes time begins at once, and the listener hears of its end by {@link DevicePlane.CompletionListener#moved}.
 */
public interface DeviceMemory {
    /** How many pools there are. */
    int pools();

    /** Bytes of a pool. */
    long capacityBytes(int pool);

    /** Bytes of a pool that nothing takes. */
    long freeBytes(int pool);

    /** Bytes of a pool that become free when the moves that have begun are over. */
    long leavingBytes(int pool);

    /**
     * Takes memory of a pool for an allocation that takes none; its contents, when it is in host memory, are copied.
     *
     * @return false, and nothing changes, when the pool has not enough
     */
    boolean place(Allocation allocation, int pool, PageSize pages, boolean compressed);

    /** Puts an allocation that was asked for into host memory. */
    void placeOnHost(Allocation allocation);

    /** Moves an allocation that is on the device to host memory. */
    void evict(Allocation allocation);

    /** Compresses an allocation that is on the device and is not compressed. */
    void compress(Allocation allocation);

    /** Gives an allocation back; one that moves is gone when it has moved. */
    void free(Allocation allocation);

    /**
     * A pool takes memory that is free in others, until it has no more use for it.
     *
     * @return false, and nothing changes, when they have not enough
     */
    boolean grow(int pool, long bytes);
}

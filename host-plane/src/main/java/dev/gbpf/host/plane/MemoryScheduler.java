package dev.gbpf.host.plane;

import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.allocation.AllocationOwner;
import dev.gbpf.host.allocation.AllocationSpec;
import dev.gbpf.host.queue.Tenant;

/**
 * What tenants ask of a plane that hands out device memory. All calls come from the plane's thread, and what becomes of a request is
 * told to its owner; at the next {@link JobScheduler#dispatch} at the earliest, but that a use of what is on the device begins
 * at once.
 */
public interface MemoryScheduler {
    /** A tenant asks for device memory. */
    Allocation request(Tenant tenant, AllocationSpec spec, AllocationOwner owner);

    /**
     * An allocation is to be used: it is brought to the device when it is not there, and stays there until
     * {@link #release}.
     *
     * @throws IllegalArgumentException when it is gone
     */
    void use(Allocation allocation);

    /**
     * A use is over that had begun.
     *
     * @throws IllegalArgumentException when none goes on
     */
    void release(Allocation allocation);

    /**
     * An allocation is given back, or a request taken back. What is gone already is counted, and nothing else happens.
     *
     * @throws IllegalArgumentException when it is in use
     */
    void free(Allocation allocation);
}

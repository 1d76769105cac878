package dev.gbpf.host.workload;

import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.allocation.AllocationOwner;
import dev.gbpf.host.allocation.AllocationSpec;
import dev.gbpf.host.queue.Tenant;

/** What a workload can do with device memory of its own. Owners are told after these calls and not within them. */
public interface WorkloadMemory {
    /** Asks for memory. Its owner hears whether it is granted. */
    Allocation request(Tenant tenant, AllocationSpec spec, AllocationOwner owner);

    /** Asks for an allocation to be on the device. Its owner hears when it is. */
    void use(Allocation allocation);

    /** Such a use is over. */
    void release(Allocation allocation);

    /** Gives an allocation back that is not in use. */
    void free(Allocation allocation);

    /**
     * Time that a kernel takes whose data is an allocation that is in use, ns.
     *
     * @param workNs what it would take if it never had to wait for a page or a block to be unpacked, ns
     */
    long workNs(Allocation allocation, long workNs);
}

package dev.gbpf.host.law;

import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.plane.MemoryEvent;
import java.util.Collection;

/** What must hold whenever something happens to an allocation; it throws {@link AssertionError} when it does not. */
@FunctionalInterface
public interface MemoryLaw {
    /**
     * Something has happened.
     *
     * @param live all allocations that are not gone, those that wait for device memory included
     */
    void happened(MemoryEvent event, Allocation allocation, Collection<Allocation> live, long nowNs);
}

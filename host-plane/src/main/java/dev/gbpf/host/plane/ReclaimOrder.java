package dev.gbpf.host.plane;

import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.allocation.Place;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;

/** The allocations that are on the device, being compressed or not, of each tenant, those that were not used for longest first. */
final class ReclaimOrder {
    /** Of a tenant's allocations so many are asked about. */
    static final int MOST_OF_A_TENANT = 4;

    private final List<LinkedHashSet<Allocation>> resident = new ArrayList<>();

    ReclaimOrder(int tenants) {
        for (int i = 0; i < tenants; i++) {
            resident.add(new LinkedHashSet<>());
        }
    }

    /** It is on the device; one that was there before keeps its place. */
    void add(Allocation allocation) {
        resident.get(allocation.tenant().index()).add(allocation);
    }

    /** It is on the device, and was used just now. */
    void touch(Allocation allocation) {
        LinkedHashSet<Allocation> of = resident.get(allocation.tenant().index());
        of.remove(allocation);
        of.add(allocation);
    }

    /** It leaves the device. */
    void remove(Allocation allocation) {
        resident.get(allocation.tenant().index()).remove(allocation);
    }

    /** Those of a pool that may give way. */
    List<Allocation> candidates(int pool) {
        List<Allocation> candidates = new ArrayList<>();
        for (LinkedHashSet<Allocation> of : resident) {
            int before = candidates.size();
            Iterator<Allocation> each = of.iterator();
            while (each.hasNext() && candidates.size() - before < MOST_OF_A_TENANT) {
                Allocation allocation = each.next();
                if (allocation.place() == Place.DEVICE
                        && allocation.pool() == pool
                        && allocation.users() == 0
                        && allocation.wanted() == 0
                        && !allocation.spec().pinned()) {
                    candidates.add(allocation);
                }
            }
        }
        return candidates;
    }
}

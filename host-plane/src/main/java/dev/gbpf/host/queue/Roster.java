package dev.gbpf.host.queue;

import dev.gbpf.abi.Constants;
import java.util.ArrayList;
import java.util.List;

/**
 * The tenants of a plane, by index. They are those that it began with; where unmodified applications come and go, more are added,
 * and their terms change. One thread changes it, the plane's; any may read.
 */
public final class Roster {
    private final int capacity;
    private volatile List<Tenant> tenants;

    private Roster(List<Tenant> tenants, int capacity) {
        if (tenants.size() > capacity) {
            throw new IllegalArgumentException("tenants=" + tenants.size() + " is not in 0.." + capacity);
        }
        for (int i = 0; i < tenants.size(); i++) {
            Tenant tenant = tenants.get(i);
            if (tenant.index() != i) {
                throw new IllegalArgumentException(
                        "tenant " + tenant.name() + " has index=" + tenant.index() + ", expected " + i);
            }
        }
        this.tenants = List.copyOf(tenants);
        this.capacity = capacity;
    }

    /** These tenants and no others, 1 to {@link Constants#MAX_TENANTS}, in order of their index. */
    public static Roster of(List<Tenant> tenants) {
        if (tenants.isEmpty() || tenants.size() > Constants.MAX_TENANTS) {
            throw new IllegalArgumentException("tenants=" + tenants.size() + " is not in 1.." + Constants.MAX_TENANTS);
        }
        return new Roster(tenants, tenants.size());
    }

    /** These to begin with, and others up to {@link Constants#MAX_TENANTS}. */
    public static Roster growing(List<Tenant> tenants) {
        return new Roster(tenants, Constants.MAX_TENANTS);
    }

    /** Those that there are. */
    public List<Tenant> tenants() {
        return tenants;
    }

    /** How many there are. */
    public int size() {
        return tenants.size();
    }

    /** How many there can be. */
    public int capacity() {
        return capacity;
    }

    /**
     * Adds a tenant, or changes the terms of the one that has its index.
     *
     * @throws IllegalArgumentException when its index is neither of one that there is nor the next
     */
    public void put(Tenant tenant) {
        List<Tenant> next = new ArrayList<>(tenants);
        if (tenant.index() < 0 || tenant.index() > next.size() || tenant.index() >= capacity) {
            throw new IllegalArgumentException("tenant " + tenant.name() + " has index=" + tenant.index()
                    + ", there are " + next.size() + " of " + capacity);
        }
        if (tenant.index() == next.size()) {
            next.add(tenant);
        } else {
            next.set(tenant.index(), tenant);
        }
        tenants = List.copyOf(next);
    }
}

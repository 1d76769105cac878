package dev.gbpf.host.allocation;

import dev.gbpf.host.queue.Tenant;

/**
 * A piece of device memory that a tenant asked for, from then until it is given back. The device says where it is, the plane
 * who waits for it. Confined to the plane's thread.
 */
public final class Allocation {
    private final long id;
    private final Tenant tenant;
    private final AllocationSpec spec;
    private final AllocationOwner owner;
    private final long createdNs;

    // What the device says.
    private Place place = Place.ASKED;
    private int pool;
    private PageSize pages = PageSize.KIB_64;
    private boolean compressed;
    private long footprint;

    // What the plane says.
    private boolean granted;
    private boolean doomed;
    private long waitsSinceNs = -1;
    private boolean postponed;
    private long lastUseNs;
    private long uses;
    private int users;
    private int wanted;
    private long wantedSinceNs;
    private long heldBackSinceNs = -1;

    /**
     * A request.
     *
     * @param id unique over the plane's life
     * @param createdNs by the plane's clock
     */
    public Allocation(long id, Tenant tenant, AllocationSpec spec, AllocationOwner owner, long createdNs) {
        this.id = id;
        this.tenant = tenant;
        this.spec = spec;
        this.owner = owner;
        this.createdNs = createdNs;
        this.lastUseNs = createdNs;
    }

    public long id() {
        return id;
    }

    public Tenant tenant() {
        return tenant;
    }

    public AllocationSpec spec() {
        return spec;
    }

    public AllocationOwner owner() {
        return owner;
    }

    /** When it was asked for, ns. */
    public long createdNs() {
        return createdNs;
    }

    // ---- the device's

    public Place place() {
        return place;
    }

    /** The pool that it takes memory of, or took last. */
    public int pool() {
        return pool;
    }

    public PageSize pages() {
        return pages;
    }

    public boolean compressed() {
        return compressed;
    }

    /** Device memory that it takes, bytes; 0 when it takes none. */
    public long footprint() {
        return footprint;
    }

    /** It takes no device memory and is there, or nowhere any more. */
    public void moveTo(Place next) {
        this.place = next;
        if (!next.takesDeviceMemory()) {
            this.footprint = 0;
        }
    }

    /** It takes memory of a pool. */
    public void take(int ofPool, PageSize inPages, boolean isCompressed, Place next) {
        this.pool = ofPool;
        this.pages = inPages;
        this.compressed = isCompressed;
        this.footprint = spec.footprint(inPages, isCompressed);
        this.place = next;
    }

    /** It was given back while it moves: it is gone when the move is over. */
    public void doom() {
        this.doomed = true;
    }

    public boolean doomed() {
        return doomed;
    }

    // ---- the plane's

    /** Whether it was granted once. */
    public boolean granted() {
        return granted;
    }

    public void grant() {
        this.granted = true;
    }

    /** Since when it waits for device memory, ns; -1 when it does not. */
    public long waitsSinceNs() {
        return waitsSinceNs;
    }

    public boolean waits() {
        return waitsSinceNs >= 0;
    }

    /** It waits from a time on, ns; -1 when no more. */
    public void waitsSince(long timeNs) {
        this.waitsSinceNs = timeNs;
        this.postponed = false;
        this.heldBackSinceNs = -1;
    }

    /** Whether it waits because the policy postponed it, and not for lack of room. */
    public boolean postponed() {
        return postponed;
    }

    public void postponed(boolean byPolicy) {
        this.postponed = byPolicy;
    }

    /** When it was used last, or granted, ns. */
    public long lastUseNs() {
        return lastUseNs;
    }

    public long uses() {
        return uses;
    }

    /** How many uses of it are going on; while there is one it stays on the device. */
    public int users() {
        return users;
    }

    /** How many uses wait for it to be on the device. */
    public int wanted() {
        return wanted;
    }

    /** A use is asked for. */
    public void want(long nowNs) {
        if (wanted++ == 0) {
            wantedSinceNs = nowNs;
        }
    }

    /** When the uses that wait, or those that began last, were asked for; the first of them, ns. */
    public long wantedSinceNs() {
        return wantedSinceNs;
    }

    /** Whether the policy postpones it although there is room, at a time, ns. */
    public void heldBack(boolean held, long nowNs) {
        if (!held) {
            heldBackSinceNs = -1;
        } else if (heldBackSinceNs < 0) {
            heldBackSinceNs = nowNs;
        }
    }

    /** How long that has been so, ns. */
    public long heldBackNs(long nowNs) {
        return heldBackSinceNs < 0 ? 0 : Math.max(0, nowNs - heldBackSinceNs);
    }

    /** It came to the device, at a time. */
    public void touched(long nowNs) {
        this.lastUseNs = nowNs;
    }

    /** A use begins. */
    public void begin(long nowNs) {
        users++;
        uses++;
        lastUseNs = nowNs;
    }

    /** All uses that waited for it begin. */
    public int beginWanted(long nowNs) {
        int began = wanted;
        for (; wanted > 0; wanted--) {
            begin(nowNs);
        }
        return began;
    }

    /** A use is over. */
    public void end(long nowNs) {
        users--;
        lastUseNs = nowNs;
    }

    @Override
    public String toString() {
        return "allocation " + id + " of " + tenant.name() + " (" + spec.bytes() + " bytes, " + place + ")";
    }
}

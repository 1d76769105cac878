package dev.gbpf.host.failsafe;

/** Says whether somebody still vouches for the plane. Asked on the plane's thread at each tick; must not wait. */
@FunctionalInterface
public interface Lease {
    /** Nobody needs to. */
    Lease FOR_EVER = nowNs -> true;

    /** Whether the lease holds at a time of the plane's clock. */
    boolean holds(long nowNs);
}

package dev.gbpf.host.allocation;

/** Told what becomes of an allocation, on the plane's thread. It must not call the plane from here. */
public interface AllocationOwner {
    /** It is there, on the device or in host memory. */
    void granted(Allocation allocation);

    /** It was refused, and is over; with the reason code of the policy, or the plane's. */
    void denied(Allocation allocation, long reason);

    /** It is on the device, and stays there until this use is over; once for each use that was asked for. */
    void ready(Allocation allocation);
}

package dev.gbpf.host.allocation;

/** Where an allocation is: in exactly one of these. */
public enum Place {
    /** Nowhere yet: it was asked for. */
    ASKED,
    /** In a pool of the device, ready for use. */
    DEVICE,
    /** It has device memory, and comes there: pages are mapped, or contents copied from the host. */
    ARRIVING,
    /** It has device memory, and its contents are copied to the host. */
    LEAVING,
    /** It has device memory, and is compressed there. */
    COMPRESSING,
    /** In host memory. */
    HOST,
    /** Refused, or given back. */
    GONE;

    /** Whether it takes device memory. */
    public boolean takesDeviceMemory() {
        return this == DEVICE || this == ARRIVING || this == LEAVING || this == COMPRESSING;
    }
}

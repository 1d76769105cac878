package dev.gbpf.abi;

import java.util.Locale;

/** Which side runs a hook's program. */
public enum Plane {
    /** The host plane, for each decision about a job. */
    HOST,
    /**
     * The control kernel of a device plane, for work that runs under it: once for a tenant, a worker or an event, the same for
     * all lanes of a warp. Device hooks cannot gate another process's thread blocks.
     */
    DEVICE;

    /** The word in documents and messages. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

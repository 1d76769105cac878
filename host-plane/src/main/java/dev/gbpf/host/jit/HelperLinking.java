package dev.gbpf.host.jit;

/** Where the calls of compiled programs go. */
public enum HelperLinking {
    /** To the methods of maps and of the plane, each by its name. */
    DIRECT,
    /** All to the {@link dev.gbpf.host.helper.HelperCalls} that the program is linked with. */
    DISPATCHED
}

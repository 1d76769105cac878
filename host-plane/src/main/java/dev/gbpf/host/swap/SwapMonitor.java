package dev.gbpf.host.swap;

/** What a plane shows of its policies. Safe for several threads; it never waits for the plane. */
public interface SwapMonitor {
    /** How the plane stood at its last tick or change. */
    SwapStatus status();

    /** The changes so far. */
    ActivationLog log();
}

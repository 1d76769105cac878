package dev.gbpf.host.plane;

import dev.gbpf.host.swap.ActivationLog;
import dev.gbpf.host.swap.SwapMonitor;
import dev.gbpf.host.swap.SwapStatus;

/** Where the plane's thread writes how the policies stand, for all threads to read. */
final class StatusBoard implements SwapMonitor {
    private final ActivationLog log;
    private volatile SwapStatus status;

    StatusBoard(ActivationLog log, SwapStatus first) {
        this.log = log;
        this.status = first;
    }

    void show(SwapStatus next) {
        status = next;
    }

    @Override
    public SwapStatus status() {
        return status;
    }

    @Override
    public ActivationLog log() {
        return log;
    }
}

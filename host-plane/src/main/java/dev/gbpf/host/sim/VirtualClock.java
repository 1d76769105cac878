package dev.gbpf.host.sim;

import java.util.function.LongSupplier;

/** The time of a simulation, ns from 0. It moves only when the simulation moves it, and never back. */
public final class VirtualClock implements LongSupplier {
    private long nowNs;

    /** Virtual time, ns. */
    public long nowNs() {
        return nowNs;
    }

    @Override
    public long getAsLong() {
        return nowNs;
    }

    void advanceTo(long timeNs) {
        if (timeNs < nowNs) {
            throw new IllegalStateException("virtual time goes back: now=" + nowNs + ", next=" + timeNs);
        }
        nowNs = timeNs;
    }
}

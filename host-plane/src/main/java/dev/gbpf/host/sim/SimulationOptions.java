package dev.gbpf.host.sim;

import dev.gbpf.host.check.Checks;

/**
 * How a simulation runs.
 *
 * @param horizonNs virtual time at which it ends although jobs remain, ns, at least 1
 * @param tickNs period of the plane's ticks, ns; 0 for none
 * @param stallNs virtual time without any progress after which waiting jobs count as stalled although ticks and wake-ups go on,
 *     ns, at least 1
 * @param progressEvery calls {@link SimulationProgress} every so many instants, 0 for never
 * @param checks whether expensive invariants are checked after every instant
 */
public record SimulationOptions(long horizonNs, long tickNs, long stallNs, long progressEvery, boolean checks) {
    /** The last virtual time that there is, ns: about 146 years, so that sums of two times do not overflow. */
    public static final long MAX_NS = Long.MAX_VALUE / 2;

    public SimulationOptions {
        Checks.inRange("simulation", "horizonNs", horizonNs, 1, MAX_NS);
        Checks.inRange("simulation", "tickNs", tickNs, 0, MAX_NS);
        Checks.inRange("simulation", "stallNs", stallNs, 1, MAX_NS);
        Checks.inRange("simulation", "progressEvery", progressEvery, 0, Long.MAX_VALUE);
    }

    /** To the end of the work, with a tick every millisecond; a stall is a minute without progress. */
    public static SimulationOptions defaults() {
        return new SimulationOptions(MAX_NS, 1_000_000, 60_000_000_000L, 0, false);
    }

    public SimulationOptions withHorizonNs(long newHorizonNs) {
        return new SimulationOptions(newHorizonNs, tickNs, stallNs, progressEvery, checks);
    }

    public SimulationOptions withTickNs(long newTickNs) {
        return new SimulationOptions(horizonNs, newTickNs, stallNs, progressEvery, checks);
    }

    public SimulationOptions withStallNs(long newStallNs) {
        return new SimulationOptions(horizonNs, tickNs, newStallNs, progressEvery, checks);
    }

    public SimulationOptions withProgressEvery(long newProgressEvery) {
        return new SimulationOptions(horizonNs, tickNs, stallNs, newProgressEvery, checks);
    }

    public SimulationOptions withChecks(boolean newChecks) {
        return new SimulationOptions(horizonNs, tickNs, stallNs, progressEvery, newChecks);
    }
}

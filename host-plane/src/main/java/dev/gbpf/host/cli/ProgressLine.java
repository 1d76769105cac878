package dev.gbpf.host.cli;

import dev.gbpf.host.sim.SimulationProgress;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * How far a run is: one line on standard error that is written over a few times a second, for a person who watches. It says
 * nothing when nobody does.
 */
final class ProgressLine implements SimulationProgress, AutoCloseable {
    private static final long PERIOD_NS = 100_000_000;
    private static final String ERASE = "\r\u001b[K";

    private final PrintStream err;
    private final boolean watched;
    private final LongSupplier clock;
    private final String what;
    private final long totalNs;
    private final long beganNs;
    private long nextNs;
    private boolean drawn;

    /**
     * A line for one run.
     *
     * @param console where to
     * @param what runs, in a word or two
     * @param totalNs virtual time that the run takes, ns
     * @param clock the wall clock, ns
     */
    ProgressLine(Console console, String what, long totalNs, LongSupplier clock) {
        this.err = console.err();
        this.watched = console.errTerminal();
        this.what = what;
        this.totalNs = Math.max(1, totalNs);
        this.clock = clock;
        this.beganNs = clock.getAsLong();
        // The first line comes after a moment: short runs show none.
        this.nextNs = beganNs + 2 * PERIOD_NS;
    }

    @Override
    public void at(long nowNs, long jobsDone) {
        if (!watched) {
            return;
        }
        long wallNs = clock.getAsLong();
        if (wallNs - nextNs < 0) {
            return;
        }
        nextNs = wallNs + PERIOD_NS;
        long rate = (long) (jobsDone / ((wallNs - beganNs) / 1e9));
        err.print(ERASE + what + ": " + Math.min(100, (long) (100.0 * nowNs / totalNs)) + " %  "
                + String.format(Locale.ROOT, "%.1f of %.1f s virtual  ", nowNs / 1e9, totalNs / 1e9)
                + Text.count(jobsDone, "job") + "  " + Text.grouped(rate) + " jobs/s");
        err.flush();
        drawn = true;
    }

    /** Takes the line away. */
    @Override
    public void close() {
        if (drawn) {
            err.print(ERASE);
            err.flush();
        }
    }
}

package dev.gbpf.host.cli;

import dev.gbpf.host.scenario.RunProgress;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * How far a run is: one line on standard error that is written over a few times a second, for a person who watches. It says
 * nothing when nobody does.
 */
final class ProgressLine implements RunProgress, AutoCloseable {
    private static final long PERIOD_NS = 100_000_000;
    private static final String ERASE = "\r\u001b[K";

    private final PrintStream err;
    private final boolean watched;
    private final LongSupplier clock;
    private final String what;
    private final long beganNs;
    /** Of each run, its virtual time and the jobs that are over. */
    private final Map<Integer, long[]> runs = new TreeMap<>();

    private long nextNs;
    private boolean drawn;

    /**
     * A line for the runs of one command.
     *
     * @param console where to
     * @param what runs, in a word or two
     * @param clock the wall clock, ns
     */
    ProgressLine(Console console, String what, LongSupplier clock) {
        this.err = console.err();
        this.watched = console.errTerminal();
        this.what = what;
        this.clock = clock;
        this.beganNs = clock.getAsLong();
        // The first line comes after a moment: short runs show none.
        this.nextNs = beganNs + 2 * PERIOD_NS;
    }

    @Override
    public synchronized void at(int run, int allRuns, long nowNs, long durationNs, long jobsDone) {
        if (!watched) {
            return;
        }
        runs.put(run, new long[] {Math.min(nowNs, durationNs), jobsDone});
        long wallNs = clock.getAsLong();
        if (wallNs - nextNs < 0) {
            return;
        }
        nextNs = wallNs + PERIOD_NS;
        long doneNs = runs.values().stream().mapToLong(r -> r[0]).sum();
        long jobs = runs.values().stream().mapToLong(r -> r[1]).sum();
        double allNs = (double) durationNs * allRuns;
        err.print(ERASE + what + ": " + (long) (100 * doneNs / allNs) + " %  "
                + String.format(Locale.ROOT, "%.1f of %.1f s virtual  ", doneNs / 1e9, allNs / 1e9)
                + Text.count(jobs, "job") + "  " + Text.grouped((long) (jobs / ((wallNs - beganNs) / 1e9)))
                + " jobs/s");
        err.flush();
        drawn = true;
    }

    /** Takes the line away. */
    @Override
    public synchronized void close() {
        if (drawn) {
            err.print(ERASE);
            err.flush();
        }
    }
}

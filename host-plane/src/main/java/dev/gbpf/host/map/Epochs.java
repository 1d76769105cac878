package dev.gbpf.host.map;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Says when memory that a map has given up may be used again: when every run that was under way then has ended. Decision
 * threads enter before a run and leave after it; an address that a program got stays valid in between.
 */
public final class Epochs {
    /*
     * Each thread publishes the epoch in which it entered, with a full fence before its first load; a map unlinks an entry, then
     * begins a new epoch, also with a full fence, and then looks at the threads. So either the map sees that the thread is
     * inside, or the thread sees the entry unlinked. Epochs are compared by their difference: a run would have to see 2^31
     * entries given up to be mistaken for a later one.
     *
     * Places are 32 apart, at least two cache lines: no two threads write to one line, or to a pair that is fetched together. The
     * first and the last place are unused: an array's length, which all threads read, stands in front of its first element, and
     * other objects lie beside the array.
     */
    private static final int SPREAD = 32;

    private final AtomicInteger epoch = new AtomicInteger(1);
    /** By decision thread: the epoch in which it entered, or 0 while it is outside. */
    private final AtomicIntegerArray entered;
    /** By decision thread: the Java thread that entered. */
    private final AtomicLongArray threads;

    private final int cpus;

    /**
     * For a plane.
     *
     * @param cpus how many decision threads there are, 1 to {@link MapFactory#MAX_CPUS}
     */
    public Epochs(int cpus) {
        Objects.checkIndex(cpus - 1, MapFactory.MAX_CPUS);
        this.cpus = cpus;
        this.entered = new AtomicIntegerArray((cpus + 2) * SPREAD);
        this.threads = new AtomicLongArray((cpus + 2) * SPREAD);
    }

    /** How many decision threads there are. */
    public int cpus() {
        return cpus;
    }

    private static int place(int cpu) {
        return (cpu + 1) * SPREAD;
    }

    /** A run begins on a decision thread. */
    public void enter(int cpu) {
        threads.setPlain(place(cpu), Thread.currentThread().threadId());
        int now = epoch.getPlain();
        entered.set(place(cpu), now == 0 ? 1 : now);
    }

    /** The run is over: the program's addresses are gone. */
    public void leave(int cpu) {
        entered.setRelease(place(cpu), 0);
    }

    /** Something was unlinked; the epoch from which on nobody can come upon it. */
    int giveUp() {
        return epoch.incrementAndGet();
    }

    /**
     * Whether no run can have an address any more of what was given up.
     *
     * @param since what {@link #giveUp} said
     * @param isOwn whether the calling thread gave it up; its own run then does not count, and may find its place taken
     */
    boolean havePassed(int since, boolean isOwn) {
        for (int cpu = 0; cpu < cpus; cpu++) {
            int epochOfRun = entered.get(place(cpu));
            boolean mayHold = epochOfRun != 0 && epochOfRun - since < 0;
            boolean skipped =
                    isOwn && threads.get(place(cpu)) == Thread.currentThread().threadId();
            if (mayHold && !skipped) {
                return false;
            }
        }
        return true;
    }
}

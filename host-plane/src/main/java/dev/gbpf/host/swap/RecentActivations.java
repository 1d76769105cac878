package dev.gbpf.host.swap;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** An {@link ActivationLog} in memory, of bounded length. */
public final class RecentActivations implements ActivationLog {
    /** How many activations, and how many trials, are kept. */
    public static final int CAPACITY = 256;

    private final Deque<ActivationRecord> activations = new ArrayDeque<>();
    private final Deque<TrialReport> trials = new ArrayDeque<>();

    @Override
    public synchronized void activated(ActivationRecord activation) {
        add(activations, activation);
    }

    @Override
    public synchronized void trialEnded(TrialReport trial) {
        add(trials, trial);
    }

    private static <T> void add(Deque<T> entries, T entry) {
        if (entries.size() == CAPACITY) {
            entries.removeFirst();
        }
        entries.addLast(entry);
    }

    @Override
    public synchronized List<ActivationRecord> activations() {
        return List.copyOf(activations);
    }

    @Override
    public synchronized List<TrialReport> trials() {
        return List.copyOf(trials);
    }
}

package dev.gbpf.host.swap;

import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/** An {@link ActivationLog} in memory, of bounded length. Readers never hold the plane's thread up. */
public final class RecentActivations implements ActivationLog {
    /** How many activations, and how many trials, are kept. */
    public static final int CAPACITY = 256;

    private final Deque<ActivationRecord> activations = new ConcurrentLinkedDeque<>();
    private final Deque<TrialReport> trials = new ConcurrentLinkedDeque<>();
    private int activationCount;
    private int trialCount;

    @Override
    public void activated(ActivationRecord activation) {
        activationCount = add(activations, activationCount, activation);
    }

    @Override
    public void trialEnded(TrialReport trial) {
        trialCount = add(trials, trialCount, trial);
    }

    private static <T> int add(Deque<T> entries, int count, T entry) {
        entries.addLast(entry);
        if (count < CAPACITY) {
            return count + 1;
        }
        entries.removeFirst();
        return count;
    }

    @Override
    public List<ActivationRecord> activations() {
        return List.copyOf(activations);
    }

    @Override
    public List<TrialReport> trials() {
        return List.copyOf(trials);
    }
}

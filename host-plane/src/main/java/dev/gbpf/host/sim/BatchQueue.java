package dev.gbpf.host.sim;

import dev.gbpf.host.queue.Job;
import java.util.ArrayDeque;

/** The jobs of one batch class that wait on one vSlice, in order of arrival. */
final class BatchQueue {
    private final BatchClass batchClass;
    private final ArrayDeque<Job> waiting = new ArrayDeque<>();
    private boolean running;

    BatchQueue(BatchClass batchClass) {
        this.batchClass = batchClass;
    }

    BatchClass batchClass() {
        return batchClass;
    }

    void add(Job job) {
        waiting.add(job);
    }

    /** Whether a batch can begin: jobs wait, and no batch of this class runs here. */
    boolean ready() {
        return !running && !waiting.isEmpty();
    }

    /** Takes the first jobs, as many as a batch may have, and counts as running until {@link #ended}. */
    Job[] form() {
        int size = Math.min(waiting.size(), batchClass.maxSize());
        Job[] members = new Job[size];
        for (int i = 0; i < size; i++) {
            members[i] = waiting.remove();
        }
        running = true;
        return members;
    }

    void ended() {
        running = false;
    }
}

package dev.gbpf.host.queue;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Jobs in order of vtime (unsigned), equal ones in order of insertion. Each job knows its place, so any can be taken out. */
final class JobHeap {
    /*
     * A binary heap. Insertions in order, as a FIFO queue makes them, take constant time: nothing moves up. The rest is
     * O(log n).
     */
    private @Nullable Job[] jobs = new Job[0];
    private int size;

    int size() {
        return size;
    }

    @Nullable
    Job first() {
        return size == 0 ? null : jobs[0];
    }

    /** Passes every job, in no order. */
    void forEach(Consumer<Job> consumer) {
        for (int i = 0; i < size; i++) {
            consumer.accept(at(i));
        }
    }

    static boolean before(Job a, Job b) {
        int byVtime = Long.compareUnsigned(a.vtime, b.vtime);
        return byVtime != 0 ? byVtime < 0 : a.sequence < b.sequence;
    }

    void add(Job job) {
        if (size == jobs.length) {
            jobs = Arrays.copyOf(jobs, Math.max(16, jobs.length * 2));
        }
        siftUp(job, size++);
    }

    void remove(Job job) {
        int hole = job.heapIndex;
        Job moved = at(--size);
        jobs[size] = null;
        job.heapIndex = -1;
        if (moved != job) {
            siftDown(moved, hole);
            if (moved.heapIndex == hole) {
                siftUp(moved, hole);
            }
        }
    }

    private void siftUp(Job job, int from) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) >>> 1;
            Job above = at(parent);
            if (!before(job, above)) {
                break;
            }
            place(above, index);
            index = parent;
        }
        place(job, index);
    }

    private void siftDown(Job job, int from) {
        int index = from;
        int half = size >>> 1;
        while (index < half) {
            int child = 2 * index + 1;
            if (child + 1 < size && before(at(child + 1), at(child))) {
                child++;
            }
            Job below = at(child);
            if (!before(below, job)) {
                break;
            }
            place(below, index);
            index = child;
        }
        place(job, index);
    }

    private void place(Job job, int index) {
        jobs[index] = job;
        job.heapIndex = index;
    }

    private Job at(int index) {
        Job job = jobs[index];
        if (job == null) {
            throw new IllegalStateException("job heap of size=" + size + " has a hole at " + index);
        }
        return job;
    }
}

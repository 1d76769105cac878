package dev.gbpf.host.sim;

import dev.gbpf.host.sim.TimeSlicedDevice.Place;
import java.util.ArrayDeque;
import java.util.Queue;

/** Work of one stream of a {@link TimeSlicedDevice}, the first of which may run. */
final class StreamState {
    /** Rounding must not keep work from being over. */
    private static final double LEAST_NS = 1e-3;

    private final Queue<Work> work = new ArrayDeque<>();
    private double leftNs;
    private long endNs = Long.MAX_VALUE;

    /** Something to run. */
    record Work(long number, long readyNs, Place place, long workNs, int width) {}

    void add(long number, long ready, Place place, long workNs, int width) {
        work.add(new Work(number, ready, place, workNs, width));
        if (work.size() == 1) {
            begin();
        }
    }

    private void begin() {
        Work first = first();
        leftNs = first.workNs;
        endNs = Long.MAX_VALUE;
    }

    private Work first() {
        return work.element();
    }

    boolean isEmpty() {
        return work.isEmpty();
    }

    int size() {
        return work.size();
    }

    /** When the first can run. */
    long readyNs() {
        return first().readyNs;
    }

    Place place() {
        return first().place;
    }

    int width() {
        return first().width;
    }

    /** What is left of the first, alone. */
    double leftNs() {
        return leftNs;
    }

    /** When the first will be over, as far as that is settled. */
    long endNs() {
        return endNs;
    }

    void endsAt(long ns) {
        endNs = ns;
    }

    void progress(double ns) {
        leftNs -= ns;
    }

    boolean isDone() {
        return leftNs <= LEAST_NS;
    }

    /** The first is over, and the next begins. */
    Work remove() {
        Work first = work.remove();
        if (!work.isEmpty()) {
            begin();
        }
        return first;
    }
}

package dev.gbpf.host.sim;

import dev.gbpf.host.workload.WorkloadTimer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Timers in order of time, and of their insertion where times are equal. A binary heap that reuses its entries. */
final class EventQueue {
    private static final WorkloadTimer NOTHING = (nowNs, payload) -> {};

    /** One timer. */
    private static final class Entry {
        long timeNs;
        long sequence;
        WorkloadTimer timer = NOTHING;
        long payload;

        boolean before(Entry other) {
            return timeNs != other.timeNs ? timeNs < other.timeNs : sequence < other.sequence;
        }
    }

    /** Beyond {@link #size} there are entries to use again, or null where there never was one. */
    private @Nullable Entry[] heap = new Entry[64];

    private int size;
    private long sequence;

    int size() {
        return size;
    }

    /** When the first timer is due, ns; {@link Long#MAX_VALUE} when there is none. */
    long nextNs() {
        return size == 0 ? Long.MAX_VALUE : at(0).timeNs;
    }

    void add(long timeNs, WorkloadTimer timer, long payload) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        Entry entry = heap[size];
        if (entry == null) {
            entry = new Entry();
        }
        entry.timeNs = timeNs;
        entry.sequence = sequence++;
        entry.timer = timer;
        entry.payload = payload;
        siftUp(entry, size++);
    }

    /** Takes the first timer out, and then calls it. */
    void fireFirst(long nowNs) {
        Entry first = at(0);
        size--;
        siftDown(at(size));
        heap[size] = first;
        WorkloadTimer timer = first.timer;
        first.timer = NOTHING;
        timer.fire(nowNs, first.payload);
    }

    private void siftUp(Entry entry, int from) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) >>> 1;
            Entry above = at(parent);
            if (!entry.before(above)) {
                break;
            }
            heap[index] = above;
            index = parent;
        }
        heap[index] = entry;
    }

    private void siftDown(Entry entry) {
        int index = 0;
        int half = size >>> 1;
        while (index < half) {
            int child = 2 * index + 1;
            if (child + 1 < size && at(child + 1).before(at(child))) {
                child++;
            }
            Entry below = at(child);
            if (!below.before(entry)) {
                break;
            }
            heap[index] = below;
            index = child;
        }
        heap[index] = entry;
    }

    private Entry at(int index) {
        Entry entry = heap[index];
        if (entry == null) {
            throw new IllegalStateException("event queue has a hole at " + index);
        }
        return entry;
    }
}

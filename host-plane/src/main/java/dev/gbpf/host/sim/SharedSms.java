package dev.gbpf.host.sim;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The SMs of a vSlice, shared by the kernels that run on it. */
final class SharedSms {
    /*
     * Processor sharing by a virtual work clock (Demers, Keshav and Shenker 1989 have the idea, for packets): all kernels of a
     * vSlice progress at the same rate, so the clock that advances at this rate orders their ends by (clock at the start +
     * work), and a change of the rate moves no kernel in the heap. A second clock, of the share of the SMs alone, gives the
     * device time that each is charged.
     *
     * Clocks are doubles moved by + and * only. They go back to 0 when the vSlice is idle, and are rebased when they pass
     * REBASE_NS, so that a unit in the last place stays below 2^-22 ns.
     */
    private static final double REBASE_NS = 0x1.0p30;
    /** Ends less than this after a whole ns count as on it: rounding errors must not add a ns. */
    private static final double TOLERANCE_NS = 0x1.0p-10;

    private final int sms;
    private int usable;
    private DeviceExecution[] heap = new DeviceExecution[16];
    private int running;
    private long widths;
    private long intensities;

    private double workClock;
    private double shareClock;
    private long clocksNs;
    private double rate = 1;
    private double share = 1;
    private long nextEndNs = Long.MAX_VALUE;
    private boolean changed;

    SharedSms(int sms) {
        this.sms = sms;
        this.usable = sms;
    }

    int running() {
        return running;
    }

    /** When the next kernel ends unless something changes, ns; {@link Long#MAX_VALUE} when none runs. */
    long nextEndNs() {
        return nextEndNs;
    }

    /** Part of its width that each kernel has now: SMs / sum of widths, 1 at most. */
    double share() {
        return widths <= usable ? 1 : (double) usable / widths;
    }

    /** Kernels use this part of the SMs from the next {@link #settle} on, in thousandths; 0 for all. */
    void cap(int thousandths) {
        usable = thousandths == 0 ? sms : Math.max(1, sms * thousandths / 1000);
        changed = true;
    }

    /** SMs that are in use. */
    int busy() {
        return (int) Math.min(widths, usable);
    }

    /** Memory bandwidth that the kernels ask for at their shares, in thousandths of the device's. */
    double bandwidthDemand() {
        return intensities == 0 ? 0 : share() * intensities;
    }

    /** Adds a kernel. */
    void add(DeviceExecution kernel, double work, long nowNs) {
        moveClocks(nowNs);
        kernel.work = work;
        kernel.finishWork = workClock + work;
        kernel.startShare = shareClock;
        if (running == heap.length) {
            heap = Arrays.copyOf(heap, running * 2);
        }
        siftUp(kernel, running++);
        widths += kernel.width();
        intensities += kernel.memoryIntensity;
        changed = true;
    }

    /** Takes out a kernel that ends now, ends it, and returns it; null when no other does. */
    @Nullable
    DeviceExecution removeEnded(long nowNs) {
        if (running == 0 || nowNs < nextEndNs) {
            return null;
        }
        moveClocks(nowNs);
        DeviceExecution first = heap[0];
        boolean due = !changed;
        if (!due && first.finishWork > workClock + TOLERANCE_NS) {
            return null;
        }
        workClock = Math.max(workClock, first.finishWork);
        running--;
        DeviceExecution last = heap[running];
        if (running > 0) {
            siftDown(last, 0);
        }
        widths -= first.width();
        intensities -= first.memoryIntensity;
        first.end(Math.round(shareClock - first.startShare));
        changed = true;
        return first;
    }

    /** A kernel that runs, without end until now, is over after so much work, ns. */
    void work(DeviceExecution kernel, double work, long nowNs) {
        kernel.work = work;
        moveEnd(kernel, workClock(nowNs) + work, true);
    }

    /** How much of the work is done of a kernel that runs, ns. */
    double done(DeviceExecution kernel, long nowNs) {
        moveClocks(nowNs);
        return kernel.work - Math.max(0, kernel.finishWork - workClock);
    }

    /** A kernel that runs is over after so much more of its work, ns; after less when it is negative, down to what is done. */
    void moveEnd(DeviceExecution kernel, double byNs, long nowNs) {
        moveClocks(nowNs);
        moveEnd(kernel, kernel.finishWork + byNs, byNs < 0);
    }

    private double workClock(long nowNs) {
        moveClocks(nowNs);
        return workClock;
    }

    private void moveEnd(DeviceExecution kernel, double finishWork, boolean earlier) {
        kernel.finishWork = finishWork;
        int index = 0;
        while (heap[index] != kernel) {
            index++;
        }
        if (earlier) {
            siftUp(kernel, index);
        } else {
            siftDown(kernel, index);
        }
        changed = true;
    }

    /** Shows the kernels that run, in no order that means anything. */
    void forEach(Consumer<DeviceExecution> to) {
        for (int i = 0; i < running; i++) {
            to.accept(heap[i]);
        }
    }

    /**
     * Sets the rate from now on.
     *
     * @param slowdown by memory bandwidth, above 0, 1 at most
     */
    void settle(double slowdown, long nowNs) {
        double newShare = share();
        double newRate = newShare * slowdown;
        if (!changed && newRate == rate) {
            return;
        }
        moveClocks(nowNs);
        changed = false;
        share = newShare;
        rate = newRate;
        if (running == 0) {
            workClock = 0;
            shareClock = 0;
            nextEndNs = Long.MAX_VALUE;
            return;
        }
        if (workClock >= REBASE_NS || shareClock >= REBASE_NS) {
            rebase();
        }
        double left = (heap[0].finishWork - workClock) / rate;
        nextEndNs = left == Double.POSITIVE_INFINITY
                ? Long.MAX_VALUE
                : nowNs + Math.max(1, (long) Math.ceil(left - TOLERANCE_NS));
    }

    private void moveClocks(long nowNs) {
        long passed = nowNs - clocksNs;
        if (passed != 0) {
            workClock += passed * rate;
            shareClock += passed * share;
            clocksNs = nowNs;
        }
    }

    private void rebase() {
        for (int i = 0; i < running; i++) {
            heap[i].finishWork -= workClock;
            heap[i].startShare -= shareClock;
        }
        workClock = 0;
        shareClock = 0;
    }

    private void siftUp(DeviceExecution kernel, int from) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) >>> 1;
            if (!before(kernel, heap[parent])) {
                break;
            }
            heap[index] = heap[parent];
            index = parent;
        }
        heap[index] = kernel;
    }

    private void siftDown(DeviceExecution kernel, int from) {
        int index = from;
        int half = running >>> 1;
        while (index < half) {
            int child = 2 * index + 1;
            if (child + 1 < running && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], kernel)) {
                break;
            }
            heap[index] = heap[child];
            index = child;
        }
        heap[index] = kernel;
    }

    private static boolean before(DeviceExecution a, DeviceExecution b) {
        return a.finishWork != b.finishWork ? a.finishWork < b.finishWork : a.id() < b.id();
    }

    /** Compares the running sums and the heap with a count from scratch. */
    void check(String owner) {
        long sumOfWidths = 0;
        long sumOfIntensities = 0;
        for (int i = 0; i < running; i++) {
            sumOfWidths += heap[i].width();
            sumOfIntensities += heap[i].memoryIntensity;
            if (i > 0 && before(heap[i], heap[(i - 1) >>> 1])) {
                throw new IllegalStateException(owner + ": heap out of order at index=" + i);
            }
        }
        if (sumOfWidths != widths || sumOfIntensities != intensities) {
            throw new IllegalStateException(owner + ": widths=" + widths + " but they add up to " + sumOfWidths
                    + ", intensities=" + intensities + " but they add up to " + sumOfIntensities);
        }
        if (running > 0 && nextEndNs <= clocksNs) {
            throw new IllegalStateException(owner + ": a kernel should have ended, nextEndNs=" + nextEndNs);
        }
    }
}

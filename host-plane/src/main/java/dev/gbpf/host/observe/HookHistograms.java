package dev.gbpf.host.observe;

import dev.gbpf.abi.Hook;
import dev.gbpf.abi.Plane;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/** How long decisions took, by hook. One thread records; others take what has come since they last did. */
public final class HookHistograms {
    /** The longest time that is told apart, ns; longer ones count as this. */
    public static final long LONGEST_NS = 10_000_000_000L;

    private static final int SIGNIFICANT_DIGITS = 2;

    private final @Nullable SingleWriterRecorder[] recorders = new SingleWriterRecorder[Hook.values().length];
    private final Map<Hook, Histogram> totals = new EnumMap<>(Hook.class);

    HookHistograms() {}

    /** Makes room, before the first decision is timed: recording allocates nothing. */
    synchronized void start() {
        for (Hook hook : Hook.values()) {
            if (hook.plane() == Plane.HOST) {
                recorders[hook.ordinal()] = new SingleWriterRecorder(LONGEST_NS, SIGNIFICANT_DIGITS);
            }
        }
    }

    /** A decision of a host hook took so long. */
    void record(Hook hook, long ns) {
        SingleWriterRecorder recorder = recorders[hook.ordinal()];
        if (recorder != null) {
            recorder.recordValue(Math.clamp(ns, 0, LONGEST_NS));
        }
    }

    /** All durations of the host hooks up to now; copies, for any thread. Empty when decisions are not timed. */
    public synchronized Map<Hook, Histogram> totals() {
        Map<Hook, Histogram> copies = new EnumMap<>(Hook.class);
        for (Hook hook : Hook.values()) {
            SingleWriterRecorder recorder = recorders[hook.ordinal()];
            if (recorder != null) {
                Histogram interval = recorder.getIntervalHistogram();
                Histogram total = totals.computeIfAbsent(hook, _ -> new Histogram(LONGEST_NS, SIGNIFICANT_DIGITS));
                total.add(interval);
                copies.put(hook, total.copy());
            }
        }
        return copies;
    }
}

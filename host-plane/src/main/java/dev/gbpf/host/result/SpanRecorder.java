package dev.gbpf.host.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the spans around each change of the policy, and no others: the last ones before it from a ring, and as many after
 * it. So windows are bounded in number and size, whatever the length of the jobs.
 */
final class SpanRecorder {
    static final int MAX_WINDOWS = 16;
    /** Spans kept before a change, and after it. */
    static final int HALF = 400;
    /** Spans that began inside a window and ended after it, at most. */
    static final int OVERHANG = 128;

    private final int[] lanes = new int[HALF];
    private final int[] tenants = new int[HALF];
    private final long[] starts = new long[HALF];
    private final long[] ends = new long[HALF];
    private final int[] jobs = new int[HALF];
    private final int[] lows = new int[HALF];
    private final int[] highs = new int[HALF];
    private int next;
    private long seen;

    private final List<SpanWindow> windows = new ArrayList<>();
    private @Nullable OpenWindow open;

    private static final class OpenWindow {
        final String title;
        final long atNs;
        final long fromNs;
        final List<Span> spans;
        final int fullAt;
        long toNs = Long.MAX_VALUE;

        OpenWindow(String title, long atNs, long fromNs, List<Span> before) {
            this.title = title;
            this.atNs = atNs;
            this.fromNs = fromNs;
            this.spans = before;
            this.fullAt = before.size() + HALF;
        }
    }

    /** Something ended; calls come in the order of the ends. The parameters are those of {@link Span}. */
    void ended(int lane, int tenant, long startNs, long endNs, int batchJobs, int low, int high) {
        lanes[next] = lane;
        tenants[next] = tenant;
        starts[next] = startNs;
        ends[next] = endNs;
        jobs[next] = batchJobs;
        lows[next] = low;
        highs[next] = high;
        next = next + 1 == HALF ? 0 : next + 1;
        seen++;
        OpenWindow window = open;
        if (window != null && startNs < window.toNs) {
            window.spans.add(new Span(lane, tenant, startNs, endNs, batchJobs, low, high));
            if (window.spans.size() == window.fullAt) {
                window.toNs = endNs;
            } else if (window.spans.size() >= window.fullAt + OVERHANG) {
                close(window, endNs);
            }
        }
    }

    /** A window is wanted around this time; it replaces one that was wanted at the same time. */
    void mark(String title, long nowNs) {
        if (open != null && open.atNs < nowNs) {
            close(open, nowNs);
        }
        if (windows.size() < MAX_WINDOWS) {
            open = new OpenWindow(title, nowNs, completeSinceNs(), last());
        }
    }

    /** Since when the ring holds everything: the end of its oldest span, once it has forgotten others. */
    private long completeSinceNs() {
        return seen <= HALF ? 0 : ends[next];
    }

    private List<Span> last() {
        List<Span> spans = new ArrayList<>();
        for (int i = seen < HALF ? 0 : next, left = (int) Math.min(seen, HALF); left > 0; left--) {
            spans.add(new Span(lanes[i], tenants[i], starts[i], ends[i], jobs[i], lows[i], highs[i]));
            i = i + 1 == HALF ? 0 : i + 1;
        }
        return spans;
    }

    private void close(OpenWindow window, long nowNs) {
        long toNs = Math.min(window.toNs, nowNs);
        windows.add(new SpanWindow(window.title, window.atNs, window.fromNs, toNs, window.spans));
        open = null;
    }

    /** The windows, with the sparse lanes of the allocator replaced by the few that occur. */
    Timeline finish(long nowNs, List<DeviceSummary.Vslice> vslices) {
        if (open != null) {
            close(open, nowNs);
        }
        TreeMap<Integer, Integer> indices = new TreeMap<>();
        for (SpanWindow window : windows) {
            window.spans().forEach(span -> indices.put(span.lane(), 0));
        }
        List<String> names = new ArrayList<>(indices.size());
        for (Map.Entry<Integer, Integer> lane : indices.entrySet()) {
            lane.setValue(names.size());
            names.add(LaneAllocator.name(lane.getKey(), vslices));
        }
        List<SpanWindow> renamed = new ArrayList<>(windows.size());
        for (SpanWindow window : windows) {
            List<Span> spans = new ArrayList<>(window.spans().size());
            for (Span span : window.spans()) {
                spans.add(span.onLane(Objects.requireNonNull(indices.get(span.lane()))));
            }
            renamed.add(new SpanWindow(window.title(), window.atNs(), window.fromNs(), window.toNs(), spans));
        }
        return new Timeline(names, renamed);
    }
}

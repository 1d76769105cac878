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

    private final @Nullable Span[] ring = new Span[HALF];
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

    /** Something ended; calls come in the order of the ends. */
    void ended(Span span) {
        ring[(int) (seen % HALF)] = span;
        seen++;
        OpenWindow window = open;
        if (window != null && span.startNs() < window.toNs) {
            window.spans.add(span);
            if (window.spans.size() == window.fullAt) {
                window.toNs = span.endNs();
            } else if (window.spans.size() >= window.fullAt + OVERHANG) {
                close(window, span.endNs());
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
        return seen <= HALF ? 0 : at(seen - HALF).endNs();
    }

    private List<Span> last() {
        List<Span> spans = new ArrayList<>();
        for (long i = Math.max(0, seen - HALF); i < seen; i++) {
            spans.add(at(i));
        }
        return spans;
    }

    private Span at(long number) {
        return Objects.requireNonNull(ring[(int) (number % HALF)]);
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
        TreeMap<Integer, Integer> lanes = new TreeMap<>();
        for (SpanWindow window : windows) {
            window.spans().forEach(span -> lanes.put(span.lane(), 0));
        }
        List<String> names = new ArrayList<>(lanes.size());
        for (Map.Entry<Integer, Integer> lane : lanes.entrySet()) {
            lane.setValue(names.size());
            names.add(LaneAllocator.name(lane.getKey(), vslices));
        }
        List<SpanWindow> renamed = new ArrayList<>(windows.size());
        for (SpanWindow window : windows) {
            List<Span> spans = new ArrayList<>(window.spans().size());
            for (Span span : window.spans()) {
                spans.add(span.onLane(Objects.requireNonNull(lanes.get(span.lane()))));
            }
            renamed.add(new SpanWindow(window.title(), window.atNs(), window.fromNs(), window.toNs(), spans));
        }
        return new Timeline(names, renamed);
    }
}

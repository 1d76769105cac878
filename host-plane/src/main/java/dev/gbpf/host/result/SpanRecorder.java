package dev.gbpf.host.result;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the spans around each change of the policy, and no others: the last ones before it from a ring, and as many after
 * it. Windows are so bounded by number, whatever the length of the jobs.
 */
final class SpanRecorder {
    static final int MAX_WINDOWS = 16;
    /** Spans kept before a change, and after it. */
    static final int HALF = 400;
    /** Spans that began inside a window and ended after it, at most. */
    static final int OVERHANG = 128;

    private final long[] starts = new long[HALF];
    private final long[] ends = new long[HALF];
    private final int[] lanes = new int[HALF];
    private final int[] tenants = new int[HALF];
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

    /** A job ended; calls come in the order of the ends. */
    void ran(int lane, int tenant, long startNs, long endNs) {
        int slot = (int) (seen % HALF);
        starts[slot] = startNs;
        ends[slot] = endNs;
        lanes[slot] = lane;
        tenants[slot] = tenant;
        seen++;
        OpenWindow window = open;
        if (window != null && startNs < window.toNs) {
            window.spans.add(new Span(lane, tenant, startNs, endNs));
            if (window.spans.size() == window.fullAt) {
                window.toNs = endNs;
            } else if (window.spans.size() >= window.fullAt + OVERHANG) {
                close(window, endNs);
            }
        }
    }

    /** A window is wanted around this time. */
    void mark(String title, long nowNs) {
        if (open != null) {
            close(open, nowNs);
        }
        if (windows.size() < MAX_WINDOWS) {
            open = new OpenWindow(title, nowNs, completeSinceNs(), last());
        }
    }

    /** Since when the ring holds everything: the end of its oldest span, once it has forgotten others. */
    private long completeSinceNs() {
        return seen <= HALF ? 0 : ends[(int) (seen % HALF)];
    }

    private List<Span> last() {
        List<Span> spans = new ArrayList<>();
        for (long i = Math.max(0, seen - HALF); i < seen; i++) {
            int slot = (int) (i % HALF);
            spans.add(new Span(lanes[slot], tenants[slot], starts[slot], ends[slot]));
        }
        return spans;
    }

    private void close(OpenWindow window, long nowNs) {
        long toNs = Math.min(window.toNs, nowNs);
        windows.add(new SpanWindow(window.title, window.atNs, window.fromNs, toNs, window.spans));
        open = null;
    }

    List<SpanWindow> finish(long nowNs) {
        if (open != null) {
            close(open, nowNs);
        }
        return List.copyOf(windows);
    }
}

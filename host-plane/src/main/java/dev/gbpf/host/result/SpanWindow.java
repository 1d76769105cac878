package dev.gbpf.host.result;

import java.util.List;

/**
 * Everything that ran during a short stretch of the run.
 *
 * @param title what happened there
 * @param atNs when it happened, ns
 * @param fromNs the list is complete from here, ns
 * @param toNs to here, ns
 * @param spans in the order of their ends
 */
public record SpanWindow(String title, long atNs, long fromNs, long toNs, List<Span> spans) {
    public SpanWindow {
        spans = List.copyOf(spans);
    }
}

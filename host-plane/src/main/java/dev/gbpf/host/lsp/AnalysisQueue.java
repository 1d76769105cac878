package dev.gbpf.host.lsp;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Analyses texts once their writer pauses, one at a time. A text that was replaced in the meantime is not analysed, or its
 * analysis is not heard.
 */
final class AnalysisQueue implements AutoCloseable {
    private final int pauseMillis;
    private final PrintStream log;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("lsp-analysis").factory());
    /** By URI; guarded by this. */
    private final Map<String, Pending> pending = new HashMap<>();

    AnalysisQueue(int pauseMillis, PrintStream log) {
        this.pauseMillis = pauseMillis;
        this.log = log;
    }

    private record Pending(Document document, Future<?> task) {}

    /** Asks for the analysis of a document, in place of one that was asked for before. */
    synchronized void request(Document document, BiConsumer<Document, Analysis> listener) {
        cancel(document.uri());
        Future<?> task = worker.schedule(() -> analyze(document, listener), pauseMillis, TimeUnit.MILLISECONDS);
        pending.put(document.uri(), new Pending(document, task));
    }

    /** Forgets what was asked for. */
    synchronized void cancel(String uri) {
        Pending earlier = pending.remove(uri);
        if (earlier != null) {
            earlier.task().cancel(false);
        }
    }

    private synchronized boolean isLatest(Document document) {
        Pending latest = pending.get(document.uri());
        return latest != null && latest.document().equals(document);
    }

    // Whatever happens in an analysis, the next one takes place.
    private void analyze(Document document, BiConsumer<Document, Analysis> listener) {
        try {
            Analysis analysis = Analysis.of(document.source());
            if (isLatest(document)) {
                listener.accept(document, analysis);
            }
        } catch (RuntimeException | StackOverflowError e) {
            log.println("gbpf lsp: internal error in " + document.uri() + ": " + e);
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}

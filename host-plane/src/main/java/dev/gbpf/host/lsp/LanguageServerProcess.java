package dev.gbpf.host.lsp;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.eclipse.lsp4j.services.LanguageClient;

/** One language server, from the first message of its client to the last. */
public final class LanguageServerProcess {
    /** A pause in typing after which the text is compiled, ms. */
    private static final int PAUSE_MS = 150;

    private final InputStream input;
    private final OutputStream output;
    private final PrintStream log;

    /**
     * A server that has not begun.
     *
     * @param input what the client sends
     * @param output where answers go, and nothing else
     * @param log where everything goes that people may want to read
     */
    public LanguageServerProcess(InputStream input, OutputStream output, PrintStream log) {
        this.input = input;
        this.output = output;
        this.log = log;
    }

    /** How a session ended. */
    public sealed interface Ending {
        /** By shutdown, and then exit or the end of the stream. */
        record ShutDown() implements Ending {}

        /** By exit, or the end of the stream, without shutdown. */
        record NotShutDown() implements Ending {}

        /** By something that is not the protocol. */
        record Broken(String reason) implements Ending {}
    }

    /** Serves until the client says exit or its stream ends. */
    public Ending run() {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        ExecutorService reader = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("lsp-reader").factory());
        try (LibraryLog _ = LibraryLog.to(log);
                AnalysisQueue analyses = new AnalysisQueue(PAUSE_MS, log);
                GbpfLanguageServer server = new GbpfLanguageServer(analyses, () -> ended.complete(null))) {
            SessionBuilder builder = new SessionBuilder(input, log);
            Launcher<LanguageClient> launcher = builder.setLocalService(server)
                    .setOutput(output)
                    .setExecutorService(reader)
                    .create();
            server.connect(launcher.getRemoteProxy());
            Future<Void> listening = launcher.startListening();
            // The reader has one thread, so this comes when there is nothing more to read.
            reader.execute(() -> ended.complete(null));
            ended.join();
            // Asked before the reader is stopped: to be stopped is no fault of the client's stream.
            String problem = builder.problem();
            listening.cancel(true);
            if (!problem.isEmpty()) {
                return new Ending.Broken(problem);
            }
            return server.isShutDown() ? new Ending.ShutDown() : new Ending.NotShutDown();
        } finally {
            reader.shutdownNow();
        }
    }
}

package dev.gbpf.host.lsp;

import java.io.InputStream;
import java.io.PrintStream;
import org.eclipse.lsp4j.jsonrpc.MessageConsumer;
import org.eclipse.lsp4j.jsonrpc.MessageProducer;
import org.eclipse.lsp4j.jsonrpc.RemoteEndpoint;
import org.eclipse.lsp4j.jsonrpc.json.ConcurrentMessageProcessor;
import org.eclipse.lsp4j.jsonrpc.json.MessageJsonHandler;
import org.eclipse.lsp4j.launch.LSPLauncher;
import org.eclipse.lsp4j.services.LanguageClient;
import org.jspecify.annotations.Nullable;

/** LSP4J's launcher with a reader of our own. */
final class SessionBuilder extends LSPLauncher.Builder<LanguageClient> {
    private final InputStream source;
    private final PrintStream log;
    private @Nullable MessageReader reader;

    SessionBuilder(InputStream source, PrintStream log) {
        this.source = source;
        this.log = log;
        setInput(source);
        setRemoteInterface(LanguageClient.class);
        setExceptionHandler(failure -> Failures.toResponse(failure, log));
    }

    /** Why the client's stream was ended; empty when nothing was wrong with it. */
    String problem() {
        MessageReader made = reader;
        return made == null ? "" : made.problem();
    }

    @Override
    protected RemoteEndpoint createRemoteEndpoint(MessageJsonHandler json) {
        RemoteEndpoint endpoint = super.createRemoteEndpoint(json);
        reader = new MessageReader(source, json, endpoint, log);
        return endpoint;
    }

    @Override
    protected ConcurrentMessageProcessor createMessageProcessor(
            MessageProducer unused, MessageConsumer consumer, LanguageClient proxy) {
        MessageReader made = reader;
        return super.createMessageProcessor(made == null ? unused : made, consumer, proxy);
    }
}

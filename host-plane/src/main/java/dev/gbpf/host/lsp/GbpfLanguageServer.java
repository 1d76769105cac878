package dev.gbpf.host.lsp;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.CompletionOptions;
import org.eclipse.lsp4j.DidChangeConfigurationParams;
import org.eclipse.lsp4j.DidChangeWatchedFilesParams;
import org.eclipse.lsp4j.InitializeParams;
import org.eclipse.lsp4j.InitializeResult;
import org.eclipse.lsp4j.PositionEncodingKind;
import org.eclipse.lsp4j.RenameOptions;
import org.eclipse.lsp4j.ServerCapabilities;
import org.eclipse.lsp4j.ServerInfo;
import org.eclipse.lsp4j.SetTraceParams;
import org.eclipse.lsp4j.TextDocumentSyncKind;
import org.eclipse.lsp4j.TextDocumentSyncOptions;
import org.eclipse.lsp4j.WorkDoneProgressCancelParams;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseErrorCode;
import org.eclipse.lsp4j.services.LanguageClient;
import org.eclipse.lsp4j.services.LanguageClientAware;
import org.eclipse.lsp4j.services.LanguageServer;
import org.eclipse.lsp4j.services.TextDocumentService;
import org.eclipse.lsp4j.services.WorkspaceService;

/** The life of a session: initialize, requests, shutdown, exit (LSP 3.17, "Server lifecycle"). */
final class GbpfLanguageServer implements LanguageServer, LanguageClientAware, AutoCloseable {
    private final PolicyDocuments documents;
    private final Runnable onExit;
    private volatile State state = State.NEW;

    GbpfLanguageServer(AnalysisQueue analyses, Runnable onExit) {
        this.documents = new PolicyDocuments(analyses, this::requireRunning, () -> state == State.RUNNING);
        this.onExit = onExit;
    }

    private enum State {
        NEW,
        RUNNING,
        SHUT_DOWN
    }

    @Override
    public void connect(LanguageClient client) {
        documents.connect(client);
    }

    @Override
    public CompletableFuture<InitializeResult> initialize(InitializeParams params) {
        if (state != State.NEW) {
            throw Failures.refused(ResponseErrorCode.InvalidRequest, "initialize comes once, as the first request");
        }
        documents.completeWithSnippets(ClientAbilities.hasSnippets(params.getCapabilities()));
        state = State.RUNNING;
        return CompletableFuture.completedFuture(new InitializeResult(capabilities(), new ServerInfo("gbpf lsp")));
    }

    private static ServerCapabilities capabilities() {
        ServerCapabilities capabilities = new ServerCapabilities();
        capabilities.setPositionEncoding(PositionEncodingKind.UTF16);
        TextDocumentSyncOptions sync = new TextDocumentSyncOptions();
        sync.setOpenClose(true);
        sync.setChange(TextDocumentSyncKind.Full);
        capabilities.setTextDocumentSync(sync);
        capabilities.setHoverProvider(true);
        capabilities.setCompletionProvider(new CompletionOptions(false, List.of(".")));
        capabilities.setDefinitionProvider(true);
        capabilities.setReferencesProvider(true);
        capabilities.setDocumentHighlightProvider(true);
        capabilities.setDocumentSymbolProvider(true);
        capabilities.setDocumentFormattingProvider(true);
        capabilities.setRenameProvider(new RenameOptions(true));
        return capabilities;
    }

    private void requireRunning() {
        switch (state) {
            case NEW ->
                throw Failures.refused(ResponseErrorCode.ServerNotInitialized, "the first request is initialize");
            case RUNNING -> {}
            case SHUT_DOWN -> throw Failures.refused(ResponseErrorCode.InvalidRequest, "after shutdown comes exit");
        }
    }

    @Override
    public CompletableFuture<Object> shutdown() {
        requireRunning();
        state = State.SHUT_DOWN;
        // The protocol wants null as the result.
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void exit() {
        onExit.run();
    }

    @Override
    public void close() {
        documents.close();
    }

    boolean isShutDown() {
        return state == State.SHUT_DOWN;
    }

    @Override
    public void setTrace(SetTraceParams params) {
        // There is nothing to trace.
    }

    @Override
    public void cancelProgress(WorkDoneProgressCancelParams params) {
        // There is no progress to cancel.
    }

    @Override
    public TextDocumentService getTextDocumentService() {
        return documents;
    }

    @Override
    public WorkspaceService getWorkspaceService() {
        return new WorkspaceService() {
            @Override
            public void didChangeConfiguration(DidChangeConfigurationParams params) {
                // There is nothing to configure.
            }

            @Override
            public void didChangeWatchedFiles(DidChangeWatchedFilesParams params) {
                // A policy is one file, and the editor tells its text.
            }
        };
    }
}

package dev.gbpf.host.lsp;

import dev.gbpf.lang.query.PolicyQuery;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionList;
import org.eclipse.lsp4j.CompletionParams;
import org.eclipse.lsp4j.DefinitionParams;
import org.eclipse.lsp4j.DidChangeTextDocumentParams;
import org.eclipse.lsp4j.DidCloseTextDocumentParams;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.DidSaveTextDocumentParams;
import org.eclipse.lsp4j.DocumentFormattingParams;
import org.eclipse.lsp4j.DocumentHighlight;
import org.eclipse.lsp4j.DocumentHighlightParams;
import org.eclipse.lsp4j.DocumentSymbol;
import org.eclipse.lsp4j.DocumentSymbolParams;
import org.eclipse.lsp4j.Hover;
import org.eclipse.lsp4j.HoverParams;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.LocationLink;
import org.eclipse.lsp4j.PrepareRenameDefaultBehavior;
import org.eclipse.lsp4j.PrepareRenameParams;
import org.eclipse.lsp4j.PrepareRenameResult;
import org.eclipse.lsp4j.PublishDiagnosticsParams;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.ReferenceParams;
import org.eclipse.lsp4j.RenameParams;
import org.eclipse.lsp4j.SymbolInformation;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.WorkspaceEdit;
import org.eclipse.lsp4j.jsonrpc.CompletableFutures;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.eclipse.lsp4j.jsonrpc.messages.Either3;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseErrorCode;
import org.eclipse.lsp4j.services.LanguageClient;
import org.eclipse.lsp4j.services.TextDocumentService;
import org.jspecify.annotations.Nullable;

/**
 * The open policies. Messages arrive one by one; requests are answered by one thread, in order, so that one that is cancelled
 * before its turn costs nothing. Analyses have a thread of their own, so that a long one delays no answer.
 */
final class PolicyDocuments implements TextDocumentService {
    private final AnalysisQueue analyses;
    private final Runnable requireRunning;
    private final BooleanSupplier running;
    private final Map<String, OpenDocument> open = new ConcurrentHashMap<>();
    private final ExecutorService answers = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("lsp-answers").factory());
    private volatile @Nullable LanguageClient client;
    private volatile boolean snippets;

    /**
     * @param requireRunning refuses requests out of order
     * @param running whether notifications count
     */
    PolicyDocuments(AnalysisQueue analyses, Runnable requireRunning, BooleanSupplier running) {
        this.analyses = analyses;
        this.requireRunning = requireRunning;
        this.running = running;
    }

    /** A document, and the newest analysis of it or of an earlier version. */
    private record OpenDocument(Document document, OpenPolicy policy, Analysis analysis) {}

    void connect(LanguageClient newClient) {
        client = newClient;
    }

    /** Answers nothing more. */
    void close() {
        answers.shutdownNow();
    }

    void completeWithSnippets(boolean yes) {
        snippets = yes;
    }

    @Override
    public void didOpen(DidOpenTextDocumentParams params) {
        var document = params.getTextDocument();
        update(document.getUri(), document.getVersion(), document.getText());
    }

    @Override
    public void didChange(DidChangeTextDocumentParams params) {
        String uri = params.getTextDocument().getUri();
        Integer version = params.getTextDocument().getVersion();
        if (open.containsKey(uri) && !params.getContentChanges().isEmpty()) {
            update(
                    uri,
                    version == null ? 0 : version,
                    params.getContentChanges().getLast().getText());
        }
    }

    private void update(String uri, int version, String text) {
        if (!running.getAsBoolean()) {
            return;
        }
        Document document = new Document(uri, version, text);
        open.compute(
                uri,
                (_, before) -> new OpenDocument(
                        document, new OpenPolicy(document), before == null ? Analysis.NONE : before.analysis()));
        analyses.request(document, this::publish);
    }

    private void publish(Document document, Analysis analysis) {
        open.computeIfPresent(
                document.uri(),
                (_, before) -> new OpenDocument(
                        before.document(),
                        before.policy(),
                        analysis.certificates().isEmpty() ? before.analysis() : analysis));
        tell(document.uri(), document.version(), analysis);
    }

    private void tell(String uri, @Nullable Integer version, Analysis analysis) {
        LanguageClient listener = client;
        if (listener != null && running.getAsBoolean()) {
            PublishDiagnosticsParams params = new PublishDiagnosticsParams(uri, Problems.of(analysis.diagnostics()));
            params.setVersion(version);
            listener.publishDiagnostics(params);
        }
    }

    @Override
    public void didClose(DidCloseTextDocumentParams params) {
        String uri = params.getTextDocument().getUri();
        analyses.cancel(uri);
        if (open.remove(uri) != null) {
            tell(uri, null, Analysis.NONE);
        }
    }

    @Override
    public void didSave(DidSaveTextDocumentParams params) {
        // The text is known from the changes.
    }

    @Override
    public CompletableFuture<Hover> hover(HoverParams params) {
        return answer(
                params.getTextDocument(),
                open -> open.policy()
                        .hover(params.getPosition(), open.analysis())
                        .orElse(null));
    }

    @Override
    public CompletableFuture<Either<List<CompletionItem>, CompletionList>> completion(CompletionParams params) {
        return answer(
                params.getTextDocument(),
                open -> Either.forLeft(open.policy().completions(params.getPosition(), snippets)));
    }

    @Override
    public CompletableFuture<Either<List<? extends Location>, List<? extends LocationLink>>> definition(
            DefinitionParams params) {
        return answer(
                params.getTextDocument(),
                open -> Either.forLeft(
                        open.policy().definition(params.getPosition()).stream().toList()));
    }

    @Override
    public CompletableFuture<List<? extends Location>> references(ReferenceParams params) {
        boolean declaration = params.getContext() != null && params.getContext().isIncludeDeclaration();
        return answer(params.getTextDocument(), open -> open.policy().references(params.getPosition(), declaration));
    }

    @Override
    public CompletableFuture<List<? extends DocumentHighlight>> documentHighlight(DocumentHighlightParams params) {
        return answer(
                params.getTextDocument(),
                open -> open.policy().references(params.getPosition(), true).stream()
                        .map(l -> new DocumentHighlight(l.getRange()))
                        .toList());
    }

    @Override
    public CompletableFuture<List<Either<SymbolInformation, DocumentSymbol>>> documentSymbol(
            DocumentSymbolParams params) {
        return answer(
                params.getTextDocument(),
                open -> open.policy().symbols().stream()
                        .map(Either::<SymbolInformation, DocumentSymbol>forRight)
                        .toList());
    }

    @Override
    public CompletableFuture<List<? extends TextEdit>> formatting(DocumentFormattingParams params) {
        return answer(params.getTextDocument(), open -> open.policy().format());
    }

    @Override
    public CompletableFuture<Either3<Range, PrepareRenameResult, PrepareRenameDefaultBehavior>> prepareRename(
            PrepareRenameParams params) {
        return answer(
                params.getTextDocument(),
                open -> open.policy()
                        .renamable(params.getPosition())
                        .map(Either3::<Range, PrepareRenameResult, PrepareRenameDefaultBehavior>forFirst)
                        .orElse(null));
    }

    @Override
    public CompletableFuture<WorkspaceEdit> rename(RenameParams params) {
        return answer(params.getTextDocument(), open -> {
            String name = params.getNewName();
            if (!PolicyQuery.isName(name)) {
                throw Failures.refused(
                        ResponseErrorCode.InvalidParams, "a name has letters, digits and _, and is no keyword");
            }
            List<TextEdit> edits = open.policy().rename(params.getPosition(), name);
            if (edits.isEmpty()) {
                throw Failures.refused(
                        ResponseErrorCode.InvalidParams, "only names that the policy declares can be renamed");
            }
            return new WorkspaceEdit(Map.of(open.document().uri(), edits));
        });
    }

    /** Answers about the document as it is now, unless the client changes its mind before. */
    private <T> CompletableFuture<T> answer(
            TextDocumentIdentifier identifier, Function<OpenDocument, @Nullable T> question) {
        requireRunning.run();
        OpenDocument document = open.get(identifier.getUri());
        if (document == null) {
            throw Failures.refused(ResponseErrorCode.InvalidParams, identifier.getUri() + " is not open");
        }
        return CompletableFutures.computeAsync(answers, cancelled -> {
            cancelled.checkCanceled();
            return question.apply(document);
        });
    }
}

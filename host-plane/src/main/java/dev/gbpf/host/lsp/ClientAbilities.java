package dev.gbpf.host.lsp;

import org.eclipse.lsp4j.ClientCapabilities;
import org.eclipse.lsp4j.CompletionCapabilities;
import org.eclipse.lsp4j.CompletionItemCapabilities;
import org.eclipse.lsp4j.TextDocumentClientCapabilities;
import org.jspecify.annotations.Nullable;

/** What a client says that it can do. */
final class ClientAbilities {
    private ClientAbilities() {}

    /** Whether places to fill may stand in a completion. */
    static boolean hasSnippets(@Nullable ClientCapabilities capabilities) {
        TextDocumentClientCapabilities documents = capabilities == null ? null : capabilities.getTextDocument();
        CompletionCapabilities completion = documents == null ? null : documents.getCompletion();
        CompletionItemCapabilities item = completion == null ? null : completion.getCompletionItem();
        return item != null && Boolean.TRUE.equals(item.getSnippetSupport());
    }
}

package dev.gbpf.host.lsp;

import dev.gbpf.abi.Hook;
import dev.gbpf.lang.format.FormatResult;
import dev.gbpf.lang.format.PolicyFormatter;
import dev.gbpf.lang.query.Completion;
import dev.gbpf.lang.query.Definition;
import dev.gbpf.lang.query.Meaning;
import dev.gbpf.lang.query.PolicyQuery;
import dev.gbpf.lang.syntax.SourceToken;
import dev.gbpf.verifier.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionItemKind;
import org.eclipse.lsp4j.DocumentSymbol;
import org.eclipse.lsp4j.Hover;
import org.eclipse.lsp4j.InsertTextFormat;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.MarkupContent;
import org.eclipse.lsp4j.MarkupKind;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.SymbolKind;
import org.eclipse.lsp4j.TextEdit;

/** A document and what can be asked about it, in the protocol's words. Not safe for use by several threads. */
final class OpenPolicy {
    private final Document document;
    private final PolicyQuery query;

    OpenPolicy(Document document) {
        this.document = document;
        this.query = new PolicyQuery(document.source());
    }

    /** What the word at a position is, with its cost where the verifier knows it. */
    Optional<Hover> hover(Position position, Analysis analysis) {
        return query.hover(document.offset(position)).map(found -> {
            SourceToken word = found.word();
            String text = found.text() + cost(found, analysis);
            return new Hover(new MarkupContent(MarkupKind.MARKDOWN, text), document.range(word.start(), word.end()));
        });
    }

    private String cost(PolicyQuery.Hover hover, Analysis analysis) {
        if (hover.meaning() instanceof Meaning.HookName(Hook hook)) {
            Certificate certificate = analysis.certificates().get(hook);
            return certificate == null
                    ? ""
                    : String.format(
                            Locale.ROOT,
                            "%n%nThis policy's worst case: **%,d** instructions (%.1f %% of the budget) and %,d helper calls, proved.",
                            certificate.worstCaseInstructions(),
                            100.0 * certificate.worstCaseInstructions() / hook.budget(),
                            certificate.worstCaseHelperCalls());
        }
        int line = document.position(hover.word().start()).getLine() + 1;
        Long most = hover.meaning() instanceof Meaning.Keyword(String word) && word.equals("for")
                ? analysis.loops().get(line)
                : null;
        String rounds =
                most == null ? "" : String.format(Locale.ROOT, "%n%nGoes round at most **%,d** times, proved.", most);
        return rounds + lineCost(analysis.lines().getOrDefault(line, Map.of()));
    }

    /** What a line costs each hook that gets there. */
    private static String lineCost(Map<Hook, Long> costs) {
        return costs.isEmpty()
                ? ""
                : costs.entrySet().stream()
                        .map(c -> String.format(
                                Locale.ROOT,
                                "**%,d** of `%s`",
                                c.getValue(),
                                c.getKey().symbol()))
                        .collect(Collectors.joining(", ", "\n\nInstructions of this line in one run, at most: ", "."));
    }

    List<CompletionItem> completions(Position position, boolean snippets) {
        List<CompletionItem> items = new ArrayList<>();
        for (Completion completion : query.completions(document.offset(position))) {
            CompletionItem item = new CompletionItem(completion.label());
            item.setKind(kind(completion.kind()));
            item.setSortText(String.format(Locale.ROOT, "%04d", items.size()));
            if (!completion.detail().isEmpty()) {
                item.setDetail(completion.detail());
            }
            if (!completion.documentation().isEmpty()) {
                item.setDocumentation(new MarkupContent(MarkupKind.MARKDOWN, completion.documentation()));
            }
            boolean snippet = snippets && completion.insertion().contains("$");
            item.setInsertText(snippet ? completion.insertion() : plain(completion.insertion()));
            item.setInsertTextFormat(snippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText);
            items.add(item);
        }
        return items;
    }

    /** A snippet with its places filled by what they suggest. */
    private static String plain(String snippet) {
        return snippet.replaceAll("\\$\\{\\d+:([^}]*)\\}", "$1").replaceAll("\\$\\{?\\d+\\}?", "");
    }

    private static CompletionItemKind kind(Completion.Kind kind) {
        return switch (kind) {
            case KEYWORD -> CompletionItemKind.Keyword;
            case TYPE -> CompletionItemKind.TypeParameter;
            case HOOK -> CompletionItemKind.Event;
            case HELPER -> CompletionItemKind.Function;
            case FIELD -> CompletionItemKind.Field;
            case VERDICT -> CompletionItemKind.EnumMember;
            case CONSTANT -> CompletionItemKind.Constant;
            case MAP -> CompletionItemKind.Struct;
            case VARIABLE -> CompletionItemKind.Variable;
        };
    }

    Optional<Location> definition(Position position) {
        return query.definition(document.offset(position)).map(d -> location(d.name()));
    }

    /** The places of a name; with or without the one where it is declared. */
    List<Location> references(Position position, boolean withDeclaration) {
        int offset = document.offset(position);
        Optional<SourceToken> declaration = query.definition(offset).map(Definition::name);
        return query.references(offset).stream()
                .filter(t -> withDeclaration || !Optional.of(t).equals(declaration))
                .map(this::location)
                .toList();
    }

    /** Where the name at a position stands, when it can be renamed. */
    Optional<Range> renamable(Position position) {
        int offset = document.offset(position);
        return query.renamable(offset).stream()
                .filter(t -> t.start() <= offset && offset <= t.end())
                .map(this::range)
                .findFirst();
    }

    List<TextEdit> rename(Position position, String name) {
        return query.renamable(document.offset(position)).stream()
                .map(t -> new TextEdit(range(t), name))
                .toList();
    }

    List<DocumentSymbol> symbols() {
        return query.outline().stream()
                .map(d -> new DocumentSymbol(
                        title(d), kind(d.kind()), document.range(d.start(), d.end()), range(d.name()), d.text()))
                .toList();
    }

    /** An empty name is not allowed. */
    private static String title(Definition definition) {
        String text = definition.name().text().replace("\"", "");
        return text.isBlank() ? "test" : text;
    }

    private static SymbolKind kind(Definition.Kind kind) {
        return switch (kind) {
            case CONSTANT -> SymbolKind.Constant;
            case STRUCT -> SymbolKind.Struct;
            case MAP -> SymbolKind.Array;
            case FUNCTION, HOOK -> SymbolKind.Function;
            case TEST -> SymbolKind.Method;
            case CONTEXT, PARAMETER, VARIABLE, COUNTER, ENTRY -> SymbolKind.Variable;
        };
    }

    /** What makes the document laid out; nothing when it is, or cannot be. */
    List<TextEdit> format() {
        return switch (PolicyFormatter.format(document.source())) {
            case FormatResult.Formatted layout ->
                layout.isUnchanged() ? List.of() : List.of(new TextEdit(document.whole(), layout.text()));
            case FormatResult.Refused _ -> List.of();
        };
    }

    private Location location(SourceToken token) {
        return new Location(document.uri(), range(token));
    }

    private Range range(SourceToken token) {
        return document.range(token.start(), token.end());
    }
}

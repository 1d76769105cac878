package dev.gbpf.lang.query;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.syntax.SourceToken;
import java.util.ArrayList;
import java.util.List;

/** Finds declarations by the words that begin them, in texts that need not be policies. */
final class DefinitionReader {
    /** Longer declarations are cut. */
    private static final int LONGEST_TEXT = 200;

    private final SourceFile source;
    private final List<SourceToken> tokens;
    private final Nesting nesting;
    private final List<Definition> definitions = new ArrayList<>();

    DefinitionReader(SourceFile source, List<SourceToken> tokens, Nesting nesting) {
        this.source = source;
        this.tokens = tokens;
        this.nesting = nesting;
    }

    List<Definition> read() {
        for (int i = 0; i + 1 < tokens.size(); i++) {
            SourceToken word = tokens.get(i);
            SourceToken next = tokens.get(i + 1);
            if (word.kind() != SourceToken.Kind.KEYWORD) {
                continue;
            }
            if (next.kind() == SourceToken.Kind.TITLE && word.is("test")) {
                global(Definition.Kind.TEST, i);
            } else if (next.kind() == SourceToken.Kind.NAME) {
                named(i, word.text());
            }
        }
        return definitions;
    }

    private void named(int index, String word) {
        switch (word) {
            case "const" -> global(Definition.Kind.CONSTANT, index);
            case "struct" -> global(Definition.Kind.STRUCT, index);
            case "map" -> global(Definition.Kind.MAP, index);
            case "fn" -> function(index);
            case "hook" -> {
                global(Definition.Kind.HOOK, index);
                if (index + 3 < tokens.size()
                        && tokens.get(index + 2).is("(")
                        && tokens.get(index + 3).kind() == SourceToken.Kind.NAME) {
                    inBlock(Definition.Kind.CONTEXT, index + 3, index, block(index));
                }
            }
            case "let", "var" -> variable(index);
            case "for" -> {
                inBlock(Definition.Kind.COUNTER, index + 1, index, block(index));
                if (index + 3 < tokens.size()
                        && tokens.get(index + 2).is(",")
                        && tokens.get(index + 3).kind() == SourceToken.Kind.NAME) {
                    inBlock(Definition.Kind.COUNTER, index + 3, index, block(index));
                }
            }
            default -> {}
        }
    }

    private void global(Definition.Kind kind, int index) {
        int end = tokens.get(end(index)).end();
        add(kind, index + 1, index, end, 0, source.text().length());
    }

    private void function(int index) {
        global(Definition.Kind.FUNCTION, index);
        int open = index + 2;
        if (open >= tokens.size() || !tokens.get(open).is("(")) {
            return;
        }
        int brace = block(index);
        for (int i = open + 1; i < nesting.closer(open); i++) {
            if (tokens.get(i).kind() == SourceToken.Kind.NAME
                    && tokens.get(i + 1).is(":")) {
                inBlock(Definition.Kind.PARAMETER, i, i, brace);
            }
        }
    }

    private void variable(int index) {
        if (index > 0 && tokens.get(index - 1).is("if")) {
            inBlock(Definition.Kind.ENTRY, index + 1, index, block(index));
            return;
        }
        int opener = nesting.opener(index);
        int scopeEnd = opener < 0
                ? source.text().length()
                : tokens.get(nesting.closer(opener)).start();
        int end = tokens.get(end(index)).end();
        add(
                Definition.Kind.VARIABLE,
                index + 1,
                index,
                end,
                tokens.get(index + 1).start(),
                scopeEnd);
    }

    /** Declares a name for the block that begins at a brace; for nothing when there is no brace. */
    private void inBlock(Definition.Kind kind, int name, int start, int brace) {
        int from = tokens.get(name).start();
        int to = brace < 0
                ? tokens.get(name).end()
                : tokens.get(nesting.closer(brace)).start();
        add(kind, name, start, to, from, to);
    }

    private void add(Definition.Kind kind, int name, int start, int end, int from, int to) {
        definitions.add(new Definition(kind, tokens.get(name), tokens.get(start).start(), end, from, to, text(start)));
    }

    /** The index of the brace that begins the block of a declaration; -1 when there is none. */
    private int block(int index) {
        for (int i = index; i < tokens.size(); i++) {
            if (nesting.opener(i) == nesting.opener(index)) {
                SourceToken token = tokens.get(i);
                if (token.is("{")) {
                    return i;
                }
                if (token.is(";")) {
                    return -1;
                }
            } else if (nesting.opener(i) < nesting.opener(index)) {
                return -1;
            }
        }
        return -1;
    }

    /** The index of the last token of a declaration. */
    private int end(int index) {
        for (int i = index; i < tokens.size(); i++) {
            if (nesting.opener(i) == nesting.opener(index)) {
                if (tokens.get(i).is(";")) {
                    return i;
                }
                if (tokens.get(i).is("{") && !tokens.get(index).is("let")) {
                    return nesting.closer(i);
                }
            }
        }
        return tokens.size() - 1;
    }

    private String text(int start) {
        StringBuilder text = new StringBuilder();
        int from = tokens.get(start).start();
        for (int i = start; i < tokens.size() && text.length() < LONGEST_TEXT; i++) {
            SourceToken token = tokens.get(i);
            boolean listed = nesting.opener(start) >= 0
                    && tokens.get(nesting.opener(start)).is("(");
            boolean elementEnds = listed && (token.is(",") || token.is(")"));
            if (token.is(";") || token.is("{") || elementEnds || token.kind() == SourceToken.Kind.END) {
                break;
            }
            text.append(token.start() > from && !text.isEmpty() ? " " : "").append(token.text());
            from = token.end();
        }
        return text.toString();
    }
}

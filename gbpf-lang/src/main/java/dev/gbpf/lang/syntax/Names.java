package dev.gbpf.lang.syntax;

import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.lang.ast.Identifier;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/** Reads identifiers. */
final class Names {
    /** Characters of a name, at most; a policy object allows no more. */
    static final int MAX_LENGTH = 64;
    /** Stands between the name of a module and a name in it. */
    static final String SEPARATOR = "::";

    private final Positions positions;
    private final DiagnosticCollector diagnostics;
    private final Set<String> qualifiers = new LinkedHashSet<>();
    /** One text for all uses of a name. */
    private final Map<String, String> texts = new HashMap<>();

    Names(Positions positions, DiagnosticCollector diagnostics) {
        this.positions = positions;
        this.diagnostics = diagnostics;
    }

    Identifier read(TerminalNode node) {
        return read(node.getSymbol());
    }

    /** A name without a module before it. */
    Identifier read(Token token) {
        Identifier identifier = checked(token);
        if (identifier.name().contains(SEPARATOR)) {
            diagnostics
                    .message(
                            ErrorCode.UNEXPECTED_TOKEN,
                            identifier.span(),
                            "expected a name without `" + SEPARATOR + "`, found `" + identifier.name() + "`")
                    .label("belongs to a module")
                    .report();
        }
        return identifier;
    }

    /** A name of this file or, with the module before it, of an import. */
    Identifier reference(Token token) {
        Identifier identifier = checked(token);
        int separator = identifier.name().indexOf(SEPARATOR);
        if (separator >= 0) {
            qualifiers.add(identifier.name().substring(0, separator));
        }
        return identifier;
    }

    /** The names of modules in the references that were read. */
    Set<String> qualifiers() {
        return qualifiers;
    }

    private Identifier checked(Token token) {
        String text = token.getText();
        String known = texts.putIfAbsent(text, text);
        Identifier identifier = new Identifier(known == null ? text : known, positions.of(token));
        if (Arrays.stream(identifier.name().split(SEPARATOR, -1)).anyMatch(part -> part.length() > MAX_LENGTH)) {
            diagnostics
                    .message(
                            ErrorCode.NAME_TOO_LONG,
                            identifier.span(),
                            "this name has " + identifier.name().length() + " characters")
                    .label("at most " + MAX_LENGTH + " are allowed")
                    .report();
        }
        return identifier;
    }

    /** The type that a declaration names, or null when it names none. */
    @Nullable
    Identifier type(GbpfParser.@Nullable TypeClauseContext clause) {
        return clause == null ? null : read(clause.ID());
    }
}

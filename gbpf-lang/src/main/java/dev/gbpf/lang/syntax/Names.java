package dev.gbpf.lang.syntax;

import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.ErrorCode;
import dev.gbpf.lang.ast.Identifier;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/** Reads identifiers. */
final class Names {
    /** Characters of a name, at most; a policy object allows no more. */
    static final int MAX_LENGTH = 64;

    private final Positions positions;
    private final DiagnosticCollector diagnostics;

    Names(Positions positions, DiagnosticCollector diagnostics) {
        this.positions = positions;
        this.diagnostics = diagnostics;
    }

    Identifier read(TerminalNode node) {
        return read(node.getSymbol());
    }

    Identifier read(Token token) {
        Identifier identifier = new Identifier(token.getText(), positions.of(token));
        if (identifier.name().length() > MAX_LENGTH) {
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

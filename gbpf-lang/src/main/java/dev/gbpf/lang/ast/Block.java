package dev.gbpf.lang.ast;

import dev.gbpf.diagnostic.SourceSpan;
import java.util.List;

/**
 * Statements in braces; a scope of its own.
 *
 * @param statements in order
 * @param end the closing brace
 */
public record Block(List<Statement> statements, SourceSpan end) {
    public Block {
        statements = List.copyOf(statements);
    }
}

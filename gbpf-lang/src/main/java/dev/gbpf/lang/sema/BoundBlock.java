package dev.gbpf.lang.sema;

import java.util.List;

/** Statements in order. */
public record BoundBlock(List<BoundStatement> statements) {
    public BoundBlock {
        statements = List.copyOf(statements);
    }
}

package dev.gbpf.lang.ast;

import dev.gbpf.diagnostic.SourceSpan;

/** A name and where it was written. */
public record Identifier(String name, SourceSpan span) {}

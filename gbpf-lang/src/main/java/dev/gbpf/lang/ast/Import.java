package dev.gbpf.lang.ast;

import dev.gbpf.diagnostic.SourceSpan;

/**
 * {@code import std::name;}, {@code import "path";}, either with {@code as alias}.
 *
 * @param path the name in the standard library, or the path as it is written
 * @param standard whether it is of the standard library
 * @param alias what stands before {@code ::} in the names of its declarations
 * @param span what is imported
 */
public record Import(String path, boolean standard, Identifier alias, SourceSpan span) {}

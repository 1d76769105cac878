/**
 * From text to syntax tree. {@link dev.gbpf.lang.syntax.PolicyParser} is the entry; the parser that ANTLR generates from
 * {@code Gbpf.g4} is for this package alone.
 */
@NullMarked
package dev.gbpf.lang.syntax;

import org.jspecify.annotations.NullMarked;
